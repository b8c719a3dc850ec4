/**
 * The marketplace image of a VM. Every alias is a generation 2 image, because trusted launch requires one (Azure,
 * "Trusted launch for Azure virtual machines"), and is listed in "Automatic Guest Patching for Azure Virtual Machines",
 * because Azure refuses platform patching of other images.
 */
import { suggestion } from "@bastion-trail/core/rules/similarNames";
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

/** Publishers whose images all have one operating system (azure-compute-docs, cli-ps-findimage.md, endorsed-distros.md). */
const publishers: ReadonlyMap<string, VmOs> = new Map([
  ["microsoftwindowsserver", VmOs.Windows],
  ["microsoftwindowsdesktop", VmOs.Windows],
  ["canonical", VmOs.Linux],
  ["debian", VmOs.Linux],
  ["redhat", VmOs.Linux],
  ["suse", VmOs.Linux],
]);

/** A version is `latest` or Major.Minor.Build (Microsoft.Compute, `ImageReference.version`). */
const urnPattern = /^[\w.-]+:[\w.-]+:[\w.-]+:(?:latest|\d+\.\d+\.\d+)$/;

/** Returns why `image` cannot be the image of a VM with this operating system. */
export function imageProblems(os: VmOs, image: string): Problem[] {
  const problem = (reason: string): Problem[] => [{ key: "image", value: image, reason }];
  if (!isAlias(image) && !urnPattern.test(image)) {
    return problem(`must be one of ${allowedFor(os)}${suggestion(image, aliasesFor(os))}`);
  }
  const { publisher, offer, sku } = imageReference(image);
  const own = aliases.get(image)?.os ?? publishers.get(publisher.toLowerCase());
  if (own !== undefined && own !== os) {
    return problem(`is a ${own} image; with os ${os} it must be one of ${allowedFor(os)}`);
  }
  return isGeneration1(offer, sku) ? problem(`is a generation 1 image; it must be one of ${allowedFor(os)}`) : [];
}

/** Offers in which a SKU without a mark is of generation 1: older Ubuntu and Debian, and Windows Server. */
const markedOffers = /^(?:0001-com-ubuntu-server-.*|ubuntuserver|debian-1[0-2]|windowsserver)$/i;
/** Marks of generation 2; images for Arm64 and Azure editions have no other (generation-2.md, and the offers' SKUs). */
const generation2 = /gen2|gensecond|-g2(?:-|$)|arm64|azure-edition/i;

/** Whether the names of an image say that it is of generation 1. */
function isGeneration1(offer: string, sku: string): boolean {
  return /(?:^|[-_])gen1$/i.test(sku) || (markedOffers.test(offer) && !generation2.test(sku));
}

/** Whether an image is known by a short name. All of these are for x64 processors. */
export function isAlias(image: string): boolean {
  return aliases.has(image);
}

/** Whether the name of an image says that it is for Arm64 processors. */
export function isArm64Image(image: string): boolean {
  return !isAlias(image) && /arm64/i.test(image);
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

function aliasesFor(os: VmOs): string[] {
  return [...aliases].flatMap(([name, alias]) => (alias.os === os ? [name] : []));
}

function allowedFor(os: VmOs): string {
  return `${aliasesFor(os).join(", ")}, or publisher:offer:sku:version of a generation 2 image`;
}
