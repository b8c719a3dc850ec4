/** Form of the settings in a stack's outputs, and in a profile, which is made from outputs. */
import * as v from "valibot";
import { UserError } from "../errors.ts";
import type { SettingValues } from "./settingValues.ts";

const folder = v.object({ blobEndpoint: v.pipe(v.string(), v.url()), container: v.string(), blobPrefix: v.string() });

/** The outputs that the CLI uses. Each is missing if the stack's config does not have it. Other outputs are ignored. */
export const outputsSchema = v.object({
  subscriptionId: v.optional(v.string()),
  tenantId: v.optional(v.string()),
  bastionHostId: v.optional(v.string()),
  archive: v.optional(folder),
  activityLogArchive: v.optional(folder),
  flowLogArchive: v.optional(folder),
  workspaceId: v.optional(v.string()),
  workspaceCustomerId: v.optional(v.string()),
  vms: v.optional(
    v.array(
      v.object({
        name: v.string(),
        id: v.string(),
        privateIp: v.string(),
        jitPolicyId: v.string(),
        nsgId: v.optional(v.string()),
      }),
    ),
  ),
});

/**
 * What Pulumi stores as an output that depends on a resource that was not created: it failed, or `--target` or `--exclude` left it
 * out (`unknownValue` in @pulumi/pulumi/runtime/rpc.js).
 */
const unknownOutput = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * Returns the settings in outputs. One that Pulumi does not know yet is missing, and so is such an item of a list.
 * @param place where the document is, for messages: `stack 'dev'`.
 * @throws `UserError` naming every malformed value.
 */
export function valuesFrom(document: unknown, place: string): Partial<SettingValues> {
  const parsed = v.safeParse(outputsSchema, known(document));
  if (!parsed.success) {
    const keys = parsed.issues.map((issue) => v.getDotPath(issue) ?? "the whole document");
    throw new UserError(
      `Malformed outputs in ${place}: ${[...new Set(keys)].join(", ")}.`,
      "Deploy the stack with this version of the program, and write its outputs again.",
      { cause: new v.ValiError(parsed.issues) },
    );
  }
  return parsed.output;
}

/** @returns null for a list, because an object's schema also accepts one. */
function known(document: unknown): unknown {
  if (typeof document !== "object" || document === null || Array.isArray(document)) return null;
  return Object.fromEntries(
    Object.entries(document).flatMap(([key, value]: [string, unknown]) =>
      value === unknownOutput
        ? []
        : [[key, Array.isArray(value) ? value.filter((item) => item !== unknownOutput) : value] as const],
    ),
  );
}
