import assert from "node:assert/strict";
import fc from "fast-check";
import { fieldNames, type AuditRecord } from "../../../../../cli/audit/fields.ts";
import type { SessionFilter } from "../../../../../cli/audit/records/types.ts";
import { queryActivity } from "../../../../../cli/audit/sources/workspace/queryActivity.ts";
import { queryWorkspace } from "../../../../../cli/audit/sources/workspace/queryWorkspace.ts";
import type { JsonObject } from "../../../../../sandbox/arm/json.ts";
import { propertyRuns } from "../../../../propertyRuns.ts";
import { collectRecords } from "../../collectRecords.ts";
import { forSuite } from "../../../../held.ts";
import { customerId, needsChdb, startQueryPlane } from "../../../../sandbox/query/queryPlane.ts";

const now = new Date("2026-03-08T00:00:00Z");
const host = "/subscriptions/s/bastionhosts/b";
const web = "/SUBSCRIPTIONS/S/VIRTUALMACHINES/WEB";

/** A row of the dedicated table. */
function row(day: number, more: JsonObject): JsonObject {
  const time = `2026-03-0${day}T10:00:00.120Z`;
  return { TimeGenerated: time, Time: time, OperationName: "connect", _ResourceId: host, ...more };
}

const connect = {
  UserEmail: "Ada@example.com",
  UserName: "azureuser",
  ClientIpAddress: "203.0.113.7",
  ClientPort: 50123,
  Protocol: "ssh",
  TargetResourceId: web,
  TargetVMIPAddress: "10.0.1.4",
  Message: "Successfully Connected.",
};

const rows: readonly JsonObject[] = [
  row(1, { ...connect, TunnelId: "a", SessionStartTime: "2026-03-01T10:00:00.120Z" }),
  // The end tells neither person nor VM.
  row(2, {
    TunnelId: "a",
    SessionEndTime: "2026-03-02T10:00:00.12Z",
    Duration: 86_400_000,
    Message: "Successfully Connected.",
  }),
  row(3, {
    ...connect,
    TunnelId: "b",
    UserEmail: "bob@example.com",
    ClientIpAddress: "2001:db8::7",
    Message: "Login Failed",
  }),
  row(4, { ...connect, TunnelId: "", UserEmail: "", Protocol: "rdp", TargetResourceId: `${web}2` }),
  row(5, { ...connect, TunnelId: "c", UserEmail: 'eve"\\ | take 0 //', Protocol: "RDP" }),
];

