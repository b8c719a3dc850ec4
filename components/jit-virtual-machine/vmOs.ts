/** Operating system of a virtual machine. */
export const VmOs = { Linux: "linux", Windows: "windows" } as const;
export type VmOs = (typeof VmOs)[keyof typeof VmOs];
