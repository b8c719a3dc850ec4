/**
 * What is wrong with settings that are well formed one by one. The rules are the components' own, so that config and
 * components never disagree; here they are all asked at once, and speak of config keys.
 */
import { idProblems } from "../components/armId.ts";
import { archiveProblems } from "../components/archiveRules.ts";
import { type BastionFeatures, BastionSku, bastionSkuProblems, skusFrom } from "../components/bastionSku.ts";
import { adoptedHostProblems } from "../components/hostRequest.ts";
import { adoptionProblems, networkRequestProblems } from "../components/networkRequest.ts";
import type { Problem } from "../components/validate.ts";
import { virtualMachineProblems } from "../components/vmRules.ts";
import { isNamePrefix, namePrefixForm } from "./keys.ts";
import { type BastionSettings, isBastionPort, type TrailConfig } from "./settings.ts";

/** Config keys by the name of the component's argument, where the two differ. */
const configKeys: ReadonlyMap<string, string> = new Map([
  ["sku", "bastionSku"],
  ["scaleUnits", "bastionScaleUnits"],
  ["zones", "bastionZones"],
  ["enableTunneling", "nativeClient"],
  ["enableIpConnect", "ipConnect"],
  ["enableShareableLink", "shareableLink"],
  ["enableFileCopy", "fileCopy"],
  ["enableKerberos", "kerberos"],
  ["enablePrivateOnlyBastion", "privateOnly"],
  ["enableSessionRecording", "sessionRecording"],
  ["replication", "archiveReplication"],
  ["allowSharedKeyAccess", "archiveSharedKey"],
]);

/** Every problem of the settings, by config key without namespace. */
export function settingProblems(config: TrailConfig): Problem[] {
  return [
    ...namePrefixProblems(config),
    ...networkProblems(config),
    ...bastionProblems(config.bastion).map(inConfigKeys),
    ...archiveSettingProblems(config).map(inConfigKeys),
    ...workspaceProblems(config),
    ...machineProblems(config),
  ];
}

/** The problem with config keys in the place of argument names, in its reason as well. */
function inConfigKeys(problem: Problem): Problem {
  const renamed = (text: string): string => text.replace(/\b[a-z]+[A-Z]\w*\b/g, (word) => configKeys.get(word) ?? word);
  return { ...problem, key: configKeys.get(problem.key) ?? problem.key, reason: renamed(problem.reason) };
}

/** All names begin with the prefix, and are right if it is. Only one made of the project's and the stack's name can be wrong here. */
function namePrefixProblems({ namePrefix }: TrailConfig): Problem[] {
  return isNamePrefix(namePrefix)
    ? []
    : [
        {
          key: "namePrefix",
          value: undefined,
          reason: `"${namePrefix}", the default made from the project and stack names, is not usable; set it to ${namePrefixForm}`,
        },
      ];
}

function networkProblems({ network, bastion }: TrailConfig): Problem[] {
  const unusedSubnet =
    bastion.existingBastionHostId === undefined &&
    bastion.sku === BastionSku.Developer &&
    network.bastionSubnetPrefix !== undefined;
  return [
    ...networkRequestProblems({ ...network, virtualNetworkName: "vnet", vmSubnetName: "vms" }),
    ...adoptionProblems(network),
    ...(unusedSubnet
      ? [
          {
            key: "bastionSubnetPrefix",
            value: network.bastionSubnetPrefix,
            reason: "the Developer SKU has no subnet of its own; remove it",
          },
        ]
      : []),
    ...(bastion.existingBastionHostId !== undefined && network.existingBastionSubnetId === undefined
      ? [
          {
            key: "existingBastionSubnetId",
            value: undefined,
            reason: "required with existingBastionHostId, because JIT opens ports only to the subnet of the host",
          },
        ]
      : []),
  ];
}

function bastionProblems(bastion: BastionSettings): Problem[] {
  const { existingBastionHostId: id } = bastion;
  if (id !== undefined) {
    return [
      ...idProblems("existingBastionHostId", id, "Microsoft.Network/bastionHosts"),
      ...adoptedHostProblems(bastion),
    ];
  }
  return hasSku(bastion) ? bastionSkuProblems(bastion) : [];
}

/** Every host of our own has a SKU; only an adopted one may have none here. */
function hasSku(bastion: BastionSettings): bastion is BastionSettings & BastionFeatures {
  return bastion.sku !== undefined;
}

function archiveSettingProblems({ archive, location }: TrailConfig): Problem[] {
  return archiveProblems({ ...archive, accountNamePrefix: undefined, bastionLocation: location }).map((problem) =>
    problem.key === "retentionDays" ? { ...problem, key: "archiveRetentionDays" } : problem,
  );
}

function workspaceProblems({ workspace }: TrailConfig): Problem[] {
  const { existingWorkspaceId, retentionDays } = workspace;
  if (existingWorkspaceId === undefined) return [];
  return [
    ...idProblems("existingWorkspaceId", existingWorkspaceId, "Microsoft.OperationalInsights/workspaces"),
    ...(retentionDays === undefined
      ? []
      : [
          {
            key: "workspaceRetentionDays",
            value: retentionDays,
            reason: "not allowed with existingWorkspaceId: an adopted workspace keeps its own retention",
          },
        ]),
  ];
}

function machineProblems({ vms, bastion }: TrailConfig): Problem[] {
  const firstOfName = new Map<string, number>();
  return vms.flatMap((vm, index) => {
    const at = (problem: Problem): Problem => ({ ...problem, key: `vms[${index}].${problem.key}` });
    const problems = [...virtualMachineProblems(vm), ...unreachablePorts(vm.jitPorts, bastion.sku)].map(at);
    // Azure compares names without regard to case.
    const first = firstOfName.get(vm.name.toLowerCase());
    if (first === undefined) {
      firstOfName.set(vm.name.toLowerCase(), index);
      return problems;
    }
    return [...problems, at({ key: "name", value: vm.name, reason: `vms[${first}] already has this name` })];
  });
}

/** Custom ports need Standard or Premium (bastion-sku-comparison.md); opening another one for Bastion is of no use to anybody. */
function unreachablePorts(ports: readonly number[], sku: BastionSku | undefined): Problem[] {
  if (sku !== BastionSku.Developer && sku !== BastionSku.Basic) return [];
  return ports.flatMap((port, index) =>
    isBastionPort(port)
      ? []
      : [
          {
            key: `jitPorts[${index}]`,
            value: port,
            reason: `the SKU ${sku} connects only to ports 22 and 3389; other ports require ${skusFrom(BastionSku.Standard)}`,
          },
        ],
  );
}
