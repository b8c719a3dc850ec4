import { at, flow, grant, hub, rule, session, web } from "../relationRows.ts";
import { type Case, bob, second, secondRule, one, requested } from "./case.ts";

export const people: readonly Case[] = [
  one(
    "granted: whatever the case of the names",
    {
      ...requested,
      sessions: [session({ Person: "ADA@Example.com", Vm: web.toUpperCase(), Bastion: hub.toUpperCase() })],
    },
    { Verdict: "granted", Link: "correlation" },
  ),
  one(
    "granted: a guest whom the audit log calls by the name in his tenant",
    { ...requested, sessions: [session({ Person: "Ada_Example.com#EXT#@contoso.onmicrosoft.com" })] },
    { Verdict: "granted", Person: "Ada_Example.com#EXT#@contoso.onmicrosoft.com" },
  ),
  ...["live.com", "Google.com", "mail"].map((provider) =>
    one(
      `granted: a person whom the audit log calls by who signs in, ${provider}`,
      { ...requested, sessions: [session({ Person: `${provider}#Ada@example.com` })] },
      { Verdict: "granted", Person: `${provider}#Ada@example.com` },
    ),
  ),
  one(
    "borrowed: a person of the same name with another provider",
    { ...requested, sessions: [session({ Person: "example.com#ada@example.com" })] },
    { Verdict: "borrowed" },
  ),
  one(
    "borrowed: another guest",
    { ...requested, sessions: [session({ Person: "bob_example.com#EXT#@contoso.onmicrosoft.com" })] },
    { Verdict: "borrowed" },
  ),
  one(
    "unverified: the log does not name the person",
    { ...requested, sessions: [session({ Person: "" })] },
    {
      Verdict: "unverified",
      GrantId: "g1",
    },
  ),
  one(
    "borrowed: a request of somebody else",
    { grants: [grant(bob)], rules: [rule()] },
    {
      Verdict: "borrowed",
      GrantId: "g1",
      Link: "correlation",
    },
  ),
  one(
    "unverified: a request of somebody whom the activity log does not name",
    { grants: [grant({ People: "" })], rules: [rule()] },
    { Verdict: "unverified", GrantId: "g1" },
  ),
  one(
    "unverified: such a request, and a later one of somebody else",
    {
      grants: [grant({ People: "" }), grant({ ...second, ...bob, From: at(5) })],
      rules: [rule(), rule({ ...secondRule, From: at(5) })],
    },
    { Verdict: "unverified", GrantId: "g1" },
  ),
  one(
    "borrowed: a name that is a part of another one",
    { grants: [grant({ People: "|nada@example.com|" })], rules: [rule()] },
    { Verdict: "borrowed" },
  ),
  one(
    "the same person's request counts before a later one",
    {
      grants: [grant(), grant({ ...second, ...bob, From: at(5) })],
      rules: [rule(), rule({ ...secondRule, From: at(5) })],
    },
    { Verdict: "granted", GrantId: "g1", RuleId: "u1", Link: "correlation" },
  ),
  one(
    "of the same person's requests the latest counts",
    {
      grants: [grant(), grant({ ...second, From: at(5) })],
      rules: [rule({ Until: at(5) }), rule({ ...secondRule, From: at(5) })],
    },
    { Verdict: "granted", GrantId: "g2", RuleId: "u2", Link: "correlation" },
  ),
  one(
    "of the same person's requests the latest counts, in whatever order they are",
    { grants: [grant({ From: at(5) }), grant(second)] },
    { Verdict: "granted", GrantId: "g1", Link: "ambiguous" },
  ),
  one(
    "of others' requests, that of the rule in the flow log counts",
    {
      grants: [grant(bob), grant({ ...second, People: "|eve@example.com|", From: at(5) })],
      rules: [rule(), rule({ ...secondRule, From: at(5) })],
      flows: [flow()],
    },
    { Verdict: "borrowed", GrantId: "g1", RuleId: "u1", Link: "flow" },
  ),
];
