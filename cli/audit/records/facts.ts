import { fieldNames, fieldOf, isProperty, memberOf, type FieldName } from "../fields.ts";
import { bareName, entriesOf, isNoId, objectIn, plainOf, textOf, withBareNames, type Members } from "./values.ts";

/** Type suffixes of the column names in `AzureDiagnostics` (azure-monitor-docs, tables/azurediagnostics.md). */
const columnTypes = ["g", "s", "t", "d"];

/** Reads the facts of a record from all the places that may hold them. */
export class Facts {
  /** The record's own members, and those that `AzureDiagnostics` had no column for. */
  readonly members: Members;
  /** Those with a name of this project, in its own spelling: in others, `client_ip` is in logs of many programs. */
  readonly #own: Members;
  readonly #properties: Members;
  /** Whether all facts of the session are in `properties`, as in Azure's own blobs. */
  readonly #isComplete: boolean;
  /** Whether this is a row of `AzureDiagnostics`: its own column `ResourceType` is the type of the Bastion host. */
  readonly #isDiagnostics: boolean;

  constructor(value: Readonly<Record<string, unknown>>) {
    this.#own = new Map(Object.entries(value).filter(([key]) => ownNames.has(key)));
    const members = givenIn(value);
    // Beyond 500 columns, the table puts further values into one of them (azure-monitor-ref, tables/azurediagnostics.md).
    const further = members.get("additionalfields");
    this.members = further === undefined ? members : new Map([...givenIn(objectIn(further)), ...members]);
    this.#properties = givenIn(objectIn(this.members.get("properties")));
    this.#isComplete = this.#properties.has(memberOf("tunnelId").toLowerCase());
    this.#isDiagnostics = suffixed.some((column) => this.members.has(column));
  }

  text(name: FieldName): string | null {
    const { inside, beside } = lookups[name];
    const within = [this.#properties, inside] as const;
    const around = [this.members, this.#isDiagnostics && name === "resourceType" ? suffixes(name) : beside] as const;
    const own = [this.#own, [name]] as const;
    const order = !isProperty(name) ? [around, own, within] : this.#isComplete ? [within] : [within, around, own];
    for (const [members, names] of order) {
      for (const one of names) {
        const given = members.get(one);
        const found = textOf(plainOf(given) ?? given);
        if (found !== null && (name !== "tunnelId" || !isNoId(found))) return found;
      }
    }
    return null;
  }
}

const suffixes = (name: FieldName): string[] => columnTypes.map((type) => `${memberOf(name)}_${type}`.toLowerCase());

/** Names of a fact in a row that was made of a blob's record, without and with the type of a column. */
const joined = (path: string): string[] => [path, ...columnTypes.map((type) => `${path}_${type}`)].map(bareName);

interface Lookup {
  /** Names inside `properties` and beside it, in lower case, best first. */
  readonly inside: readonly string[];
  readonly beside: readonly string[];
}

const lookups = Object.fromEntries(
  fieldNames.map((name): [FieldName, Lookup] => {
    const { blob, column, diagnostics } = fieldOf(name);
    const member = memberOf(name).toLowerCase();
    const columns = [...(column === null ? [] : [column]), ...diagnostics].map((one) => one.toLowerCase());
    return [name, { inside: [member], beside: [member, ...suffixes(name), ...columns, ...joined(blob)] }];
  }),
) as Record<FieldName, Lookup>;

const suffixed = fieldNames.filter(isProperty).flatMap(suffixes);

/** Names of this project that Azure does not have, in what `logs --records` writes. */
const ownNames: ReadonlySet<string> = new Set(fieldNames.filter((name) => name !== memberOf(name)));

/** Names as Azure writes them in a blob. */
const documented: ReadonlySet<string> = new Set(["properties", ...fieldNames.map(memberOf)]);

/**
 * Returns the members that are neither null nor empty. If a name comes in several spellings, Azure's own wins.
 */
function givenIn(object: Readonly<Record<string, unknown>>): Members {
  const members = new Map<string, unknown>();
  for (const [key, value] of entriesOf(object)) {
    const lower = key.toLowerCase();
    if (value !== null && value !== "" && (!members.has(lower) || documented.has(key))) {
      members.set(lower, value);
    }
  }
  return withBareNames(members);
}
