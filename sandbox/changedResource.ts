import type { StepEventMetadata } from "@pulumi/pulumi/automation/index.js";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc.js";
import type { Json } from "./arm/json.ts";
import { changeOf, type Changes } from "./changes.ts";

/** A resource that a run of the engine changes or would change. */
export interface ChangedResource {
  readonly change: Exclude<keyof Changes, "same">;
  /** For example `azure-native:network:BastionHost`. */
  readonly type: string;
  /** Name in the program. */
  readonly name: string;
  /** The reasons for an update or a replacement. */
  readonly differences: readonly ValueDifference[];
}

export interface ValueDifference {
  /** Path of an input, such as `tags.env` or `ipConfigurations[0].name`. */
  readonly property: string;
  /** Missing if not set; `[secret]` and `[not known yet]` replace hidden values. */
  readonly old?: Json;
  readonly new?: Json;
}

/**
 * Returns the resource of a step of the engine; `undefined` if the step changes nothing or is part of a replacement.
 */
export function changedResource(step: StepEventMetadata): ChangedResource | undefined {
  const change = changeOf(step.op);
  if (change === undefined || change === "same") return undefined;
  const [, , , name = ""] = step.urn.split("::");
  // The engine creates these itself and does not count them.
  if (step.type.startsWith("pulumi:providers:") && name.startsWith("default")) return undefined;
  const paths = Object.keys(step.detailedDiff ?? {});
  const differences = (paths.length > 0 ? paths : (step.diffs ?? [])).map((property) => ({
    property,
    ...valueOf("old", property, step.old?.inputs),
    ...valueOf("new", property, step.new?.inputs),
  }));
  return { change, type: step.type, name, differences: change === "create" || change === "delete" ? [] : differences };
}

function valueOf<Side extends "old" | "new">(side: Side, path: string, inputs: unknown): Partial<Record<Side, Json>> {
  const value = segmentsOf(path).reduce<unknown>(
    (at, segment) => (typeof at === "object" && at !== null ? Reflect.get(at, segment) : undefined),
    inputs,
  );
  if (value === undefined) return {};
  return { [side]: value === unknownValue ? "[not known yet]" : value } as Partial<Record<Side, Json>>;
}

/** Splits `tags["a.b"][0].c` into the segments `tags`, `a.b`, `0` and `c`. */
function segmentsOf(path: string): string[] {
  const segments = path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g);
  return [...segments].map(([, quoted, plain = ""]) => quoted?.replaceAll(/\\(.)/g, "$1") ?? plain);
}
