import type { JsonObject } from "../../arm/json.ts";
import type { DiffRules } from "./diff.ts";
import type { ValueRules } from "./valueRules.ts";
import type { WireShape } from "./wireShape.ts";

/** Facts about a resource type that the SDK's typings lack. */
export interface ResourceTypeRow {
  /** Namespace and name in the SDK, for example `network.BastionHost`. */
  readonly type: string;
  /** Path with the SDK's arguments in braces. `{+x}` is a whole id or scope, whose slashes are kept. */
  readonly path: string;
  readonly shape?: Partial<WireShape>;
  /** Used if the wire form of the arguments differs from that of the outputs. */
  readonly inputShape?: Partial<WireShape>;
  /**
   * Arguments outside the path whose change makes azure-native replace the resource: `x-ms-mutability` without `update`
   * in the REST spec, and pulumi-azure-native's provider/pkg/gen/replacement.go. A member of an object is `sku.name`.
   */
  readonly forceNew?: readonly string[];
  /** Lists with `x-ms-identifiers` in the REST spec, with the members that identify an element. */
  readonly sets?: DiffRules["sets"];
  /**
   * Limits in the REST spec for arguments of the path and top-level members of the body; for nested ones, see
   * valueRules.ts.
   */
  readonly valueRules?: ValueRules;
  /** Whether PUT or DELETE is marked as a long-running operation in the REST spec. Only then is its end awaited. */
  readonly longRunning?: { readonly put?: boolean; readonly delete?: boolean };
  /**
   * The state in which Azure creates the resource together with its parent, as SDK arguments (pulumi-azure-native,
   * provider/pkg/openapi/defaults/defaultResourcesState.go).
   */
  readonly defaultState?: JsonObject;
  /** Whether it always exists: created by Azure, without a DELETE. Deleting it restores the default state. */
  readonly singleton?: boolean;
  /**
   * Values that azure-native restores if the program no longer sets a member, because Azure interprets its absence as
   * "no change" (pulumi-azure-native, provider/pkg/gen/propertyDefaults.go).
   */
  readonly resetTo?: JsonObject;
}
