/** Whose a rule is, and for which request. */
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
} from "../../activity/events.ts";
import {
  single,
  openSsh,
  bob,
  bobs,
  port,
  secondName,
  written,
  twoPorts,
  onRdp,
  besideOwn,
  ada,
  byAda,
  type Scenario,
} from "./scenario.ts";

const inLab = (id: string) => id.replace("resourceGroups/trail", "resourceGroups/lab");

export const ruleAuthors: Readonly<Record<string, Scenario>> = {
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
  "the rule of an application's request under another correlation id": {
    events: [
      event(0, initiate, {
        resource: policyId,
        status: "started",
        asked,
        caller: "0b1ec700-0000-4000-8000-000000000001",
      }),
      event(2, nsgWrite, { ...written, correlationId: "x", rules: [rule(allowName)] }),
    ],
    grants: ["cli-app 22 3600 expired"],
    rules: ["JIT by Defender for cli-app until "],
  },
  "a rule that Defender writes again for a newer request, under another correlation id": {
    events: [
      ...fourEvents,
      event(900, initiate, { ...bob, resource: policyId, status: "started", asked: bobs }),
      event(902, ruleWrite, { ...byDefender, correlationId: "x", resource: single, rules: [rule(allowName)] }),
    ],
    grants: [`${ada} 22 900 replaced`, "bob@example.com 22 5000 expired"],
    rules: [`${byAda}902`, "JIT by Defender for bob@example.com until "],
  },
  "a rule that Defender writes again for a newer request, beside a new rule for it": {
    events: [
      ...fourEvents,
      event(900, initiate, {
        ...{ ...bob, resource: policyId, status: "started" },
        asked: {
          ...asked,
          vms: [{ id: vmId, ports: [22, 3389].map((number) => ({ ...port(number), until: at(5000) })) }],
        },
      }),
      event(902, nsgWrite, {
        ...{ ...written, correlationId: bob.correlationId },
        rules: [rule(allowName), rule(secondName, { ports: ["3389"] })],
      }),
    ],
    grants: [`${ada} 22 900 replaced`, "bob@example.com 22 5000 expired", "bob@example.com 3389 5000 expired"],
    rules: [
      `${byAda}902`,
      `${secondName} by Defender for bob@example.com by id until `,
      "JIT by Defender for bob@example.com by id until ",
    ],
  },
  "a rule that Defender writes again for its own request": {
    events: [...fourEvents, event(3700, nsgWrite, { resource: nsgId, ...byDefender, rules: [rule(allowName)] })],
    grants: [`${ada} 22 3600 expired`],
    rules: [byAda],
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
  "a rule that somebody edited, which Defender repeats unchanged beside a wider one for a request of just that": {
    events: [
      event(-60, ruleWrite, {
        resource: single,
        caller: "eve@example.com",
        correlationId: "x",
        rules: [rule(allowName)],
      }),
      fourEvents[0]!,
      event(2, nsgWrite, { ...written, rules: [rule(allowName), rule(secondName, { ports: ["0-65535"] })] }),
    ],
    grants: [`${ada} 22 3600 expired`],
    rules: ["JIT by eve@example.com until ", `${secondName} by Defender until `],
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
  "the rules of two VMs of one name, requested at once under one correlation id": {
    events: [
      fourEvents[0]!,
      {
        ...fourEvents[0]!,
        resource: inLab(policyId),
        asked: { ...asked, vms: [{ ...asked.vms[0]!, id: inLab(vmId) }] },
      },
      event(2, nsgWrite, { ...written, rules: [rule(allowName)] }),
      event(3, nsgWrite, {
        ...{ ...written, resource: inLab(nsgId) },
        rules: [rule(secondName, { destinations: ["10.60.1.9"] })],
      }),
      event(600, ruleDelete, { resource: single, correlationId: "x" }),
    ],
    grants: [`${ada} 22 600 revoked`, `${ada} 22 3600 expired`],
    rules: [`${byAda}600`, `${secondName} by Defender for ${ada} by id until `],
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
