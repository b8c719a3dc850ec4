/** Where the cache has its copy of a blob. */
import { createHash } from "node:crypto";
import { folderOfHour, type Hour } from "./hours.ts";
import type { ResourceFolder } from "./resourceFolders.ts";

/** The name that Azure Monitor gives, below the hour's folder. */
const usualName = "m=00/PT1H.json";

/**
 * Name of a blob's copy, without an ending: `BASTION-1a2b3c4d/y=2026/m=05/d=04/h=10/PT1H`. It tells the hour as the blob's name
 * does, for who reads the file. Names that differ only in the case of their
 * letters give different ones, also where the file system does not tell the cases apart.
 */
export function copyNameOf(folder: ResourceFolder, hour: Hour, blobName: string): string {
  const belowHour = blobName.slice(folder.prefix.length).split("/").slice(4).join("/");
  const other = belowHour === usualName ? "" : `-${digest(belowHour)}`;
  return `${copyFolderOf(folder)}/${folderOfHour(hour)}PT1H${other}`;
}

/** Folder of all copies of one resource. */
export function copyFolderOf({ prefix, isUpperCase }: ResourceFolder): string {
  return slug(isUpperCase ? `${prefix}Y=` : prefix, prefix.split("/").at(-2) ?? "");
}

/** A name for a folder that people recognise, and that is another one for every text. */
export function slug(text: string, readable = text): string {
  const plain = readable.replace(/^https?:\/\//, "").replace(/[^\w.-]+/g, "_");
  return `${plain.slice(-60)}-${digest(text)}`;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
