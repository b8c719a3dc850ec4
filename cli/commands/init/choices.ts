/**
 * Values that options offer for config keys. Every call of the CLI loads this module, so its imports must be light; the
 * package bundles it with them (tools/packaging/writeInit.ts).
 */
import { BastionSku } from "@bastion-trail/components/bastion-host/bastionSku";

export { DefenderPlanMode } from "@bastion-trail/program/config/defenderPlanMode";

/** Without Developer, whose hosts emit no audit logs. */
export const auditedSkus: readonly BastionSku[] = Object.values(BastionSku).filter(
  (sku) => sku !== BastionSku.Developer,
);
