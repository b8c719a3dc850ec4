import assert from "node:assert/strict";
import { forSuite } from "../held.ts";
import { AzureClients } from "./azureClients.ts";
import { TestSandbox } from "./harness.ts";
import { startNodeLanguageHost } from "./nodeLanguageHost.ts";
import { copyExample, PulumiProject } from "./pulumiProject.ts";

const fast = { updateIntervalInMs: 50 };

describe("the examples in TypeScript", () => {
  const sandbox = forSuite(() => TestSandbox.start());
  const host = forSuite(() => startNodeLanguageHost({ ...process.env, ...sandbox.environment() }));

  /** Deploys an example, and previews it again. @returns its outputs. */
  async function deploy(example: string, config: Record<string, string> = {}): Promise<Record<string, unknown>> {
    const attached = { languages: { nodejs: host.port } };
    const project = await PulumiProject.open(copyExample(example, sandbox), sandbox, attached, config);
    await project.up();
    assert.deepEqual(Object.keys(await project.preview()), ["same"]);
    return project.outputs();
  }

  const inGroup = (group: string, rest: string) =>
    `/subscriptions/${sandbox.description.subscriptionId}/resourceGroups/${group}/providers/${rest}`;

  it("minimal deploys a VM to which access can be requested", async () => {
    const { archiveAccount, vmId, ...outputs } = await deploy("minimal");
    assert.deepEqual(outputs, { bastionHostId: inGroup("rg-access", "Microsoft.Network/bastionHosts/bastion") });
    assert.match(archiveAccount as string, /^audit[a-z0-9]{8}$/);
    const words = ["jit", "request", vmId as string, "--for", "1h", "--reason", "restart nginx", "--json"];
    const { exitCode, stderr } = await sandbox.cli(words);
    assert.deepEqual([exitCode, stderr], [0, ""]);
  });

  // The sandbox's virtual networks have no peerings, which the deployment neither reads nor writes.
  it("hub-and-spoke puts a VM into the spoke, and nothing but Bastion's subnet into the hub", async () => {
    const azure = new AzureClients(sandbox);
    await azure.resources.resourceGroups.createOrUpdate("network", { location: "westeurope" });
    const network = (name: string, prefix: string, subnet: string, range: string) =>
      azure.network.virtualNetworks.beginCreateOrUpdateAndWait(
        "network",
        name,
        {
          location: "westeurope",
          addressSpace: { addressPrefixes: [prefix] },
          subnets: [{ name: subnet, addressPrefix: range }],
        },
        fast,
      );
    const hub = await network("hub", "10.0.0.0/16", "GatewaySubnet", "10.0.0.0/26");
    const spoke = await network("spoke", "10.1.0.0/16", "apps", "10.1.0.0/24");
    const { vmId } = await deploy("hub-and-spoke", {
      hubNetworkId: hub.id!,
      bastionSubnetPrefix: "10.0.1.0/26",
      spokeSubnetId: `${spoke.id}/subnets/apps`,
    });
    assert.equal(vmId, inGroup("rg-hub-access", "Microsoft.Compute/virtualMachines/app"));
    const { subnets = [] } = await azure.network.virtualNetworks.get("network", "hub");
    assert.deepEqual(subnets.map(({ name }) => name).sort(), ["AzureBastionSubnet", "GatewaySubnet"]);
  });

  it("private-only-recording has no public IP address, and says what is left to do", async () => {
    const { nextStep } = await deploy("private-only-recording");
    assert.match(nextStep as string, /^Bastion host bastion records sessions, and refuses every session until/);
    const ids = await sandbox.resourceIds();
    assert.deepEqual(
      ids.filter((id) => id.includes("/rg-private/") && id.includes("/publicIPAddresses/")),
      [],
    );
  });

  it("windows-password keeps the password secret", async () => {
    const { adminPassword } = await deploy("windows-password");
    assert.equal(adminPassword, "[secret]");
  });
});
