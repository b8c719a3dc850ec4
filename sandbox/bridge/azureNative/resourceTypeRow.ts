import type { JsonObject } from "../../arm/model.ts";
import type { DiffRules } from "./diff.ts";
import type { ValueRules } from "./valueRules.ts";
import type { WireShape } from "./wireShape.ts";

/** What the SDK's typings do not say about a resource type. */
export interface ResourceTypeRow {
  /** Namespace and name in the SDK, e.g. `network.BastionHost`. */
  readonly type: string;
  /** API version of @pulumi/azure-native 3.28. */
  readonly apiVersion: string;
  /** Path with the SDK's arguments in braces. `{+x}` is a whole id or scope, the slashes of which stay. */
  readonly path: string;
  readonly shape?: Partial<WireShape>;
  /** Where the wire form of the arguments differs from that of the outputs. */
  readonly inputShape?: Partial<WireShape>;
  /**
   * Arguments beyond the path that azure-native replaces the resource for: `x-ms-mutability` without `update` in the REST
   * spec, and pulumi-azure-native's provider/pkg/gen/replacement.go. A member of an object is `sku.name`.
   */
  readonly forceNew?: readonly string[];
  /** Lists that the REST spec gives `x-ms-identifiers`, with the members that identify an element. */
  readonly sets?: DiffRules["sets"];
  /** Limits of the REST spec on arguments of the path and on top-level members of the body; nested ones: valueRules.ts. */
  readonly valueRules?: ValueRules;
  /** PUT or DELETE is marked as a long-running operation in the REST spec. Only then is its end waited for. */
  readonly longRunning?: { readonly put?: boolean; readonly delete?: boolean };
  /**
   * The state in which Azure itself makes the resource together with its parent, as SDK arguments
   * (pulumi-azure-native, provider/pkg/openapi/defaults/defaultResourcesState.go).
   */
  readonly defaultState?: JsonObject;
  /** Always there: made by Azure, without a DELETE. Deleting it puts the default state back. */
  readonly singleton?: boolean;
  /**
   * Values that azure-native puts back when the program no longer sets a member, because Azure takes its absence as "no
   * change" (pulumi-azure-native, provider/pkg/gen/propertyDefaults.go).
   */
  readonly resetTo?: JsonObject;
}
