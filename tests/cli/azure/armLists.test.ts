import assert from "node:assert/strict";
import { FakeArm } from "./fakeArm.ts";
import { forSuite } from "../../held.ts";

const version = "2024-05-01";

describe("lists of Azure Resource Manager", () => {
  const arm = forSuite(() => FakeArm.start());

  it("follows a list from page to page", async () => {
    arm.reply(
      { body: { value: [1, 2], nextLink: `${arm.endpoint}/list?page=2&api-version=x` } },
      { body: { value: [3] } },
    );
    assert.deepEqual(await Array.fromAsync(arm.client().list("/list", version)), [1, 2, 3]);
    assert.deepEqual(
      arm.requests.map(({ target }) => target),
      ["/list?api-version=2024-05-01", "/list?page=2&api-version=x"],
    );
  });

  for (const text of ["", "null", "[]", '"none"', '{"error":{"code":"InternalError"}}']) {
    it(`takes no answer without a list for an empty list: ${text === "" ? "no content" : text}`, async () => {
      const listed = { message: "GET /list was not answered with a list.", nextStep: "Try again later." };
      arm.reply({ text });
      await assert.rejects(Array.fromAsync(arm.client().list("/list", version)), listed);
      arm.reply({ body: { value: [1], nextLink: `${arm.endpoint}/list?page=2` } }, { text });
      await assert.rejects(Array.fromAsync(arm.client().list("/list", version)), listed);
    });
  }

  it("does not treat an operation without a result as an empty list", async () => {
    arm.reply({ status: 202 });
    await assert.rejects(Array.fromAsync(arm.client().listOf({ method: "POST", path: "/act", apiVersion: version })), {
      message: "POST /act was not answered with a list.",
    });
  });

  it("reads a list without items as an empty one", async () => {
    arm.reply({ body: {} }, { body: { value: null, nextLink: null } });
    assert.deepEqual(await Array.fromAsync(arm.client().list("/list", version)), []);
    assert.deepEqual(await Array.fromAsync(arm.client().list("/list", version)), []);
  });

  it("ends a list whose next link repeats or is invalid", async () => {
    const loop = { body: { value: [1], nextLink: `${arm.endpoint}/list?page=2` } };
    arm.reply(loop, loop);
    await assert.rejects(Array.fromAsync(arm.client().list("/list", version)), {
      message: "GET /list was answered with the same page twice.",
    });
    arm.reply({ body: { value: [1], nextLink: "page 2" } });
    await assert.rejects(Array.fromAsync(arm.client().list("/list", version)), {
      message: "GET /list was not answered with a list.",
    });
  });

  it("does not send the token to another host", async () => {
    arm.reply({ body: { value: [], nextLink: "https://elsewhere.example/list" } });
    await assert.rejects(Array.fromAsync(arm.client().list("/list", version)), {
      message: "Azure Resource Manager points to elsewhere.example, which is not its own host.",
    });
  });
});
