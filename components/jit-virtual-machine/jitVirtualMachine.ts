import * as pulumi from "@pulumi/pulumi";
import { bastionSourceProblems } from "../bastion-network/subnetPlan.ts";
import { type LockLevel, lockResource } from "../resource-lock/resourceLock.ts";
import { componentType } from "../shared/componentType.ts";
import { idProblems } from "../shared/armId.ts";
import type { Placement } from "../shared/placement.ts";
import { withUpdateHooks } from "../shared/hook.ts";
import { refuseUpdates } from "../shared/updateHook.ts";
import { checked } from "../shared/validate.ts";
import { withoutVersionAliases } from "../shared/versionAliases.ts";
import { createEntraLogin } from "./entraLogin.ts";
import { createFirstPassword } from "./generatedPassword.ts";
import { createJitPolicy } from "./jitPolicy.ts";
import { defaultJitMaxDuration, defaultJitPorts } from "./jitPorts.ts";
import { sshKeyLine } from "./sshPublicKey.ts";
import { createVaultPassword, vaultChangeProblems } from "./vaultPassword.ts";
import { createNetworkInterface, createVm } from "./vm.ts";
import { createVmFirewall } from "./vmFirewall.ts";
import { defaultImage } from "./vmImage.ts";
import { defaultAdminUsername, defaultLogin, needsPassword, VmLogin } from "./vmLogin.ts";
import { VmOs } from "./vmOs.ts";
import type { CheckedSettings } from "./vmProfiles.ts";
import { virtualMachineProblems, type VirtualMachineSettings } from "./vmRules.ts";
import { defaultVmSize } from "./vmSize.ts";
import { vmSubnetProblems } from "./vmSubnetRules.ts";

/** Arguments of {@link JitVirtualMachine}. */
export interface JitVirtualMachineArgs {
  /** Resource group of all created resources. */
  resourceGroupName: pulumi.Input<string>;
  /** Azure region. The JIT policy is created in the same region, as Defender for Cloud requires. */
  location: pulumi.Input<string>;
  /**
   * Azure name and computer name of the VM: letters, digits and hyphens, at most 26 characters (15 with Windows).
   * Defaults to the component's name.
   */
  virtualMachineName?: pulumi.Input<string>;
  /** ARM id of the subnet of the VM. */
  vmSubnetId: pulumi.Input<string>;
  /** Address range of the Bastion subnet, in IPv4 CIDR form: the only source to which a JIT request can open a port. */
  bastionSubnetPrefix: pulumi.Input<string>;
  /** Operating system: `linux` or `windows`. Defaults to `linux`. */
  os?: VmOs;
  /** Size of the VM. It must support generation 2 VMs and trusted launch. Defaults to `Standard_B2s_v2`. */
  size?: pulumi.Input<string>;
  /**
   * Image of the VM: `ubuntu-22.04`, `ubuntu-24.04`, `windows-2022`, `windows-2025` (all for x64), or
   * `publisher:offer:sku:version` of a generation 2 image. Defaults to `ubuntu-24.04`, or to `windows-2022` with
   * Windows.
   */
  image?: pulumi.Input<string>;
  /** Availability zone: `1`, `2` or `3`. Defaults to none. */
  zone?: pulumi.Input<string>;
  /**
   * How users log in: `sshKey` (Linux only), `entraId` or `password`. Defaults to `sshKey`, or to `password` with
   * Windows.
   */
  login?: VmLogin;
  /** Name of the local administrator. Defaults to `azureuser`. */
  adminUsername?: pulumi.Input<string>;
  /**
   * SSH public key of the local administrator, in one line (RSA or Ed25519). Required with `sshKey`. With `entraId`, it
   * replaces the generated password of the emergency administrator. Not allowed with `password` or with Windows.
   */
  sshPublicKey?: pulumi.Input<string>;
  /**
   * Whether the Bastion host records sessions. Defaults to `false`. If `true`, the login `entraId` is refused with
   * Windows.
   */
  sessionsRecorded?: pulumi.Input<boolean>;
  /** TCP ports that JIT can open. Defaults to `[22]`, or to `[3389]` with Windows. */
  jitPorts?: pulumi.Input<number[]>;
  /**
   * Longest time that one request can ask for: 5 minutes to 24 hours, such as `90m`, `3h` or `PT3H`. Defaults to
   * `PT3H`.
   */
  jitMaxDuration?: pulumi.Input<string>;
  /**
   * ARM id of a key vault for the generated password, in the same subscription and region, enabled for deployment. The
   * stack then holds only the password that the VM starts with; the current password is in the vault, in the secret
   * `GROUP-VM-HASH-password`. It cannot be removed later. By default, the password is a secret of the stack.
   */
  passwordVaultId?: pulumi.Input<string>;
  /** Tags of all created resources that support tags. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Lock on the VM. Its network security group is never locked. Defaults to `none`. */
  lock?: LockLevel;
}

