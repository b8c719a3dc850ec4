import assert from "node:assert/strict";
import { toQueryError, WorkspaceQueryError } from "../../../../../cli/audit/sources/workspace/errors.ts";
import { openWorkspace } from "../../../../../cli/audit/sources/workspace/logsClient.ts";
import { forSuite } from "../../../../held.ts";
import { FakeArm, type Reply } from "../../../azure/fakeArm.ts";
import { customerId, startQueryPlane } from "../../../../sandbox/query/queryPlane.ts";

const range = { start: new Date("2026-03-01T00:00:00Z"), end: new Date("2026-03-02T00:00:00Z") };

/** What reaches the service and what it says, without an engine behind it. */
describe("a client of a workspace", () => {
  const at = forSuite(() => startQueryPlane(() => Promise.resolve(undefined)));
  afterEach(() => at.plane.admin("DELETE", "/sandbox/faults"));

  /** How the query ends: always with an error, since there is no engine. */
  async function failure(options: { customerId?: string; attempts?: number; resource?: string } = {}): Promise<Error> {
    const { resource, ...more } = options;
    const token = await at.token(resource ?? at.endpoint);
    const run = await openWorkspace({
      endpoint: `${at.endpoint}/`,
      customerId,
      credential: { getToken: () => Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) },
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
      retryAfter: 1,
      times: 1,
    });
    const start = Date.now();
    assert.equal(((await failure()) as { code?: string }).code, "QueryEngineMissing");
    assert.ok(Date.now() - start >= 1000);
  });

  it("tries again if the service does not say when", async () => {
    await at.fault({ kind: "status", status: 429, code: "ThrottledError", message: "Slow down.", times: 1 });
    assert.equal(((await failure()) as { code?: string }).code, "QueryEngineMissing");
  });

  it("gives up at once when the service asks for more than two minutes", async () => {
    await at.fault({ kind: "status", status: 429, code: "ThrottledError", message: "Slow down.", retryAfter: 121 });
    assert.equal(((await failure()) as { code?: string }).code, "ThrottledError");
  });

  it("tries again after an error of the service and after a broken connection", async () => {
    await at.fault({ kind: "status", status: 503, times: 1 });
    await at.fault({ kind: "drop", times: 1 });
    assert.equal(((await failure()) as { code?: string }).code, "QueryEngineMissing");
  });

  it("gives up after so many attempts, and says what to do", async () => {
    const throttled = { kind: "status", status: 429, code: "ThrottledError", message: "Slow down.", times: 2 } as const;
    await at.fault(throttled);
    assert.equal(((await failure({ attempts: 3 })) as { code?: string }).code, "QueryEngineMissing");
    await at.fault(throttled);
    const error = await failure({ attempts: 2 });
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
  });

  it("leaves an error of the sign-in unchanged", async () => {
    const refused = Object.assign(new Error("Nobody is signed in."), { name: "CredentialUnavailableError" });
    const credential = { getToken: () => Promise.reject(refused) };
    const run = await openWorkspace({ endpoint: at.endpoint, customerId, credential });
    await assert.rejects(run("print 1", range), (error) => toQueryError(error, customerId) === refused);
  });

  it("says what to do about a query that would fail again", async () => {
    for (const [options, code, nextStep] of [
      [{ resource: "https://management.azure.com/" }, "InvalidTokenError", /Log Analytics Reader/],
      [{ customerId: "99999999-1111-4222-8333-444444444444" }, "WorkspaceNotFoundError", /customer id/],
      [{}, "QueryEngineMissing", /archive/],
    ] as const) {
      const error = (await failure(options)) as Error & { code?: string; nextStep?: string };
      assert.equal(error.code, code);
      assert.match(error.nextStep ?? "", nextStep);
    }
  });
});

describe("an answer in place of a workspace's", () => {
  const arm = forSuite(() => FakeArm.start());
  const failure = async (reply: Reply, attempts = 1) => {
    arm.reply(reply);
    const credential = { getToken: () => Promise.resolve({ token: "t", expiresOnTimestamp: Date.now() + 3_600_000 }) };
    const run = await openWorkspace({ endpoint: arm.endpoint, customerId, credential, attempts });
    const error = await run("print 1", range).then(
      () => undefined,
      (one: unknown) => toQueryError(one, customerId),
    );
    assert.ok(error instanceof WorkspaceQueryError);
    return [error.message, error.nextStep];
  };

  it("is not asked for again if it would be the same", async () => {
    for (const status of [400, 401, 403, 404]) {
      await failure({ status, body: { error: { code: "Refused", message: "No." } } }, 3);
      assert.equal(arm.requests.length, 1, `status ${status}`);
    }
  });

  it("is named if it is no result", async () => {
    const said = `The query of the workspace ${customerId} was answered with something other than a result.`;
    for (const reply of [{ text: "<html>Log in</html>" }, { text: "" }, { body: {} }]) {
      assert.deepEqual(await failure(reply), [said, "Check the proxy and the endpoint."]);
    }
  });

  it("is named by its status if it is no error of the service", async () => {
    const said = (status: number) =>
      `The workspace ${customerId} could not be queried: it answers with the status ${status}.`;
    assert.deepEqual(await failure({ status: 503, text: "<html>" }), [
      said(503),
      "Try a shorter time range, or read the archive instead.",
    ]);
    assert.deepEqual(await failure({ status: 401, text: "" }), [said(401), "Sign in again: `az login`."]);
    assert.deepEqual(await failure({ status: 403, text: "" }), [
      said(403),
      "Sign in with an identity that has the role Log Analytics Reader on the workspace.",
    ]);
  });
});
