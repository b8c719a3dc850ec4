import assert from "node:assert/strict";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { toQueryError, WorkspaceQueryError } from "../../../../../cli/audit/sources/workspace/errors.ts";
import { openWorkspace } from "../../../../../cli/audit/sources/workspace/logsClient.ts";
import { customerId, startQueryPlane, type QueryPlane } from "../../../../sandbox/query/queryPlane.ts";

const range = { start: new Date("2026-03-01T00:00:00Z"), end: new Date("2026-03-02T00:00:00Z") };

/** What reaches the service and what it says, without an engine behind it. */
describe("a client of a workspace", () => {
  const system = getCACertificates("default");
  let at: QueryPlane;
  let pauses: number[];

  before(async () => {
    at = await startQueryPlane(() => Promise.resolve(undefined));
    setDefaultCACertificates([...system, at.plane.tls.ca]);
  });

  beforeEach(() => {
    pauses = [];
  });

  afterEach(async () => {
    await at.plane.admin("DELETE", "/sandbox/faults");
  });

  after(async () => {
    setDefaultCACertificates(system);
    await at.remove();
  });

  /** How the query ends: always with an error, since there is no engine. */
  async function failure(options: { customerId?: string; attempts?: number; resource?: string } = {}): Promise<Error> {
    const { resource, ...more } = options;
    const token = await at.token(resource ?? at.endpoint);
    const run = await openWorkspace({
      endpoint: `${at.endpoint}/`,
      customerId,
      credential: { getToken: () => Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) },
      sleep: (milliseconds) => {
        pauses.push(milliseconds);
        return Promise.resolve();
      },
      ...more,
    });
    return run("print 1", range).then(
      () => assert.fail("It was answered."),
      (error: unknown) => toQueryError(error, customerId) as Error,
    );
  }

  it("waits as long as the service asks for when it is throttled", async () => {
    await at.fault({
      kind: "status",
      status: 429,
      code: "ThrottledError",
      message: "Slow down.",
      retryAfter: 40,
      times: 2,
    });
    assert.equal(((await failure()) as { code?: string }).code, "QueryEngineMissing");
    assert.deepEqual(pauses, [40_000, 40_000]);
  });

  it("waits longer each time where the service does not say how long", async () => {
    await at.fault({ kind: "status", status: 429, code: "ThrottledError", message: "Slow down.", times: 3 });
    await failure();
    const [first = 0, second = 0, third = 0, ...more] = pauses;
    assert.deepEqual(more, []);
    assert.ok(first >= 500 && first <= 1000, String(first));
    assert.ok(second >= 1000 && second <= 2000, String(second));
    assert.ok(third >= 2000 && third <= 4000, String(third));
  });

  it("tries again after an error of the service and after a broken connection", async () => {
    await at.fault({ kind: "status", status: 503, times: 1 });
    await at.fault({ kind: "drop", times: 1 });
    assert.equal(((await failure()) as { code?: string }).code, "QueryEngineMissing");
    assert.equal(pauses.length, 2);
  });

  it("gives up after so many attempts, and says what to do", async () => {
    await at.fault({ kind: "status", status: 429, code: "ThrottledError", message: "Slow down." });
    const error = await failure({ attempts: 3 });
    assert.equal(pauses.length, 2);
    assert.ok(error instanceof WorkspaceQueryError);
    assert.equal(error.message, `The workspace ${customerId} could not be queried: Slow down.`);
    assert.equal(error.code, "ThrottledError");
    assert.equal(error.status, 429);
    assert.equal(
      error.nextStep,
      "Wait a minute: Azure allows a user 200 queries in 30 seconds. Or read the archive instead.",
    );
  });

  it("ends at once when it is aborted, while it waits for the service or for the next attempt", async () => {
    await at.fault({ kind: "delay", ms: 60_000 });
    const abort = new AbortController();
    const token = await at.token(at.endpoint);
    const run = await openWorkspace({
      endpoint: at.endpoint,
      customerId,
      credential: { getToken: () => Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) },
      signal: abort.signal,
    });
    const running = run("print 1", range);
    setTimeout(() => {
      abort.abort();
    }, 50);
    await assert.rejects(running, { name: "AbortError" });
    assert.deepEqual(pauses, []);
  });

  it("leaves an error of the sign-in as it is", async () => {
    const refused = Object.assign(new Error("Nobody is signed in."), { name: "CredentialUnavailableError" });
    const credential = { getToken: () => Promise.reject(refused) };
    const run = await openWorkspace({ endpoint: at.endpoint, customerId, credential });
    await assert.rejects(run("print 1", range), (error) => toQueryError(error, customerId) === refused);
  });

  it("does not repeat what will not get better", async () => {
    for (const [options, code, nextStep] of [
      [{ resource: "https://management.azure.com/" }, "InvalidTokenError", /Log Analytics Reader/],
      [{ customerId: "99999999-1111-4222-8333-444444444444" }, "WorkspaceNotFoundError", /customer id/],
      [{}, "QueryEngineMissing", /archive/],
    ] as const) {
      const error = (await failure(options)) as Error & { code?: string; nextStep?: string };
      assert.equal(error.code, code);
      assert.match(error.nextStep ?? "", nextStep);
      assert.deepEqual(pauses, []);
    }
  });
});
