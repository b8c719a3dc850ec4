import { regionName } from "@bastion-trail/core/rules/region";
import { getResourceGroup } from "@pulumi/azure-native/resources/getResourceGroup.js";
import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import * as pulumi from "@pulumi/pulumi";
import { evidenceHook, moveProblems } from "../shared/evidenceChanges.ts";
import { type EvidenceSettings, leftBehind, removalLosses, retentionLosses } from "./evidenceLosses.ts";
import { type HookInputs, isGiven, membersOf } from "../shared/hookInputs.ts";
import { componentType } from "../shared/componentType.ts";
import { type Problem, refuse } from "../shared/validate.ts";
import { withoutVersionAliases } from "../shared/versionAliases.ts";
import { renamedByCase } from "../jit-virtual-machine/vmName.ts";
import { hook, withUpdateHooks } from "../shared/hook.ts";
import { present, textsIn } from "../shared/liveResource.ts";
import { isMissing } from "../shared/lookup.ts";
import { LockLevel } from "../resource-lock/resourceLock.ts";
import type { VmLogin } from "../jit-virtual-machine/vmLogin.ts";
import { lockedPartProblems } from "./lockedParts.ts";

/** A VM, identified by its name in Azure. */
export interface NamedVm {
  /** Name of the VM in Azure. */
  name: string;
  /** How users log in. If omitted, it is not compared. */
  login?: VmLogin;
}

/** Arguments of {@link EvidenceGroup}. */
export interface EvidenceGroupArgs {
  /** Name of the resource group. */
  resourceGroupName: pulumi.Input<string>;
  /** Region of the group, for example `westeurope`. */
  location: pulumi.Input<string>;
  /**
   * GUID of the subscription. A group that holds evidence cannot move to another subscription. If omitted, the
   * subscription is not compared.
   */
  subscriptionId?: pulumi.Input<string>;
  /**
   * Whether the group contains logs or recordings that the deployment creates. If `true`, the group can no longer move.
   */
  holdsEvidence: boolean;
  /**
   * The settings of the deployment that decide which evidence exists. A later change that loses evidence is refused. If
   * omitted, the settings are not compared.
   */
  evidence?: EvidenceSettings;
  /**
   * The VMs in the group, by their Azure names. Renaming a VM only by case is refused: both names are the same to
   * Azure, and Pulumi would create the new VM before it deletes the old one. If omitted, the names are not compared.
   */
  vms?: NamedVm[];
  /**
   * Lock on the resources in the group. With a lock, a change that would delete a part of a resource is refused, because
   * the lock does not let Azure delete it. Defaults to `none`.
   */
  lock?: LockLevel;
  /** Whether a change may lose evidence. Defaults to `false`: `pulumi preview` and `pulumi up` refuse such a change. */
  allowEvidenceLoss?: boolean;
  /** Tags of the group. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

const component = componentType<EvidenceGroupArgs>("EvidenceGroup");

/**
 * A resource group that protects the evidence of a deployment. Always register it: a component that is removed from the
 * program, such as the archive of a deployment that stops collecting logs, can no longer refuse its own deletion.
 *
 * - A new region, name or subscription would delete the group with everything in it. Such a change is refused once the
 *   group holds evidence. A resource that takes the group's name from this component is not registered if a change is
 *   refused.
 * - A change of `evidence` that loses evidence - logs that are no longer collected, a shorter retention, weaker
 *   immutability, a deleted store - is refused. With `allowEvidenceLoss`, it is only a warning.
 * - `pulumi destroy` is not affected.
 *
 * @example
 * const group = new EvidenceGroup("group", { resourceGroupName: "trail", location: "westeurope", holdsEvidence: true });
 *
 * @throws ValidationError that names every refused argument, or every refused change, before anything in the group is
 * touched.
 */
export class EvidenceGroup extends pulumi.ComponentResource {
  /** Name of the resource group. */
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: EvidenceGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    args = component.given(name, args);
    const { resourceGroupName, location, subscriptionId, holdsEvidence, evidence, vms, tags } = args;
    // The hooks read Azure with the provider of the component, which does not exist yet.
    const own: pulumi.InvokeOptions = {};
    const run: Run = { replacesGroup: false };
    const beforeUpdate = [...updateHooks(name, args, own), notesMove(component.subject(name), run)];
    super(
      component.token,
      name,
      { resourceGroupName, location, subscriptionId, holdsEvidence, evidence, vms },
      withoutVersionAliases(withUpdateHooks(opts, beforeUpdate)),
    );
    own.parent = this;
    refuse(component.subject(name), component.formed(args).problems);
    const group = new ResourceGroup(
      `${name}-group`,
      { resourceGroupName, location, tags },
      { parent: this, hooks: { beforeCreate: [refusesPresentGroup(component.subject(name), run, own)] } },
    );
    this.name = group.name;
    this.registerOutputs({ name: this.name });
  }
}