const component = componentType<JitVirtualMachineArgs>("JitVirtualMachine", {
  vmSubnetId: vmSubnetProblems,
  bastionSubnetPrefix: bastionSourceProblems,
  passwordVaultId: (key, id) => idProblems(key, id, "Microsoft.KeyVault/vaults"),
});

/**
 * A VM that cannot be reached without a request: it has no public IP address, its management ports are closed, and a
 * just-in-time policy opens them to Azure Bastion for the duration of a request.
 *
 * - Trusted launch (secure boot, vTPM), system-assigned identity, boot diagnostics, patching by the platform.
 * - Its own network security group. Defender for Cloud writes JIT rules into it, so it has no inline rules, and changes
 *   to its rules are neither reported nor reverted.
 * - JIT requires Defender for Servers Plan 2 on the subscription: pass a `DefenderPlan` in `dependsOn`, unless the plan
 *   is already on.
 *
 * @example
 * new JitVirtualMachine("web", {
 *   resourceGroupName: group.name,
 *   location: "westeurope",
 *   vmSubnetId: network.vmSubnetId,
 *   bastionSubnetPrefix: network.bastionSubnetPrefix,
 *   sshPublicKey: "ssh-ed25519 AAAA...",
 * });
 *
 * @throws ValidationError with every problem of the arguments, before anything is created.
 */
export class JitVirtualMachine extends pulumi.ComponentResource {
  /** ARM id of the VM. */
  readonly vmId: pulumi.Output<string>;
  /** Name of the VM in Azure. */
  readonly vmName: pulumi.Output<string>;
  /** Private IP address of the VM, which Bastion connects to. */
  readonly privateIpAddress: pulumi.Output<string>;
  /** ARM id of the VM's own JIT policy, on which access is requested. */
  readonly jitPolicyId: pulumi.Output<string>;
  /** ARM id of the VM's own network security group, in which Defender for Cloud writes its rules. */
  readonly networkSecurityGroupId: pulumi.Output<string>;
  /** Generated password of the local administrator, a secret. `undefined` if there is none, or if it is in a vault. */
  readonly adminPassword: pulumi.Output<string> | undefined;
  /**
   * Address of the vault's secret that holds the local administrator's password. `undefined` without a vault or a
   * password.
   */
  readonly adminPasswordSecretUri: pulumi.Output<string> | undefined;

