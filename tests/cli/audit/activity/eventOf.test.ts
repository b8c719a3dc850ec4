import assert from "node:assert/strict";
import { eventOf } from "../../../../cli/audit/activity/eventOf.ts";
import type { ActivityEvent } from "../../../../cli/audit/activity/types.ts";
import {
  allowName,
  asked,
  at,
  correlationId,
  defenderApp,
  initiate,
  jitBody,
  nsgId,
  nsgWrite,
  policyId,
  rule,
  ruleDelete,
  ruleWrite,
  subscription,
  vmId,
  wireRule,
} from "./events.ts";

const upn = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn";
const name = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name";
const objectId = "http://schemas.microsoft.com/identity/claims/objectidentifier";
const claims = { [upn]: "ada@example.com", [name]: "ada@example.com", appid: "cli-app", [objectId]: "oid-ada" };
const properties = { requestbody: JSON.stringify(jitBody), eventCategory: "Administrative" };

/** As the REST API has it (azure-monitor-docs, activity-log-schema.md, "Administrative category"). */
const rest = {
  authorization: { action: initiate, scope: policyId },
  caller: "ada@example.com",
  channels: "Operation",
  claims,
  correlationId,
  eventDataId: "e1",
  eventName: { value: "BeginRequest", localizedValue: "Begin request" },
  eventTimestamp: "2026-05-04T12:00:00.0001234Z",
  httpRequest: { clientRequestId: "r", clientIpAddress: "203.0.113.7", method: "POST" },
  operationId: "o1",
  operationName: { value: initiate, localizedValue: "Initiate JIT Network Access Policy" },
  resourceId: policyId,
  status: { value: "Started", localizedValue: "Started" },
  properties,
};

/** As a row of the table (azure-monitor-docs, reference/tables/azureactivity.md). */
const row = {
  TimeGenerated: "2026-05-04T12:00:00.000Z",
  OperationNameValue: initiate.toUpperCase(),
  OperationName: "Initiate JIT Network Access Policy",
  ActivityStatusValue: "Start",
  ActivityStatus: "Started",
  Caller: "ada@example.com",
  CallerIpAddress: "203.0.113.7",
  CorrelationId: correlationId,
  OperationId: "o1",
  EventDataId: "e1",
  _ResourceId: policyId,
  Claims: JSON.stringify(claims),
  Properties: JSON.stringify(properties),
};

/** As a line of the archive ("Schema from storage account and event hubs"). */
const blob = {
  time: "2026-05-04T12:00:00.0000000Z",
  resourceId: policyId,
  operationName: initiate.toUpperCase(),
  category: "Administrative",
  resultType: "Start",
  resultSignature: "Started.",
  callerIpAddress: "203.0.113.7",
  correlationId,
  identity: { authorization: { scope: policyId }, claims },
  properties,
};

const expected: ActivityEvent = {
  time: at(0),
  id: "e1",
  correlationId,
  serviceRequestId: null,
  operationId: "o1",
  operation: initiate,
  status: "started",
  error: null,
  caller: "ada@example.com",
  callerName: null,
  callerApp: "cli-app",
  callerIp: "203.0.113.7",
  email: null,
  upn: "ada@example.com",
  objectId: "oid-ada",
  resource: policyId,
  asked,
  rules: null,
};

const noClaims = { callerApp: null, upn: null, objectId: null };

function read(value: unknown): ActivityEvent {
  const found = eventOf(value);
  assert.ok("event" in found, JSON.stringify(found));
  return found.event;
}

