/** What the fold reads of a record, as SQL: from a file of JSON lines by DuckDB, or from a table of records. */

/** Texts of a record that are the same in all records of a session, and where a blob has them (azure-docs, "Monitor Azure Bastion"). */
export const facts = {
  person: 'properties."userEmail"',
  account: 'properties."userName"',
  message: 'properties."message"',
  protocol: 'properties."protocol"',
  clientIp: 'properties."clientIpAddress"',
  userAgent: 'properties."userAgent"',
  target: 'properties."targetResourceId"',
  targetIp: 'properties."targetVMIPAddress"',
  bastion: '"resourceId"',
  region: '"location"',
} as const;

export const factNames = Object.keys(facts) as (keyof typeof facts)[];

/** Every column of a record in the fold, in the order of the `loaded` table. */
export const recordColumns = {
  /** Milliseconds since 1970. */
  time: "BIGINT",
  tunnel: "VARCHAR",
  ...(Object.fromEntries(factNames.map((name) => [name, "VARCHAR"])) as Record<keyof typeof facts, "VARCHAR">),
  clientPort: "INTEGER",
  operation: "VARCHAR",
  resourceType: "VARCHAR",
  sessionStart: "BIGINT",
  sessionEnd: "BIGINT",
  duration: "BIGINT",
} as const;

const textMembers = `"userEmail" VARCHAR, "userName" VARCHAR, "message" VARCHAR, "protocol" VARCHAR,
    "clientIpAddress" VARCHAR, "clientPort" INTEGER, "userAgent" VARCHAR, "targetResourceId" VARCHAR,
    "targetVMIPAddress" VARCHAR, "tunnelId" VARCHAR`;

/** The members of a blob's record that are read, with their types. Two digits of time zone and seven of a second are no trouble. */
const blobColumns = `{
  time: 'TIMESTAMPTZ', "resourceId": 'VARCHAR', "operationName": 'VARCHAR', category: 'VARCHAR', "location": 'VARCHAR',
  properties: 'STRUCT(${textMembers}, "resourceType" VARCHAR,
    "sessionStartTime" TIMESTAMPTZ, "sessionEndTime" TIMESTAMPTZ, "duration" BIGINT)'
}`;

/** Those that a session shows as they are. Times cost the most to read, and are known by then. */
const textColumns = `{ "resourceId": 'VARCHAR', "location": 'VARCHAR', properties: 'STRUCT(${textMembers})' }`;

/**
 * Optional members: an absent one may be absent, or spelt in another case, which DuckDB does not see. All others are in every
 * record that Microsoft documents, so that a line without one of them is looked at by the tolerant reader.
 */
export const optionalMembers = ["userEmail", "sessionStartTime", "sessionEndTime", "duration"] as const;

const required = [
  ...Object.values(facts).filter((member) => member !== facts.person),
  'properties."clientPort"',
  'properties."resourceType"',
  '"operationName"',
];

const regular = [
  "isfinite(time)",
  "category = 'BastionAuditLogs'",
  `properties."tunnelId" <> ''`,
  ...required.map((one) => `${one} IS NOT NULL`),
].join(" AND ");

/** What a row says of its file: nothing, "look for other spellings", or "not for this reader". */
export const fileState = { doubtful: 1, irregular: 2 } as const;

/** DuckDB's scan of JSON lines. A line it cannot read is a row of nulls. */
function scan(files: readonly string[], columns: string): string {
  return `read_json([${files.map(fileLiteral).join(", ")}], format = 'newline_delimited', ignore_errors = true,
    auto_detect = false, columns = ${columns})`;
}

const texts = [
  'properties."tunnelId" AS tunnel',
  ...factNames.map((name) => `${facts[name]} AS ${quote(name)}`),
  'properties."clientPort" AS "clientPort"',
].join(", ");

/** The records in files, with the number of their file in `files` and the state that each row gives its file. */
export function recordsInFiles(files: readonly string[]): string {
  return `SELECT epoch_ms(time) AS time, ${texts}, "operationName" AS operation, properties."resourceType" AS "resourceType",
    epoch_ms(properties."sessionStartTime") AS "sessionStart", epoch_ms(properties."sessionEndTime") AS "sessionEnd",
    properties."duration" AS duration, file_index AS file,
    CASE WHEN ${regular} AND ${facts.person} IS NOT NULL THEN NULL
      WHEN ${regular} THEN ${fileState.doubtful} ELSE ${fileState.irregular} END AS state
    FROM ${scan(files, blobColumns)}`;
}

/** The texts of the records in files without an irregular row, with the key of each record's session. */
export function textsInFiles(files: readonly string[]): string {
  return `SELECT *, ${tunnelKey} AS key FROM (SELECT ${texts}, file_index AS file FROM ${scan(files, textColumns)})`;
}

/** The files with a row that gives them a state. */
export function filesInStates(files: readonly string[]): string {
  return `SELECT DISTINCT file, state FROM (${recordsInFiles(files)}) WHERE state IS NOT NULL`;
}

/** The records that were handed over one by one. */
export const recordsLoaded = "SELECT *, NULL::UBIGINT AS file, NULL::INTEGER AS state FROM loaded";

/** Files that have an optional member only in another case than documented. May name a file too many, never one too few. */
export function filesSpeltOtherwise(files: readonly string[]): string {
  const spelt = optionalMembers.map(
    (member) => `(contains(lower(json), '"${member.toLowerCase()}"') AND NOT contains(json, '"${member}"'))`,
  );
  return `SELECT DISTINCT filename FROM read_ndjson_objects([${files.map(fileLiteral).join(", ")}],
    ignore_errors = true, filename = true) WHERE ${spelt.join(" OR ")}`;
}

/** All records of a tunnel are of one session. */
const tunnelKey = "hash(lower(tunnel))";

/**
 * The same facts have the same hash: an absent fact and an empty text are one. A file's regular rows have no absent fact but
 * the person, and all of them name a tunnel, so that nothing is asked of the others there. A record without a tunnel is a
 * session of its own.
 */
export function hashed(records: string, from: "files" | "loaded"): string {
  const plain = (name: string): string => (from === "files" ? quote(name) : `coalesce(${quote(name)}, '')`);
  const values = factNames.map((name) =>
    name === "person" ? "coalesce(person, '')" : name === "protocol" ? `lower(${plain(name)})` : plain(name),
  );
  const port = from === "files" ? quote("clientPort") : `coalesce("clientPort", -1)`;
  const key = from === "files" ? tunnelKey : `CASE WHEN coalesce(tunnel, '') = '' THEN identity ELSE ${tunnelKey} END`;
  return `SELECT *, ${key} AS key
    FROM (SELECT *, hash(time, "sessionStart", "sessionEnd", duration, ${plain("operation")}, ${plain("resourceType")},
      same) AS identity
      FROM (SELECT *, hash(${[...values, port].join(", ")}) AS same FROM (${records})))`;
}

export function quote(name: string): string {
  return `"${name}"`;
}

/** A file's name as DuckDB takes it: as it is, not as a pattern. */
function fileLiteral(file: string): string {
  return textLiteral(file.replace(/[[*?]/g, "[$&]"));
}

export function textLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
