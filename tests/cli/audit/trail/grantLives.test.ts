import assert from "node:assert/strict";
import { join } from "node:path";
import { foldActivity } from "../../../../cli/audit/activity/foldActivity.ts";
import type { ActivityEvent } from "../../../../cli/audit/activity/types.ts";
import * as grantModule from "../../../../cli/audit/trail/grantLives.ts";
import * as requestModule from "../../../../cli/audit/trail/requestFacts.ts";
import * as ruleModule from "../../../../cli/audit/trail/ruleLives.ts";
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
import { mutatedModule } from "./mutatedModule.ts";

interface Modules {
  readonly grants: typeof grantModule;
  readonly requests: typeof requestModule;
  readonly rules: typeof ruleModule;
}

const original: Modules = { grants: grantModule, requests: requestModule, rules: ruleModule };
const single = `${nsgId}/securityRules/${allowName}`;
const openSsh = `${nsgId}/securityRules/OpenSsh`;
const bob = { caller: "bob@example.com", correlationId: "c0000000-0000-4000-8000-000000000009" };
const bobs = { ...asked, vms: [{ id: vmId, ports: [{ number: 22, source: "10.60.0.0/26", until: at(5000) }] }] };

/** What the events say of grants and of the rules that let something in, in short. */
async function said({ grants, requests, rules }: Modules, events: readonly ActivityEvent[]) {
  const lives = new rules.RuleLives();
  const made: requestModule.RequestFacts[] = [];
  const activities = await Array.fromAsync(foldActivity(events));
  for (const activity of activities) {
    const request = requests.requestOf(activity);
    if (request === undefined) continue;
    made.push(request);
    lives.addRequest(request);
  }
  activities.forEach((activity) => {
    lives.addWrite(activity);
  });
  const all = lives.result().filter((life) => life.rule?.access !== "deny");
  return {
    grants: grants
      .grantLives(made, all, Date.parse(at(100_000)))
      .map(
        ({ request, port, until, endedBy, ruleTold }) =>
          `${request.by ?? ""} ${port} ${iso(until)} ${endedBy ?? ""}${ruleTold ? "" : " no rule"}`,
      ),
    rules: all.map(
      ({ name, author, request, correlated, until }) =>
        `${name === allowName ? "JIT" : name} by ${author === "Defender for Cloud" ? "Defender" : (author ?? "")}` +
        `${request === null ? "" : ` for ${request.by ?? ""}`}${correlated ? " by id" : ""} until ${until === null ? "" : iso(until)}`,
    ),
  };
}

function iso(time: number): string {
  return String((time - Date.parse(at(0))) / 1000);
}

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
}

const ada = "ada@example.com";
const byAda = `JIT by Defender for ${ada} by id until `;

