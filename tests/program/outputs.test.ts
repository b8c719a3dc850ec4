import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import * as pulumi from "@pulumi/pulumi";
import deploy from "../../index.ts";
import { accessActivityQuery, bastionSessionsQuery } from "../../core/links/index.ts";
import type { Links } from "../../program/outputs.ts";
import { idOf, recordProgram, subscriptionId } from "../components/recordedProgram.ts";
import { clientConfig, tenantId, portal, run, threeVms, flowLogArchive } from "./recordedStack.ts";

/** The query that a link to Log Analytics carries. */
function queryIn(link: string | undefined): string {
  const encoded = /\/q\/([^/]+)\//.exec(link ?? "")?.[1] ?? "";
  return gunzipSync(Buffer.from(decodeURIComponent(encoded), "base64")).toString();
}

describe("the outputs of the program", () => {
  it("puts out links, and the ids to go on with", async () => {
    const { result } = await run({ vms: threeVms });
    const { links, ...others } = result as unknown as Record<string, unknown> & { links: pulumi.Unwrap<Links> };
    const bastion = idOf("bastion-host");
    const blobPrefix = `resourceId=${bastion.toUpperCase()}/`;
    const account = "bastiontrailtestk3j9x2ab";
    const place = { account, blobEndpoint: `https://${account}.blob.core.windows.net` };
    assert.deepEqual(others, {
      subscriptionId,
      tenantId,
      bastionHostId: bastion,
      virtualNetworkId: idOf("network-vnet"),
      bastionSubnetId: idOf("network-bastion-subnet"),
      archive: { ...place, container: "insights-logs-bastionauditlogs", blobPrefix },
      activityLogArchive: {
        ...place,
        container: "insights-activity-logs",
        blobPrefix: `resourceId=/SUBSCRIPTIONS/${subscriptionId}/`,
      },
      flowLogArchive,
      workspaceId: idOf("workspace-workspace"),
      workspaceCustomerId: "5a4e1b30-7c53-4b9c-9f0e-1d2c3b4a5f60",
      vms: ["web", "db", "desk"].map((name) => ({
        name,
        id: idOf(name),
        privateIp: "10.60.1.4",
        jitPolicyId: idOf(`${name}-jit`),
        nsgId: idOf(`${name}-nsg`),
      })),
      adminPasswords: { db: "Generated-1", desk: "Generated-1" },
    });
    assert.deepEqual(Object.keys(links), [
      "bastionHost",
      "auditLogQuery",
      "archiveContainer",
      "jitActivityQuery",
      "virtualMachines",
    ]);
    assert.equal(links.bastionHost, `${portal}#@${tenantId}/resource${bastion}`);
    assert.equal(queryIn(links.auditLogQuery), bastionSessionsQuery(bastion));
    assert.equal(queryIn(links.jitActivityQuery), accessActivityQuery(subscriptionId));
    for (const link of [links.auditLogQuery, links.jitActivityQuery]) {
      assert.ok(link?.includes(`/resourceId/${encodeURIComponent(idOf("workspace-workspace"))}/`));
    }
    assert.ok(
      links.archiveContainer?.endsWith(
        `${encodeURIComponent(idOf("archive-account"))}/path/insights-logs-bastionauditlogs`,
      ),
    );
    assert.deepEqual(links.virtualMachines, {
      web: `${portal}#@${tenantId}/resource${idOf("web")}`,
      db: `${portal}#@${tenantId}/resource${idOf("db")}`,
      desk: `${portal}#@${tenantId}/resource${idOf("desk")}`,
    });
  });

  it("keeps generated passwords a secret", async () => {
    await recordProgram(
      async () => {
        pulumi.runtime.setAllConfig({
          "bastion-trail:location": "westeurope",
          "bastion-trail:vms": JSON.stringify(threeVms),
        });
        const { adminPasswords, vms, links } = await deploy();
        assert.ok(adminPasswords);
        const outputs: pulumi.Output<unknown>[] = [adminPasswords, pulumi.output(vms), pulumi.output(links)];
        assert.deepEqual(await Promise.all(outputs.map((output) => pulumi.isSecret(output))), [true, false, false]);
      },
      {
        outputs: () => ({ result: "Generated-1", ipConfigurations: [] }),
        functions: {
          "azure-native:authorization:getClientConfig": () => clientConfig,
        },
      },
    );
  });

  it("knows everything but what belongs to a resource that an update leaves out", async () => {
    const { result } = await run({ vms: threeVms }, {}, ["db"]);
    const { links, vms, adminPasswords } = result as unknown as Record<string, unknown> & {
      links: pulumi.Unwrap<Links>;
    };
    assert.deepEqual(links.virtualMachines, {
      web: `${portal}#@${tenantId}/resource${idOf("web")}`,
      db: undefined,
      desk: `${portal}#@${tenantId}/resource${idOf("desk")}`,
    });
    assert.equal(Object.values(links).filter((link) => typeof link === "string").length, 4);
    assert.deepEqual(
      (vms as ({ name: string } | undefined)[]).map((vm) => vm?.name),
      ["web", undefined, "desk"],
    );
    assert.deepEqual(adminPasswords, { db: "Generated-1", desk: "Generated-1" });
  });

  for (const [environment, host] of [
    ["usgovernment", "https://portal.azure.us/"],
    ["china", "https://portal.azure.cn/"],
  ] as const) {
    it(`links to the portal of its cloud: ${environment}`, async () => {
      const { result } = await run({ vms: threeVms }, { environment });
      const { virtualMachines, ...links } = (result as unknown as { links: pulumi.Unwrap<Links> }).links;
      const all = [...Object.values(links as Record<string, string>), ...Object.values(virtualMachines)];
      assert.equal(all.length, 7);
      for (const link of all) assert.ok(link.startsWith(host), link);
    });
  }
});