describe("the records of a workspace", () => {
  before(needsChdb);
  const at = forSuite(startQueryPlane);
  afterEach(() => at.plane.admin("DELETE", "/sandbox/faults"));

  function read(filter: SessionFilter = {}, pageRows = 100): Promise<AuditRecord[]> {
    const { endpoint, credential } = at;
    return collectRecords(queryWorkspace({ endpoint, customerId, credential, filter, now, pageRows }));
  }

  /** Tunnel and day of each record. */
  async function found(filter: SessionFilter, pageRows?: number): Promise<string[]> {
    return (await read(filter, pageRows)).map(({ tunnelId, time }) => `${tunnelId ?? "-"}${time.slice(9, 10)}`);
  }

  it("are none if it has none", async () => {
    assert.deepEqual(await read(), []);
  });

  it("have each fact that a row holds, and null for the others", async () => {
    at.write("MicrosoftAzureBastionAuditLogs", rows);
    const [first, second] = await read();
    assert.deepEqual(first, {
      ...Object.fromEntries(fieldNames.map((name) => [name, null])),
      time: "2026-03-01T10:00:00.120Z",
      tunnelId: "a",
      operationName: "connect",
      category: "BastionAuditLogs",
      message: "Successfully Connected.",
      protocol: "ssh",
      clientIp: "203.0.113.7",
      clientPort: 50123,
      person: "Ada@example.com",
      account: "azureuser",
      targetResourceId: web,
      targetIp: "10.0.1.4",
      bastionId: host,
      sessionStart: "2026-03-01T10:00:00.120Z",
    });
    assert.equal(second!.person, null);
    assert.equal(second!.sessionEnd, "2026-03-02T10:00:00.120Z");
    assert.equal(second!.durationMs, 86_400_000);
  });

  it("come oldest first, the same whatever the size of a page", async () => {
    for (const pageRows of [1, 2, 3, 5, 6]) {
      assert.deepEqual(await found({}, pageRows), ["a1", "a2", "b3", "-4", "c5"]);
    }
  });

  for (const [what, filter, expected] of [
    ["the person, in any casing", { user: "ADA@EXAMPLE.COM" }, ["a1", "a2"]],
    ["the account", { user: "AzureUser" }, ["a1", "a2", "b3", "-4", "c5"]],
    ["the VM's name, whole", { vm: "web" }, ["a1", "a2", "b3", "c5"]],
    ["the VM's id", { vm: web.toLowerCase() }, ["a1", "a2", "b3", "c5"]],
    ["an address", { ip: "203.0.113.7" }, ["a1", "a2", "-4", "c5"]],
    ["a range of addresses", { ip: "203.0.112.0/20" }, ["a1", "a2", "-4", "c5"]],
    ["a range of IPv6 addresses", { ip: "2001:db8::/32" }, ["b3"]],
    ["an IPv6 address in another spelling", { ip: "2001:0DB8:0::7" }, ["b3"]],
    ["the protocol", { protocol: "rdp" }, ["-4", "c5"]],
    ["a failure", { outcome: "failed" }, ["b3"]],
    ["a connection", { outcome: "connected" }, ["a1", "a2", "-4", "c5"]],
    ["the tunnel", { tunnel: "A" }, ["a1", "a2"]],
    [
      "several facts, which different records hold",
      { user: "ada@example.com", from: new Date("2026-03-02T00:00:00Z") },
      ["a1", "a2"],
    ],
    ["a beginning after the end of a session", { user: "ada@example.com", from: new Date("2026-03-02T11:00:00Z") }, []],
    [
      "an end before the beginning of a session",
      { from: new Date("2026-03-03T00:00:00Z"), to: new Date("2026-03-04T10:00:00Z") },
      ["b3"],
    ],
    ["nobody", { user: "nobody@example.com" }, []],
    ["their Bastion host, in any case", { bastion: host.toUpperCase() }, ["a1", "a2", "b3", "-4", "c5"]],
    ["their host's subscription", { bastion: "/SUBSCRIPTIONS/s" }, ["a1", "a2", "b3", "-4", "c5"]],
    ["another Bastion host", { bastion: `${host}2` }, []],
    ["a name that the host's only begins with", { bastion: host.slice(0, -1) }, []],
  ] as const) {
    it(`are those of the sessions with ${what}`, async () => {
      assert.deepEqual(await found(filter), expected);
    });
  }

  it("are found by the very value, whatever it tries", async () => {
    assert.deepEqual(await found({ user: 'eve"\\ | take 0 //' }), ["c5"]);
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom('"', "\\", "'", "\n", "|", "/", ";", "a", "\u0000"), minLength: 1 }),
        async (user) => {
          assert.deepEqual(await found({ user, tunnel: user }), []);
        },
      ),
      propertyRuns(20),
    );
  });

  it("are read in smaller pages if the service returns only a part", async () => {
    await at.fault({ kind: "partialResult", rows: 2 });
    assert.deepEqual(await found({}, 4), ["a1", "a2", "b3", "-4", "c5"]);
  });

  it("end with the query's error where the service answers no more than one row at a time", async () => {
    await at.fault({ kind: "partialResult", rows: 1 });
    await assert.rejects(read(), {
      name: "WorkspaceQueryError",
      code: "PartialError",
      message: /^The workspace .* answers only a part of the records: /,
    });
  });

  it("are those of AzureDiagnostics too", async () => {
    const time = "2026-03-06T10:00:00.120Z";
    at.write("AzureDiagnostics", [
      { TimeGenerated: time, Category: "AuditEvent", clientIpAddress_s: "203.0.113.7" },
      {
        TimeGenerated: time,
        Category: "BastionAuditLogs",
        tunnelId_g: "d3b07384-d9a0-4c9b-8f0e-0123456789ab",
        clientIpAddress_s: "203.0.113.7",
        clientPort_d: 50200,
        message_s: "Login Failed",
        _ResourceId: host,
      },
    ]);
    const [record, ...others] = await read({ outcome: "failed", ip: "203.0.113.7" });
    assert.deepEqual(others, []);
    assert.equal(record!.tunnelId, "d3b07384-d9a0-4c9b-8f0e-0123456789ab");
    assert.equal(record!.clientPort, 50200);
    assert.equal(record!.person, null);
  });

  it("are those of an instance of a scale set by the name that Azure gives it", async () => {
    const scaleSet = "/SUBSCRIPTIONS/S/RESOURCEGROUPS/A/PROVIDERS/MICROSOFT.COMPUTE/VIRTUALMACHINESCALESETS/POOL";
    const targets = { d: `${scaleSet}/VIRTUALMACHINES/3`, e: `${scaleSet}/VIRTUALMACHINES/13`, f: `${scaleSet}_3` };
    at.write(
      "MicrosoftAzureBastionAuditLogs",
      Object.entries(targets).map(([TunnelId, TargetResourceId]) => row(7, { ...connect, TunnelId, TargetResourceId })),
    );
    assert.deepEqual(await found({ vm: "pool_3" }), ["d7", "f7"]);
    assert.deepEqual(await found({ vm: "3" }), ["d7"]);
  });

  it("end with an error that says what to do if the workspace refuses", async () => {
    await at.fault({ kind: "status", status: 403, code: "InsufficientAccessError", message: "No access." });
    await assert.rejects(read(), {
      name: "WorkspaceQueryError",
      code: "InsufficientAccessError",
      message: `The workspace ${customerId} could not be queried: No access.`,
      nextStep: "Sign in with an identity that has the role Log Analytics Reader on the workspace.",
    });
  });

  it("can be those of the activity log", async () => {
    const operation = "Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action";
    const event = { TimeGenerated: "2026-03-01T10:00:00.120Z", SubscriptionId: "S", CorrelationId: "c1" };
    at.write("AzureActivity", [
      {
        ...event,
        OperationNameValue: operation.toUpperCase(),
        Caller: "ada@example.com",
        Properties: '{"requestbody":"{}"}',
      },
      { ...event, OperationNameValue: "Microsoft.Compute/virtualMachines/write" },
    ]);
    const { endpoint, credential } = at;
    const range = { start: new Date("2026-03-01T00:00:00Z"), end: now };
    const asked = { endpoint, customerId, credential, range, operations: [operation], subscriptionId: "s" };
    const [found, ...others] = await Array.fromAsync(queryActivity(asked));
    assert.deepEqual(others, []);
    assert.equal(found!.TimeGenerated, "2026-03-01T10:00:00.120Z");
    assert.equal(found!.OperationNameValue, operation.toUpperCase());
    assert.equal(found!.Properties, '{"requestbody":"{}"}');
    assert.equal(found!.CallerIpAddress, null);
  });
});
