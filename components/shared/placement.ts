import type * as pulumi from "@pulumi/pulumi";

/** Where a component creates its resources, and how it tags them. */
export interface Placement {
  readonly resourceGroupName: pulumi.Input<string>;
  /** Azure region. */
  readonly location: pulumi.Input<string>;
  /** Omitted on types that have no tags. */
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
