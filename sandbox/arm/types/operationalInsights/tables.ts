import { nameOf, ownerIdOf } from "../../ids.ts";
import { workspaceTables } from "../../../query/workspaceTables.ts";
import { numberAt, objectAt, textAt, type JsonObject } from "../../json.ts";
import { badRequest } from "../../armError.ts";
import type { PutContext } from "../../requestContext.ts";
import type { ResourceReader } from "../../resource.ts";
import { resourceType } from "../../resourceType.ts";

const type = "Microsoft.OperationalInsights/workspaces/tables";

/** The tables for this sandbox's logs. They always exist; only their retention can be set. */
export default resourceType({
  type,
  model: "loganalytics:Table",
  sdk: "operationalinsights.Table",
  scope: "child",
  name: {
    pattern: /^[A-Za-z]\w{3,62}$/,
    code: "InvalidParameter",
    message: (name) => `The table name '${name}' is invalid.`,
  },
  location: "none",
  put: "async",
  createdStatus: 200,
  delete: "forbidden",
  patch: { of: "body", completion: "async" },
  check({ name, body }) {
    if (tableName(name) === undefined) {
      throw badRequest(
        "InvalidParameter",
        `Table '${name}' is not a table of Azure's own. The name of a custom table must end with '_CL'.`,
      );
    }
    const [days, total] = ["retentionInDays", "totalRetentionInDays"].map((member) =>
      numberAt(body, `properties.${member}`),
    );
    if (!isWithin(days, 730) || !isWithin(total, 4383) || (days ?? 0) > (total ?? Infinity)) {
      throw badRequest(
        "InvalidParameter",
        "'RetentionInDays' must be 4 to 730 or -1, and 'TotalRetentionInDays' from it to 4383 or -1.",
      );
    }
  },
  complete: ({ body, name, parentId = "", store }: PutContext) => ({
    body: { properties: completeTable(store, parentId, tableName(name) ?? name, objectAt(body, "properties")) },
  }),
  impliedNames: () => Object.keys(workspaceTables),
  implied(id, reader) {
    const name = tableName(nameOf(id));
    const workspaceId = ownerIdOf(id);
    if (name === undefined || reader.get(workspaceId) === undefined) return undefined;
    return {
      id: `${workspaceId}/tables/${name}`,
      type,
      name,
      body: { properties: completeTable(reader, workspaceId, name, {}) },
    };
  },
});

function tableName(name: string): string | undefined {
  return Object.keys(workspaceTables).find((known) => known.toLowerCase() === name.toLowerCase());
}

function isWithin(days: number | undefined, most: number): boolean {
  return days === undefined || days === -1 || (days >= 4 && days <= most);
}

/** Settings that are not given default to the workspace's (azure-monitor-docs, logs/data-retention-configure.md). */
function completeTable(reader: ResourceReader, workspaceId: string, name: string, asked: JsonObject): JsonObject {
  const own = (member: string): number | undefined => {
    const days = numberAt(asked, member);
    return days === -1 ? undefined : days;
  };
  const days = own("retentionInDays") ?? numberAt(reader.get(workspaceId)?.body, "properties.retentionInDays") ?? 30;
  const total = own("totalRetentionInDays") ?? days;
  return {
    plan: textAt(asked, "plan") ?? "Analytics",
    retentionInDays: days,
    totalRetentionInDays: total,
    archiveRetentionInDays: total - days,
    retentionInDaysAsDefault: own("retentionInDays") === undefined,
    totalRetentionInDaysAsDefault: own("totalRetentionInDays") === undefined,
    provisioningState: "Succeeded",
    schema: {
      name,
      tableType: "Microsoft",
      standardColumns: Object.entries(workspaceTables[name] ?? {}).map(([column, kind]) => ({
        name: column,
        type: kind,
      })),
    },
  };
}
