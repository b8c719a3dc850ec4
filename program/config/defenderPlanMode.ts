/** Whether the stack switches on Defender for Servers Plan 2, or assumes that it is on. */
export const DefenderPlanMode = {
  /** The stack sets the plan of the whole subscription. */
  Manage: "manage",
  /** Somebody else manages the plan. */
  Assume: "assume",
} as const;