const scenarios: Readonly<Record<string, Scenario>> = {
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

const folder = join(import.meta.dirname, "../../../../cli/audit/trail");
const mutations: readonly (readonly [module: keyof Modules, file: string, drops: string, text: string, by: string])[] =
  [
    [
      "grants",
      "grantLives.ts",
      "revocation: a deleted rule ends its grant",
      "if (revoked < Infinity) {",
      "if (false) {",
    ],
    [
      "grants",
      "grantLives.ts",
      "revocation: before a newer request",
      "revoked >= replaced - clockDifferenceMs",
      "true",
    ],
    [
      "grants",
      "grantLives.ts",
      "revocation: an edited rule ends no grant",
      "last.some(({ isDeleted }) => !isDeleted)",
      "false",
    ],
    ["grants", "grantLives.ts", "overlap: a newer request ends the grant", "newer.from < last", "false"],
    [
      "grants",
      "grantLives.ts",
      "author: Defender's rule may be wider than its request",
      "wider.some(({ rule })",
      "[].some(({ rule })",
    ],
    [
      "grants",
      "grantLives.ts",
      "time: no grant is longer than Azure allows",
      "Math.min(grant.askedUntil, grant.from + longestGrantMs + clockDifferenceMs)",
      "grant.askedUntil",
    ],
    [
      "requests",
      "requestFacts.ts",
      "VM: only those for which Azure did not refuse the request",
      "id !== null && acceptedVms.includes(id)",
      "id !== null",
    ],
    ["rules", "ruleLives.ts", "revocation: a refused deletion deletes nothing", " || isRefused(activity.status)", ""],
    [
      "rules",
      "ruleLives.ts",
      "author: only Defender writes for a request",
      'if (origin !== "jit" || request === null) return [];',
      "if (request === null) return [];",
    ],
    [
      "rules",
      "ruleLives.ts",
      "author: Defender's rule without a request and without its content denies",
      'const opensNothing = activity.origin === "jit" && this.#onlyRequest(activity) === undefined;',
      "const opensNothing = false;",
    ],
    [
      "rules",
      "ruleLives.ts",
      "author: one request only for a rule without its content",
      "others.length === 0 ? only : undefined",
      "only",
    ],
    [
      "rules",
      "ruleLives.ts",
      "author: Defender repeats what others wrote",
      'isWhole && activity.origin !== "jit"',
      "isWhole",
    ],
    [
      "rules",
      "ruleLives.ts",
      "time: a rule written again is the same one",
      "life.request === request && isDeepStrictEqual(life.rule, rule)",
      "false",
    ],
    [
      "rules",
      "ruleLives.ts",
      "author: a rule written again for another request is that one's",
      "life.request === request && ",
      "",
    ],
    [
      "rules",
      "ruleLives.ts",
      "author: Defender's rule that an earlier write had without its content",
      "[...linked, ...before].find",
      "linked.find",
    ],
    [
      "rules",
      "ruleLives.ts",
      "author: Defender's rule that somebody else wrote again",
      "const before = byDefender && earlier",
      "const before = earlier",
    ],
    [
      "rules",
      "ruleLives.ts",
      "author: a rule that Defender wrote before",
      "if (earlier?.byDefender === true || ",
      "if (",
    ],
    ["rules", "ruleLives.ts", "author: a rule that is new in its group", " || (isNew && rule.jitName)", ""],
    ["rules", "ruleLives.ts", "author: of a group whose rules are known", "&& this.#told.has(group) &&", "&&"],
    [
      "rules",
      "ruleLives.ts",
      "author: of a group that nobody wrote without its rules",
      "&& present?.has(keyOf(null)) !== true",
      "",
    ],
    [
      "rules",
      "ruleLives.ts",
      "author: a rule beside the request's own, of an author who is not known",
      "author === null && rule.jitName ? this.#linked(activity) : []",
      "[]",
    ],
    [
      "rules",
      "ruleLives.ts",
      "author: a rule beside the request's own, of somebody else",
      "author === null && rule.jitName ? this.#linked(activity) : []",
      "rule.jitName ? this.#linked(activity) : []",
    ],
    [
      "rules",
      "ruleLives.ts",
      "author: a rule beside the request's own, without a JIT name",
      "author === null && rule.jitName ? this.#linked(activity) : []",
      "author === null ? this.#linked(activity) : []",
    ],
    [
      "rules",
      "ruleLives.ts",
      "author: the correlation id of a rule's first write",
      "earlier?.rule === null || earlier?.correlated === true",
      "false",
    ],
    [
      "rules",
      "ruleLives.ts",
      "author: Defender's client id",
      'const byDefender = activity.origin === "jit";',
      "const byDefender = true;",
    ],
  ];

describe("grants and rules by the activity log", () => {
  for (const [name, { events, grants, rules }] of Object.entries(scenarios)) {
    it(`tell ${name}`, async () => {
      assert.deepEqual(await said(original, events), { grants, rules });
    });
  }

  it("compare a guest by both names", async () => {
    const [activity] = await Array.fromAsync(foldActivity(scenarios["a guest, whom logs call by two names"]!.events));
    assert.deepEqual(requestModule.requestOf(activity!)?.people, [
      "ada_example.com#ext#@contoso.onmicrosoft.com",
      "ada@example.com",
    ]);
  });

  it("know the addresses of each VM of a request, or those of all VMs if the rules do not name theirs", async () => {
    const db = vmId.replace(/web$/, "db");
    const vms = [vmId, db].map((id) => ({ ...asked.vms[0]!, id }));
    const addresses = async (described: (vm: string) => string | null) => {
      const rules = ["web", "db"].map((vm, index) =>
        rule(allowName.replace("123", `12${index}`), {
          destinations: [`10.60.1.${4 + index}/32`],
          description: described(vm),
        }),
      );
      const activities = await Array.fromAsync(
        foldActivity([
          { ...fourEvents[0]!, asked: { ...asked, vms } },
          event(2, nsgWrite, { resource: nsgId, ...byDefender, rules }),
        ]),
      );
      const lives = new ruleModule.RuleLives();
      const requests = activities.flatMap((activity) => requestModule.requestOf(activity) ?? []);
      requests.forEach((request) => {
        lives.addRequest(request);
      });
      activities.forEach((activity) => {
        lives.addWrite(activity);
      });
      const grants = grantModule.grantLives(requests, lives.result(), Date.parse(at(100_000)));
      return grants.map(({ vmName, vmIps }) => `${vmName}: ${vmIps.join(", ")}`);
    };
    assert.deepEqual(await addresses((vm) => `rule of VM '${vm}'.`), ["web: 10.60.1.4", "db: 10.60.1.5"]);
    assert.deepEqual(await addresses(() => null), ["web: 10.60.1.4, 10.60.1.5", "db: 10.60.1.4, 10.60.1.5"]);
  });

  it("compare a person by all names in the claims: `caller` is only one of them", async () => {
    const names = { caller: "0aD1-oid", email: "ada@example.com", upn: "ADA@corp.example.com", objectId: "0ad1-oid" };
    const [activity] = await Array.fromAsync(foldActivity([{ ...fourEvents[0]!, ...names }]));
    assert.deepEqual(activity?.callerNames, ["0ad1-oid", "ada@example.com", "ADA@corp.example.com"]);
    assert.deepEqual(requestModule.requestOf(activity)?.people, [
      "0ad1-oid",
      "ada@example.com",
      "ada@corp.example.com",
    ]);
  });

  for (const [module, file, drops, text, by] of mutations) {
    it(`fail without: ${drops}`, async () => {
      const mutant = { ...original, [module]: await mutatedModule(join(folder, file), text, by) };
      const answers = await Promise.all(
        Object.values(scenarios).map(async ({ events, grants, rules }) => {
          const answer = await said(mutant, events);
          return JSON.stringify(answer) === JSON.stringify({ grants, rules });
        }),
      );
      assert.ok(answers.includes(false), "No scenario notices.");
    });
  }
});
