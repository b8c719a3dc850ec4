import assert from "node:assert/strict";
import { chosenCloud, cloudAt, cloudNamed, cloudNames } from "../../../core/links/clouds.ts";

describe("Microsoft's clouds", () => {
  for (const [name, names] of [
    ["AzureCloud", ["public", "azurecloud"]],
    ["AzureUSGovernment", ["usgovernment", "usgov", "azureusgovernment", "azureusgovernmentcloud", "usgovernmentl4"]],
    ["AzureChinaCloud", ["china", "azurechinacloud"]],
  ] as const) {
    for (const alias of names) {
      it(`${name} is ${alias}, in any case`, () => {
        for (const spelled of [alias, alias.toUpperCase(), `${alias[0]!.toUpperCase()}${alias.slice(1)}`]) {
          assert.equal(cloudNamed(spelled)?.name, name);
        }
      });
    }
  }

  it("have no other names", () => {
    assert.equal(cloudNames.length, 9);
    assert.equal(cloudNamed("mars"), undefined);
    assert.equal(cloudNamed(""), undefined);
  });

  it("have endpoints of their own", () => {
    const endpoints = ["public", "usgov", "china"].map((name) => cloudNamed(name)!);
    assert.deepEqual(
      endpoints.map(({ resourceManager }) => resourceManager),
      ["https://management.azure.com", "https://management.usgovcloudapi.net", "https://management.chinacloudapi.cn"],
    );
    for (const cloud of endpoints) {
      for (const url of Object.values(cloud).slice(1)) assert.match(String(url), /^https:\/\/[a-z.]+$/);
      assert.equal(cloudAt(cloud.resourceManager), cloud);
    }
    assert.equal(cloudAt("https://Management.USGovCloudAPI.net"), cloudNamed("usgov"));
    assert.equal(cloudAt("https://arm.example"), undefined);
  });
});

describe("the cloud of a deployment", () => {
  const chosen = (env: Record<string, string>, config: Record<string, string> = {}) =>
    chosenCloud({ env, config: (key) => config[key] });
  const endpoints = {
    ARM_RESOURCE_MANAGER_ENDPOINT: "https://arm.example/",
    ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST: "https://login.example/",
    ARM_RESOURCE_MANAGER_AUDIENCE: "https://arm.example/",
  };

  it("is not named where nothing is set, or only empty text", () => {
    assert.equal(chosen({}), undefined);
    assert.equal(
      chosen({ ARM_ENVIRONMENT: "", AZURE_ENVIRONMENT: "", ARM_METADATA_HOSTNAME: "" }, { environment: "" }),
      undefined,
    );
  });

  it("is named by config, ARM_ENVIRONMENT and AZURE_ENVIRONMENT, in this order", () => {
    const env = { ARM_ENVIRONMENT: "usgov", AZURE_ENVIRONMENT: "china" };
    assert.deepEqual(chosen(env, { environment: "public" }), { by: "name", name: "public" });
    assert.deepEqual(chosen(env), { by: "name", name: "usgov" });
    assert.deepEqual(chosen({ ...env, ARM_ENVIRONMENT: "" }), { by: "name", name: "china" });
  });

  it("describes itself at the metadata host, with or without a scheme", () => {
    for (const host of ["arm.example:8443", "https://arm.example:8443/"]) {
      assert.deepEqual(chosen({ ARM_METADATA_HOSTNAME: host, ARM_ENVIRONMENT: "china" }), {
        by: "metadata",
        url: "https://arm.example:8443",
      });
    }
    assert.deepEqual(chosen({ ARM_METADATA_HOSTNAME: "a.example" }, { metadataHost: "b.example" }), {
      by: "metadata",
      url: "https://b.example",
    });
  });

  it("is stated by its endpoints, if all three are there", () => {
    assert.deepEqual(chosen({ ...endpoints, ARM_ENVIRONMENT: "china" }), {
      by: "endpoints",
      resourceManager: "https://arm.example",
      authority: "https://login.example",
      audience: "https://arm.example",
    });
    for (const missing of Object.keys(endpoints)) {
      assert.deepEqual(chosen({ ...endpoints, [missing]: "", ARM_ENVIRONMENT: "china" }), {
        by: "name",
        name: "china",
      });
    }
  });
});
