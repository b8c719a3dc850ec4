import { auditCategory } from "@bastion-trail/core/links/archivePath";
import { auditSettings, bastionHosts } from "../bastion.ts";
import type { StackPolicy } from "../policy.ts";
import { isSet, record, sameText } from "../values.ts";

/** The settings of a host in another stack are unknown, so only hosts of this stack are checked. */
export const bastionAuditSent: StackPolicy<object> = {
  name: "bastion-audit-sent",
  description: `Every Bastion host sends ${auditCategory} to a Log Analytics workspace and to a storage account.`,
  judge: (deployment) =>
    bastionHosts(deployment).flatMap((host) => {
      if (sameText(bastionSku(host.properties), "Developer")) {
        return [
          {
            resource: host,
            message: "The SKU is Developer, which writes no audit logs. Use Basic, Standard or Premium.",
          },
        ];
      }
      const settings = auditSettings(deployment, host);
      if (settings.length === 0) {
        return [
          { resource: host, message: `No diagnostic setting of this stack sends ${auditCategory} of this host.` },
        ];
      }
      return sinks
        .filter(({ property }) => !settings.some(({ properties }) => isSet(properties[property])))
        .map(({ property, name }) => ({
          resource: host,
          message: `${auditCategory} is sent to no ${name}: set ${property} in the diagnostic setting.`,
        }));
    }),
};

const sinks = [
  { property: "workspaceId", name: "Log Analytics workspace" },
  { property: "storageAccountId", name: "storage account" },
];

function bastionSku({ sku }: Readonly<Record<string, unknown>>): unknown {
  return record(sku).name;
}
