import assert from "node:assert/strict";
import { forSuite } from "../../held.ts";
import { startContoso } from "./contoso.ts";

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
});
