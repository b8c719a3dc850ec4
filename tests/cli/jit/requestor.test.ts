import assert from "node:assert/strict";
import { requestorOf, shownRequestor } from "../../../cli/jit/requestor.ts";

const ada = { account: "ada@example.com", name: null, appId: "tool", objectId: "oid-ada" };
const pipeline = { account: null, name: "Pipeline", appId: "app", objectId: "oid-app" };

describe("the requestor of a grant", () => {
  it("is the caller where Azure has the caller's account or id, in any case", () => {
    for (const requestor of ["Ada@Example.com", "oid-ada"]) {
      assert.deepEqual(requestorOf({ requestor }, ada), {
        requestor: "ada@example.com",
        requestorId: requestor,
        isOwn: true,
      });
    }
    assert.deepEqual(requestorOf({ requestor: "APP" }, pipeline), {
      requestor: "Pipeline",
      requestorId: "APP",
      isOwn: true,
    });
  });

  it("is somebody else otherwise, also behind the same tool", () => {
    for (const requestor of ["bob@example.com", "tool"]) {
      assert.deepEqual(requestorOf({ requestor }, ada), { requestor, requestorId: requestor, isOwn: false });
    }
  });

  it("is nobody's where Azure does not say whose", () => {
    const unknown = requestorOf({ requestor: null }, ada);
    assert.deepEqual(unknown, { requestor: null, requestorId: null, isOwn: false });
    assert.equal(shownRequestor(unknown), "an unknown principal");
  });
});
