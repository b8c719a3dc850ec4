/**
 * The values of keys that options offer. Every call of the CLI loads this, so it imports what is light; the package has it together with
 * what it imports (tools/packaging/writeInit.ts).
 */
import { BastionSku } from "@bastion-trail/components/bastion-host/bastionSku";

export { DefenderPlanMode } from "@bastion-trail/program/config/defenderPlanMode";

/** Without Developer, whose hosts emit no audit logs. */
export const auditedSkus: readonly BastionSku[] = Object.values(BastionSku).filter(
  (sku) => sku !== BastionSku.Developer,
);
