import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import * as pulumi from "@pulumi/pulumi";
import { evidenceHook, isGiven, moveProblems } from "../shared/evidenceChanges.ts";
import { type EvidenceSettings, leftBehind, removalLosses, retentionLosses } from "./evidenceLosses.ts";
import type { HookInputs } from "../shared/updateHook.ts";
import { missingArguments, type Problem, refuse } from "../shared/validate.ts";
import { withoutVersionAliases } from "../shared/versionAliases.ts";
import { renamedByCase } from "../jit-virtual-machine/vmName.ts";
import { hook } from "../shared/hook.ts";

/** A VM by its name in Azure. */
export interface NamedVm {
  /** The VM's name in Azure. */
  name: string;
}

/** What {@link EvidenceGroup} is made from. */
export interface EvidenceGroupArgs {
  /** Name of the resource group. */
  resourceGroupName: pulumi.Input<string>;
  /** Region of the group, for example `westeurope`. */
  location: pulumi.Input<string>;
  /**
   * GUID of the subscription. A group that holds evidence does not move to another one.
   * @default not compared
   */
  subscriptionId?: pulumi.Input<string>;
  /** Whether logs or recordings that the deployment creates are in the group. Then it can no longer move. */
  holdsEvidence: boolean;
  /**
   * The settings of the whole deployment that decide what evidence there is. A later change that loses evidence is refused.
   * @default not compared
   */
  evidence?: EvidenceSettings;
  /**
   * The VMs in the group, by their Azure names: one that is renamed only by case is refused, because both names are one to
   * Azure, and Pulumi would create the second before it deletes the first.
   * @default not compared
   */
  vms?: NamedVm[];
  /**
   * Whether a change may lose evidence. Otherwise preview and up refuse it.
   * @default false
   */
  allowEvidenceLoss?: boolean;
  /**
   * Tags of the group.
   * @default none
   */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * A resource group that guards the evidence of a deployment. Register it always: a component that is left out, such as the
 * archive of a deployment that stops collecting logs, can no longer object to its own deletion.
 *
 * - A group that gets another region, name or subscription would be deleted with everything in it. That is refused as soon as
 *   it holds evidence. Whatever takes the group's name from here is not registered when a change is refused.
 * - A change of `evidence` that loses some of it - logs that are no longer collected, a shorter retention, a looser
 *   immutability, a store that is deleted - is refused unless `allowEvidenceLoss` accepts it; then it is a warning.
 * - `pulumi destroy` is not affected.
 *
 * @example
 * const group = new EvidenceGroup("group", { resourceGroupName: "trail", location: "westeurope", holdsEvidence: true });
 *
 * @throws ValidationError that names every missing argument, or every refused change before anything in the group is touched.
 */
export class EvidenceGroup extends pulumi.ComponentResource {
  /** Name of the resource group. */
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: EvidenceGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    const { resourceGroupName, location, subscriptionId, holdsEvidence, evidence, vms, tags } = args;
    super(
      "bastion-trail:index:EvidenceGroup",
      name,
      { resourceGroupName, location, subscriptionId, holdsEvidence, evidence, vms },
      withoutVersionAliases(pulumi.mergeOptions(opts, { hooks: { beforeUpdate: updateHooks(name, args) } })),
    );
    const required = { resourceGroupName: true, location: true, holdsEvidence: true } as const;
    refuse(subjectOf(name), missingArguments(args, required));
    const group = new ResourceGroup(`${name}-group`, { resourceGroupName, location, tags }, { parent: this });
    this.name = group.name;
    this.registerOutputs({ name: this.name });
  }
}

function subjectOf(name: string): string {
  return `EvidenceGroup "${name}"`;
}

function updateHooks(name: string, { allowEvidenceLoss }: EvidenceGroupArgs): pulumi.ResourceHook[] {
  const subject = subjectOf(name);
  return [
    evidenceHook({
      name: `${name}-keeps-evidence`,
      subject,
      forbidden: impossibleGroupChanges,
      // An accepted loss of what is still there is a warning of the archive or the workspace.
      losses: allowEvidenceLoss === true ? lossesOfGroup : allLosses,
      allowEvidenceLoss,
    }),
    hook(
      `${name}-leaves-evidence`,
      async ({ oldInputs = {}, newInputs = {} }) => {
        for (const sentence of leftBehind(evidenceIn(oldInputs), evidenceIn(newInputs))) {
          await pulumi.log.warn(`${subject}: ${sentence}`);
        }
      },
      { onDryRun: true },
    ),
  ];
}

/** Every change of a group that is never possible. */
export function impossibleGroupChanges(before: HookInputs, after: HookInputs): Problem[] {
  const place = ["location", "resourceGroupName", "subscriptionId"];
  return [
    ...(before.holdsEvidence === true ? moveProblems("the resource group of the evidence", place, before, after) : []),
    ...renamedByCase(before.vms, after.vms),
  ];
}

function allLosses(before: HookInputs, after: HookInputs): Problem[] {
  return [...lossesOfGroup(before, after), ...retentionLosses(evidenceIn(before), evidenceIn(after))];
}

/** What only the group can see. */
export function lossesOfGroup(before: HookInputs, after: HookInputs): Problem[] {
  if (isGiven(before.evidence)) return removalLosses(evidenceIn(before), evidenceIn(after));
  // A group that was deployed before it recorded the settings knows only whether it holds anything.
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

function evidenceIn({ evidence }: HookInputs): HookInputs {
  return typeof evidence === "object" && evidence !== null ? (evidence as HookInputs) : {};
}