describe("an event of the activity log is the same", () => {
  it("from the REST API", () => {
    assert.deepEqual(read(rest), expected);
  });

  it("from the workspace", () => {
    assert.deepEqual(read(row), expected);
  });

  it("from the archive, which has neither its id nor that of the operation", () => {
    assert.deepEqual(read(blob), { ...expected, id: null, operationId: null });
  });

  it("with names in another case, and unknown ones", () => {
    const upper = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key.toUpperCase(), value]));
    assert.deepEqual(read({ ...upper, NEW: [1, { a: null }] }), expected);
  });

  it("from the Azure CLI, which writes None for what is missing", () => {
    const missing = { Claims_d: "None", Properties_d: "None", HTTPRequest: "None", Authorization: "None" };
    assert.deepEqual(eventOf({ TableName: "PrimaryResult", ...row, ...missing }), { event: expected, wrong: [] });
    assert.equal(read({ TableName: "PrimaryResult", ...row, CorrelationId: "None" }).correlationId, null);
  });

  it("from the portal's CSV, which has no claims and no bodies", () => {
    const download = {
      "Correlation id": correlationId,
      "Operation name": "Initiate JIT Network Access Policy",
      Status: "Started",
      "Event category": "Administrative",
      Level: "Informational",
      Time: "2026-05-04T12:00:00.000Z",
      Subscription: subscription,
      "Event initiated by": "ada@example.com",
      "Resource type": "Microsoft.Security/locations/jitNetworkAccessPolicies",
      "Resource group": "trail",
      Resource: policyId,
    };
    const unknown = {
      id: null,
      operationId: null,
      callerIp: null,
      callerApp: null,
      upn: null,
      objectId: null,
      asked: null,
    };
    assert.deepEqual(read(download), { ...expected, ...unknown });
    assert.equal(read({ ...download, Resource: "jit-web" }).resource, null);
  });

  it("from a row whose objects are in the newer columns only", () => {
    const { Claims, Properties, ...others } = row;
    const newer = { Claims_d: JSON.parse(Claims) as object, Properties_d: JSON.parse(Properties) as object };
    assert.deepEqual(read({ ...others, ...newer }), expected);
  });

  it("with properties below eventProperties, and with identity as a text", () => {
    const nested = { ...blob, properties: { eventProperties: properties }, identity: JSON.stringify(blob.identity) };
    assert.deepEqual(read(nested), read(blob));
  });

  it("from PowerShell, with words below Value and facts below Content, or flat", () => {
    const nested = {
      EventTimestamp: rest.eventTimestamp,
      EventName: { LocalizedValue: "x", Value: "BeginRequest" },
      EventDataId: "e1",
      CorrelationId: correlationId,
      OperationId: "o1",
      OperationName: { LocalizedValue: "Initiate JIT Network Access Policy", Value: initiate },
      Status: { LocalizedValue: "Started", Value: "Started" },
      ResourceId: policyId,
      Caller: "ada@example.com",
      Authorization: { Scope: policyId, Action: initiate, Role: null, Condition: null },
      Claims: { Content: claims },
      HttpRequest: { ClientIpAddress: "203.0.113.7", Method: "POST" },
      Properties: { Content: properties },
    };
    assert.deepEqual(read(nested), expected);
    const flat = { ...nested, EventName: "BeginRequest", OperationName: initiate, Status: "Started" };
    assert.deepEqual(read(flat), expected);
    assert.deepEqual(read({ ...flat, EventTimestamp: `/Date(${Date.parse(at(0))})/` }), expected);
    assert.deepEqual(read({ ...flat, EventTimestamp: `/Date(${Date.parse(at(0))}+0100)/` }), expected);
  });

  it("with a name for people in the place of the operation's, and no action", () => {
    const titled = { ...row, OperationNameValue: row.OperationName, Authorization_d: '{"action":""}' };
    assert.deepEqual(read(titled), expected);
    const named = (OperationName: string, resourceId: string) =>
      eventOf({ ...row, OperationNameValue: "", OperationName, _ResourceId: resourceId });
    const operation = (found: ReturnType<typeof eventOf>) => ("event" in found ? found.event.operation : found);
    const openSsh = `${nsgId}/securityRules/OpenSsh`;
    assert.deepEqual(
      [
        named("Create or Update Security Rule", openSsh.toLowerCase()),
        named("Delete Security Rule", openSsh),
        named("Create or Update Network Security Group", nsgId),
        named("Delete JIT Network Access Policy", policyId),
        named("Create or Update Virtual Machine", vmId),
        named("Restart Virtual Machine", vmId),
      ].map(operation),
      [
        ruleWrite,
        ruleDelete,
        nsgWrite,
        "Microsoft.Security/locations/jitNetworkAccessPolicies/delete",
        { otherTime: at(0), resource: vmId },
        { otherTime: at(0), resource: vmId },
      ],
    );
  });

  it("by the permission that was used, where the operation has a name for people only", () => {
    const titled = { ...rest, operationName: { value: "Open the port" } };
    assert.equal(read(titled).operation, initiate);
  });

  it("without ids that are not set", () => {
    const none = "00000000-0000-0000-0000-000000000000";
    const { correlationId: id, operationId } = read({ ...rest, correlationId: none, operationId: none });
    assert.deepEqual([id, operationId], [null, null]);
  });

  it("with a second correlation id", () => {
    const answered = { ...rest, properties: { ...properties, serviceRequestId: "s1" } };
    assert.deepEqual(read(answered), { ...expected, serviceRequestId: "s1" });
  });

  it("with the body as an object", () => {
    assert.deepEqual(read({ ...rest, properties: { requestBody: jitBody } }), expected);
  });
});

