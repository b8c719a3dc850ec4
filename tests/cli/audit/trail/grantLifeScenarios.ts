/** Events of the activity log, and the grants and rules that they must tell, in short. */
import type { ActivityEvent } from "../../../../cli/audit/activity/types.ts";
import {
  allowName,
  asked,
  at,
  byDefender,
  denyName,
  event,
  fourEvents,
  initiate,
  nsgId,
  nsgWrite,
  policyId,
  rule,
  ruleDelete,
  ruleWrite,
  vmId,
} from "../activity/events.ts";

const single = `${nsgId}/securityRules/${allowName}`;
const openSsh = `${nsgId}/securityRules/OpenSsh`;
const bob = { caller: "bob@example.com", correlationId: "c0000000-0000-4000-8000-000000000009" };
const bobs = { ...asked, vms: [{ id: vmId, ports: [{ number: 22, source: "10.60.0.0/26", until: at(5000) }] }] };

const secondName = allowName.replace("123", "124");
const written = { resource: nsgId, ...byDefender };
const port = (number: number) => ({ number, source: "10.60.0.0/26", until: at(3600) });
const twoPorts = event(0, initiate, {
  ...{ resource: policyId, status: "started" },
  asked: { ...asked, vms: [{ id: vmId, ports: [port(22), port(3389)] }] },
});
const onRdp = { ...asked, vms: [{ id: vmId, ports: [{ ...port(3389), until: at(5000) }] }] };
/** A request for two ports, and one write with its rule for the first and a wider one for the second. */
const besideOwn = [
  twoPorts,
  event(2, nsgWrite, {
    ...written,
    rules: [rule(allowName), rule(secondName, { ports: ["3389"], sources: ["VirtualNetwork"] })],
  }),
];

interface Scenario {
  readonly events: readonly ActivityEvent[];
  readonly grants: readonly string[];
  readonly rules: readonly string[];
  /** When the rules began, where that is not when somebody wrote them. */
  readonly from?: readonly number[];
}

const ada = "ada@example.com";
const byAda = `JIT by Defender for ${ada} by id until `;