  constructor(name: string, args: JitVirtualMachineArgs, opts?: pulumi.ComponentResourceOptions) {
    args = component.given(name, args);
    const subject = component.subject(name);
    const hasPassword = needsPassword({ ...osAndLogin(args), sshPublicKey: args.sshPublicKey });
    super(
      component.token,
      name,
      hasPassword && args.passwordVaultId !== undefined ? { passwordVaultId: args.passwordVaultId } : {},
      withoutVersionAliases(
        hasPassword ? withUpdateHooks(opts, [refuseUpdates(subject, "keeps-vault", vaultChangeProblems)]) : opts,
      ),
    );
    const settings = checkedSettings(subject, name, args);
    const { os, login, adminUsername } = settings;
    const { resourceGroupName, location, tags, vmSubnetId, bastionSubnetPrefix, passwordVaultId } = args;
    const placement: Placement = { resourceGroupName, location, tags };
    const parent = { parent: this };

    const password = hasPassword ? createFirstPassword(name, parent) : undefined;
    const firewall = createVmFirewall(name, { ...placement, bastionSubnetPrefix, settings }, parent);
    const nic = createNetworkInterface(
      name,
      { ...placement, subject, settings, vmSubnetId, group: firewall.group },
      parent,
    );
    const vm = createVm(name, { ...placement, settings, nic, denials: firewall.denials, password }, parent);
    const entraLogin = login === VmLogin.EntraId ? [createEntraLogin(name, { ...placement, vm, os }, parent)] : [];
    const vaulted =
      passwordVaultId !== undefined && hasPassword
        ? createVaultPassword(
            name,
            { ...placement, vaultId: passwordVaultId, vmName: vm.name, os, adminUsername },
            // Azure works on one extension of a VM at a time.
            { ...parent, dependsOn: entraLogin },
          )
        : undefined;
    const policy = createJitPolicy(
      name,
      { subject, resourceGroupName, location, bastionSubnetPrefix, settings, vm },
      parent,
    );
    lockResource(
      `${name}-lock`,
      { scope: vm.id, level: args.lock, notes: "Part of an audited access path." },
      {
        ...parent,
        dependsOn: [...entraLogin, ...(vaulted === undefined ? [] : [vaulted.extension])],
        replaceWith: [vm],
      },
    );

    this.vmId = vm.id;
    this.vmName = vm.name;
    this.privateIpAddress = nic.ipConfigurations.apply((configurations) => configurations?.[0]?.privateIPAddress ?? "");
    this.jitPolicyId = policy.id;
    this.networkSecurityGroupId = firewall.group.id;
    this.adminPassword = vaulted === undefined ? password : undefined;
    this.adminPasswordSecretUri = vaulted?.secretUri;
    this.registerOutputs({
      vmId: this.vmId,
      vmName: this.vmName,
      privateIpAddress: this.privateIpAddress,
      jitPolicyId: this.jitPolicyId,
      networkSecurityGroupId: this.networkSecurityGroupId,
      adminPassword: this.adminPassword,
      adminPasswordSecretUri: this.adminPasswordSecretUri,
    });
  }
}

/** Settings that can be checked only if the operating system and the login are well-formed. */
const decidedByLogin = ["name", "image", "login", "adminUsername", "sshPublicKey"];

function checkedSettings(subject: string, name: string, given: JitVirtualMachineArgs): CheckedSettings {
  const formed = component.formed(given);
  const { args } = formed;
  const { os, login } = osAndLogin(args);
  const settings = {
    name: args.virtualMachineName ?? name,
    os,
    login,
    size: args.size ?? defaultVmSize,
    image: args.image ?? defaultImage[os],
    zone: args.zone,
    adminUsername: args.adminUsername ?? defaultAdminUsername,
    sshPublicKey: keyLine(args.sshPublicKey),
    sessionsRecorded: args.sessionsRecorded,
    jitPorts: args.jitPorts ?? [...defaultJitPorts[os]],
    jitMaxDuration: args.jitMaxDuration ?? defaultJitMaxDuration,
  };
  const isDecided = args.os === given.os && args.login === given.login;
  const problems = (known: Partial<VirtualMachineSettings>) => [
    ...virtualMachineProblems({ ...known, os, login })
      .filter(({ key }) => isDecided || !decidedByLogin.includes(key))
      .map((problem) => (problem.key === "name" ? { ...problem, key: "virtualMachineName" } : problem)),
    ...component.ruled(args),
  ];
  const passed = checked<VirtualMachineSettings>(subject, settings, problems, formed, problems);
  // These two are plain, because they decide which resources are created.
  return { ...passed, os, login };
}

function osAndLogin({ os = VmOs.Linux, login = defaultLogin[os] }: Pick<JitVirtualMachineArgs, "os" | "login">) {
  return { os, login };
}

function keyLine(key: pulumi.Input<string> | undefined): pulumi.Input<string> | undefined {
  return typeof key === "string" ? sshKeyLine(key) : key && pulumi.output(key).apply(sshKeyLine);
}
