import assert from "node:assert/strict";
import { textAt } from "../../../../sandbox/arm/bodies.ts";
import type { JsonObject, Resource } from "../../../../sandbox/arm/model.ts";
import { durationMs } from "../../../../sandbox/arm/types/security/duration.ts";
import type { Answer, AuditPlane } from "../../auditPlane.ts";
import { refusal, startAuditPlane } from "../../auditPlane.ts";
import type { AccessPath } from "../../auditResources.ts";
import {
  bastionSubnet,
  jitBody,
  jitId,
  planId,
  putAccessPath,
  putPlan,
  putVm,
  versions,
  vmAddress,
} from "../../auditResources.ts";

const minute = 60_000;
const ada = "ada@example.com";

describe("Microsoft.Security/pricings", () => {
  let plane: AuditPlane;
  before(async () => {
    plane = await startAuditPlane();
  });
  after(async () => {
    await plane.remove();
  });

  it("are Free from the start", async () => {
    const { status, body } = await plane.send("GET", planId(plane), versions.pricing);
    assert.deepEqual(
      [status, body.name, body.properties],
      [200, "VirtualMachines", { pricingTier: "Free", freeTrialRemainingTime: "P30D" }],
    );
  });

  it("are set to Standard with a subplan, Plan 2 where none is named", async () => {
    const answer = await plane.send("PUT", planId(plane), versions.pricing, {
      properties: { pricingTier: "Standard" },
    });
    assert.deepEqual([answer.status, (answer.body.properties as JsonObject).subPlan], [200, "P2"]);
  });

  it("refuse a subplan of another plan", async () => {
    const properties = { pricingTier: "Standard", subPlan: "P3" };
    assert.deepEqual(refusal(await plane.send("PUT", planId(plane), versions.pricing, { properties })), [
      400,
      "BadRequest",
      "The subplan 'P3' is not supported for the plan 'VirtualMachines'. Allowed with the pricing tier Standard are P1, P2.",
    ]);
  });

  it("cannot be deleted from a subscription", async () => {
    assert.equal((await plane.send("DELETE", planId(plane), versions.pricing)).status, 405);
  });
});

describe("an ISO 8601 duration", () => {
  for (const [text, ms] of [
    ["PT5M", 5 * minute],
    ["PT3H", 180 * minute],
    ["P1D", 1440 * minute],
    ["P1DT1H", 1500 * minute],
    ["PT1H30M", 90 * minute],
    ["P", undefined],
    ["PT", undefined],
    ["P1M", undefined],
    ["3H", undefined],
    ["", undefined],
  ] as const) {
    it(`${JSON.stringify(text)} is ${ms === undefined ? "none" : `${String(ms)} ms`}`, () => {
      assert.equal(durationMs(text), ms);
    });
  }
});

