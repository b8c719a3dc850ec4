import assert from "node:assert/strict";
import { present } from "../../../components/shared/liveResource.ts";
import { attempt, isMissing } from "../../../components/shared/lookup.ts";

describe("looking up a resource", () => {
  const failing = (error: unknown) => attempt("workspace", "logs", () => Promise.reject(error as Error));

  it("returns a failure as a problem of the argument", async () => {
    const refused = new Error("invocation of azure-native:x:getY returned an error: RESPONSE 403\nmore");
    assert.deepEqual(await failing(refused), {
      problems: [{ key: "workspace", value: "logs", reason: "cannot be read: RESPONSE 403" }],
    });
    assert.deepEqual(await failing(new Error("RESPONSE 404")), {
      problems: [{ key: "workspace", value: "logs", reason: "not found in the provider's subscription" }],
    });
  });

  it("fails if the engine ended the call without an answer", async () => {
    const lost = Object.assign(new Error("Resource monitor is terminating"), { code: 14 });
    await assert.rejects(failing(lost), lost);
    await assert.rejects(
      isMissing(() => Promise.reject(lost)),
      lost,
    );
    await assert.rejects(present(Promise.reject(lost)), lost);
  });

  it("finds something missing only if Azure says so", async () => {
    const missing = (answer: Promise<unknown>) => isMissing(() => answer);
    assert.equal(await missing(Promise.reject(new Error("Status=404"))), true);
    assert.equal(await missing(Promise.reject(new Error("Status=403"))), false);
    assert.equal(await missing(Promise.resolve({})), false);
  });
});
