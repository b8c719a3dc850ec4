/** Whether the stack switches on Defender for Servers Plan 2, or relies on it. */
export const DefenderPlanMode = {
  /** The stack sets the plan of the whole subscription. */
  Manage: "manage",
  /** Somebody else has set it. */
  Assume: "assume",
} as const;
