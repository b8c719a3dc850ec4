/** Rules of which the log does not show the content, or not all of their life. */
import {
  allowName,
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
} from "../../activity/events.ts";
import {
  single,
  openSsh,
  bob,
  bobs,
  onRdp,
  secondName,
  twoPorts,
  written,
  ada,
  byAda,
  type Scenario,
} from "./scenario.ts";

export const untoldRules: Readonly<Record<string, Scenario>> = {
  "a request's rule in one of two groups, of which the log lacks the content of the other": {
    events: [...fourEvents, event(2, nsgWrite, { resource: `${nsgId}-subnet`, ...byDefender })],
    grants: [`${ada} 22 3600 expired no rule`],
    rules: [byAda],
  },
  "a request's rule that only a second write of the group shows": {
    events: [
      fourEvents[0]!,
      event(2, nsgWrite, { resource: nsgId, ...byDefender }),
      event(60, nsgWrite, { resource: nsgId, caller: "eve@example.com", correlationId: "x", rules: [rule(allowName)] }),
    ],
    grants: [`${ada} 22 3600 expired`],
    rules: [`JIT by Defender for ${ada} until `],
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
  "a rule that Defender wrote with its group without a body, and that Defender repeats for another request": {
    events: [
      fourEvents[0]!,
      event(2, nsgWrite, written),
      event(60, initiate, { ...bob, resource: policyId, status: "started", asked: onRdp }),
      event(62, nsgWrite, {
        ...{ ...written, correlationId: bob.correlationId },
        rules: [rule(allowName), rule(secondName, { ports: ["3389"] })],
      }),
    ],
    grants: [`${ada} 22 3600 expired`, "bob@example.com 3389 5000 expired"],
    rules: [byAda.replace(" by id", ""), `${secondName} by Defender for bob@example.com by id until `],
    from: [2, 62],
  },
  "a rule that Defender wrote with its group without a body, and that the log shows while Defender removes the rules": {
    events: [
      twoPorts,
      event(2, nsgWrite, written),
      event(3601, nsgWrite, { ...written, correlationId: "x", rules: [rule(secondName, { ports: ["3389"] })] }),
      event(3602, nsgWrite, { ...written, correlationId: "y", rules: [] }),
    ],
    grants: [`${ada} 22 3600 expired no rule`, `${ada} 3389 3600 expired`],
    rules: [`${secondName} by Defender for ${ada} until 3602`],
    from: [2],
  },
  "a rule of a request for the same as an earlier one, of whose rule the log does not show the content": {
    events: [
      fourEvents[0]!,
      event(2, nsgWrite, written),
      event(60, initiate, { ...bob, resource: policyId, status: "started", asked: bobs }),
      event(62, nsgWrite, { ...written, correlationId: bob.correlationId, rules: [rule(secondName)] }),
    ],
    grants: [`${ada} 22 60 replaced no rule`, "bob@example.com 22 5000 expired"],
    rules: [`${secondName} by Defender for bob@example.com by id until `],
  },
  "a rule that Defender wrote with its group without a body, and that Defender repeats as it removes another": {
    events: [
      fourEvents[0]!,
      event(2, nsgWrite, written),
      event(300, nsgWrite, { ...written, correlationId: "y", rules: [rule(allowName)] }),
    ],
    grants: [`${ada} 22 3600 expired`],
    rules: [byAda.replace(" by id", "")],
    from: [2],
  },
  "a rule that is new after a write without a body, and after one that shows that it was not there": {
    events: [
      fourEvents[0]!,
      event(2, nsgWrite, written),
      event(300, nsgWrite, { ...written, correlationId: "y", rules: [] }),
      event(600, nsgWrite, { resource: nsgId, correlationId: "x", rules: [rule(allowName)] }),
    ],
    grants: [`${ada} 22 3600 expired no rule`],
    rules: [`JIT by ${ada} until `],
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
};
