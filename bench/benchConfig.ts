/** Config values of the stack, without the project's prefix. */
export type BenchConfig = Readonly<Record<string, unknown>>;

/**
 * Three kinds of VMs, used in turn so that every login method occurs: SSH key, Entra ID, and a generated password on
 * Windows.
 */
const kinds: readonly Readonly<Record<string, string>>[] = [
  { sshPublicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAlBdXY/GSTsnwu93d5uSZJmHWfXkuOQ/0QVmOTc+rWv bench" },
  { login: "entraId" },
  { os: "windows" },
];

/**
 * The measured stack with the given number of VMs. It has every value that the flat program reads. The Defender plan is
 * assumed to be on, because it is a single resource and no component creates it. The flat program has no flow logs.
 */
export function benchConfig(vms: number): BenchConfig {
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
    vms: Array.from({ length: vms }, (_, index) => ({ name: `vm${index}`, ...kinds[index % kinds.length] })),
  };
}

/** The config in the form of a stack's config file. */
export function stackConfig(config: BenchConfig): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [`bastion-trail:${key}`, value]));
}

/** The config in the form in which the engine passes it to a program. */
export function engineConfig(config: BenchConfig): Record<string, string> {
  return Object.fromEntries(
    Object.entries(stackConfig(config)).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}
