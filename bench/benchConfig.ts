/** Values of the stack's config, without the project's prefix. */
export type BenchConfig = Readonly<Record<string, unknown>>;

/** Three kinds in turn, so that every way to log in is there: SSH key, Entra ID, and a generated password on Windows. */
const kinds: readonly Readonly<Record<string, string>>[] = [
  { sshPublicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAlBdXY/GSTsnwu93d5uSZJmHWfXkuOQ/0QVmOTc+rWv bench" },
  { login: "entraId" },
  { os: "windows" },
];

/**
 * The stack that is measured, with so many VMs. It names every value that the flat program reads.
 * The Defender plan is assumed to be on: it is one resource, and no component's work. The flat program has no flow logs.
 */
export function benchConfig(machines: number): BenchConfig {
  return {
    location: "westeurope",
    namePrefix: "bench",
    tags: { purpose: "bench" },
    bastionSku: "Standard",
    nativeClient: true,
    bastionSubnetPrefix: "10.60.0.0/26",
    vmSubnetPrefix: "10.60.16.0/20",
    defenderPlan: "assume",
    flowLogs: "off",
    vms: Array.from({ length: machines }, (_, index) => ({ name: `vm${index}`, ...kinds[index % kinds.length] })),
  };
}

/** The config as a stack's config file has it. */
export function stackConfig(config: BenchConfig): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [`bastion-trail:${key}`, value]));
}

/** The config in the form in which the engine hands it to a program. */
export function engineConfig(config: BenchConfig): Record<string, string> {
  return Object.fromEntries(
    Object.entries(stackConfig(config)).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}
