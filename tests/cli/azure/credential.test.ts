import assert from "node:assert/strict";
import { publicCloud } from "../../../cli/azure/cloud.ts";
import { askedOnce, credentialFor } from "../../../cli/azure/credential.ts";

describe("the credential", () => {
  it("fails as the project's own failures do, whichever client asks for a token", async function () {
    this.timeout(60_000);
    const settings = {
      AZURE_TENANT_ID: "11111111-2222-4333-8444-555555555555",
      AZURE_CLIENT_ID: "11111111-2222-4333-8444-555555555555",
      AZURE_CLIENT_SECRET: "secret",
    };
    const before = Object.keys(settings).map((name) => [name, process.env[name]] as const);
    Object.assign(process.env, settings);
    try {
      // Nothing listens there.
      const credential = await credentialFor({ ...publicCloud, authority: "https://127.0.0.1:1", isCustom: true });
      await assert.rejects(credential.getToken("https://management.azure.com/.default"), {
        name: "AzureFailure",
        message: "The sign-in service https://127.0.0.1:1 does not answer, or does not know the tenant.",
        nextStep: "Check the network, the proxy and AZURE_TENANT_ID.",
      });
    } finally {
      // One by one: an object put in place of `process.env` is not the environment any more.
      for (const [name, value] of before) {
        if (value === undefined) {
          Reflect.deleteProperty(process.env, name);
        } else {
          process.env[name] = value;
        }
      }
    }
  });

  it("is asked once for each kind of token, and again shortly before it ends", async () => {
    const asked: unknown[] = [];
    let lifeMs = 3_600_000;
    const credential = askedOnce({
      getToken: (scopes) => {
        asked.push(scopes);
        return Promise.resolve({ token: `t${asked.length}`, expiresOnTimestamp: Date.now() + lifeMs });
      },
    });
    const tokens = async (...scopes: (string | string[])[]) =>
      (await Promise.all(scopes.map((scope) => credential.getToken(scope)))).map(({ token }) => token);
    assert.deepEqual(await tokens("arm", "arm", ["arm"]), ["t1", "t1", "t1"]);
    lifeMs = 60_000;
    assert.deepEqual(await tokens("arm", "blobs"), ["t1", "t2"]);
    assert.deepEqual(await tokens("blobs", "blobs"), ["t3", "t3"]);
    const { token } = await credential.getToken("arm", { claims: "{}" });
    assert.deepEqual([token, asked], ["t4", ["arm", "blobs", "blobs", "arm"]]);
  });

  it("is asked again after it failed", async () => {
    let asked = 0;
    const credential = askedOnce({ getToken: () => Promise.reject(new Error(`failure ${(asked += 1)}`)) });
    await assert.rejects(credential.getToken("arm"), { message: "failure 1" });
    await assert.rejects(credential.getToken("arm"), { message: "failure 2" });
  });
});
