import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { LogsQueryClient } from "@azure/monitor-query-logs";
import type { JsonObject } from "../../../sandbox/arm/json.ts";
import { QueryEngines } from "../../../sandbox/query/engines.ts";
import { findPython } from "../../../sandbox/query/python.ts";
import { skip } from "../../skip.ts";
import { trust } from "../../trust.ts";
import { queryService } from "../../../sandbox/query/queryService.ts";
import { startTestPlane, type TestPlane } from "../arm/plane.ts";
import { putResource } from "../auditFixture.ts";

export const customerId = "0f0f0f0f-1111-4222-8333-444444444444";

/** A control plane with a query service and one workspace, which this process trusts, and Microsoft's own client for it. */
export interface QueryPlane {
  readonly plane: TestPlane;
  readonly client: LogsQueryClient;
  /** Without `/v1`. */
  readonly endpoint: string;
  /** What the clients of a test take for a credential. */
  readonly credential: { getToken: () => Promise<{ token: string; expiresOnTimestamp: number }> };
  /** A token for a resource. */
  token(resource: string): Promise<string>;
  /** Writes rows as the log router does. */
  write(table: string, rows: readonly JsonObject[]): void;
  /** Runs something of the CLI that signs in as the sandbox's application. @param run gets the environment for the CLI. */
  signedIn<Result>(run: (env: Readonly<Record<string, string>>) => Promise<Result>): Promise<Result>;
  /** Sets a fault for queries. */
  fault(rule: JsonObject): Promise<void>;
  remove(): Promise<void>;
}

export async function startQueryPlane(
  ...pythons: [chdb?: () => Promise<string | undefined>, duckdbKql?: () => Promise<string | undefined>]
): Promise<QueryPlane> {
  let engines: QueryEngines | undefined;
  const plane = await startTestPlane(({ directory, store, clock }) => {
    engines = new QueryEngines(directory, ...pythons);
    return { types: [], dataPlanes: [queryService({ directory, store, clock, engines })] };
  });
  const { directory, server, subscription } = plane;
  const distrust = trust(plane.tls.ca);
  const workspaces = `${subscription}/resourceGroups/trail/providers/Microsoft.OperationalInsights/workspaces`;
  putResource(plane.store, `${workspaces}/trail-logs`, { location: "westeurope", properties: { customerId } });
  const endpoint = `${server.endpoint}/loganalytics`;
  const token = async (resource: string): Promise<string> => {
    const answer = await plane.admin("POST", "/sandbox/token", { user: "ada@example.com", resource });
    return answer.body.access_token as string;
  };
  const credential = {
    getToken: async () => ({ token: await token(endpoint), expiresOnTimestamp: Date.now() + 3_600_000 }),
  };
  return {
    plane,
    endpoint,
    credential,
    token,
    client: new LogsQueryClient(credential, {
      endpoint: `${endpoint}/v1`,
      tlsOptions: { ca: plane.tls.ca },
      retryOptions: { maxRetries: 0 },
    }),
    write(table, rows) {
      const folder = join(directory, "workspaces", customerId);
      mkdirSync(folder, { recursive: true });
      appendFileSync(join(folder, `${table}.ndjson`), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    },
    async signedIn(run) {
      const { tenantId, clientId, clientSecret } = plane.identity;
      const signIn = { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: clientSecret };
      const before = Object.keys(signIn).map((name) => [name, process.env[name]] as const);
      Object.assign(process.env, signIn);
      try {
        const host = new URL(server.endpoint).host;
        return await run({ ARM_METADATA_HOSTNAME: host, BASTION_TRAIL_WORKSPACE: customerId });
      } finally {
        for (const [name, value] of before) {
          if (value === undefined) Reflect.deleteProperty(process.env, name);
          else process.env[name] = value;
        }
      }
    },
    async fault(rule) {
      await plane.admin("POST", "/sandbox/faults", { path: "^/loganalytics/", ...rule });
    },
    async remove() {
      distrust();
      await engines?.close();
      await plane.remove();
    },
  };
}

/** A hook that skips the tests of a suite, visibly, where there is no Python with chDB. */
export async function needsChdb(this: Mocha.Context): Promise<void> {
  if ((await findPython()) === undefined) skip(this, "needs Python 3 with chdb, see `npm run sandbox:chdb`");
}
