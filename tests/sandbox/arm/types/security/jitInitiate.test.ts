import assert from "node:assert/strict";
import { textAt, type JsonObject } from "../../../../../sandbox/arm/json.ts";
import { bastionSubnet, jitBody, jitId, versions, vmAddress } from "../../../auditResources.ts";
import { ada, JitBench, minute, portOf } from "./jitFixture.ts";
import { forEachTest } from "../../../../held.ts";
import { refusalOf } from "../../plane.ts";

describe("a just-in-time request", () => {
  const bench = forEachTest(() => JitBench.start());

  beforeEach(async () => {
    await bench.put(jitBody(bench.path.vmId));
  });

  it("opens the port for its source until its end", async () => {
    const startTimeUtc = bench.plane.clock.now().getTime();
    const answer = await bench.initiate(60);
    assert.equal(answer.status, 202);
    const { endTimeUtc } = portOf(answer.body);
    assert.deepEqual(
      { ...answer.body, startTimeUtc: "" },
      {
        virtualMachines: [
          {
            id: bench.path.vmId,
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
    const [rule] = bench.allows();
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

    await bench.plane.clock.advance(59 * minute);
    assert.equal(bench.allows().length, 1);
    await bench.plane.clock.advance(minute);
    assert.deepEqual(bench.allows(), []);
    assert.equal(bench.rules().length, 1, "the deny rule stays");
    assert.deepEqual(
      [portOf((await bench.requests())[0]).status, portOf((await bench.requests())[0]).statusReason],
      ["Revoked", "Expired"],
    );
  });

  it("ends at its time also after a restart", async () => {
    await bench.initiate(60);
    bench.plane = await bench.plane.restart();
    assert.equal(bench.allows().length, 1);
    await bench.plane.clock.advance(60 * minute);
    assert.equal(bench.allows().length, 0);
  });

  it("takes the place of an older one for the same port", async () => {
    await bench.initiate(30);
    await bench.initiate(60);
    assert.equal(bench.allows().length, 1);
    assert.deepEqual(
      (await bench.requests()).map((request) => [portOf(request).status, portOf(request).statusReason]),
      [
        ["Revoked", "NewerRequestInitiated"],
        ["Initiated", "UserRequested"],
      ],
    );
    await bench.plane.clock.advance(31 * minute);
    assert.equal(bench.allows().length, 1, "the older one's end does not close the newer one");
  });

  it("shows in the activity log as four events with one correlation id", async () => {
    bench.plane.events.length = 0;
    const answer = await bench.initiate(60);
    assert.equal(answer.status, 202);
    const [first] = bench.plane.events;
    assert.deepEqual(
      bench.plane.events.map(({ wire, resourceId, correlationId }) => [
        (wire.operationName as JsonObject).value,
        resourceId,
        (wire.status as JsonObject).value,
        wire.caller,
        correlationId === first?.correlationId,
      ]),
      [
        [initiateOperation, jitId(bench.plane), "Started", ada, true],
        [initiateOperation, bench.path.vmId, "Succeeded", ada, true],
        ["Microsoft.Network/networkSecurityGroups/write", bench.path.nsgId, "Succeeded", defenderObjectId, true],
        [initiateOperation, jitId(bench.plane), "Succeeded", ada, true],
      ],
    );
    const bodies = bench.plane.events.map(({ wire }) => textAt(wire, "properties.requestbody") ?? "");
    assert.equal((JSON.parse(bodies[1] ?? "{}") as JsonObject).justification, "INC-42");
    assert.ok(bodies[2]?.includes(bench.allows()[0]?.name ?? "no rule"));
    assert.equal((bench.plane.events[2]?.wire.claims as JsonObject).appid, "8edd93e1-2103-40b4-bd70-6e34e586362d");
  });

  it("is refused for the caller's own address, which an omitted prefix means", async () => {
    assert.match(
      refusalOf(await bench.initiate(60, { allowedSourceAddressPrefix: null })),
      /^400 BadRequest: The source '[0-9.]+' for port 22 of the virtual machine 'vm-app' is not within what the policy 'jit-vm-app' allows: 10\.0\.0\.0\/26\.$/,
    );
    assert.equal(bench.allows().length, 0);
  });

  it("is refused for more than the policy allows", async () => {
    const of = "port 22 of the virtual machine 'vm-app'";
    const past = new Date(bench.plane.clock.now().getTime() - minute).toISOString();
    const late = new Date(bench.plane.clock.now().getTime() + 200 * minute).toISOString();
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
      [{ endTimeUtc: late }, `The endTimeUtc '${late}' for ${of} is later than the policy's longest duration allows.`],
    ] as const) {
      assert.equal(refusalOf(await bench.initiate(60, port as JsonObject)), `400 BadRequest: ${message}`);
    }
    const body = { virtualMachines: [{ id: `${bench.path.vmId}x`, ports: [{ number: 22 }] }] };
    assert.equal(
      refusalOf(await bench.plane.sendAs(ada, "POST", `${jitId(bench.plane)}/initiate`, versions.jit, body)),
      `400 BadRequest: The virtual machine '${bench.path.vmId}x' is not in the policy 'jit-vm-app'.`,
    );
    assert.equal(
      refusalOf(await bench.plane.sendAs(ada, "POST", `${jitId(bench.plane)}/initiate`, versions.jit, {})),
      "400 BadRequest: The request needs virtualMachines with at least one port.",
    );
    assert.equal(bench.allows().length, 0);
    assert.deepEqual(await bench.requests(), []);
  });
});

const initiateOperation = "Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action";
const defenderObjectId = "5f2b1f2a-6f0e-4d1b-9c53-0d9e5a7c1e11";