export const scenarios: Readonly<Record<string, Scenario>> = {
  "a grant that ran its time": { events: fourEvents, grants: [`${ada} 22 3600 expired`], rules: [byAda] },
  "a grant whose rule somebody deleted": {
    events: [...fourEvents, event(600, ruleDelete, { resource: single, correlationId: "x" })],
    grants: [`${ada} 22 600 revoked`],
    rules: [`${byAda}600`],
  },
  "a grant whose rule Defender removed a little early": {
    events: [...fourEvents, event(3580, ruleDelete, { resource: single, ...byDefender, correlationId: "x" })],
    grants: [`${ada} 22 3580 expired`],
    rules: [`${byAda}3580`],
  },
  "two requests of the same moment, neither of which is newer": {
    events: [
      fourEvents[0]!,
      event(0, initiate, { ...bob, resource: policyId, status: "started", asked: bobs }),
      event(900, initiate, { ...bob, correlationId: "z", resource: policyId, status: "started", asked: bobs }),
    ],
    grants: [
      `${ada} 22 900 replaced no rule`,
      "bob@example.com 22 900 replaced no rule",
      "bob@example.com 22 5000 expired no rule",
    ],
    rules: [],
  },
  "a grant whose rule could not be deleted": {
    events: [...fourEvents, event(600, ruleDelete, { resource: single, correlationId: "x", status: "failed" })],
    grants: [`${ada} 22 3600 expired`],
    rules: [byAda],
  },
  "a grant that a newer request replaced": {
    events: [...fourEvents, event(900, initiate, { ...bob, resource: policyId, status: "started", asked: bobs })],
    grants: [`${ada} 22 900 replaced`, "bob@example.com 22 5000 expired no rule"],
    rules: [byAda],
  },
  "a grant that was revoked before a newer request": {
    events: [
      ...fourEvents,
      event(600, ruleDelete, { resource: single, correlationId: "x" }),
      event(900, initiate, { ...bob, resource: policyId, status: "started", asked: bobs }),
    ],
    grants: [`${ada} 22 600 revoked`, "bob@example.com 22 5000 expired no rule"],
    rules: [`${byAda}600`],
  },
  "a request for longer than Azure allows, of which no refusal is known": {
    events: [
      event(0, initiate, {
        resource: policyId,
        status: "started",
        asked: {
          ...asked,
          vms: [{ id: vmId, ports: [{ number: 22, source: null, until: "9999-12-31T23:59:59.000Z" }] }],
        },
      }),
    ],
    grants: [`${ada} 22 86460 expired no rule`],
    rules: [],
  },
  "a request that Azure refused": {
    events: [event(0, initiate, { resource: policyId, status: "failed", asked })],
    grants: [],
    rules: [],
  },
  "a request that Azure refused for one of its VMs": {
    events: [
      event(0, initiate, {
        resource: policyId,
        status: "started",
        asked: { ...asked, vms: [...asked.vms, { ...asked.vms[0]!, id: `${vmId}2` }] },
      }),
      event(1, initiate, { resource: `${vmId}2`.toUpperCase(), status: "failed" }),
      event(2, initiate, { resource: policyId }),
    ],
    grants: [`${ada} 22 3600 expired no rule`],
    rules: [],
  },
  "a rule that somebody edited": {
    events: [
      ...fourEvents,
      event(600, ruleWrite, {
        resource: single,
        caller: "eve@example.com",
        correlationId: "x",
        rules: [rule(allowName, { ports: ["*"] })],
      }),
    ],
    grants: [`${ada} 22 3600 expired`],
    rules: [`${byAda}600`, "JIT by eve@example.com until "],
  },
  "a rule that somebody edited and then deleted": {
    events: [
      ...fourEvents,
      event(600, ruleWrite, {
        ...{ resource: single, caller: "eve@example.com", correlationId: "x" },
        rules: [rule(allowName, { ports: ["*"] })],
      }),
      event(900, ruleDelete, { resource: single.toUpperCase(), correlationId: "y" }),
      event(960, ruleWrite, { resource: single, correlationId: "z", rules: [rule(allowName)] }),
    ],
    grants: [`${ada} 22 900 revoked`],
    rules: [`${byAda}600`, "JIT by eve@example.com until 900", `JIT by ${ada} until `],
  },
  "a rule to which somebody gave another priority": {
    events: [
      ...fourEvents,
      event(600, ruleWrite, {
        ...{ resource: single, caller: "eve@example.com", correlationId: "x" },
        rules: [rule(allowName, { priority: 99 })],
      }),
    ],
    grants: [`${ada} 22 3600 expired`],
    rules: [`${byAda}600`, "JIT by eve@example.com until "],
  },
  "a request that extends another, for which Defender writes the same rule again": {
    events: [
      ...fourEvents,
      event(900, initiate, { ...bob, resource: policyId, status: "started", asked: bobs }),
      event(902, nsgWrite, {
        resource: nsgId,
        ...byDefender,
        correlationId: bob.correlationId,
        rules: [rule(allowName), rule(denyName, { access: "deny" })],
      }),
    ],
    grants: [`${ada} 22 900 replaced`, "bob@example.com 22 5000 expired"],
    rules: [`${byAda}902`, "JIT by Defender for bob@example.com by id until "],
  },
  "a rule that Defender wrote for a request, of which the log does not show the content": {
    events: [
      fourEvents[0]!,
      event(2, ruleWrite, { resource: single, ...byDefender }),
      event(600, ruleDelete, { resource: single, correlationId: "x" }),
    ],
    grants: [`${ada} 22 600 revoked no rule`],
    rules: [`JIT by Defender for ${ada} until 600`],
  },
  "a rule that Defender wrote for one of two requests under its correlation id, without its content": {
    events: [
      fourEvents[0]!,
      event(1, initiate, { resource: `${policyId}-2`, status: "started", asked: bobs }),
      event(2, ruleWrite, { resource: single, ...byDefender }),
    ],
    grants: [`${ada} 22 1 replaced no rule`, `${ada} 22 5000 expired no rule`],
    rules: [],
  },
  "a rule that Defender wrote with its group without a body, and that somebody repeats with the group": {
    events: [
      fourEvents[0]!,
      event(2, nsgWrite, written),
      event(600, nsgWrite, {
        ...{ resource: nsgId, caller: "eve@example.com", correlationId: "x" },
        rules: [rule(allowName), rule(secondName, { ports: ["*"] }), rule("Open")],
      }),
    ],
    grants: [`${ada} 22 3600 expired`],
    rules: [byAda.replace(" by id", ""), `${secondName} by eve@example.com until `, "Open by eve@example.com until "],
    from: [2, 600, 600],
  },
  "a rule that Defender wrote without its content, and that somebody repeats with the group": {
    events: [
      fourEvents[0]!,
      event(2, ruleWrite, { resource: single, ...byDefender }),
      event(600, nsgWrite, { resource: nsgId, correlationId: "x", rules: [rule(allowName)] }),
      event(900, nsgWrite, {
        ...{ resource: nsgId, caller: "eve@example.com", correlationId: "y" },
        rules: [rule(allowName, { ports: ["*"] })],
      }),
    ],
    grants: [`${ada} 22 3600 expired`],
    rules: [
      `JIT by Defender for ${ada} until 600`,
      `JIT by Defender for ${ada} until 900`,
      "JIT by eve@example.com until ",
    ],
  },
  "a rule of which somebody changes the content with the whole group, to less than was requested": {
    events: [
      ...fourEvents,
      event(600, nsgWrite, {
        ...{ resource: nsgId, caller: "eve@example.com", correlationId: "x" },
        rules: [rule(allowName, { sources: ["10.60.0.4"] })],
      }),
    ],
    grants: [`${ada} 22 3600 expired`],
    rules: [`${byAda}600`, "JIT by eve@example.com until "],
  },
  "a rule that somebody writes with its group after the request of a write without a body": {
    events: [
      fourEvents[0]!,
      event(2, nsgWrite, written),
      event(3700, nsgWrite, { resource: nsgId, correlationId: "x", rules: [rule(allowName)] }),
    ],
    grants: [`${ada} 22 3600 expired no rule`],
    rules: [`JIT by ${ada} until `],
  },
  "a rule that Defender wrote without its content, and that somebody widens with the group": {
    events: [
      fourEvents[0]!,
      event(2, ruleWrite, { resource: single, ...byDefender }),
      event(600, nsgWrite, {
        ...{ resource: nsgId, caller: "eve@example.com", correlationId: "x" },
        rules: [rule(allowName, { ports: ["*"] })],
      }),
    ],
    grants: [`${ada} 22 3600 expired no rule`],
    rules: [`JIT by Defender for ${ada} until 600`, "JIT by eve@example.com until "],
  },
  "a rule that Defender wrote without a request and without its content": {
    events: [event(2, ruleWrite, { resource: `${nsgId}/securityRules/${denyName}`, ...byDefender })],
    grants: [],
    rules: [],
  },
  "such a rule that somebody deleted": {
    events: [
      event(2, ruleWrite, { resource: single, ...byDefender }),
      event(600, ruleDelete, { resource: single, correlationId: "x" }),
    ],
    grants: [],
    rules: ["JIT by  until 600"],
  },
  "a rule that somebody deleted twice, each time": {
    events: [
      event(0, ruleWrite, { resource: openSsh, rules: [rule("OpenSsh")] }),
      event(60, ruleDelete, { resource: openSsh, correlationId: "x" }),
      event(600, ruleDelete, { resource: openSsh, correlationId: "y" }),
    ],
    grants: [],
    rules: [`OpenSsh by ${ada} until 60`],
  },
  "the deletion of a rule that the group did not have": {
    events: [
      event(0, nsgWrite, { resource: nsgId, rules: [rule("Open")] }),
      event(60, ruleDelete, { resource: openSsh, correlationId: "x" }),
    ],
    grants: [],
    rules: [`Open by ${ada} until `],
  },
  "the deletions of a rule that is older than the log": {
    events: [
      event(60, ruleDelete, { resource: openSsh, correlationId: "x" }),
      event(600, ruleDelete, { resource: openSsh, correlationId: "y" }),
    ],
    grants: [],
    rules: ["OpenSsh by  until 60"],
  },
  "a rule with a JIT name, older than the log, which Defender repeats with the request's own": {
    events: [
      fourEvents[0]!,
      event(2, nsgWrite, {
        ...{ resource: nsgId, ...byDefender },
        rules: [rule(allowName), rule(denyName.replace("_", "-"), { ports: ["*"], sources: ["*"] })],
      }),
    ],
    grants: [`${ada} 22 3600 expired`],
    rules: [byAda, `${denyName.replace("_", "-")} by  until `],
  },
  "a rule older than the log, which Defender repeats": {
    events: [
      event(60, nsgWrite, { resource: nsgId, ...byDefender, rules: [rule("Open"), rule("Deny", { access: "deny" })] }),
    ],
    grants: [],
    rules: ["Open by  until "],
  },
  "a rule of somebody else, which Defender gives another priority": {
    events: [
      event(0, ruleWrite, { resource: openSsh, rules: [rule("OpenSsh")] }),
      event(60, nsgWrite, {
        resource: nsgId,
        ...byDefender,
        correlationId: "y",
        rules: [rule("OpenSsh", { priority: 111 })],
      }),
    ],
    grants: [],
    rules: [`OpenSsh by ${ada} until 60`, `OpenSsh by ${ada} until `],
  },
  "a rule whose port is written as a range": {
    events: [
      fourEvents[0]!,
      event(2, nsgWrite, { resource: nsgId, ...byDefender, rules: [rule(allowName, { ports: ["22-22"] })] }),
      event(600, ruleDelete, { resource: single, correlationId: "x" }),
    ],
    grants: [`${ada} 22 600 revoked`],
    rules: [`${byAda}600`],
  },
  "a rule that Defender writes again for its own request": {
    events: [...fourEvents, event(3700, nsgWrite, { resource: nsgId, ...byDefender, rules: [rule(allowName)] })],
    grants: [`${ada} 22 3600 expired`],
    rules: [byAda],
  },
  "a rule that somebody wrote without a body, and the same content as before it": {
    events: [
      event(0, ruleWrite, { resource: openSsh, rules: [rule("OpenSsh")] }),
      event(60, ruleWrite, { resource: openSsh, correlationId: "x" }),
      event(120, nsgWrite, { resource: nsgId, correlationId: "y", rules: [rule("OpenSsh")] }),
    ],
    grants: [],
    rules: [`OpenSsh by ${ada} until 60`, `OpenSsh by ${ada} until 120`, `OpenSsh by ${ada} until `],
  },
  "a rule that somebody wrote without a body, and a group without it": {
    events: [
      event(60, ruleWrite, { resource: openSsh, correlationId: "x" }),
      event(120, nsgWrite, { resource: nsgId, correlationId: "y", rules: [] }),
    ],
    grants: [],
    rules: [`OpenSsh by ${ada} until 120`],
  },
  "a group that somebody wrote without a body, and then with one": {
    events: [
      event(60, nsgWrite, { resource: nsgId, correlationId: "x" }),
      event(120, nsgWrite, { resource: nsgId, correlationId: "y", rules: [] }),
    ],
    grants: [],
    rules: [`web-nsg/* by ${ada} until 120`],
  },
  "a group that somebody wrote without a body, and then Defender, who repeats what is there": {
    events: [
      event(60, nsgWrite, { resource: nsgId, correlationId: "x" }),
      event(120, nsgWrite, { resource: nsgId, ...byDefender, correlationId: "y", rules: [rule("Open")] }),
    ],
    grants: [],
    rules: [`web-nsg/* by ${ada} until `, "Open by  until "],
  },
  "a rule under the name of Defender's and the request's correlation id": {
    events: [
      fourEvents[0]!,
      event(2, ruleWrite, { resource: single, caller: "eve@example.com", rules: [rule(allowName)] }),
    ],
    grants: [`${ada} 22 3600 expired no rule`],
    rules: ["JIT by eve@example.com until "],
  },
  "Defender's rule that is wider than its request": {
    events: [
      fourEvents[0]!,
      event(2, nsgWrite, { resource: nsgId, ...byDefender, rules: [rule(allowName, { ports: ["0-65535"] })] }),
    ],
    grants: [`${ada} 22 3600 expired`],
    rules: ["JIT by Defender until "],
  },
  "such a rule under an id of its own, which names the request's as its service request id": {
    events: [
      fourEvents[0]!,
      event(2, nsgWrite, {
        ...{ resource: nsgId, ...byDefender, correlationId: "x", serviceRequestId: fourEvents[0]!.correlationId },
        rules: [rule(allowName, { ports: ["0-65535"] })],
      }),
    ],
    grants: [`${ada} 22 3600 expired`],
    rules: ["JIT by Defender until "],
  },
  "such a rule beside the request's own, in a group whose rules the log has shown": {
    events: [event(-60, nsgWrite, { resource: nsgId, correlationId: "x", rules: [] }), ...besideOwn],
    grants: [`${ada} 22 3600 expired`, `${ada} 3389 3600 expired`],
    rules: [byAda, `${secondName} by Defender until `],
  },
  "such a rule beside the request's own, in a group that somebody wrote without a body": {
    events: [
      event(-120, nsgWrite, { resource: nsgId, correlationId: "x", rules: [] }),
      event(-60, nsgWrite, { resource: nsgId, correlationId: "y" }),
      ...besideOwn,
    ],
    grants: [`${ada} 22 3600 expired`, `${ada} 3389 3600 expired`],
    rules: [`web-nsg/* by ${ada} until `, byAda, `${secondName} by  until `],
  },
  "such a rule beside the request's own, which may be older than the log": {
    events: besideOwn,
    grants: [`${ada} 22 3600 expired`, `${ada} 3389 3600 expired`],
    rules: [byAda, `${secondName} by  until `],
  },
  "a rule without a JIT name beside the request's own, which may be older than the log": {
    events: [
      twoPorts,
      event(2, nsgWrite, { ...written, rules: [rule(allowName), rule("Open", { ports: ["3389"], sources: ["*"] })] }),
    ],
    grants: [`${ada} 22 3600 expired`, `${ada} 3389 3600 expired no rule`],
    rules: [byAda, "Open by  until "],
  },
  "a rule of somebody else beside the request's own": {
    events: [
      event(-60, nsgWrite, {
        ...{ resource: nsgId, correlationId: "x", caller: "eve@example.com" },
        rules: [rule(secondName, { ports: ["3389"] })],
      }),
      ...besideOwn,
    ],
    grants: [`${ada} 22 3600 expired`, `${ada} 3389 3600 expired no rule`],
    rules: [`${secondName} by eve@example.com until 2`, byAda, `${secondName} by eve@example.com until `],
  },
  "a rule without its content, which Defender repeats with it for another request, and somebody edits then": {
    events: [
      fourEvents[0]!,
      event(2, ruleWrite, { resource: single, ...byDefender }),
      event(60, initiate, { ...bob, resource: policyId, status: "started", asked: onRdp }),
      event(62, nsgWrite, {
        ...{ ...written, correlationId: bob.correlationId },
        rules: [rule(allowName), rule(secondName, { ports: ["3389"] })],
      }),
      event(600, ruleWrite, {
        ...{ resource: single, caller: "eve@example.com", correlationId: "x" },
        rules: [rule(allowName, { ports: ["*"] })],
      }),
    ],
    grants: [`${ada} 22 3600 expired`, "bob@example.com 3389 5000 expired"],
    rules: [
      `JIT by Defender for ${ada} until 62`,
      `${byAda}600`,
      `${secondName} by Defender for bob@example.com by id until `,
      "JIT by eve@example.com until ",
    ],
  },
  "a rule that Defender widens for another request": {
    events: [
      fourEvents[0]!,
      event(2, nsgWrite, { ...written, rules: [rule(allowName)] }),
      event(60, initiate, { ...bob, resource: policyId, status: "started", asked: onRdp }),
      event(62, nsgWrite, {
        ...{ ...written, correlationId: bob.correlationId },
        rules: [rule(allowName, { ports: ["22", "3389"] }), rule(secondName, { ports: ["3389"] })],
      }),
    ],
    grants: [`${ada} 22 3600 expired`, "bob@example.com 3389 5000 expired"],
    rules: [`${byAda}62`, `${secondName} by Defender for bob@example.com by id until `, "JIT by Defender until "],
  },
  "a guest, whom logs call by two names": {
    events: [{ ...fourEvents[0]!, caller: "Ada_example.com#EXT#@contoso.onmicrosoft.com" }],
    grants: ["Ada_example.com#EXT#@contoso.onmicrosoft.com 22 3600 expired no rule"],
    rules: [],
  },
};