describe("just-in-time network access", () => {
  let plane: AuditPlane;
  let path: AccessPath;
  const put = (body: JsonObject, name?: string): Promise<Answer> =>
    plane.send("PUT", jitId(plane, name), versions.jit, body);
  const get = (): Promise<Answer> => plane.send("GET", jitId(plane), versions.jit);
  const initiate = (minutes: number, port: JsonObject = {}): Promise<Answer> => {
    const endTimeUtc = new Date(plane.clock.now().getTime() + minutes * minute).toISOString();
    const ports = [{ number: 22, endTimeUtc, allowedSourceAddressPrefix: bastionSubnet, ...port }];
    return plane.sendAs(ada, "POST", `${jitId(plane)}/initiate`, versions.jit, {
      virtualMachines: [{ id: path.vmId, ports }],
      justification: "INC-42",
    });
  };
  const rules = (): Resource[] =>
    plane.store.childrenOf(path.nsgId).sort((a, b) => Number(prop(b, "priority")) - Number(prop(a, "priority")));
  const allows = (): Resource[] => rules().filter((rule) => prop(rule, "access") === "Allow");
  const portOf = (request: unknown): JsonObject =>
    (request as { virtualMachines: { ports: JsonObject[] }[] }).virtualMachines[0]?.ports[0] ?? {};
  const requests = async (): Promise<JsonObject[]> =>
    ((await get()).body.properties as JsonObject).requests as JsonObject[];

  beforeEach(async () => {
    plane = await startAuditPlane();
    path = putAccessPath(plane);
    await putPlan(plane);
  });
  afterEach(async () => {
    await plane.remove();
  });

  describe("a policy", () => {
    it("closes the VM's ports with a deny rule in its NSG", async () => {
      const answer = await put(jitBody(path.vmId));
      assert.equal(answer.status, 200);
      assert.deepEqual(
        [answer.body.kind, answer.body.location, answer.body.properties],
        [
          "Basic",
          "westeurope",
          {
            virtualMachines: (jitBody(path.vmId).properties as JsonObject).virtualMachines,
            requests: [],
            provisioningState: "Succeeded",
          },
        ],
      );
      const [rule, ...others] = rules();
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
      plane.store.put({
        id: `${path.nsgId}/securityRules/DenyAll`,
        type: "Microsoft.Network/networkSecurityGroups/securityRules",
        name: "DenyAll",
        body: { properties: { priority: 4096, direction: "Inbound", access: "Deny" } },
      });
      await put(jitBody(path.vmId));
      await put(jitBody(path.vmId, { maxRequestAccessDuration: "PT1H" }));
      assert.deepEqual(
        rules().map((rule) => prop(rule, "priority")),
        [4096, 4095],
      );
      assert.equal((await plane.send("DELETE", jitId(plane), versions.jit)).status, 200);
      assert.deepEqual(
        rules().map(({ name }) => name),
        ["DenyAll"],
      );
    });

    it("is listed by location, by resource group and by subscription", async () => {
      await put(jitBody(path.vmId));
      for (const list of [
        `${plane.group}/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies`,
        `${plane.group}/providers/Microsoft.Security/jitNetworkAccessPolicies`,
        `/subscriptions/${plane.identity.subscriptionId}/providers/Microsoft.Security/jitNetworkAccessPolicies`,
      ]) {
        const { status, body } = await plane.send("GET", list, versions.jit);
        assert.deepEqual([status, (body.value as JsonObject[]).map(({ name }) => name)], [200, ["jit-vm-app"]], list);
      }
    });

    it("needs Defender for Servers Plan 2", async () => {
      await plane.send("PUT", planId(plane), versions.pricing, {
        properties: { pricingTier: "Standard", subPlan: "P1" },
      });
      assert.deepEqual(refusal(await put(jitBody(path.vmId))), [
        409,
        "Conflict",
        "Just-in-time network access needs Defender for Servers Plan 2 on the subscription: the pricing 'VirtualMachines' must have the tier Standard with the subplan P2.",
      ]);
    });

    it("needs an NSG", async () => {
      const { vmId } = putVm(plane, "vm-bare", `${path.virtualNetworkId}/subnets/snet-vm`, "10.0.1.9", false);
      assert.deepEqual(refusal(await put(jitBody(vmId))), [
        409,
        "Conflict",
        "The virtual machine 'vm-bare' has no network security group on its network interface or subnet. Just-in-time network access requires one.",
      ]);
    });

    it("refuses names that are too long together, a foreign location and a VM that is not there", async () => {
      const long = "j".repeat(51);
      assert.deepEqual(refusal(await put(jitBody(path.vmId), long)), [
        400,
        "BadRequest",
        `The names of the policy '${long}' and of the virtual machine 'vm-app' together have 57 characters. At most 56 are allowed.`,
      ]);
      const elsewhere = jitId(plane).replace("westeurope", "northeurope");
      assert.deepEqual(refusal(await plane.send("PUT", elsewhere, versions.jit, jitBody(path.vmId))), [
        400,
        "BadRequest",
        "The location 'northeurope' of the policy 'jit-vm-app' is not the location 'westeurope' of the virtual machine 'vm-app'.",
      ]);
      assert.deepEqual(refusal(await put(jitBody(`${path.vmId}x`))), [
        404,
        "ResourceNotFound",
        `The virtual machine '${path.vmId}x' was not found.`,
      ]);
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
        assert.deepEqual(refusal(await put(jitBody(path.vmId, port as JsonObject))), [400, "BadRequest", message]);
      }
    });

    it("keeps its requests when it is written again", async () => {
      await put(jitBody(path.vmId));
      await initiate(60);
      await put({
        ...jitBody(path.vmId),
        properties: { ...(jitBody(path.vmId).properties as JsonObject), requests: [] },
      });
      assert.equal((await requests()).length, 1);
      assert.equal(allows().length, 1);
    });

    it("closes what was open when it goes, or when its port goes", async () => {
      await put(jitBody(path.vmId));
      await initiate(60);
      await put(jitBody(path.vmId, { number: 3389 }));
      assert.equal(allows().length, 0);
      assert.deepEqual(
        [portOf((await requests())[0]).status, portOf((await requests())[0]).statusReason],
        ["Revoked", "UserRequested"],
      );
      await plane.send("DELETE", jitId(plane), versions.jit);
      assert.deepEqual(rules(), []);
    });
  });

  describe("a request", () => {
    beforeEach(async () => {
      await put(jitBody(path.vmId));
    });

    it("opens the port for its source until its end", async () => {
      const startTimeUtc = plane.clock.now().getTime();
      const answer = await initiate(60);
      assert.equal(answer.status, 202);
      const { endTimeUtc } = portOf(answer.body);
      assert.deepEqual(
        { ...answer.body, startTimeUtc: "" },
        {
          virtualMachines: [
            {
              id: path.vmId,
              ports: [
                {
                  number: 22,
                  allowedSourceAddressPrefix: bastionSubnet,
                  endTimeUtc,
                  status: "Initiated",
                  statusReason: "UserRequested",
                },
              ],
            },
          ],
          startTimeUtc: "",
          requestor: ada,
          justification: "INC-42",
        },
      );
      assert.ok(Math.abs(Date.parse(textAt(answer.body, "startTimeUtc") ?? "") - startTimeUtc) < minute);
      const [rule] = allows();
      assert.match(rule?.name ?? "", /^MicrosoftDefenderForCloud-JITRule-(-?\d+)-[0-9A-F]{32}$/);
      assert.deepEqual(rule?.body.properties, {
        provisioningState: "Succeeded",
        description:
          "MDC JIT Network Access rule created by an initiation request for policy 'jit-vm-app' of VM 'vm-app'.",
        protocol: "Tcp",
        sourcePortRange: "*",
        destinationPortRange: "22",
        destinationPortRanges: [],
        sourceAddressPrefix: bastionSubnet,
        destinationAddressPrefix: vmAddress,
        access: "Allow",
        priority: 100,
        direction: "Inbound",
        sourcePortRanges: [],
        sourceAddressPrefixes: [],
        destinationAddressPrefixes: [],
      });

      await plane.clock.advance(59 * minute);
      assert.equal(allows().length, 1);
      await plane.clock.advance(minute);
      assert.deepEqual(allows(), []);
      assert.equal(rules().length, 1, "the deny rule stays");
      assert.deepEqual(
        [portOf((await requests())[0]).status, portOf((await requests())[0]).statusReason],
        ["Revoked", "Expired"],
      );
    });

    it("ends at its time also after a restart, whether or not that has passed meanwhile", async () => {
      await initiate(60);
      plane = await plane.restart();
      assert.equal(allows().length, 1);
      await plane.clock.advance(60 * minute);
      assert.equal(allows().length, 0);
    });

    it("takes the place of an older one for the same port", async () => {
      await initiate(30);
      await initiate(60);
      assert.equal(allows().length, 1);
      assert.deepEqual(
        (await requests()).map((request) => [portOf(request).status, portOf(request).statusReason]),
        [
          ["Revoked", "NewerRequestInitiated"],
          ["Initiated", "UserRequested"],
        ],
      );
      await plane.clock.advance(31 * minute);
      assert.equal(allows().length, 1, "the older one's end does not close the newer one");
    });

    it("shows in the activity log as four events with one correlation id", async () => {
      plane.events.length = 0;
      const answer = await initiate(60);
      assert.equal(answer.status, 202);
      const [first] = plane.events;
      assert.deepEqual(
        plane.events.map(({ wire, resourceId, correlationId }) => [
          (wire.operationName as JsonObject).value,
          resourceId,
          (wire.status as JsonObject).value,
          wire.caller,
          correlationId === first?.correlationId,
        ]),
        [
          [initiateOperation, jitId(plane), "Started", ada, true],
          [initiateOperation, path.vmId, "Succeeded", ada, true],
          ["Microsoft.Network/networkSecurityGroups/write", path.nsgId, "Succeeded", defenderObjectId, true],
          [initiateOperation, jitId(plane), "Succeeded", ada, true],
        ],
      );
      const bodies = plane.events.map(({ wire }) => textAt(wire, "properties.requestbody") ?? "");
      assert.equal((JSON.parse(bodies[1] ?? "{}") as JsonObject).justification, "INC-42");
      assert.ok(bodies[2]?.includes(allows()[0]?.name ?? "no rule"));
      assert.equal((plane.events[2]?.wire.claims as JsonObject).appid, "8edd93e1-2103-40b4-bd70-6e34e586362d");
    });

    it("is refused for the caller's own address, which an omitted prefix means", async () => {
      const [status, code, message] = refusal(await initiate(60, { allowedSourceAddressPrefix: null }));
      assert.deepEqual([status, code], [400, "BadRequest"]);
      assert.match(
        String(message),
        /^The source '[0-9.]+' for port 22 of the virtual machine 'vm-app' is not within what the policy 'jit-vm-app' allows: 10\.0\.0\.0\/26\.$/,
      );
      assert.equal(allows().length, 0);
    });

    it("is refused for more than the policy allows", async () => {
      const of = "port 22 of the virtual machine 'vm-app'";
      const past = new Date(plane.clock.now().getTime() - minute).toISOString();
      const late = new Date(plane.clock.now().getTime() + 200 * minute).toISOString();
      for (const [port, message] of [
        [{ number: 3389 }, "The port 3389 of the virtual machine 'vm-app' is not in the policy 'jit-vm-app'."],
        [
          { allowedSourceAddressPrefix: "10.0.0.0/24" },
          `The source '10.0.0.0/24' for ${of} is not within what the policy 'jit-vm-app' allows: 10.0.0.0/26.`,
        ],
        [
          { allowedSourceAddressPrefix: "*" },
          `The source '*' for ${of} is not within what the policy 'jit-vm-app' allows: 10.0.0.0/26.`,
        ],
        [{ endTimeUtc: "tomorrow" }, `The endTimeUtc 'tomorrow' for ${of} is not a time in ISO 8601.`],
        [{ endTimeUtc: past }, `The endTimeUtc '${past}' for ${of} is in the past.`],
        [
          { endTimeUtc: late },
          `The endTimeUtc '${late}' for ${of} is later than the policy's longest duration allows.`,
        ],
      ] as const) {
        assert.deepEqual(refusal(await initiate(60, port as JsonObject)), [400, "BadRequest", message]);
      }
      const body = { virtualMachines: [{ id: `${path.vmId}x`, ports: [{ number: 22 }] }] };
      assert.deepEqual(refusal(await plane.sendAs(ada, "POST", `${jitId(plane)}/initiate`, versions.jit, body)), [
        400,
        "BadRequest",
        `The virtual machine '${path.vmId}x' is not in the policy 'jit-vm-app'.`,
      ]);
      assert.deepEqual(refusal(await plane.sendAs(ada, "POST", `${jitId(plane)}/initiate`, versions.jit, {})), [
        400,
        "BadRequest",
        "The request needs virtualMachines with at least one port.",
      ]);
      assert.equal(allows().length, 0);
      assert.deepEqual(await requests(), []);
    });
  });
});

const initiateOperation = "Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action";
const defenderObjectId = "5f2b1f2a-6f0e-4d1b-9c53-0d9e5a7c1e11";

function prop(rule: Resource, name: string): unknown {
  return (rule.body.properties as JsonObject)[name];
}
