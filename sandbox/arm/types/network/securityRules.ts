import { objectAt } from "../../json.ts";
import { sameId, nameOf, ownerIdOf } from "../../ids.ts";
import { checkBastionSubnetRules } from "./bastionSubnetRules.ts";
import { rulesOf, securityRuleType } from "./groupRules.ts";
import { networkName } from "./names.ts";
import { networkType } from "./networkType.ts";
import { checkConflicts, checkRule, completeRule } from "./securityRuleChecks.ts";
import { guardsBastionSubnet } from "./usage.ts";

export default networkType({
  type: securityRuleType,
  model: "network:SecurityRule",
  sdk: "network.SecurityRule",
  scope: "child",
  name: networkName(),
  location: "none",
  refine: { "SecurityRule.properties": { required: true } },
  put: "async",
  delete: "async",
  check(context) {
    const nsgId = context.parentId ?? "";
    const rule = { id: context.id, name: context.name, properties: objectAt(context.body, "properties") };
    checkRule(rule);
    const others = rulesOf(context.store, nsgId).filter((other) => !sameId(other.id, context.id));
    checkConflicts([...others, rule]);
    if (guardsBastionSubnet(context.store, nsgId)) checkBastionSubnetRules(nameOf(nsgId), [...others, rule]);
  },
  complete: ({ body }) => ({ body: { properties: completeRule(objectAt(body, "properties")) } }),
  checkDelete({ existing, store }) {
    const nsgId = ownerIdOf(existing.id);
    if (!guardsBastionSubnet(store, nsgId)) return;
    const others = rulesOf(store, nsgId).filter((other) => !sameId(other.id, existing.id));
    checkBastionSubnetRules(nameOf(nsgId), others);
  },
});
