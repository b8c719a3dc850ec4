import assert from "node:assert/strict";
import { LogsQueryResultStatus } from "@azure/monitor-query-logs";
import type { Json, JsonObject } from "../../../sandbox/arm/json.ts";
import type { Answer } from "../arm/plane.ts";
import { forSuite } from "../../held.ts";
import { customerId, needsChdb, startQueryPlane, type QueryPlane } from "./queryPlane.ts";

const path = `/loganalytics/v1/workspaces/${customerId}/query`;

function sender(at: QueryPlane) {
  return async (body: Json, options: { path?: string; prefer?: string } = {}): Promise<Answer> => {
    return at.plane.raw("POST", options.path ?? path, JSON.stringify(body), {
      authorization: `Bearer ${await at.token(at.endpoint)}`,
      ...(options.prefer === undefined ? {} : { prefer: options.prefer }),
    });
  };
}

/** The error of an answer, without its id. */
function errorOf({ status, body }: Pick<Answer, "status" | "body">): { status: number; error: JsonObject } {
  const { correlationId, ...error } = body.error as JsonObject;
  assert.equal(typeof correlationId, "string");
  return { status, error };
}

describe("the query service", () => {
  const none = () => Promise.resolve(undefined);
  const at = forSuite(() => startQueryPlane(none, none));
  const send = sender(at);

  it("has its address and audience in the cloud's description", async () => {
    const { body } = await at.plane.raw("GET", "/metadata/endpoints?api-version=2022-09-01");
    assert.equal(body.logAnalyticsResourceId, at.endpoint);
  });

  it("answers nobody without a token", async () => {
    assert.deepEqual(errorOf(await at.plane.raw("POST", path, "{}")), {
      status: 401,
      error: { message: "Valid authentication was not provided", code: "AuthorizationRequiredError" },
    });
  });

  it("answers nobody with a token for another service", async () => {
    const token = await at.token("https://management.azure.com/");
    const answer = await at.plane.raw("POST", path, "{}", { authorization: `Bearer ${token}` });
    assert.deepEqual(errorOf(answer), {
      status: 403,
      error: {
        message: "The provided authentication is not valid for this resource",
        code: "InvalidTokenError",
        innererror: { code: "SignatureVerificationFailed", message: "Could not validate the request" },
      },
    });
  });

  it("knows its own paths and workspaces only", async () => {
    const missing = { message: "The requested path does not exist", code: "PathNotFoundError" };
    for (const other of ["/loganalytics/v1/nothing", "/loganalytics/v1/workspaces/trail-logs/query"]) {
      assert.deepEqual(errorOf(await send({ query: "print 1" }, { path: other })), { status: 404, error: missing });
    }
    const stranger = path.replace(customerId, "99999999-1111-4222-8333-444444444444");
    assert.deepEqual(errorOf(await send({ query: "print 1" }, { path: stranger })), {
      status: 404,
      error: { message: "The workspace could not be found", code: "WorkspaceNotFoundError" },
    });
  });

  for (const [what, body, message] of [
    ["no query", {}, '"query" is required'],
    ["a query that is no text", { query: 1 }, '"query" is required'],
    [
      "a timespan that is none",
      { query: "print 1", timespan: "soon" },
      /^"timespan" is "soon", which is not an ISO 8601/,
    ],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { status, error } = errorOf(await send(body));
      assert.equal(status, 400);
      assert.equal(error.code, "BadArgumentError");
      const { details } = error.innererror as unknown as { details: { message: string }[] };
      assert.match(details[0]!.message, message instanceof RegExp ? message : new RegExp(message));
    });
  }

  it("says how to install chDB if it is missing", async () => {
    const message =
      "Workspace queries of the sandbox need Python 3 with the package chdb 4.4.0 or later. " +
      "Install it with `npm run sandbox:chdb`, or set PYTHON to an interpreter that has it.";
    const answer = errorOf(await send({ query: "print 1" }));
    assert.deepEqual(answer, { status: 501, error: { message, code: "QueryEngineMissing" } });
  });

  it("says how to install duckdb-kql if it is missing, for a query with many joins", async () => {
    const message =
      "Workspace queries of the sandbox with many joins need Python 3.11 or later with the package " +
      "duckdb-kql 1.1.2. Install it with `npm run sandbox:chdb`.";
    const query = `print Key = 1${" | join kind=inner (print Key = 1) on Key".repeat(6)}`;
    assert.deepEqual(errorOf(await send({ query })), { status: 501, error: { message, code: "QueryEngineMissing" } });
  });
});

