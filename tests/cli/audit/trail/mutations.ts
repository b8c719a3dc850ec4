/** A condition of trail.sql, and the query without it. */
export interface Mutation {
  /** What the condition compares. */
  readonly drops: string;
  readonly text: string;
  readonly by: string;
}

function drop(drops: string, text: string, by = "true"): Mutation {
  return { drops, text, by };
}

/** Every condition that decides which request and which rule a session has. */
export const mutations: readonly Mutation[] = [
  drop("person: of a request", "p.Person <> '' AND contains(g.People, concat('|', p.Person, '|'))"),
  drop("person: whole names", "concat('|', p.Person, '|')", "p.Person"),
  drop("person: without case", "ELSE lower(Person) END AS Person", "ELSE Person END AS Person"),
  drop("person: a guest", "$guest, '", "concat($guest, '#never#'), '"),
  drop("person: who signs in", "$provider, '", "concat($provider, '#never#'), '"),
  drop("person: first", "concat(n.Own, CASE WHEN d.Id", "concat(0, CASE WHEN d.Id"),
  drop("person: not named", "WHEN Person = '' THEN 'unverified'", "WHEN false THEN 'unverified'"),
  drop("port: of a request", "(p.Port = 0 OR g.Port = p.Port OR (NOT p.PortTold AND g.Port NOT IN (22, 3389)))"),
  drop(
    "port: one of its own only where the flow log is silent",
    "NOT p.PortTold AND g.Port NOT IN (22, 3389)",
    "g.Port NOT IN (22, 3389)",
  ),
  drop("port: one of its own only where nothing else was open", "OR (n.Class = 2 AND l.Id IS NULL)", "OR n.Class = 2"),
  drop("port: the usual one first", "WHEN p.Port <> 0 AND g.Port <> p.Port THEN 2", "WHEN false THEN 2"),
  drop("port: of a rule", "(p.Port = 0 OR (p.Port >= r.PortLo AND p.Port <= r.PortHi))"),
  drop("port: of a flow", "(s.UsualPort = 0 OR f.Port = s.UsualPort OR f.Port NOT IN (22, 3389))"),
  drop(
    "port: told by a flow",
    "CASE WHEN f.FirstPort = f.LastPort THEN f.FirstPort ELSE t.UsualPort END",
    "t.UsualPort",
  ),
  drop(
    "VM: of a request",
    "JOIN grants g ON lower(g.VmKey) = t.VmKey\n  JOIN host",
    "JOIN grants g ON true\n  JOIN host",
  ),
  drop("VM: without case", "THEN lower(Vm) WHEN", "THEN Vm WHEN"),
  drop("VM: its address during the grant", "(t.VmIp = '' OR g.VmIp = '' OR lower(g.VmIp) = t.VmIp)"),
  drop("VM: the destination of a rule", "(t.VmAddress >= r.DestLo AND t.VmAddress <= r.DestHi)"),
  drop(
    "VM: an address that is not known",
    "(t.VmAddress = -1 OR (t.VmAddress >= r.DestLo",
    "(false OR (t.VmAddress >= r.DestLo",
  ),
  drop(
    "VM: a rule for every address",
    "<= r.DestHi) OR (r.DestLo = 0 AND r.DestHi = 4294967295))",
    "<= r.DestHi) OR false)",
  ),
  drop("VM: the group before it", "lower(r.Scope) = t.Scope"),
  drop("VM: of a flow", "f.Ip = s.VmIp AND f.Hour", "f.Hour"),
  drop(
    "time: a request that began later",
    'p.Start >= g."From" - $skew::BIGINT AND p.Start < g.Until',
    "p.Start < g.Until",
  ),
  drop(
    "time: a request that had ended",
    'p.Start >= g."From" - $skew::BIGINT AND p.Start < g.Until + $skew::BIGINT',
    'p.Start >= g."From" - $skew::BIGINT',
  ),
  drop(
    "time: a rule that came later",
    'p.Start >= r."From" - $skew::BIGINT AND p.Start < r.Until',
    "p.Start < r.Until",
  ),
  drop(
    "time: a rule that was gone",
    'p.Start >= r."From" - $skew::BIGINT AND p.Start < r.Until + $skew::BIGINT',
    'p.Start >= r."From" - $skew::BIGINT',
  ),
  drop("time: a flow before", 'f.Start >= s.Start - $skew::BIGINT - f."Interval" AND f.Start', "f.Start"),
  drop("time: a flow after", 'f.Start <= s.Start + $skew::BIGINT + f."Interval"'),
  drop("time: the interval of a summed flow", '- $skew::BIGINT - f."Interval" AND', "- $skew::BIGINT AND"),
  drop("time: a start that no record tells", "OR NOT StartTold THEN", "THEN"),
  drop(
    "time: a start that no record tells, of a request",
    'p.StartTold AND p.Start >= g."From"',
    'p.Start >= g."From"',
  ),
  drop("time: a start that no record tells, of a rule", 'p.StartTold AND p.Start >= r."From"', 'p.Start >= r."From"'),
  drop("time: a start that no record tells, of a flow", "WHERE s.StartTold", ""),
  drop("skew: a request that began later", 'p.Start >= g."From" - $skew::BIGINT', 'p.Start >= g."From"'),
  drop("skew: a request that had ended", "p.Start < g.Until + $skew::BIGINT", "p.Start < g.Until"),
  drop("skew: a rule that came later", 'p.Start >= r."From" - $skew::BIGINT', 'p.Start >= r."From"'),
  drop("skew: a flow", "<= s.Start + $skew::BIGINT + f.", "<= s.Start + f."),
  drop("skew: a session after its grant", "> j.GrantUntil + $skew::BIGINT", "> j.GrantUntil"),
  drop(
    "skew: what was open without it comes first",
    "OR (n.Class = 1 AND (l.Id IS NULL OR l.Asked > 0 OR l.Skewed = 1))",
    "OR n.Class = 1",
  ),
  drop(
    "overlap: the latest request",
    'd.Id IS NULL THEN 0 ELSE 1 END, n."From", n.GrantId',
    "d.Id IS NULL THEN 0 ELSE 1 END, n.GrantId",
  ),
  drop(
    "overlap: the request of the rule in the flow log",
    'CASE WHEN d.Id IS NULL THEN 0 ELSE 1 END, n."From"',
    'n."From"',
  ),
  drop("overlap: one row for a session", "ON m.Id = k.Id AND m.Rank = k.Rank", "ON m.Id = k.Id"),
  drop(
    "overlap: several requests are ambiguous",
    "WHEN Leads = 0 AND NOT SeveralRequests THEN 'inferred'\n        ELSE 'ambiguous' END",
    "ELSE 'inferred' END",
  ),
  drop(
    "overlap: several rules are ambiguous",
    "WHEN FirstRule <> LastRule THEN 'ambiguous'",
    "WHEN false THEN 'ambiguous'",
  ),
  drop(
    "overlap: several rules in the flow log",
    "WHEN SeveralFlowRules THEN 'ambiguous'",
    "WHEN false THEN 'ambiguous'",
  ),
  drop(
    "overlap: a flow of one session only",
    "count(*) = 1 AND count(n.Flow) = 0 AS IsAlone",
    "count(*) = 1 AS IsAlone",
  ),
  drop(
    "overlap: a session of one flow only",
    "count(*) = 1 AND count(n.Flow) = 0 AS IsAlone",
    "count(n.Flow) = 0 AS IsAlone",
  ),
  drop(
    "author: the request that a rule was written for",
    "LEFT JOIN asked a ON a.Id = l.Id AND a.Request = r.Request",
    "LEFT JOIN asked a ON a.Id = l.Id",
  ),
  drop("author: of the rule in the flow log", "WHEN FlowRule <> 0 AND NamedRequested = 0 AND", "WHEN false AND"),
  drop("author: a hand-made rule in front", "(OwnRuleFits = 1 OR RuleTold)", "RuleTold"),
  drop("author: another request's rule in front", "AND NOT (OwnRuleFits = 1 AND RuleRequest <> 0)", ""),
  drop("author: a hand-made rule in front beside another request's", "AND RuleRequest <> 0)", ")"),
  drop("author: a rule in the place of the request's own", "(OwnRuleFits = 1 OR RuleTold)", "OwnRuleFits = 1"),
  drop(
    "author: a rule without a request",
    "WHEN Leads > 0 THEN CASE WHEN LeadSure = 1 THEN 'bypassed' ELSE 'unknown' END",
    "WHEN Leads > 0 THEN 'ungranted'",
  ),
  drop("author: the correlation id", "WHEN OwnCorrelated = 1 THEN 'correlation'", "WHEN true THEN 'correlation'"),
  drop("author: Defender's rule may be of a request that was not read", "NOT s.NamedByDefender OR", "true OR"),
  drop("source range: of a request", "g.SourceLo <= h.Hi AND g.SourceHi >= h.Lo"),
  drop("source range: of a rule", "r.SourceLo <= h.Hi AND r.SourceHi >= h.Lo"),
  drop("source range: all of a host's, to deny", "r.SourceLo <= h.FirstLo AND r.SourceHi >= h.LastHi"),
  drop("source range: from the first of a host's, to deny", "r.SourceLo <= h.FirstLo AND", " "),
  drop("source range: to the last of a host's, to deny", "AND r.SourceHi >= h.LastHi", ""),
  drop("source range: of a flow", "(f.Source = -1 OR (f.Source >= h.Lo AND f.Source <= h.Hi))"),
  drop("source range: each host's own", "ON lower(h.Bastion) = t.Bastion AND h.Bastion <> ''", "ON h.Bastion <> ''"),
  drop("rule: the first by priority", "n.Sure = 1 AND n.Priority = f.Allowing", "n.Sure = 1"),
  drop("rule: one that allows", "min(CASE WHEN NOT Allows AND Sure = 1 THEN Priority ELSE 1000000 END)", "1000000"),
  drop("rule: content that is known", "CASE WHEN LeadSure = 1 THEN 'bypassed' ELSE 'unknown' END", "'bypassed'"),
  drop("rule: content that is known, to deny", "NOT Allows AND Sure = 1", "NOT Allows"),
  drop(
    "rule: one that may apply, only where no other lets it in",
    "THEN n.Sure = 1 AND n.Priority = f.Allowing ELSE",
    "THEN n.Sure = 0 OR n.Priority = f.Allowing ELSE",
  ),
  drop("rule: one that may apply, before the first that denies", "n.Sure = 0 AND n.Priority < f.Denying", "n.Sure = 0"),
  drop("rule: a port that is not known, to deny", "((r.Allows AND p.Port = 0) OR", "(p.Port = 0 OR"),
  drop("flow: several rules that nobody requested", "WHEN SeveralFlowRules AND AllFlowsNamed", "WHEN false"),
  drop("flow: several rules, all named", "SeveralFlowRules AND AllFlowsNamed", "SeveralFlowRules"),
  drop("flow: several rules, one of them requested", "AND NOT SomeFlowRequested", ""),
  drop(
    "flow: several rules, one of them supposed",
    "NOT SomeFlowRequested AND NOT IsOwnSupposed",
    "NOT SomeFlowRequested",
  ),
  drop("flow: a rule that may be the request's", "NamedRequested = 0 AND NOT IsOwnSupposed", "NamedRequested = 0"),
  drop(
    "flow: a rule that may be the request's is no proof",
    "FlowRule <> 0 AND NOT IsOwnSupposed THEN 'flow'",
    "FlowRule <> 0 THEN 'flow'",
  ),
  drop("flow: a rule with a JIT name", "SomeFlowJitNamed AND NamedRule", "NamedRule"),
  drop("flow: a name of that form", "regexp_matches(t.Rule, $jitName, 'i')", "$jitName <> ''"),
  drop("flow: a JIT name without case", "regexp_matches(t.Rule, $jitName, 'i')", "regexp_matches(t.Rule, $jitName)"),
  drop("flow: a rule that no other log has", "AND NamedRule = '' AND GrantId", "AND GrantId"),
  drop("flow: a request whose rule no log has", "AND GrantId <> '' AND NOT RuleTold AS", "AND GrantId <> '' AS"),
  drop("flow: a rule with a JIT name and a request", "AND GrantId <> '' AND NOT RuleTold", "AND NOT RuleTold"),
  drop("flow: not refused", "NOT Refused AND Unusual = 0", "Unusual = 0"),
  drop(
    "coverage: a gap before the session",
    "g.\"From\" < CASE WHEN s.Sight IN ('granted', 'unverified') THEN s.Start ELSE s.Start + $skew::BIGINT END",
  ),
  drop(
    "coverage: a gap a day before",
    "AND g.Until > CASE WHEN s.Sight = 'granted' THEN s.GrantFrom ELSE s.Start - $skew::BIGINT - 86400000 END",
    "",
  ),
  drop("coverage: what has not arrived", "AND NOT (g.Tail AND s.Sight IN ('granted', 'unverified'))", ""),
  drop(
    "coverage: what a flow shows",
    "WHERE NOT (s.FlowRule <> 0 AND s.NamedRule <> '' AND (NOT s.NamedByDefender OR (s.NamedRequested = 1 AND s.Own = 1)))",
    "",
  ),
  drop("coverage: the subscription", "t.Subscription NOT IN (SELECT lower(Subscription) FROM logged)", "false"),
  drop(
    "coverage: the subscription without case",
    "(SELECT lower(Subscription) FROM logged)",
    "(SELECT Subscription FROM logged)",
  ),
  drop(
    "coverage: a subscription that is not known",
    "t.Subscription <> '' AND t.Subscription NOT IN",
    "t.Subscription NOT IN",
  ),
  drop("coverage: a log that names no subscription", "AND EXISTS (FROM logged)", ""),
  drop("coverage: a session without a VM", "WHEN IsNameless OR", "WHEN"),
  drop("coverage: a session without the VM's address", "WHEN IsNameless OR HasNoAddress", "WHEN IsNameless"),
];
