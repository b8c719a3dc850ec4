import assert from "node:assert/strict";
import type { JsonObject } from "../../../../../sandbox/arm/json.ts";
import { jitBody, jitId, planId, putVm, versions, vmAddress } from "../../../auditResources.ts";
import { JitBench, portOf, prop } from "./jitFixture.ts";
import { forEachTest } from "../../../../held.ts";
import { refusalOf } from "../../plane.ts";
import { putResource } from "../../../auditFixture.ts";

describe("a just-in-time policy", () => {
  const bench = forEachTest(() => JitBench.start());

  it("closes the VM's ports with a deny rule in its NSG", async () => {
    const answer = await bench.put(jitBody(bench.path.vmId));
    assert.equal(answer.status, 200);
    assert.deepEqual(
      [answer.body.kind, answer.body.location, answer.body.properties],
      [
        "Basic",
        "westeurope",
        {
          virtualMachines: (jitBody(bench.path.vmId).properties as JsonObject).virtualMachines,
          requests: [],
          provisioningState: "Succeeded",
        },
      ],
    );
    const [rule, ...others] = bench.rules();
    assert.deepEqual(others, []);
    assert.match(rule?.name ?? "", /^MicrosoftDefenderForCloud-JITRule_-?\d+_[0-9A-F]{32}$/);
    assert.deepEqual(rule?.body.properties, {
      provisioningState: "Succeeded",
      description: "MDC JIT Network Access rule for policy 'jit-vm-app' of VM 'vm-app'.",
      protocol: "*",
      sourcePortRange: "*",
      destinationPortRange: "22",
      destinationPortRanges: [],
      sourceAddressPrefix: "*",
      destinationAddressPrefix: vmAddress,
      access: "Deny",
      priority: 4096,
      direction: "Inbound",
      sourcePortRanges: [],
      sourceAddressPrefixes: [],
      destinationAddressPrefixes: [],
    });
  });

  it("takes the next free priority below 4096, keeps it, and gives it back", async () => {
    const properties = { priority: 4096, direction: "Inbound", access: "Deny" };
    putResource(bench.plane.store, `${bench.path.nsgId}/securityRules/DenyAll`, { properties });
    await bench.put(jitBody(bench.path.vmId));
    await bench.put(jitBody(bench.path.vmId, { maxRequestAccessDuration: "PT1H" }));
    assert.deepEqual(
      bench.rules().map((rule) => prop(rule, "priority")),
      [4096, 4095],
    );
    assert.equal((await bench.plane.send("DELETE", jitId(bench.plane), versions.jit)).status, 200);
    assert.deepEqual(
      bench.rules().map(({ name }) => name),
      ["DenyAll"],
    );
  });

  it("is listed by location, by resource group and by subscription", async () => {
    await bench.put(jitBody(bench.path.vmId));
    for (const list of [
      `${bench.plane.group}/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies`,
      `${bench.plane.group}/providers/Microsoft.Security/jitNetworkAccessPolicies`,
      `/subscriptions/${bench.plane.identity.subscriptionId}/providers/Microsoft.Security/jitNetworkAccessPolicies`,
    ]) {
      const { status, body } = await bench.plane.send("GET", list, versions.jit);
      assert.deepEqual([status, (body.value as JsonObject[]).map(({ name }) => name)], [200, ["jit-vm-app"]], list);
    }
  });

  it("needs Defender for Servers Plan 2", async () => {
    await bench.plane.send("PUT", planId(bench.plane), versions.pricing, {
      properties: { pricingTier: "Standard", subPlan: "P1" },
    });
    assert.equal(
      refusalOf(await bench.put(jitBody(bench.path.vmId))),
      "409 Conflict: Just-in-time network access needs Defender for Servers Plan 2 on the subscription: the pricing 'VirtualMachines' must have the tier Standard with the subplan P2.",
    );
  });

  it("needs an NSG", async () => {
    const { vmId } = putVm(bench.plane, "vm-bare", `${bench.path.virtualNetworkId}/subnets/snet-vm`, "10.0.1.9", false);
    assert.equal(
      refusalOf(await bench.put(jitBody(vmId))),
      "409 Conflict: The virtual machine 'vm-bare' has no network security group on its network interface or subnet. Just-in-time network access requires one.",
    );
  });

  it("refuses names that are too long together, a foreign location and a VM that is not there", async () => {
    const long = "j".repeat(51);
    assert.equal(
      refusalOf(await bench.put(jitBody(bench.path.vmId), long)),
      `400 BadRequest: The names of the policy '${long}' and of the virtual machine 'vm-app' together have 57 characters. At most 56 are allowed.`,
    );
    const elsewhere = jitId(bench.plane).replace("westeurope", "northeurope");
    assert.equal(
      refusalOf(await bench.plane.send("PUT", elsewhere, versions.jit, jitBody(bench.path.vmId))),
      "400 BadRequest: The location 'northeurope' of the policy 'jit-vm-app' is not the location 'westeurope' of the virtual machine 'vm-app'.",
    );
    assert.equal(
      refusalOf(await bench.put(jitBody(`${bench.path.vmId}x`))),
      `404 ResourceNotFound: The virtual machine '${bench.path.vmId}x' was not found.`,
    );
  });

  it("refuses bad ports", async () => {
    const of = "port 22 of the virtual machine 'vm-app'";
    for (const [port, message] of [
      [
        { maxRequestAccessDuration: "PT4M" },
        `The maxRequestAccessDuration 'PT4M' of ${of} is invalid. Allowed is an ISO 8601 duration from 5 minutes (PT5M) to 1 day (P1D).`,
      ],
      [
        { maxRequestAccessDuration: "P2D" },
        `The maxRequestAccessDuration 'P2D' of ${of} is invalid. Allowed is an ISO 8601 duration from 5 minutes (PT5M) to 1 day (P1D).`,
      ],
      [
        { allowedSourceAddressPrefix: "10.0.0.0/33" },
        `The source '10.0.0.0/33' of ${of} is invalid. Allowed is an IP address, a CIDR range or *.`,
      ],
      [
        { allowedSourceAddressPrefixes: ["10.0.0.0/26"] },
        `Port 22 of the virtual machine 'vm-app' needs either allowedSourceAddressPrefix or allowedSourceAddressPrefixes, and not both.`,
      ],
    ] as const) {
      assert.equal(
        refusalOf(await bench.put(jitBody(bench.path.vmId, port as JsonObject))),
        `400 BadRequest: ${message}`,
      );
    }
  });

  it("keeps its requests when it is written again", async () => {
    await bench.put(jitBody(bench.path.vmId));
    await bench.initiate(60);
    await bench.put({
      ...jitBody(bench.path.vmId),
      properties: { ...(jitBody(bench.path.vmId).properties as JsonObject), requests: [] },
    });
    assert.equal((await bench.requests()).length, 1);
    assert.equal(bench.allows().length, 1);
  });

  it("closes what was open when it goes, or when its port goes", async () => {
    await bench.put(jitBody(bench.path.vmId));
    await bench.initiate(60);
    await bench.put(jitBody(bench.path.vmId, { number: 3389 }));
    assert.equal(bench.allows().length, 0);
    assert.deepEqual(
      [portOf((await bench.requests())[0]).status, portOf((await bench.requests())[0]).statusReason],
      ["Revoked", "UserRequested"],
    );
    await bench.plane.send("DELETE", jitId(bench.plane), versions.jit);
    assert.deepEqual(bench.rules(), []);
  });
});
