import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resourceManagerEndpoint } from "../../../components/shared/armEndpoint.ts";
import { cloudNames } from "../../../core/links/clouds.ts";

describe("the address of Azure Resource Manager", () => {
  const realFetch = globalThis.fetch;
  afterEach(() => {
    globalThis.fetch = realFetch;
  });

  const signedIn = { ARM_CLIENT_SECRET: "s" };
  const endpoint = (env: Record<string, string>, config: Record<string, string> = {}) =>
    resourceManagerEndpoint({ env, config: (key) => config[key] });
  const expected = (name: string): string =>
    name.includes("gov")
      ? "https://management.usgovcloudapi.net"
      : name.includes("china")
        ? "https://management.chinacloudapi.cn"
        : "https://management.azure.com";

  for (const name of cloudNames) {
    it(`is that of the cloud ${name}, by config and by either variable`, async () => {
      for (const spelled of [name, name.toUpperCase()]) {
        assert.equal(await endpoint({ ARM_ENVIRONMENT: spelled }), expected(name));
        assert.equal(await endpoint({ AZURE_ENVIRONMENT: spelled }), expected(name));
        assert.equal(await endpoint({ ARM_ENVIRONMENT: "mars" }, { environment: spelled }), expected(name));
      }
    });
  }

  it("is the public one for a name that azure-native does not know either", async () => {
    assert.equal(await endpoint({ ARM_ENVIRONMENT: "mars" }), "https://management.azure.com");
  });

  it("is the stated one", async () => {
    assert.equal(
      await endpoint({
        ARM_RESOURCE_MANAGER_ENDPOINT: "https://arm.example/",
        ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST: "https://login.example",
        ARM_RESOURCE_MANAGER_AUDIENCE: "https://arm.example",
      }),
      "https://arm.example",
    );
  });

  for (const signIn of [
    { ARM_CLIENT_SECRET: "s" },
    { ARM_CLIENT_CERTIFICATE_PATH: "c.pfx" },
    { ARM_USE_OIDC: "true" },
    { ARM_USE_MSI: "true" },
    { ARM_USE_DEFAULT_AZURE_CREDENTIAL: "true" },
  ] as Record<string, string>[]) {
    it(`is the public one where nothing names a cloud and ${Object.keys(signIn).join()} signs in`, async () => {
      assert.equal(await endpoint({ ...signIn, PATH: "" }), "https://management.azure.com");
    });
  }

  it("is that of the Azure CLI's cloud where nothing names a cloud and the CLI signs in", async () => {
    const folder = mkdtempSync(join(tmpdir(), "az-"));
    try {
      const az = join(folder, "az");
      writeFileSync(
        az,
        `#!/bin/sh
[ "$*" = "cloud show --output json" ] || exit 1
echo '{"name":"AzureStackUser","endpoints":{"resourceManager":"https://management.local.azurestack.external/"}}'
`,
      );
      chmodSync(az, 0o755);
      const path = `${folder}:/bin:/usr/bin`;
      assert.equal(await endpoint({ PATH: path }), "https://management.local.azurestack.external");
      assert.equal(
        await endpoint({ PATH: path, ARM_USE_OIDC: "false" }),
        "https://management.local.azurestack.external",
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  for (const [form, answer, address] of [
    ["a cloud's metadata", { resourceManager: "https://arm.example/" }, "https://arm.example"],
    ["a list of clouds", [{ resourceManager: "https://arm.example" }], "https://arm.example"],
    ["Azure Stack's metadata, which do not name it", { galleryEndpoint: "x" }, "https://127.0.0.1:8443"],
  ] as const) {
    it(`is read from ${form}`, async () => {
      const asked: string[] = [];
      globalThis.fetch = (input) => {
        asked.push(new Request(input).url);
        return Promise.resolve(Response.json(answer));
      };
      assert.equal(await endpoint({ ...signedIn, ARM_METADATA_HOSTNAME: "127.0.0.1:8443" }), address);
      assert.deepEqual(asked, ["https://127.0.0.1:8443/metadata/endpoints?api-version=2022-09-01"]);
    });
  }

  it("is an error when the metadata host does not answer as one", async () => {
    globalThis.fetch = () => Promise.resolve(new Response("nothing here", { status: 404 }));
    await assert.rejects(endpoint({ ARM_METADATA_HOSTNAME: "arm.example" }), {
      message: "GET https://arm.example/metadata/endpoints?api-version=2022-09-01 answered 404: nothing here",
    });
  });
});
