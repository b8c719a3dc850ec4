import assert from "node:assert/strict";
import { putNetwork, startCloud, textOf } from "./types/cloud.ts";
import { forSuite } from "../../held.ts";

describe("a type that Azure has and this sandbox does not", () => {
  const cloud = forSuite(startCloud);
  before(() => putNetwork(cloud));

  it("has no resources: its list is empty, and one of it is not found and counts as deleted", async () => {
    const list = await cloud.send("GET", "Microsoft.Network/loadBalancers");
    assert.deepEqual([list.status, list.body], [200, { value: [] }]);
    assert.equal(
      await cloud.refusal("GET", "Microsoft.Network/loadBalancers/lb"),
      "404 ResourceNotFound: The Resource 'Microsoft.Network/loadBalancers/lb' under resource group 'rg' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
    );
    assert.equal((await cloud.send("DELETE", "Microsoft.Network/loadBalancers/lb")).status, 204);
  });

  it("cannot be made, nor asked to act", async () => {
    for (const [method, path] of [
      ["PUT", "Microsoft.Network/loadBalancers/lb"],
      ["POST", "Microsoft.Network/loadBalancers/lb/migrateToIpBased"],
    ] as const) {
      assert.equal(
        await cloud.refusal(method, path, { location: "westeurope" }),
        "400 LocationNotAvailableForResourceType: The resource type 'Microsoft.Network/loadBalancers' is not available in any location of this subscription. List of available regions for the resource type is ''.",
      );
    }
  });

  it("is a template deployment, or a policy", async () => {
    for (const list of [
      "Microsoft.Resources/deployments?api-version=2025-04-01",
      "Microsoft.Authorization/policyAssignments?api-version=2022-06-01",
    ]) {
      const { status, body } = await cloud.send("GET", list);
      assert.deepEqual([status, body], [200, { value: [] }]);
    }
    const deployment = "Microsoft.Resources/deployments/d?api-version=2025-04-01";
    assert.equal((await cloud.send("HEAD", deployment)).status, 404);
    assert.equal(
      await cloud.refusal("POST", deployment.replace("?", "/whatIf?"), {}),
      "400 LocationNotAvailableForResourceType: The resource type 'Microsoft.Resources/deployments' is not available in any location of this subscription. List of available regions for the resource type is ''.",
    );
  });

  it("names the API versions that it does have", async () => {
    const { status, code, message } = await cloud.refused(
      "GET",
      "Microsoft.Network/loadBalancers?api-version=2011-01-01",
    );
    assert.deepEqual([status, code], [400, "NoRegisteredProviderFound"]);
    assert.match(
      textOf(message ?? undefined),
      /for type 'loadBalancers'\. The supported api-versions are '2026-03-01, 20/,
    );
  });

  it("is refused where Azure would compute the list", async () => {
    const id = `${cloud.plane.subscription}/providers/Microsoft.Compute/locations/westeurope/publishers`;
    const { status, code, message } = await cloud.refused("GET", `${id}?api-version=2026-04-01`);
    assert.deepEqual([status, code], [400, "NoRegisteredProviderFound"]);
    assert.match(
      textOf(message ?? undefined),
      /for type 'locations\/publishers'\. .* The supported locations are ''\.$/,
    );
  });

  it("is unknown where no SDK has it", async () => {
    const { code } = await cloud.refused("GET", "Microsoft.Network/spoons");
    assert.equal(code, "InvalidResourceType");
  });
});

describe("the lists of a provider", () => {
  const cloud = forSuite(startCloud);
  before(() => putNetwork(cloud));

  it("count what a region has of its quotas", async () => {
    const usages = async (location: string): Promise<unknown> => {
      const provider = `${cloud.plane.subscription}/providers/Microsoft.Network`;
      const { body } = await cloud.send("GET", `${provider}/locations/${location}/usages`);
      return (body.value as unknown[])[0];
    };
    const name = { value: "VirtualNetworks", localizedValue: "Virtual Networks" };
    assert.deepEqual(await usages("westeurope"), { unit: "Count", currentValue: 1, limit: 1000, name });
    assert.deepEqual(await usages("northeurope"), { unit: "Count", currentValue: 0, limit: 1000, name });
  });

  it("are those of a region that there is", async () => {
    const id = `${cloud.plane.subscription}/providers/Microsoft.Compute/locations/mars/vmSizes`;
    const { status, code, message } = await cloud.refused("GET", id);
    assert.deepEqual([status, code], [400, "NoRegisteredProviderFound"]);
    assert.match(
      textOf(message ?? undefined),
      /^No .* for location 'mars' and API version '2024-11-01' for type 'locations\/vmSizes'\. .* The supported locations are 'eastus, eastus2, /,
    );
  });

  it("have no deleted workspaces, because none is kept", async () => {
    const id = `${cloud.plane.subscription}/providers/Microsoft.OperationalInsights/deletedWorkspaces`;
    const { status, body } = await cloud.send("GET", `${id}?api-version=2025-07-01`);
    assert.deepEqual([status, body], [200, { value: [] }]);
  });
});