/** What the hooks of one run tell each other. */
interface Run {
  /** Whether the group moves, so that Pulumi creates it although Azure has it. */
  replacesGroup: boolean;
}

/** Returns a hook that notes a move of the group. The component is updated before its group is created. */
function notesMove(subject: string, run: Run): pulumi.ResourceHook {
  return hook(
    subject,
    "notes-move",
    ({ oldInputs, newInputs }) => {
      const [before, after] = [oldInputs, newInputs].map((inputs) => textsIn(inputs ?? {}, "location")?.location);
      run.replacesGroup = regionName(before ?? "") !== regionName(after ?? "");
    },
    { onDryRun: true },
  );
}

/**
 * Returns a hook that refuses to create a group that exists, also in a preview; Pulumi itself refuses only during the
 * deployment.
 */
function refusesPresentGroup(subject: string, run: Run, opts: pulumi.InvokeOptions): pulumi.ResourceHook {
  return hook(
    subject,
    "group-is-new",
    async ({ newInputs = {} }) => {
      const place = textsIn(newInputs, "resourceGroupName");
      if (place === undefined || run.replacesGroup) return;
      const { resourceGroupName } = place;
      const live = await present(getResourceGroup({ resourceGroupName }, opts));
      if (live === undefined) return;
      refuse(subject, [
        {
          key: "resourceGroupName",
          value: resourceGroupName,
          reason:
            "Azure already has this resource group, and a deployment creates its own; choose another name, or import " +
            "the group if an earlier deployment of this stack created it",
        },
      ]);
    },
    { onDryRun: true },
  );
}

/**
 * Whether the group does not exist in Azure, such as after a first deployment that failed because of a misspelled
 * region. Only the provider's own subscription can be asked.
 */
async function isGroupMissing(before: HookInputs, after: HookInputs, opts: pulumi.InvokeOptions): Promise<boolean> {
  const { resourceGroupName, subscriptionId } = before;
  if (typeof resourceGroupName !== "string" || !isGiven(subscriptionId) || subscriptionId !== after.subscriptionId) {
    return false;
  }
  return isMissing(() => getResourceGroup({ resourceGroupName }, opts));
}

function updateHooks(
  name: string,
  { lock, allowEvidenceLoss }: EvidenceGroupArgs,
  opts: pulumi.InvokeOptions,
): pulumi.ResourceHook[] {
  const subject = component.subject(name);
  return [
    evidenceHook({
      subject,
      keeps: "evidence",
      forbidden: (before, after) => [
        ...impossibleGroupChanges(before, after),
        ...(lock === LockLevel.CanNotDelete ? lockedPartProblems(before, after) : []),
      ],
      // If the loss is accepted, the archive or the workspace itself warns about what it loses.
      losses: allowEvidenceLoss === true ? lossesOfGroup : allLosses,
      isEmpty: (before, after) => isGroupMissing(before, after, opts),
      allowEvidenceLoss,
    }),
    hook(
      subject,
      "leaves-evidence",
      async ({ oldInputs = {}, newInputs = {} }) => {
        for (const sentence of leftBehind(membersOf(oldInputs.evidence), membersOf(newInputs.evidence))) {
          await pulumi.log.warn(`${subject}: ${sentence}`);
        }
      },
      { onDryRun: true },
    ),
  ];
}

/** Returns every change of a group that is never possible. */
export function impossibleGroupChanges(before: HookInputs, after: HookInputs): Problem[] {
  const place = ["location", "resourceGroupName", "subscriptionId"];
  return [
    ...(before.holdsEvidence === true ? moveProblems("the resource group of the evidence", place, before, after) : []),
    ...renamedByCase(before.vms, after.vms),
  ];
}

function allLosses(before: HookInputs, after: HookInputs): Problem[] {
  return [...lossesOfGroup(before, after), ...retentionLosses(membersOf(before.evidence), membersOf(after.evidence))];
}

/** Returns the losses that only the group can detect. */
export function lossesOfGroup(before: HookInputs, after: HookInputs): Problem[] {
  if (isGiven(before.evidence)) return removalLosses(membersOf(before.evidence), membersOf(after.evidence));
  // An earlier version of the group did not record the settings, only whether it holds evidence.
  return before.holdsEvidence === true && after.holdsEvidence === false
    ? [
        {
          key: "holdsEvidence",
          value: false,
          reason: "it was true: Azure would delete the logs and recordings in the group",
        },
      ]
    : [];
}
