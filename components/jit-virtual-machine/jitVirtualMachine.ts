import { VirtualMachine } from "@pulumi/azure-native/compute/virtualMachine.js";
import { VirtualMachineExtension } from "@pulumi/azure-native/compute/virtualMachineExtension.js";
import * as compute from "@pulumi/azure-native/types/enums/compute/index.js";
import { NetworkInterface } from "@pulumi/azure-native/network/networkInterface.js";
import type { NetworkSecurityGroup } from "@pulumi/azure-native/network/networkSecurityGroup.js";
import type { SecurityRule } from "@pulumi/azure-native/network/securityRule.js";
import * as network from "@pulumi/azure-native/types/enums/network/index.js";
import { JitNetworkAccessPolicy } from "@pulumi/azure-native/security/jitNetworkAccessPolicy.js";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { defaultJitMaxDuration, defaultJitPorts, isoDuration } from "./jitPorts.ts";
import { passwordLength, passwordSpecials } from "./passwordForm.ts";
import { keepsLiveRequests } from "./jitPolicyUpdate.ts";
import { createVmFirewall } from "./vmFirewall.ts";
import { type LockLevel, lockResource } from "../resource-lock/resourceLock.ts";
import { refuseUpdates } from "../shared/updateHook.ts";
import { formedArguments } from "../shared/argumentForms.ts";
import { checked, ifPlain } from "../shared/validate.ts";
import { vaultChangeProblems, type VaultPassword, vaultPassword } from "./vaultPassword.ts";
import { withoutVersionAliases } from "../shared/versionAliases.ts";
import { defaultImage } from "./vmImage.ts";
import { defaultAdminUsername, defaultLogin, entraLoginExtension, needsPassword, VmLogin } from "./vmLogin.ts";
import { sshKeyLine } from "./sshPublicKey.ts";
import { jitPolicyName } from "./vmName.ts";
import { VmOs } from "./vmOs.ts";
import { vmSubnetProblems } from "./vmSubnetRules.ts";
import { bastionSourceProblems } from "../bastion-network/subnetPlan.ts";
import { idProblems } from "../shared/armId.ts";
import type { Problem } from "../shared/problem.ts";
import { type CheckedSettings, osProfile, storageProfile } from "./vmProfiles.ts";
import { virtualMachineProblems, type VirtualMachineSettings } from "./vmRules.ts";
import { defaultVmSize } from "./vmSize.ts";

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
    super(
      "bastion-trail:index:JitVirtualMachine",
      name,
      args.passwordVaultId === undefined ? {} : { passwordVaultId: args.passwordVaultId },
      withoutVersionAliases(
        pulumi.mergeOptions(opts, {
          hooks: { beforeUpdate: [refuseUpdates(`${name}-keeps-vault`, subjectOf(name), vaultChangeProblems)] },
        }),
      ),
    );
    const build: Build = { name, args, settings: checkedSettings(name, args), parent: this };
    const password = createPassword(build);
    const firewall = createVmFirewall(name, {
      ...placement(build),
      bastionSubnetPrefix: args.bastionSubnetPrefix,
      vmName: build.settings.name,
      jitPorts: build.settings.jitPorts,
      parent: this,
    });
    const nic = createNetworkInterface(build, firewall.group);
    const vm = createVm(build, nic, firewall.denials, password);
    const entraLogin = createEntraLogin(build, vm);
    const vaulted = passwordInVault(build, vm, entraLogin);
    const policy = createJitPolicy(build, vm);
    lockResource(
      `${name}-lock`,
      { scope: vm.id, level: args.lock, notes: "Part of an audited access path." },
      {
        parent: this,
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

/** Input of every step of the construction. */
interface Build {
  readonly name: string;
  readonly args: JitVirtualMachineArgs;
  /** The arguments with their defaults, checked. */
  readonly settings: CheckedSettings;
  readonly parent: JitVirtualMachine;
}

function subjectOf(name: string): string {
  return `JitVirtualMachine "${name}"`;
}

/** What cannot be judged where the operating system or the login is malformed. */
const decidedByLogin = ["name", "image", "login", "adminUsername", "sshPublicKey"];

function checkedSettings(name: string, given: JitVirtualMachineArgs): CheckedSettings {
  const formed = formedArguments("JitVirtualMachine", given);
  const { args } = formed;
  const os = args.os ?? VmOs.Linux;
  const login = args.login ?? defaultLogin[os];
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
  const passed = checked<VirtualMachineSettings>(
    subjectOf(name),
    settings,
    (values) => [
      ...virtualMachineProblems(values)
        .filter(({ key }) => isDecided || !decidedByLogin.includes(key))
        .map((problem) => (problem.key === "name" ? { ...problem, key: "virtualMachineName" } : problem)),
      ...referenceProblems(args),
    ],
    formed,
  );
  // These two are plain, because they decide which resources are created.
  return { ...passed, os, login };
}

function keyLine(key: pulumi.Input<string> | undefined): pulumi.Input<string> | undefined {
  return typeof key === "string" ? sshKeyLine(key) : key && pulumi.output(key).apply(sshKeyLine);
}

/** Returns the problems of the VM's subnet, of the range that reaches it, and of its vault, if these are already known. */
function referenceProblems({
  vmSubnetId,
  bastionSubnetPrefix,
  passwordVaultId,
}: Partial<JitVirtualMachineArgs>): Problem[] {
  const prefix = ifPlain(bastionSubnetPrefix);
  return [
    ...vmSubnetProblems("vmSubnetId", ifPlain(vmSubnetId)),
    ...(prefix === undefined ? [] : bastionSourceProblems("bastionSubnetPrefix", prefix)),
    ...idProblems("passwordVaultId", ifPlain(passwordVaultId), "Microsoft.KeyVault/vaults"),
  ];
}

/** Returns the arguments of every child that has a region and tags. */
function placement({ args }: Build) {
  return { resourceGroupName: args.resourceGroupName, location: args.location, ...(args.tags && { tags: args.tags }) };
}

function createPassword({ name, settings, args, parent }: Build): pulumi.Output<string> | undefined {
  if (!needsPassword({ os: settings.os, login: settings.login, sshPublicKey: args.sshPublicKey })) return undefined;
  const password = new RandomPassword(
    `${name}-password`,
    {
      length: passwordLength,
      minLower: 1,
      minUpper: 1,
      minNumeric: 1,
      minSpecial: 1,
      overrideSpecial: passwordSpecials,
    },
    { parent },
  );
  return pulumi.secret(password.result);
}

function createNetworkInterface(build: Build, group: NetworkSecurityGroup): NetworkInterface {
  const { name, args, settings, parent } = build;
  return new NetworkInterface(
    `${name}-nic`,
    {
      ...placement(build),
      networkInterfaceName: pulumi.interpolate`${settings.name}-nic`,
      networkSecurityGroup: { id: group.id },
      ipConfigurations: [
        {
          name: "internal",
          primary: true,
          privateIPAllocationMethod: network.IPAllocationMethod.Dynamic,
          subnet: { id: args.vmSubnetId },
        },
      ],
    },
    { parent },
  );
}

/**
 * Properties that Azure never changes on a VM (409 `PropertyChangeNotAllowed`). A preview shows a replacement instead.
 */
const unchangeable = [
  "osProfile.computerName",
  "osProfile.adminUsername",
  "osProfile.adminPassword",
  "osProfile.linuxConfiguration.disablePasswordAuthentication",
  "osProfile.linuxConfiguration.ssh",
  "storageProfile.imageReference",
  "storageProfile.osDisk.name",
  "zones",
] as const;

function createVm(
  build: Build,
  nic: NetworkInterface,
  denials: readonly SecurityRule[],
  password: pulumi.Output<string> | undefined,
): VirtualMachine {
  const { name, settings, parent } = build;
  return new VirtualMachine(
    name,
    {
      ...placement(build),
      vmName: settings.name,
      zones: pulumi.output(settings.zone).apply((zone) => (zone === undefined ? [] : [zone])),
      identity: { type: compute.ResourceIdentityType.SystemAssigned },
      hardwareProfile: { vmSize: settings.size },
      securityProfile: {
        securityType: compute.SecurityTypes.TrustedLaunch,
        uefiSettings: { secureBootEnabled: true, vTpmEnabled: true },
      },
      // Without a storage URI, Azure stores the boot diagnostics in a managed account.
      diagnosticsProfile: { bootDiagnostics: { enabled: true } },
      storageProfile: storageProfile(settings),
      networkProfile: {
        networkInterfaces: [
          // The interface is a resource of its own: if deleting the VM also deleted it, a replacement would fail.
          { id: nic.id, primary: true, deleteOption: compute.DeleteOptions.Detach },
        ],
      },
      osProfile: osProfile(settings, password),
    },
    // The ports must be closed before Bastion can reach the VM. Two VMs cannot have the same name.
    { parent, dependsOn: [...denials], deleteBeforeReplace: true, replaceOnChanges: [...unchangeable] },
  );
}

function createEntraLogin(build: Build, vm: VirtualMachine): VirtualMachineExtension[] {
  const { name, settings, parent } = build;
  if (settings.login !== VmLogin.EntraId) return [];
  const { type, version } = entraLoginExtension[settings.os];
  const extension = new VirtualMachineExtension(
    `${name}-entra-login`,
    {
      ...placement(build),
      vmName: vm.name,
      vmExtensionName: type,
      publisher: "Microsoft.Azure.ActiveDirectory",
      type,
      typeHandlerVersion: version,
      autoUpgradeMinorVersion: true,
    },
    { parent, deleteBeforeReplace: true },
  );
  return [extension];
}

/** Keeps the current password in a vault, if there is one. */
function passwordInVault(
  build: Build,
  vm: VirtualMachine,
  earlier: VirtualMachineExtension[],
): VaultPassword | undefined {
  const { name, args, settings, parent } = build;
  const { os, login, adminUsername } = settings;
  const { passwordVaultId: vaultId, sshPublicKey } = args;
  if (vaultId === undefined || !needsPassword({ os, login, sshPublicKey })) return undefined;
  const access = { ...placement(build), vaultId, vmName: vm.name, os, adminUsername };
  return vaultPassword(name, access, { parent, dependsOn: earlier });
}

function createJitPolicy(build: Build, vm: VirtualMachine): JitNetworkAccessPolicy {
  const { name, args, settings, parent } = build;
  const ports = pulumi
    .all([settings.jitPorts, settings.jitMaxDuration, args.bastionSubnetPrefix])
    .apply(([numbers, duration, source]) =>
      numbers.map((number) => ({
        number,
        protocol: "TCP",
        allowedSourceAddressPrefix: source,
        maxRequestAccessDuration: isoDuration(duration),
      })),
    );
  return new JitNetworkAccessPolicy(
    `${name}-jit`,
    {
      resourceGroupName: args.resourceGroupName,
      ascLocation: args.location,
      jitNetworkAccessPolicyName: pulumi.output(settings.name).apply(jitPolicyName),
      kind: "Basic",
      virtualMachines: [{ id: vm.id, ports }],
    },
    {
      parent,
      // Azure keeps the current requests in the policy; they are not part of the deployment.
      ignoreChanges: ["requests"],
      hooks: { beforeUpdate: [keepsLiveRequests(`${name}-jit-update`, subjectOf(name))] },
      deleteBeforeReplace: true,
      // The policy is replaced with its VM: Defender writes rules for the VM that the policy was created for.
      replaceWith: [vm],
    },
  );
}
