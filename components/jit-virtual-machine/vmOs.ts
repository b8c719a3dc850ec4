/** Operating system of a VM. */
export const VmOs = { Linux: "linux", Windows: "windows" } as const;
export type VmOs = (typeof VmOs)[keyof typeof VmOs];
