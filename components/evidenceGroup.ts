import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import * as pulumi from "@pulumi/pulumi";
import { keepsEvidence, moveProblems } from "./evidenceChanges.ts";
import type { HookInputs } from "./updateHook.ts";
import type { Problem } from "./validate.ts";
import { withoutVersionAliases } from "./versionAliases.ts";

/** What {@link EvidenceGroup} is made from. */
export interface EvidenceGroupArgs {
  /** Name of the resource group. */
  resourceGroupName: pulumi.Input<string>;
  /** Region of the group, for example `westeurope`. */
  location: pulumi.Input<string>;
  /** Whether an archive or recordings that the deployment creates lie in the group. Then it does not move any more. */
  holdsEvidence: boolean;
  /**
   * Tags of the group.
   * @default none
   */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
}

/**
 * A resource group, which refuses to move once it holds evidence.
 *
 * A group that gets another region or name is deleted with all that is in it, the archive too. Whatever takes its group's
 * name from here is not even looked at when a move is refused.
 *
 * @example
 * const group = new EvidenceGroup("group", { resourceGroupName: "trail", location: "westeurope", holdsEvidence: true });
 *
 * @throws ValidationError when a group that holds evidence would move.
 */
export class EvidenceGroup extends pulumi.ComponentResource {
  /** Name of the resource group. */
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: EvidenceGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    const { resourceGroupName, location, holdsEvidence, tags } = args;
    super(
      "bastion-trail:index:EvidenceGroup",
      name,
      { resourceGroupName, location, holdsEvidence },
      withoutVersionAliases(keepsEvidence(`EvidenceGroup "${name}"`, name, groupMoveProblems, opts)),
    );
    const group = new ResourceGroup(`${name}-group`, { resourceGroupName, location, tags }, { parent: this });
    this.name = group.name;
    this.registerOutputs({ name: this.name });
  }
}

/** Every reason for which a change of a group would destroy evidence. */
export function groupMoveProblems(before: HookInputs, after: HookInputs): Problem[] {
  if (before.holdsEvidence !== true) return [];
  return moveProblems("the archive's resource group", ["location", "resourceGroupName"], before, after);
}
