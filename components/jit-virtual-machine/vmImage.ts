/**
 * The marketplace image of a VM. Every alias is a generation 2 image, because trusted launch requires one (Azure,
 * "Trusted launch for Azure virtual machines"), and is listed in "Automatic Guest Patching for Azure Virtual Machines",
 * because Azure refuses platform patching of other images.
 */
import type { Problem } from "../shared/validate.ts";
import { VmOs } from "./vmOs.ts";

/** A marketplace image in the form of the compute API. */
export interface ImageReference {
  readonly publisher: string;
  readonly offer: string;
  readonly sku: string;
  readonly version: string;
}

interface AliasedImage {
  readonly os: VmOs;
  readonly urn: string;
}

const aliases: ReadonlyMap<string, AliasedImage> = new Map([
  ["ubuntu-22.04", { os: VmOs.Linux, urn: "Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2:latest" }],
  ["ubuntu-24.04", { os: VmOs.Linux, urn: "Canonical:ubuntu-24_04-lts:server:latest" }],
  ["windows-2022", { os: VmOs.Windows, urn: windowsServer("2022") }],
  ["windows-2025", { os: VmOs.Windows, urn: windowsServer("2025") }],
]);

function windowsServer(year: string): string {
  return `MicrosoftWindowsServer:WindowsServer:${year}-datacenter-azure-edition:latest`;
}

/** Default image of each operating system. */
export const defaultImage: Readonly<Record<VmOs, string>> = {
  [VmOs.Linux]: "ubuntu-24.04",
  [VmOs.Windows]: "windows-2022",
};

const urnPattern = /^[\w.-]+:[\w.-]+:[\w.-]+:(?:latest|\d+(?:\.\d+)*)$/;

/** Returns why `image` cannot be the image of a VM with this operating system. */
export function imageProblems(os: VmOs, image: string): Problem[] {
  const alias = aliases.get(image);
  if (alias === undefined) {
    return urnPattern.test(image) ? [] : [{ key: "image", value: image, reason: `must be one of ${allowedFor(os)}` }];
  }
  if (alias.os === os) return [];
  return [
    { key: "image", value: image, reason: `is a ${alias.os} image; with os ${os} it must be one of ${allowedFor(os)}` },
  ];
}

/**
 * Returns the image reference of an alias or of `publisher:offer:sku:version`.
 * @throws Error for anything else; `imageProblems` reports that beforehand.
 */
export function imageReference(image: string): ImageReference {
  const [publisher, offer, sku, version] = (aliases.get(image)?.urn ?? image).split(":");
  if (publisher === undefined || offer === undefined || sku === undefined || version === undefined) {
    throw new Error(`"${image}" is neither an image alias nor publisher:offer:sku:version.`);
  }
  return { publisher, offer, sku, version };
}

function allowedFor(os: VmOs): string {
  const names = [...aliases].flatMap(([name, alias]) => (alias.os === os ? [name] : []));
  return `${names.join(", ")}, or publisher:offer:sku:version of a generation 2 image`;
}
