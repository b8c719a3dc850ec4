/** When grants end. */
import {
  allowName,
  asked,
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
} from "../../activity/events.ts";
import { single, bob, bobs, ada, byAda, type Scenario } from "./scenario.ts";

export const grantEnds: Readonly<Record<string, Scenario>> = {
  "a grant that ran its time": { events: fourEvents, grants: [`${ada} 22 3600 expired`], rules: [byAda] },
  "a grant whose rule somebody deleted": {
    events: [...fourEvents, event(600, ruleDelete, { resource: single, correlationId: "x" })],
    grants: [`${ada} 22 600 revoked`],
    rules: [`${byAda}600`],
  },
  "a grant whose rule, wider than its request, somebody deleted": {
    events: [
      fourEvents[0]!,
      event(2, nsgWrite, { resource: nsgId, ...byDefender, rules: [rule(allowName, { ports: ["*"] })] }),
      event(600, ruleDelete, { resource: single, correlationId: "x" }),
    ],
    grants: [`${ada} 22 600 revoked`],
    rules: ["JIT by Defender until 600"],
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
};