describe("a workspace query", () => {
  before(needsChdb);
  const at = forSuite(startQueryPlane);
  const send = sender(at);

  before(() => {
    const row = (minute: number, more: JsonObject): JsonObject => ({
      TimeGenerated: `2026-03-01T10:${String(minute).padStart(2, "0")}:00.120Z`,
      ...more,
    });
    at.write("MicrosoftAzureBastionAuditLogs", [
      row(0, { TunnelId: "t1", UserEmail: "ada@example.com", ClientPort: 50123, Message: "Successfully Connected." }),
      row(30, { TunnelId: "t1", Duration: 1_800_000, SessionEndTime: "2026-03-01T10:30:00.120Z" }),
      row(40, { TunnelId: "t2", UserEmail: "bob@example.com", ClientPort: 50124, Message: "Login Failed" }),
    ]);
    at.write("AzureActivity", [row(1, { Caller: "ada@example.com", Properties_d: { statusCode: "OK", n: [1] } })]);
  });

  it("is answered with columns of Kusto's types, and rows", async () => {
    const kql = `MicrosoftAzureBastionAuditLogs
      | summarize Start = min(TimeGenerated), Rows = count(), Port = max(ClientPort), Who = make_set(TunnelId) by TunnelId
      | extend Half = Rows / 2.0, Many = Rows > 1 | order by TunnelId asc`;
    const { status, body } = await send({ query: kql });
    assert.equal(status, 200);
    assert.deepEqual(body, {
      tables: [
        {
          name: "PrimaryResult",
          columns: [
            { name: "TunnelId", type: "string" },
            { name: "Start", type: "datetime" },
            { name: "Rows", type: "long" },
            { name: "Port", type: "int" },
            { name: "Who", type: "dynamic" },
            { name: "Half", type: "real" },
            { name: "Many", type: "bool" },
          ],
          rows: [
            ["t1", "2026-03-01T10:00:00.12Z", 2, 50123, '["t1"]', 1, true],
            ["t2", "2026-03-01T10:40:00.12Z", 1, 50124, '["t2"]', 0.5, false],
          ],
        },
      ],
    });
  });

  it("can join tables, name parts and call functions", async () => {
    const { body } = await send({
      query: `let callers = AzureActivity | summarize Calls = count() by Caller;
        let named = (n: int) { MicrosoftAzureBastionAuditLogs | where ClientPort > n };
        named(1000) | join kind=leftouter (callers) on $left.UserEmail == $right.Caller
        | project UserEmail, Calls = coalesce(Calls, 0) | order by UserEmail asc`,
    });
    const [table] = body.tables as unknown as { rows: Json[][] }[];
    assert.deepEqual(table!.rows, [
      ["ada@example.com", 1],
      ["bob@example.com", 0],
    ]);
  });

  describe("with more joins than chDB can plan", function () {
    this.timeout(120_000);
    const chained = (column: string): string => `let Step0 = MicrosoftAzureBastionAuditLogs
      | summarize Last = max(TimeGenerated), Port = max(${column}), Rows = count() by TunnelId;
      ${[1, 2, 3, 4, 5, 6].map((step) => `let Step${step} = Step${step - 1} | join kind=inner (Step${step - 1} | project TunnelId) on TunnelId | project-away TunnelId1;`).join("\n")}
      Step6 | project TunnelId, Last, Port, Rows, Many = Rows > 1 | order by TunnelId asc`;

    it("is run by another engine, with the same types and in its timespan", async () => {
      const timespan = "2026-03-01T10:00:00Z/2026-03-01T10:40:00Z";
      const { status, body } = await send({ query: chained("ClientPort"), timespan });
      assert.equal(status, 200, JSON.stringify(body));
      assert.deepEqual(body.tables, [
        {
          name: "PrimaryResult",
          columns: [
            { name: "TunnelId", type: "string" },
            { name: "Last", type: "datetime" },
            { name: "Port", type: "int" },
            { name: "Rows", type: "long" },
            { name: "Many", type: "bool" },
          ],
          rows: [["t1", "2026-03-01T10:30:00.12Z", 50123, 2, true]],
        },
      ]);
    });

    it("is refused where it names what no table has", async () => {
      const { error } = errorOf(await send({ query: chained("Colour") }));
      assert.deepEqual((error.innererror as JsonObject).innererror, {
        code: "SEM0100",
        message: "Failed to resolve column or scalar expression named 'Colour'",
      });
      const other = errorOf(await send({ query: chained("ClientPort").replace("= MicrosoftAzure", "= Microsoft") }));
      assert.deepEqual((other.error.innererror as JsonObject).innererror, {
        code: "SEM0100",
        message: "Failed to resolve table or column expression named 'MicrosoftBastionAuditLogs'",
      });
    });
  });

  it("sees the rows of its timespan, on the sandbox's clock", async () => {
    const count = async (timespan: string): Promise<Json | undefined> => {
      const { body } = await send({ query: "MicrosoftAzureBastionAuditLogs | count", timespan });
      return (body.tables as unknown as { rows: Json[][] }[])[0]!.rows[0]![0];
    };
    assert.equal(await count("2026-03-01T10:00:00.120Z/2026-03-01T10:40:00.120Z"), 2);
    assert.equal(await count("PT1S"), 0);
  });

  it("sees rows that come while the engine runs", async () => {
    const columns = { TimeGenerated: "2026-03-02T10:00:00Z", ResourceId: "/h", Category: "BastionAuditLogs" };
    at.write("AzureDiagnostics", [{ ...columns, userName_s: "ada", clientPort_d: 1 }]);
    const kql =
      'AzureDiagnostics | project User = column_ifexists("userName_s", "?"), Mail = column_ifexists("userEmail_s", "?")';
    const rows = async (): Promise<Json> => {
      const { body } = await send({ query: `${kql} | order by User asc` });
      return (body.tables as unknown as { rows: Json }[])[0]!.rows;
    };
    assert.deepEqual(await rows(), [["ada", "?"]]);
    at.write("AzureDiagnostics", [{ ...columns, userName_s: "bob", userEmail_s: "bob@example.com" }]);
    assert.deepEqual(await rows(), [
      ["ada", ""],
      ["bob", "bob@example.com"],
    ]);
  });

  it("answers a dynamic column as JSON", async () => {
    const { body } = await send({ query: "AzureActivity | project Properties_d" });
    assert.deepEqual((body.tables as unknown as JsonObject[])[0], {
      name: "PrimaryResult",
      columns: [{ name: "Properties_d", type: "dynamic" }],
      rows: [['{"statusCode":"OK","n":[1]}']],
    });
  });

  it("adds statistics where they are preferred", async () => {
    const { body } = await send(
      { query: "AzureActivity | project Caller" },
      { prefer: "wait=30,include-statistics=true" },
    );
    const { query } = body.statistics as unknown as { query: { executionTime: number; datasetStatistics: Json } };
    assert.ok(query.executionTime > 0);
    assert.deepEqual(query.datasetStatistics, [{ tableRowCount: 1, tableSize: '["ada@example.com"]'.length }]);
  });

  const refusals: Record<string, [query: string, refusal: string]> = {
    "a table that has no rows yet": [
      "Nothing | take 1",
      "SEM0100: Failed to resolve table or column expression named 'Nothing'",
    ],
    "a column that is not there": [
      "AzureActivity | where Colour == 1",
      "SEM0100: Failed to resolve column or scalar expression named 'Colour'",
    ],
    "a function that is not there": ["AzureActivity | where paint(Caller) == 1", "SEM0260: Unknown function: 'paint'."],
    "a text that is no KQL": [
      "AzureActivity | where",
      "SYN0002: Syntax error in KQL query at position 22: expected an expression, found end of query. (SYNTAX_ERROR)",
    ],
  };
  for (const [what, [query, refusal]] of Object.entries(refusals)) {
    it(`refuses ${what}`, async () => {
      const { status, error } = errorOf(await send({ query }));
      assert.deepEqual(
        [status, error.code, error.message],
        [400, "BadArgumentError", "The request had some invalid properties"],
      );
      const { innererror } = error.innererror as unknown as { innererror: { code: string; message: string } };
      assert.equal(`${innererror.code}: ${innererror.message}`, refusal);
    });
  }

  it("says so where only the sandbox's engine cannot run it", async () => {
    const { error } = errorOf(await send({ query: "AzureActivity | make-series count() on TimeGenerated step 1h" }));
    assert.deepEqual(error.innererror, {
      code: "NotSupportedInSandbox",
      message:
        "The sandbox's query engine cannot run this query, which Azure may: Syntax error in KQL query at position 17: 'make-series' is not a supported KQL operator, found 'make'. (SYNTAX_ERROR)",
    });
  });

  it("can be one of a batch, in which each has its own answer", async () => {
    const one = (id: string, query: string): JsonObject => ({
      id,
      path: "/query",
      method: "POST",
      workspace: customerId,
      body: { query },
    });
    const answer = await send(
      { requests: [one("a", "print x = 1"), one("b", "Nothing"), { ...one("c", ""), path: "/fakePath" }] },
      { path: "/loganalytics/v1/$batch" },
    );
    const responses = answer.body.responses as unknown as { id: string; status: number; body: JsonObject }[];
    assert.deepEqual(
      responses.map(({ id, status }) => [id, status]),
      [
        ["a", 200],
        ["b", 400],
        ["c", 404],
      ],
    );
    assert.deepEqual((responses[0]!.body.tables as unknown as { rows: Json }[])[0]!.rows, [[1]]);
    const doubled = await send(
      { requests: [one("a", "print 1"), one("a", "print 1")] },
      { path: "/loganalytics/v1/$batch" },
    );
    assert.equal(doubled.status, 400);
  });

  it("is read by Microsoft's own client", async () => {
    const result = await at.client.queryWorkspace(
      customerId,
      "AzureActivity | project TimeGenerated, Caller, Properties_d",
      { startTime: new Date("2026-03-01T00:00:00Z"), endTime: new Date("2026-03-02T00:00:00Z") },
      { includeQueryStatistics: true, serverTimeoutInSeconds: 20 },
    );
    assert.equal(result.status, "Success");
    assert.deepEqual((result as { tables: { rows: unknown }[] }).tables[0]!.rows, [
      [new Date("2026-03-01T10:01:00.120Z"), "ada@example.com", { statusCode: "OK", n: [1] }],
    ]);
  });

  it("is answered in part, and throttled, where a fault asks for it", async () => {
    const range = { startTime: new Date("2026-03-01T00:00:00Z"), endTime: new Date("2026-03-02T00:00:00Z") };
    const kql = "MicrosoftAzureBastionAuditLogs | project TunnelId";
    await at.fault({ kind: "partialResult", rows: 2, times: 1 });
    const partial = await at.client.queryWorkspace(customerId, kql, range);
    assert.ok(partial.status === LogsQueryResultStatus.PartialFailure);
    assert.equal(partial.partialTables[0]!.rows.length, 2);
    assert.equal(partial.partialError.code, "PartialError");
    await at.fault({ kind: "status", status: 429, code: "ThrottledError", retryAfter: 1, times: 1 });
    await assert.rejects(at.client.queryWorkspace(customerId, kql, range), { statusCode: 429, code: "ThrottledError" });
    assert.equal((await at.client.queryWorkspace(customerId, kql, range)).status, "Success");
  });
});
