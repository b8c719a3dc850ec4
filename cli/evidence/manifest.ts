/** The manifest of an evidence pack: `manifest.json`. */
import * as v from "valibot";
import { jsonValue } from "../jsonValue.ts";

export const manifestName = "manifest.json";
/** The SHA-256 of the manifest, in the form of `sha256sum`. */
export const manifestHashName = "manifest.json.sha256";
/** An OpenSSH signature over the manifest. */
export const signatureName = "manifest.json.sig";

/** Files that the manifest cannot list, because they depend on it. */
export const ownFiles: readonly string[] = [manifestName, manifestHashName, signatureName];

const format = "bastion-trail evidence pack";
const formatVersion = 1;

const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "must be 64 hexadecimal digits"));
const size = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const hashedList = v.pipe(v.array(v.object({ name: v.string(), bytes: size, sha256 })), v.readonly());

const manifestSchema = v.object({
  format: v.literal(format),
  formatVersion: v.literal(formatVersion),
  /** ISO 8601 UTC. */
  createdAt: v.string(),
  /** Version of the program that wrote the pack. */
  version: v.string(),
  /** The time range asked for; null if unbounded. */
  from: v.nullable(v.string()),
  to: v.nullable(v.string()),
  /** Where the logs were read from. */
  source: v.string(),
  /** Every file of the pack except the manifest's own files. */
  files: hashedList,
  /** Every file or blob that was read. If one has grown since, its first `bytes` bytes were read. */
  sources: hashedList,
});

export type Manifest = Readonly<v.InferOutput<typeof manifestSchema>>;
/** A file of a pack, or a file or blob of its source. */
export type Hashed = Readonly<Manifest["files"][number]>;

export function manifestText(manifest: Omit<Manifest, "format" | "formatVersion">): string {
  return `${JSON.stringify({ format, formatVersion, ...manifest }, null, 2)}\n`;
}

/** @returns the manifest, or one sentence that says why the text is not one. */
export function manifestIn(text: string): Manifest | string {
  const parsed = jsonValue(text);
  if (parsed === undefined) return `${manifestName} is not JSON.`;
  const checked = v.safeParse(manifestSchema, parsed);
  if (!checked.success) {
    const [issue] = checked.issues;
    return `${manifestName} is not a manifest of format version ${formatVersion}: ${v.getDotPath(issue) ?? "the document"}: ${issue.message}.`;
  }
  const { files, sources } = checked.output;
  const twice = [repeated(files), repeated(sources)].find((name) => name !== undefined);
  return twice === undefined ? checked.output : `${manifestName} lists ${twice} twice.`;
}

function repeated(list: readonly Hashed[]): string | undefined {
  const seen = new Set<string>();
  return list.find(({ name }) => seen.size === seen.add(name).size)?.name;
}
