import assert from "node:assert/strict";
import { eventOf } from "../../../../cli/audit/activity/eventOf.ts";
import {
  at,
  correlationId,
  initiate,
  jitBody,
  nsgId,
  nsgWrite,
  policyId,
  ruleDelete,
  ruleWrite,
  subscription,
  vmId,
} from "./events.ts";
import { joined, renamed, snake } from "../records/auditRows.ts";
import { name, objectId, claims, properties, rest, row, blob, expected, read } from "./eventForms.ts";

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

  for (const mark of [".", "_", "/"]) {
    it(`with names of members that a tool joined by ${mark}`, () => {
      assert.deepEqual(read(joined(rest, mark)), expected);
      assert.deepEqual(read(joined(row, mark)), expected);
      assert.deepEqual(read(joined(blob, mark)), { ...expected, id: null, operationId: null });
    });
  }

  it("with words apart, as Python's SDK writes them", () => {
    assert.deepEqual(read(renamed(rest, snake)), expected);
    assert.deepEqual(read(renamed(joined(rest, "_"), snake)), expected);
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

  it("a body that Azure cut off is named, unless the answer has the same", () => {
    const cut = '{"virtualMachines":[{"id"';
    const said = (properties: object) => {
      const found = eventOf({ ...rest, properties });
      assert.ok("event" in found);
      return [found.event.asked, found.wrong];
    };
    const wrong = [`Its body is not a JSON object: ${cut}`];
    assert.deepEqual(said({ requestbody: cut }), [null, wrong]);
    assert.deepEqual(said({ requestbody: cut, responseBody: "{}" }), [null, wrong]);
    assert.deepEqual(said({ requestbody: cut, responseBody: jitBody }), [expected.asked, []]);
    assert.deepEqual(said({ requestbody: "null", responseBody: "" }), [null, []]);
  });

  it("bodies without a list where they should have one are named", () => {
    const wrongIn = (requestbody: object) => {
      const found = eventOf({ ...rest, properties: { requestbody } });
      return "event" in found ? found.wrong : found;
    };
    assert.deepEqual(wrongIn({ virtualMachines: { id: "vm" } }), [
      'In its request, virtualMachines is not a list: {"id":"vm"}',
    ]);
    assert.deepEqual(wrongIn({ virtualMachines: [{ id: "" }] }), ["A VM of its request has no id"]);
    const ports = { number: 22 };
    assert.deepEqual(wrongIn({ virtualMachines: [{ id: "vm", ports }] }), [
      'In its request, ports is not a list: {"number":22}',
    ]);
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
            { number: 65_536 },
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
        "A port of its request is not a port number: ssh",
        "A port of its request is not a port number: 65536",
        "The endTimeUtc of its request for port 22 is not an ISO 8601 date: tomorrow",
      ],
    });
  });
});
