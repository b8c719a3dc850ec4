/** Drift that a refresh detects: changed and deleted resources. */
import { isDeepStrictEqual } from "node:util";
import { differences } from "./differences.ts";
import type { RefreshedResource, Value } from "./refreshPreview.ts";

export interface Drift {
  /** `added`: exists in Azure, but not in the stack. */
  readonly change: "changed" | "deleted" | "added";
  /** `azure-native:network:SecurityRule` */
  readonly type: string;
  /** ARM id. */
  readonly resource: string;
  /** `null` if the whole resource was added or deleted. */
  readonly property: string | null;
  /** Value of the last deployment; `null` if there was none. */
  readonly old: Value;
  /** Current value in Azure; `null` if there is none. */
  readonly new: Value;
  /** Further explanation, as a sentence; `null` if there is none. */
  readonly note: string | null;
}

export interface ResourceDrift {
  readonly drift: readonly Drift[];
  /** Changes of properties that the program ignores, which azure-native still reports in a refresh. */
  readonly ignored: readonly Drift[];
}

export function resourceDrift(resources: readonly RefreshedResource[]): ResourceDrift {
  const found = resources.flatMap((resource) =>
    resource.change === "deleted"
      ? [{ isIgnored: false, row: deleted(resource) }]
      : resource.changedInputs
          .flatMap((input) => changes(resource, input))
          .map((row) => ({
            isIgnored: resource.ignored.some((path) => covers(path, row.property)),
            row,
          })),
  );
  const rows = (wanted: boolean): Drift[] =>
    found.filter(({ isIgnored }) => isIgnored === wanted).map(({ row }) => row);
  return { drift: rows(false), ignored: rows(true) };
}

/** Whether a path of `ignoreChanges` covers a property: it equals the property or contains it; `[*]` is any element. */
function covers(path: string, property: string): boolean {
  const pattern = path
    .split("[*]")
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(String.raw`\[[^\]]*\]`);
  return new RegExp(`^${pattern}(?:$|[.[])`).test(property);
}

function deleted({ type, id }: RefreshedResource): Drift {
  return { change: "deleted", type, resource: id, property: null, old: null, new: null, note: null };
}

/** Rows for an input that the provider found changed. */
function changes(resource: RefreshedResource, input: string): (Drift & { readonly property: string })[] {
  const { type, id, deployed, now } = resource;
  const row = (property: string, old: Value | undefined, is: Value | undefined, note: string | null) =>
    ({ change: "changed", type, resource: id, property, old: old ?? null, new: is ?? null, note }) as const;
  if (isDeepStrictEqual(deployed[input], now[input])) {
    return [
      row(input, deployed[input], now[input], "The difference is in a secret value, which Pulumi does not show."),
    ];
  }
  return differences(deployed[input], now[input], input).map((one) => row(one.property, one.deployed, one.now, null));
}
