import assert from "node:assert/strict";
import { publicCloud } from "../../../cli/azure/cloud.ts";
import { credentialFor } from "../../../cli/azure/credential.ts";

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
        message: "Cannot reach the sign-in service https://127.0.0.1:1.",
        nextStep: "Check the network and the proxy.",
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
});
