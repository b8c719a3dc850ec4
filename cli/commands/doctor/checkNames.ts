/** Names of the checks, separate from the checks because help and completion must not load them. */
export const checkNames = [
  "providers",
  "defender",
  "permissions",
  "bastion",
  "diagnostics",
  "archive",
  "records",
  "immutability",
  "activity",
  "flow-logs",
  "jit",
  "network",
  "standing-rules",
  "orphaned-rules",
] as const;

export type CheckName = (typeof checkNames)[number];
