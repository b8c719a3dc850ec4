import type * as grantModule from "../../../../cli/audit/trail/grantLives.ts";
import type * as linkedModule from "../../../../cli/audit/trail/linkedRequests.ts";
import type * as requestModule from "../../../../cli/audit/trail/requestFacts.ts";
import type * as ruleModule from "../../../../cli/audit/trail/ruleLives.ts";

/** The modules that make grants and rules of the activity log. */
export interface Modules {
  readonly grants: typeof grantModule;
  readonly linked: typeof linkedModule;
  readonly requests: typeof requestModule;
  readonly rules: typeof ruleModule;
}

/** Changes that take one rule out of a module, and what it is; a scenario must fail with each. */
export const mutations: readonly (readonly [
  module: keyof Modules,
  file: string,
  drops: string,
  text: string,
  by: string,
])[] = [
  ["grants", "grantLives.ts", "revocation: a deleted rule ends its grant", "if (revoked < Infinity) {", "if (false) {"],
  ["grants", "grantLives.ts", "revocation: before a newer request", "revoked >= replaced - clockDifferenceMs", "true"],
  [
    "grants",
    "grantLives.ts",
    "revocation: an edited rule ends no grant",
    "life.isDeleted || life.until === null ?",
    "true ?",
  ],
  [
    "grants",
    "grantLives.ts",
    "revocation: an edited rule that is deleted ends its grant",
    "(later.get(place) ?? null)",
    "null",
  ],
  ["grants", "grantLives.ts", "overlap: a newer request ends the grant", "newer.from < last", "false"],
  [
    "grants",
    "grantLives.ts",
    "author: Defender's rule may be wider than its request",
    "wider.filter(({ rule })",
    "[].filter(({ rule })",
  ],
  ["grants", "grantLives.ts", "author: a write for the request without its rules", "!isUntold &&", ""],
  ["rules", "ruleLives.ts", "author: a write for the request of another group", "life.group === group", "true"],
  [
    "grants",
    "grantLives.ts",
    "revocation: a rule that is wider than its request",
    "own.length > 0 ? own : widerOwn",
    "own",
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
    "linked",
    "linkedRequests.ts",
    "author: only Defender writes for a request",
    'if (origin !== "jit" || request === null) return [];',
    "if (request === null) return [];",
  ],
  [
    "rules",
    "ruleLives.ts",
    "author: Defender's rule without a request and without its content denies",
    'const opensNothing = activity.origin === "jit" && this.#requests.onlyOf(activity) === undefined;',
    "const opensNothing = false;",
  ],
  [
    "linked",
    "linkedRequests.ts",
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
  ["rules", "ruleLives.ts", "author: a write repeats what Defender wrote", "isWhole && this", "false && this"],
  [
    "rules",
    "ruleLives.ts",
    "author: a write's own request comes first",
    "own.some((one) => asksFor(one, rule)) ? undefined : ",
    "",
  ],
  [
    "rules",
    "ruleLives.ts",
    "author: a write of all rules shows that an earlier one had no other",
    "this.#untold.delete(group);",
    "",
  ],
  [
    "rules",
    "ruleLives.ts",
    "author: Defender writes its own rule again",
    'activity.origin !== "jit" && earlier',
    "earlier",
  ],
  [
    "rules",
    "ruleLives.ts",
    "author: somebody repeats what Defender wrote, no more than was asked for",
    "lastsBeyond(request, end) && asksFor(request, rule)",
    "lastsBeyond(request, end)",
  ],
  [
    "rules",
    "ruleLives.ts",
    "author: somebody repeats what Defender wrote, while the request lasts",
    "lastsBeyond(request, end) && ",
    "",
  ],
  [
    "rules",
    "ruleLives.ts",
    "author: somebody repeats what Defender wrote, and what nobody else had written",
    "earlier.byDefender && earlier.rule === null && earlier.request !== null",
    "earlier.request !== null",
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
    "author: Defender repeats somebody else's rule unchanged",
    "if (byDefender && isOthers && isOfGroup(activity)",
    "if (false && isOfGroup(activity)",
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
    "author === null && rule.jitName ? this.#requests.of(activity) : []",
    "[]",
  ],
  [
    "rules",
    "ruleLives.ts",
    "author: a rule beside the request's own, of somebody else",
    "author === null && rule.jitName ? this.#requests.of(activity) : []",
    "rule.jitName ? this.#requests.of(activity) : []",
  ],
  [
    "rules",
    "ruleLives.ts",
    "author: a rule beside the request's own, without a JIT name",
    "author === null && rule.jitName ? this.#requests.of(activity) : []",
    "author === null ? this.#requests.of(activity) : []",
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
