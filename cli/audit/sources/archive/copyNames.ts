/** Names of the blobs' copies in the cache. */
import { createHash } from "node:crypto";
import { folderOfHour, type Hour } from "./hours.ts";
import type { ResourceFolder } from "./resourceFolders.ts";

/** The name that Azure Monitor gives a blob below the hour's folder. */
const usualName = "m=00/PT1H.json";

/**
 * Returns the name of a blob's copy, without an extension: `BASTION-1a2b3c4d/y=2026/m=05/d=04/h=10`. It contains the hour in the
 * same form as the blob's name, so that readers of the file can tell it. There is no folder for an hour: creating it costs as
 * much as the file. Names that differ only in case give different copies, even on a file system that ignores case.
 */
export function copyNameOf(folder: ResourceFolder, hour: Hour, blobName: string): string {
  const belowHour = blobName.slice(folder.prefix.length).split("/").slice(4).join("/");
  const other = belowHour === usualName ? "" : `-${digest(belowHour)}`;
  return `${copyFolderOf(folder)}/${folderOfHour(hour).slice(0, -1)}${other}`;
}

/** Returns the folder of all copies of one resource. */
export function copyFolderOf({ prefix, isUpperCase }: ResourceFolder): string {
  return slug(isUpperCase ? `${prefix}Y=` : prefix, prefix.split("/").at(-2) ?? "");
}

/** Returns a readable folder name that is unique for each text. */
export function slug(text: string, readable = text): string {
  const plain = readable.replace(/^https?:\/\//, "").replace(/[^\w.-]+/g, "_");
  return `${plain.slice(-60)}-${digest(text)}`;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
