/**
 * Compares the sources of rules point by point: no range of theirs begins or ends between the address of a point and that
 * of the next, so the rules treat all addresses between them alike.
 */
import { contains, internalRanges, isAny, meets, rangeOf, type AddressRange } from "./addressRanges.ts";

/** A place from which a connection can come. */
export interface SourcePoint {
  /** A single address. */
  readonly address: AddressRange;
  /** Service tags and application security groups that contain it, in lower case. */
  readonly names: ReadonlySet<string>;
}

/** A source of a rule. */
export interface RuleSource {
  readonly text: string;
  readonly range: AddressRange | undefined;
}

export function ruleSource(text: string): RuleSource {
  return { text, range: rangeOf(text) };
}

export function isFrom({ text, range }: RuleSource, { address, names }: SourcePoint): boolean {
  return range === undefined ? isAny(text) || names.has(text.toLowerCase()) : contains(range, address);
}

const internet = "internet";
const network = "virtualnetwork";

/** The load balancer's tag is left out: only Azure's probes have it (Azure, what-is-ip-address-168-63-129-16.md). */
const knownNames = [internet, network, "azureloadbalancer", "*", "any"];

/**
 * Points for all sources from which a target can be reached. The ranges behind a name are not known. So a private address
 * may be in the virtual network or not, and each point may be in any other tag. Two names at a time are enough, because a
 * connection passes two network security groups at most.
 * @param target private address of the VM.
 */
export function sourcePoints(sources: readonly RuleSource[], target: string): SourcePoint[] {
  const texts = sources.filter(({ range }) => range === undefined).map(({ text }) => text.toLowerCase());
  const names = [...new Set(texts)].filter((name) => !knownNames.includes(name));
  const tags = names.filter((name) => !name.startsWith("/"));
  const [anywhere, inNetwork] = [uptoTwo(tags), uptoTwo(names)];
  const own = rangeOf(target);
  if (own === undefined) throw new TypeError(`'${target}' is not an address.`);
  const isPublicNetwork = !isInternal(own);
  const ranges = [...sources.flatMap(({ range }) => range ?? []), ...internalRanges];
  return startsIn(ranges, everyAddress(own.family)).flatMap((address) => {
    const isPublic = !isInternal(address);
    const outside = anywhere.map((more) => ({ address, names: new Set([...more, ...(isPublic ? [internet] : [])]) }));
    const inside = inNetwork.map((more) => ({ address, names: new Set([...more, network]) }));
    return isPublic && !isPublicNetwork ? outside : [...outside, ...inside];
  });
}

/** Points for a range of the virtual network, whose names are known. */
export function networkPoints(sources: readonly RuleSource[], range: string): SourcePoint[] {
  return rangePoints(sources, range, network);
}

/**
 * Points for one source. A private range is taken for one of the virtual network, and a public one for one of the internet, unless
 * the network has public addresses itself.
 * @param target private address of the VM.
 */
export function pointsOf(sources: readonly RuleSource[], source: string, target: string): SourcePoint[] {
  const [range, own] = [rangeOf(source), rangeOf(target)];
  const isMixed = range !== undefined && !isInternal(range) && internalRanges.some((one) => meets(one, range));
  if (range === undefined || isMixed) {
    const asked = ruleSource(source);
    return sourcePoints([...sources, asked], target).filter((point) => isFrom(asked, point));
  }
  const isInNetwork = isInternal(range) || (own !== undefined && !isInternal(own));
  return rangePoints(sources, source, isInNetwork ? network : internet);
}

function rangePoints(sources: readonly RuleSource[], range: string, name: string): SourcePoint[] {
  const whole = rangeOf(range);
  if (whole === undefined) return [];
  const ranges = sources.flatMap((source) => source.range ?? []);
  return startsIn(ranges, whole).map((address) => ({ address, names: new Set([name]) }));
}

/** Whether sources contain all of a range together. Names count for nothing, because their ranges are not known. */
export function includeRange(sources: readonly string[], range: string): boolean {
  const whole = rangeOf(range);
  return whole !== undefined && includeAll(sources.map(ruleSource), whole);
}

/** Whether sources contain all addresses together from which an address can be reached. */
export function includeEverybody(sources: readonly string[], target: string): boolean {
  return includeAll(sources.map(ruleSource), everyAddress(rangeOf(target)?.family ?? "ipv4"));
}

function includeAll(sources: readonly RuleSource[], whole: AddressRange): boolean {
  const ranges = sources.flatMap(({ range }) => range ?? []);
  const names = new Set<string>();
  return startsIn(ranges, whole).every((address) => sources.some((source) => isFrom(source, { address, names })));
}

function everyAddress(family: AddressRange["family"]): AddressRange {
  return { family, first: 0n, last: (1n << (family === "ipv4" ? 32n : 128n)) - 1n };
}

/** The first address of a whole range, and those at which one of the ranges begins or has ended. */
function startsIn(ranges: readonly AddressRange[], whole: AddressRange): AddressRange[] {
  const { family } = whole;
  const bounds = ranges.filter((range) => range.family === family).flatMap(({ first, last }) => [first, last + 1n]);
  const inside = bounds.filter((bound) => whole.first < bound && bound <= whole.last);
  return [...new Set([whole.first, ...inside])].map((value) => ({ family, first: value, last: value }));
}

function isInternal(address: AddressRange): boolean {
  return internalRanges.some((range) => contains(range, address));
}

/** All sets of at most two of the names. */
function uptoTwo(names: readonly string[]): string[][] {
  const pairs = names.flatMap((one, index) => names.slice(index + 1).map((other) => [one, other]));
  return [[], ...names.map((name) => [name]), ...pairs];
}
