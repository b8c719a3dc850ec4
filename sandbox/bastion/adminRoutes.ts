import { textAt, type JsonObject } from "../arm/json.ts";
import type { ResourceReader } from "../arm/resource.ts";
import { ArmError, badRequest } from "../arm/armError.ts";
import { sameId } from "../arm/ids.ts";
import type { AdminRoutes } from "../arm/server.ts";
import { LogTables } from "../logs/logTables.ts";
import type { LogRouter } from "../logs/logRecords.ts";
import { readConnectRequest } from "./connectRequest.ts";
import type { BastionSessions } from "./sessionModel.ts";

/**
 * The sandbox's own endpoints of Bastion's data plane, for its command line and for tests: `POST /sandbox/connect`
 * (body `ConnectRequest`, response `ConnectResult`), `GET /sandbox/sessions` (`{sessions}`), `GET
 * /sandbox/tables?workspace=<name, ARM id or customer id>&table=<name>` (`{rows}`).
 */
export function auditAdminRoutes(parts: {
  /** The sandbox's folder. */
  directory: string;
  store: ResourceReader;
  sessions: BastionSessions;
  router: LogRouter;
}): AdminRoutes {
  const tables = new LogTables(parts.directory);
  return {
    "POST /sandbox/connect": async ({ body }) =>
      (await parts.sessions.connect(readConnectRequest(body))) as unknown as JsonObject,
    "GET /sandbox/sessions": () => ({ sessions: parts.sessions.list() as unknown as JsonObject[] }),
    "GET /sandbox/tables": async ({ query }) => {
      const customerId = customerIdOf(parts.store, query.get("workspace") ?? "");
      const table = query.get("table") ?? "";
      if (!/^[A-Za-z]\w*$/.test(table)) {
        throw badRequest("InvalidParameter", `table is '${table}'; it must be a table's name, such as AzureActivity.`);
      }
      await parts.router.settle();
      return { rows: await tables.read(customerId, table) };
    },
  };
}

function customerIdOf(store: ResourceReader, workspace: string): string {
  const workspaces = store.ofType("Microsoft.OperationalInsights/workspaces");
  const found = workspaces.find(
    (candidate) =>
      sameId(candidate.id, workspace) ||
      sameId(candidate.name, workspace) ||
      textAt(candidate.body, "properties.customerId") === workspace,
  );
  const customerId = textAt(found?.body, "properties.customerId");
  if (customerId === undefined) {
    const names = workspaces.map(({ name }) => name).join(", ") || "none";
    throw new ArmError(404, "ResourceNotFound", `Workspace '${workspace}' not found. The subscription has: ${names}.`);
  }
  return customerId;
}
