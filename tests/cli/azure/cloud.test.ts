import assert from "node:assert/strict";
import { createServer, type Server } from "node:https";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cloudFromEnvironment, publicCloud } from "../../../cli/azure/cloud.ts";
import { cloudMetadata } from "../../../sandbox/arm/metadata.ts";
import { ensureTls } from "../../../sandbox/tls.ts";
import { trust } from "../../trust.ts";

describe("the cloud", () => {
  const folder = mkdtempSync(join(tmpdir(), "cloud-"));
  let distrust: () => void;
  let server: Server;
  let host: string;
  let answer: { status: number; body: unknown };
  before(async () => {
    const { ca, cert, key } = await ensureTls(folder);
    server = createServer({ cert, key }, (request, response) => {
      assert.equal(request.url, "/metadata/endpoints?api-version=2022-09-01");
      response.writeHead(answer.status, { "Content-Type": "application/json" }).end(JSON.stringify(answer.body));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    distrust = trust(ca);
  });
  after(() => {
    distrust();
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  for (const [variable, name, endpoints] of [
    [
      "ARM_ENVIRONMENT",
      "UsGovernment",
      {
        name: "AzureUSGovernment",
        resourceManager: "https://management.usgovcloudapi.net",
        authority: "https://login.microsoftonline.us",
        armScope: "https://management.usgovcloudapi.net/.default",
        logAnalytics: "https://api.loganalytics.us",
        portal: "https://portal.azure.us",
      },
    ],
    [
      "AZURE_ENVIRONMENT",
      "azurechinacloud",
      {
        name: "AzureChinaCloud",
        resourceManager: "https://management.chinacloudapi.cn",
        authority: "https://login.chinacloudapi.cn",
        armScope: "https://management.chinacloudapi.cn/.default",
        logAnalytics: "https://api.loganalytics.azure.cn",
        portal: "https://portal.azure.cn",
      },
    ],
  ] as const) {
    it(`is the one that ${variable} names`, async () => {
      assert.deepEqual(await cloudFromEnvironment({ [variable]: name }), {
        ...endpoints,
        isCustom: false,
      });
    });
  }

  it("is stated by its three endpoints", async () => {
    assert.deepEqual(
      await cloudFromEnvironment({
        ARM_RESOURCE_MANAGER_ENDPOINT: "https://arm.example/",
        ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST: "https://login.example/",
        ARM_RESOURCE_MANAGER_AUDIENCE: "https://arm-audience.example/",
      }),
      {
        ...publicCloud,
        name: "custom",
        resourceManager: "https://arm.example",
        authority: "https://login.example",
        armScope: "https://arm-audience.example/.default",
        isCustom: true,
      },
    );
  });

  it("has the other endpoints of Microsoft's cloud, if it is one, when three are stated", async () => {
    const { logAnalytics, portal } = await cloudFromEnvironment({
      ARM_RESOURCE_MANAGER_ENDPOINT: "https://management.usgovcloudapi.net/",
      ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST: "https://login.microsoftonline.us/",
      ARM_RESOURCE_MANAGER_AUDIENCE: "https://management.usgovcloudapi.net/",
    });
    assert.deepEqual([logAnalytics, portal], ["https://api.loganalytics.us", "https://portal.azure.us"]);
  });

  it("must have a known name", async () => {
    await assert.rejects(cloudFromEnvironment({ ARM_ENVIRONMENT: "mars" }), {
      message: "Unknown cloud: mars.",
      nextStep:
        "Set ARM_ENVIRONMENT to one of public, azurecloud, usgovernment, usgov, azureusgovernment, azureusgovernmentcloud, " +
        "usgovernmentl4, china, azurechinacloud.",
    });
  });

  it("is Azure public by default", async () => {
    assert.equal(await cloudFromEnvironment({}), publicCloud);
    assert.equal(await cloudFromEnvironment({ ARM_METADATA_HOSTNAME: "" }), publicCloud);
  });

  it("describes its own endpoints, here those of a sovereign cloud", async () => {
    answer = {
      status: 200,
      body: {
        name: "AzureUSGovernment",
        portal: "https://portal.azure.us",
        resourceManager: "https://management.usgovcloudapi.net/",
        logAnalyticsResourceId: "https://api.loganalytics.us",
        authentication: {
          loginEndpoint: "https://login.microsoftonline.us",
          audiences: ["https://management.core.usgovcloudapi.net", "https://management.usgovcloudapi.net"],
          tenant: "common",
        },
      },
    };
    for (const name of [host, `https://${host}/`]) {
      assert.deepEqual(await cloudFromEnvironment({ ARM_METADATA_HOSTNAME: name }), {
        name: "AzureUSGovernment",
        resourceManager: "https://management.usgovcloudapi.net",
        authority: "https://login.microsoftonline.us",
        armScope: "https://management.usgovcloudapi.net/.default",
        logAnalytics: "https://api.loganalytics.us",
        portal: "https://portal.azure.us",
        isCustom: false,
      });
    }
  });

  it("may be one that Entra does not know, such as the sandbox", async () => {
    answer = { status: 200, body: cloudMetadata("2022-09-01", "https://127.0.0.1:8443", "tenant") };
    const cloud = await cloudFromEnvironment({ ARM_METADATA_HOSTNAME: host });
    assert.deepEqual(
      { ...cloud, logAnalytics: undefined },
      {
        name: "BastionTrailSandbox",
        resourceManager: "https://127.0.0.1:8443",
        authority: "https://127.0.0.1:8443",
        armScope: "https://127.0.0.1:8443/.default",
        logAnalytics: undefined,
        portal: "https://127.0.0.1:8443",
        isCustom: true,
      },
    );
  });

  it("is refused if the host is something else or does not answer", async () => {
    const nextStep = "Check ARM_METADATA_HOSTNAME, and NODE_EXTRA_CA_CERTS if the cloud has a CA of its own.";
    answer = { status: 200, body: { hello: 1 } };
    await assert.rejects(cloudFromEnvironment({ ARM_METADATA_HOSTNAME: host }), {
      message: `${host} does not describe a cloud (HTTP status 200).`,
      nextStep,
    });
    await assert.rejects(cloudFromEnvironment({ ARM_METADATA_HOSTNAME: "127.0.0.1:1" }), {
      message: "The cloud at 127.0.0.1:1 does not answer.",
      nextStep,
    });
  });
});