describe("of an event", () => {
  it("facts that are not there are null", () => {
    assert.deepEqual(read({ time: "2026-05-04T12:00:00Z", operationName: initiate }), {
      ...Object.fromEntries(Object.keys(expected).map((fact) => [fact, null])),
      time: at(0),
      operation: initiate,
    });
  });

  it("all known statuses have one word, and unknown ones their own", () => {
    const words = [
      "Started",
      "Start",
      "Accepted",
      "Accept",
      "Success",
      "Failure",
      "Failed",
      "Cancelled",
      "In Progress",
    ];
    assert.deepEqual(
      words.map((status) => read({ ...rest, status: { value: status } }).status),
      ["started", "started", "accepted", "accepted", "succeeded", "failed", "failed", "canceled", "in progress"],
    );
    assert.equal(read({ ...rest, status: undefined }).status, "started");
    assert.equal(read({ ...rest, status: undefined, eventName: "EndRequest" }).status, null);
  });

  it("the caller is an application's object id where there is no person", () => {
    const identity = { claims: { [objectId]: "oid-app", appid: "app", [name]: "Pipeline" } };
    const { caller, callerName, callerApp } = read({ ...blob, identity });
    assert.deepEqual([caller, callerName, callerApp], ["oid-app", "Pipeline", "app"]);
  });

  it("the error is Azure's code and message, or what else it says", () => {
    const error = (statusMessage: unknown) => read({ ...rest, status: "Failed", properties: { statusMessage } }).error;
    assert.equal(error('{"error":{"code":"Conflict","message":"Not now."}}'), "Conflict: Not now.");
    assert.equal(error('{"code":"Conflict"}'), "Conflict");
    assert.equal(error({ error: { code: "Conflict", message: "Not now." } }), "Conflict: Not now.");
    assert.equal(error("Not now."), "Not now.");
    assert.equal(read({ ...rest, properties: { statusMessage: "fine" } }).error, null);
  });

  it("a body that Azure cut off says nothing", () => {
    assert.equal(read({ ...rest, properties: { requestbody: '{"virtualMachines":[{"id"' } }).asked, null);
    assert.equal(read({ ...rest, properties: { requestbody: "null" } }).asked, null);
  });

  it("odd bodies are read as far as they go", () => {
    const body = {
      VirtualMachines: [
        7,
        { id: "" },
        {
          ID: "vm",
          Ports: [
            "22",
            { number: "ssh" },
            { number: "22", allowedSourceAddressPrefixes: ["10.0.0.0/8", "192.0.2.1"], endTimeUtc: "tomorrow" },
          ],
        },
      ],
    };
    const asked = {
      vms: [{ id: "vm", ports: [{ number: 22, source: "10.0.0.0/8, 192.0.2.1", until: null }] }],
      justification: null,
    };
    assert.deepEqual(eventOf({ ...rest, properties: { requestbody: body } }), {
      event: { ...expected, asked, serviceRequestId: null },
      wrong: [
        "A VM of its request has no id",
        "A VM of its request has no id",
        "A port of its request has no number",
        "A port of its request has no number: ssh",
        "The endTimeUtc of its request for port 22 is not an ISO 8601 date: tomorrow",
      ],
    });
  });
});

