import { createHash, randomUUID } from "node:crypto";
import { objectsAt, textAt, withProperties, type JsonObject } from "../../json.ts";
import { badRequest } from "../../armError.ts";
import type { Resource, ResourceReader } from "../../resource.ts";
import { wireEtag } from "../../etags.ts";
import { inlineView } from "../references.ts";
import { checkBastionSubnetRules } from "./bastionSubnetRules.ts";
import { defaultSecurityRules } from "./defaultSecurityRules.ts";
import { childrenInOrder, inlineChildren, replaceChildren } from "./inlineChildren.ts";
import { networkName } from "./names.ts";
import { networkType } from "./networkType.ts";
import { checkConflicts, checkRule, completeRule } from "./securityRuleChecks.ts";
import { securityRuleType } from "./groupRules.ts";
import { guardsBastionSubnet, holdersOfNsg } from "./usage.ts";

export default networkType({
  type: "Microsoft.Network/networkSecurityGroups",
  model: "network:NetworkSecurityGroup",
  sdk: "network.NetworkSecurityGroup",
  scope: "resourceGroup",
  name: networkName(),
  location: "required",
  refine: { "SecurityRule.name": { required: true } },
  answers: { defaultSecurityRules: "network:SecurityRule" },
  put: "async",
  delete: "async",
  patch: { of: "tags", completion: "sync" },
  check(context) {
    const rules = inlineChildren(context, "securityRules");
    for (const rule of rules) checkRule(rule);
    checkConflicts(rules);
    if (guardsBastionSubnet(context.store, context.id)) checkBastionSubnetRules(context.name, rules);
  },
  complete(context) {
    const existing = context.existing?.body;
    const properties = {
      provisioningState: "Succeeded",
      resourceGuid: textAt(existing, "properties.resourceGuid") ?? randomUUID(),
      // Only the names, in the order of the request: the rules are separate resources (see `view`).
      securityRules: inlineChildren(context, "securityRules").map(({ name }) => ({ name })),
    };
    return {
      body: withProperties(context.body, properties),
    };
  },
  afterPut(context) {
    replaceChildren(context, securityRuleType, inlineChildren(context, "securityRules"), completeRule);
  },
  checkDelete({ existing, store }) {
    const { networkInterfaces, subnets } = holdersOfNsg(store, existing.id);
    const holders = [...networkInterfaces, ...subnets];
    if (holders.length === 0) return;
    throw badRequest(
      "InUseNetworkSecurityGroupCannotBeDeleted",
      `Network security group ${existing.id} cannot be deleted because it is in use by the following resources: ${holders.join(", ")}. In order to delete the Network security group, remove the association with the resource(s). To learn how to do this, see aka.ms/deletensg.`,
    );
  },
  view,
  reads: {
    defaultSecurityRules: ({ resource, store }) => ({
      value: objectsAt(view(resource, store), "properties.defaultSecurityRules"),
    }),
  },
});

function view(nsg: Resource, reader: ResourceReader): JsonObject {
  const rules = childrenInOrder(nsg, "securityRules", securityRuleType, reader);
  const { networkInterfaces, subnets } = holdersOfNsg(reader, nsg.id);
  const etag = currentEtag(nsg, [...rules.map((rule) => rule.etag), ...networkInterfaces, ...subnets]);
  const body = withProperties(nsg.body, {
    securityRules: rules.map((rule) => ({ ...inlineView(rule), etag })),
    defaultSecurityRules: defaultSecurityRules(nsg.id).map(({ id, name, properties }) => ({
      id,
      name,
      etag,
      type: "Microsoft.Network/networkSecurityGroups/defaultSecurityRules",
      properties,
    })),
    ...(networkInterfaces.length === 0 ? {} : { networkInterfaces: networkInterfaces.map((id) => ({ id })) }),
    ...(subnets.length === 0 ? {} : { subnets: subnets.map((id) => ({ id })) }),
  });
  return { ...body, etag };
}

/**
 * Returns the etag of a group, which its rules show as their own. It changes whenever anything in the group changes,
 * including what uses the group (bodies in ansible-collections/azure #645; that an association changes it is not
 * documented).
 */
function currentEtag(nsg: Resource, parts: readonly string[]): string {
  const hash = createHash("sha256")
    .update([nsg.etag, ...parts].join("\n"))
    .digest("hex");
  return wireEtag({ etag: hash.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-") });
}
