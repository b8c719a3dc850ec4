/**
 * A process that queries log files with DuckDB alone, with a query written for the task. It may use all of the memory
 * and threads. The options come as JSON in its argument.
 */
import { DuckDBInstance } from "@duckdb/node-api";

type DuckDbQuery = "scan" | "copy" | "a few facts of each session" | "every session" | "one person's sessions";

export interface DuckDbOptions {
  readonly folder: string;
  readonly query: DuckDbQuery;
  /** Whether the result stays in DuckDB, or is read into Node as rows. */
  readonly into: "table" | "rows";
  readonly person: string;
  /** Output file of "copy". */
  readonly parquet: string;
}

const { folder, query, into, person, parquet } = JSON.parse(process.argv[2] ?? "{}") as DuckDbOptions;

/** Fields of a record (azure-docs, "Monitor Azure Bastion"). */
const columns = `{time: 'TIMESTAMPTZ', resourceId: 'VARCHAR', operationName: 'VARCHAR', category: 'VARCHAR', location: 'VARCHAR',
  properties: 'STRUCT(userName VARCHAR, userAgent VARCHAR, clientIpAddress VARCHAR, clientPort INTEGER, protocol VARCHAR,
    targetResourceId VARCHAR, message VARCHAR, resourceType VARCHAR, targetVMIPAddress VARCHAR, userEmail VARCHAR,
    tunnelId VARCHAR, sessionStartTime TIMESTAMPTZ, sessionEndTime TIMESTAMPTZ, duration BIGINT)'}`;
const files = `read_json('${folder.replaceAll("'", "''")}/**/*.json', format = 'newline_delimited', columns = ${columns})`;

const sessions = (where: string): string => `SELECT properties.tunnelId AS tunnel,
    min(coalesce(properties.sessionStartTime, time)) AS start, max(properties.sessionEndTime) AS finish,
    max(properties.duration) AS duration, any_value(properties.targetResourceId) AS vm,
    any_value(properties.targetVMIPAddress) AS "vmIp", any_value(properties.protocol) AS protocol,
    any_value(properties.clientIpAddress) AS "clientIp", any_value(properties.clientPort) AS "clientPort",
    any_value(properties.userEmail) AS person, any_value(properties.userName) AS account,
    any_value(properties.userAgent) AS "userAgent", any_value(properties.message) AS message,
    any_value(resourceId) AS bastion, any_value(location) AS region, count(*) AS records
  FROM ${files} ${where} GROUP BY tunnel ORDER BY start`;

const queries: Readonly<Record<Exclude<DuckDbQuery, "copy">, string>> = {
  scan: `SELECT count(*), max(time), max(resourceId), max(operationName), max(category), max(location), max(properties) FROM ${files}`,
  "a few facts of each session": `SELECT properties.tunnelId AS tunnel, min(time) AS start,
      max(properties.sessionEndTime) AS finish, any_value(properties.userEmail) AS person,
      any_value(properties.targetResourceId) AS vm, any_value(properties.message) AS message, count(*) AS records
    FROM ${files} GROUP BY tunnel`,
  "every session": sessions(""),
  "one person's sessions": sessions(`WHERE properties.userEmail = '${person.replaceAll("'", "''")}'`),
};

const instance = await DuckDBInstance.create(":memory:");
const connection = await instance.connect();
const begin = performance.now();
const used = process.cpuUsage();
let rows = 0;
if (query === "copy") {
  const typed = `SELECT time, resourceId, operationName, category, location, unnest(properties) FROM ${files}`;
  await connection.run(`COPY (${typed}) TO '${parquet}' (FORMAT parquet)`);
} else if (into === "table") {
  await connection.run(`CREATE TABLE answer AS ${queries[query]}`);
} else {
  for await (const chunk of (await connection.stream(queries[query])).yieldRows()) {
    rows += chunk.length;
  }
}
const { user, system } = process.cpuUsage(used);
const cpuMilliseconds = (user + system) / 1000;
process.stdout.write(JSON.stringify({ milliseconds: performance.now() - begin, cpuMilliseconds, rows }));