describe("the rules that a write states", () => {
  const single = { ...rest, operationName: ruleWrite, resourceId: `${nsgId}/securityRules/OpenSsh` };
  const group = { ...rest, operationName: nsgWrite, resourceId: nsgId };
  const groupBody = { properties: { securityRules: [wireRule(allowName), wireRule("AllowWeb"), 7] } };

  it("are one rule for a write of a rule, named by the id", () => {
    const { properties: facts } = wireRule("");
    assert.deepEqual(read({ ...single, properties: { requestbody: JSON.stringify({ properties: facts }) } }).rules, [
      rule("OpenSsh"),
    ]);
  });

  it("are those of the response if the request's body is missing", () => {
    assert.deepEqual(read({ ...single, properties: { responseBody: wireRule("OpenSsh") } }).rules, [rule("OpenSsh")]);
  });

  it("are all rules of a written group, whoever wrote it", () => {
    const write = { ...group, properties: { requestbody: JSON.stringify(groupBody) } };
    assert.deepEqual(read(write).rules, [rule(allowName), rule("AllowWeb")]);
    assert.deepEqual(read({ ...write, claims: { appid: defenderApp } }).rules, [rule(allowName), rule("AllowWeb")]);
  });

  it("name application security groups by their ids", () => {
    const groups = {
      sourceApplicationSecurityGroups: [{ id: "/asg/ops" }],
      destinationApplicationSecurityGroups: [{ ID: "/asg/web" }, {}],
    };
    const body = { properties: { access: "Allow", destinationPortRange: "22", ...groups } };
    const [one] = read({ ...single, properties: { requestbody: body } }).rules!;
    assert.deepEqual([one!.sources, one!.destinations], [["/asg/ops"], ["/asg/web"]]);
  });

  it("are unknown for a body without rules, and for a deletion", () => {
    assert.equal(read({ ...group, properties: { requestbody: '{"tags":{}}' } }).rules, null);
    const deletion = { ...single, operationName: ruleDelete, properties: { responseBody: wireRule("OpenSsh") } };
    assert.equal(read(deletion).rules, null);
  });

  it("have lists or single values, and null for what is not stated", () => {
    const facts = {
      destinationPortRanges: ["22", "3389"],
      destinationPortRange: "",
      sourcePortRange: "1024-65535",
      sourceAddressPrefixes: ["a", "b"],
    };
    const body = { properties: { ...facts, access: "Maybe", priority: "high" } };
    assert.deepEqual(read({ ...single, properties: { requestbody: body } }).rules, [
      {
        name: "OpenSsh",
        access: null,
        direction: null,
        priority: null,
        protocol: null,
        sources: ["a", "b"],
        destinations: [],
        ports: ["22", "3389"],
        sourcePorts: ["1024-65535"],
        description: null,
        jitName: false,
      },
    ]);
  });
});

describe("members that are not JSON", () => {
  it("are named, and the event is read without them", () => {
    const cut = { ...row, Properties: row.Properties.slice(0, 60), Claims: "System.Object" };
    assert.deepEqual(eventOf(cut), {
      event: { ...expected, ...noClaims, asked: null },
      wrong: [
        `Its 'properties' is not a JSON object: ${row.Properties.slice(0, 40)}`,
        "Its 'claims' is not a JSON object: System.Object",
      ],
    });
  });

  it("are named where PowerShell cut them off below Content", () => {
    const type = "System.Collections.Generic.Dictionary`2[System.String,System.String]";
    const cut = { ...rest, claims: { Content: type }, properties: { Content: type } };
    assert.deepEqual(eventOf(cut), {
      event: { ...expected, ...noClaims, asked: null },
      wrong: ["properties", "claims"].map((name) => `Its '${name}' is not a JSON object: ${type.slice(0, 40)}`),
    });
  });

  it("are not reported if another column has them or they are empty", () => {
    const other = {
      ...row,
      Properties: row.Properties.slice(0, 60),
      Properties_d: JSON.parse(row.Properties) as object,
    };
    assert.deepEqual(eventOf(other), { event: expected, wrong: [] });
    assert.deepEqual(eventOf({ ...row, Properties: "", Claims: "" }), {
      event: { ...expected, ...noClaims, asked: null },
      wrong: [],
    });
  });
});

describe("what is not an event about access", () => {
  it("is told by its time where it is an event of something else", () => {
    assert.deepEqual(eventOf({ ...rest, operationName: { value: "Microsoft.Compute/virtualMachines/write" } }), {
      otherTime: at(0),
      resource: policyId,
    });
  });

  for (const [value, reason] of [
    [7, "This is not a JSON object."],
    [{}, "This is not an event of the activity log: it has no operation."],
    [{ operationName: initiate }, "The event has no time."],
    [
      { OperationNameValue: initiate, "TimeGenerated [Local Time]": "2026-05-04 14:00" },
      "The event has no time in UTC, only the column 'timegenerated [local time]': let the portal show UTC, and export again.",
    ],
    [{ operationName: "x", time: "soon" }, "Its time is not an ISO 8601 date: soon"],
    [{ operationName: "x", time: "3/13/2026 9:58:30 AM" }, "Its time is not an ISO 8601 date: 3/13/2026 9:58:30 AM"],
    [
      { operationName: "x", time: "3/2/2026 9:58:30 AM" },
      "No date of the file tells the month of its time, 3/2/2026 9:58:30 AM: export with ISO 8601 times.",
    ],
  ] as const) {
    it(`is unreadable where it is ${JSON.stringify(value)}`, () => {
      assert.deepEqual(eventOf(value), { reason });
    });
  }
});
