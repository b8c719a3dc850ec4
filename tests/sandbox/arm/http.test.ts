import assert from "node:assert/strict";
import { forSuite } from "../../held.ts";
import { startContoso } from "./contoso.ts";
import { refusalOf, text } from "./plane.ts";

describe("HTTP of the control plane", () => {
  const attic = forSuite(startContoso);

  it("takes a path that begins with two slashes, as the Azure SDKs make it of an address and an id", async () => {
    await attic.put(`${attic.shelves}/http`);
    const { status, body } = await attic.send("GET", `/${attic.shelves}/http`);
    assert.deepEqual([status, body.name], [200, "http"]);
  });

  it("dates answers by the sandbox clock", async () => {
    await attic.clock.advance(3 * 3_600_000);
    const { headers } = await attic.send("GET", attic.shelves);
    const behind = attic.clock.now().getTime() - Date.parse(headers.date ?? "");
    assert.ok(behind >= 0 && behind < 5000, headers.date);
  });

  it("takes a body that is JSON by its content type, whatever the type's case and parameters", async () => {
    const send = (type: string) =>
      attic.send("PUT", `${attic.shelves}/typed`, { location: "westeurope" }, { "content-type": type });
    assert.equal((await send("Application/JSON; charset=utf-8")).status, 201);
    assert.equal(
      refusalOf(await send("text/plain; charset=utf-8")),
      "415 UnsupportedMediaType: The content media type 'text/plain' is not supported. Only 'application/json' is supported.",
    );
  });

  it("refuses a body without a content type", async () => {
    const { body: token } = await attic.admin("POST", "/sandbox/token", { user: "ada@example.com" });
    const answer = await attic.raw(
      "PUT",
      `${attic.shelves}/untyped?api-version=2024-01-01`,
      // A text would be sent as text/plain.
      new Blob(['{"location":"westeurope"}']),
      { authorization: `Bearer ${text(token.access_token)}` },
    );
    assert.equal(
      refusalOf(answer),
      "415 UnsupportedMediaType: The content media type '<null>' is not supported. Only 'application/json' is supported.",
    );
  });

  it("refuses a body of more than 4 MB", async () => {
    const answer = await attic.send("PUT", `${attic.shelves}/large`, {
      location: "westeurope",
      tags: { a: "x".repeat(4 * 1024 * 1024) },
    });
    assert.equal(
      refusalOf(answer),
      "413 RequestContentTooLarge: The request content size exceeds the maximum size of 4 MB.",
    );
  });
});
