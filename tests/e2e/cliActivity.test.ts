import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Activity } from "../../cli/audit/activity/types.ts";
import type { BlobCoverage } from "../../cli/audit/records/blobCoverage.ts";
import type { Coverage, Unreadable } from "../../cli/audit/records/types.ts";
import { needsChdb } from "../sandbox/query/queryPlane.ts";
import { forSuite } from "../held.ts";
import { ada, smallConfig, TestSandbox } from "./harness.ts";

interface ActivityDocument {
  readonly activities: readonly Activity[];
  readonly unreadable: readonly Unreadable[];
  readonly coverage: Coverage & BlobCoverage;
}

/** What people and Defender did, by each way to the activity log, with nothing but the sandbox's environment. */
describe("the activity log of a deployment, in the sandbox", () => {
  /** Correlation id of the request. */
  let request: string;
  let opened: string;
  const sandbox = forSuite(() => TestSandbox.start());
  before(async () => {
    await sandbox.up(smallConfig);
  });

  function run(...args: string[]) {
    return sandbox.cli(args, { env: { BASTION_TRAIL_STATE: join(sandbox.folder, "actions") } });
  }

  async function activity(...args: string[]): Promise<ActivityDocument> {
    const { exitCode, stdout, stderr } = await run("activity", "--json", ...args);
    assert.deepEqual([exitCode, stderr], [0, ""]);
    return JSON.parse(stdout) as ActivityDocument;
  }

  const nsg = () =>
    `/subscriptions/${sandbox.description.subscriptionId}/resourceGroups/trail/providers/Microsoft.Network/networkSecurityGroups/web-nsg`;

  /** What must be the same by every way. */
  async function told(...args: string[]) {
    const { activities, unreadable } = await activity("--vm", "web", ...args);
    assert.deepEqual(unreadable, []);
    // The deployment itself wrote the group and its rules.
    return activities
      .filter(({ time }) => time >= opened)
      .map(
        ({
          kind,
          action,
          status,
          caller,
          callerIp,
          vms,
          reason,
          rules,
          opens,
          origin,
          request,
          events,
          correlationId,
        }) => ({
          what: `${kind} ${action} ${status ?? "-"}`,
          ...{ caller, callerIp, vms, reason, opens, origin, events, correlationId },
          request: request === null ? null : { by: request.by, correlationId: request.correlationId },
          rules: rules?.map(({ access, ports, sources }) => `${access ?? "-"} ${ports.join()} from ${sources.join()}`),
        }),
      );
  }

  /** The copies of the archive's blobs in the cache. */
  function copies(): string[] {
    const cache = join(sandbox.folder, "cache");
    return readdirSync(cache, { recursive: true, encoding: "utf8" })
      .filter((path) => /h=\d\d\.json$/.test(path))
      .map((path) => join(cache, path));
  }

  it("takes none of the deployment's own writes for something that was opened outside JIT", async () => {
    assert.deepEqual((await activity("--only", "outside")).activities, []);
    const { activities } = await activity("--only", "rules");
    assert.ok(activities.length >= 4);
    assert.deepEqual(
      [...new Set(activities.map(({ origin, originBy }) => `${origin ?? "-"} ${originBy ?? "-"}`))].sort(),
      ["jit client-id", "stack content"],
    );
  });

  it("has a request of this CLI as one, with the rule that Defender wrote for it", async () => {
    opened = new Date().toISOString();
    const { exitCode, stdout, stderr } = await run(
      "jit",
      "request",
      "web",
      "--for",
      "2h",
      "--reason",
      "INC-1",
      "--json",
    );
    assert.equal(exitCode, 0, stderr);
    const [row] = (JSON.parse(stdout) as { requests: { correlationId: string; until: string }[] }).requests;
    request = row!.correlationId;
    const [asked, written, ...others] = await told();
    assert.deepEqual(others, []);
    const { subscriptionId, clientId } = sandbox.description;
    assert.ok(asked!.caller !== null && asked!.caller !== clientId);
    assert.deepEqual(asked, {
      what: "request initiate succeeded",
      caller: asked!.caller,
      callerIp: "127.0.0.1",
      vms: [
        {
          id: `/subscriptions/${subscriptionId}/resourceGroups/trail/providers/Microsoft.Compute/virtualMachines/web`,
          name: "web",
          ports: [
            {
              number: 22,
              source: "10.60.0.0/26",
              until: row!.until,
              durationSeconds: asked!.vms[0]!.ports[0]!.durationSeconds,
            },
          ],
        },
      ],
      reason: "INC-1",
      opens: null,
      origin: null,
      events: 3,
      correlationId: request,
      request: null,
      rules: ["allow 22 from 10.60.0.0/26"],
    });
    assert.ok(Math.abs((asked.vms[0]!.ports[0]!.durationSeconds ?? 0) - 7200) < 5);
    assert.deepEqual(
      [written!.what, written!.origin, written!.opens, written!.request],
      ["rule write succeeded", "jit", true, { by: "correlation", correlationId: request }],
    );
  });

  it("has a rule that somebody wrote outside JIT, marked as such", async () => {
    const rule = {
      properties: {
        ...{ access: "Allow", direction: "Inbound", priority: 200, protocol: "Tcp" },
        ...{
          sourceAddressPrefix: "*",
          sourcePortRange: "*",
          destinationAddressPrefix: "*",
          destinationPortRange: "22",
        },
      },
    };
    await sandbox.arm("PUT", `${nsg()}/securityRules/OpenSsh?api-version=2024-05-01`, rule);
    const { activities } = await activity("--only", "outside", "--user", ada.toUpperCase());
    assert.deepEqual(
      activities.map(({ origin, opens, beyond, caller, request: link, rules }) => ({
        origin,
        opens,
        beyond,
        caller,
        link,
        ...rules?.[0],
      })),
      [
        {
          ...{
            origin: "outside",
            opens: true,
            beyond: ["source *", "destination *"],
            caller: ada,
            link: null,
            name: "OpenSsh",
            access: "allow",
          },
          ...{
            direction: "inbound",
            priority: 200,
            protocol: "tcp",
            sources: ["*"],
            destinations: ["*"],
            ports: ["22"],
            sourcePorts: ["*"],
          },
          ...{ description: null, jitName: false },
        },
      ],
    );
  });

  it("shows what opened a port, and a VM's own rules only", async () => {
    const what = async (...args: string[]) =>
      (await activity(...args)).activities
        .filter(({ time }) => time >= opened)
        .map(({ kind, origin }) => `${kind} ${origin ?? "-"}`);
    assert.deepEqual(await what("--opens", "22"), ["request -", "rule jit", "rule outside"]);
    assert.deepEqual(await what("--opens", "3389"), []);
    const groups = (await activity("--vm", "web", "--only", "rules")).activities.map(
      ({ resource }) => resource?.split("/")[8],
    );
    assert.deepEqual([...new Set(groups)], ["web-nsg"]);
  });

  it("has the deletion of a request's rule, with the request that it belongs to", async () => {
    const { exitCode, stdout } = await run("jit", "revoke", "web", "--reason", "INC-1 is done", "--json");
    const [revocation] = (JSON.parse(stdout) as { revocations: { state: string; message: string }[] }).revocations;
    // The rule that somebody wrote keeps the port open.
    assert.deepEqual([exitCode, revocation?.state], [1, "bypassed"], stdout);
    assert.match(revocation?.message ?? "", /Port 22 is open without a request, by OpenSsh of web-nsg\./);
    const last = (await told()).at(-1)!;
    assert.deepEqual(
      [last.what, last.origin, last.opens, last.request],
      ["rule delete succeeded", "outside", false, { by: "rule", correlationId: request }],
    );
  });

  it("gives the same result from the archive", async () => {
    const fromApi = await told();
    assert.equal(fromApi.length, 4);
    assert.deepEqual(await told("--source", "archive"), fromApi);
  });

  it("names each blob of the archive that it read, with the hash of its copy", async () => {
    const { blobs } = (await activity("--source", "archive")).coverage;
    const paths = copies();
    const hashes = paths.map((path) => createHash("sha256").update(readFileSync(path)).digest("hex"));
    assert.ok(hashes.length > 0);
    assert.deepEqual(blobs?.map(({ sha256 }) => sha256).sort(), hashes.sort());
  });

  it("gives the same result from the archive's files in a folder", async () => {
    const paths = copies();
    const folder = join(sandbox.folder, "downloaded");
    mkdirSync(folder);
    paths.forEach((path, index) => {
      copyFileSync(path, join(folder, `${index}.json`));
    });
    const { coverage } = await activity("--source", folder);
    assert.deepEqual([coverage.hoursRead, coverage.from], [paths.length, null]);
    assert.deepEqual(await told("--source", folder), await told());
  });

  it("gives the same result from the workspace", async function () {
    await needsChdb.call(this);
    assert.deepEqual(await told("--source", "workspace"), await told());
  });

  it("is a table for people", async () => {
    const { exitCode, stdout, stderr } = await run("activity", "--only", "rules");
    assert.equal(exitCode, 0);
    assert.match(
      stdout,
      /^TIME +WHO +VM +KIND +PORTS +REASON +BY +STATUS +FOR +UNTIL +OPENS +BEYOND +FROM +RESOURCE +IP +CORRELATION\n/,
    );
    assert.match(
      stdout,
      / Defender for Cloud +web +rule write +22 +- +jit +succeeded +- +- +yes +- +10\.60\.0\.0\/26 /,
    );
    assert.match(
      stdout,
      / ada@example\.com +web +rule write +22 +- +outside +succeeded +- +- +yes +source \*; destination \* +\* +web-nsg\/OpenSsh /,
    );
    assert.match(stderr, /^\d+ activities from \d+ records\. Last record: .*\n$/);
  });

  it("goes back 90 days and no further", async () => {
    assert.ok((await activity("--since", "90d")).activities.length > 0);
    const { exitCode, stdout, stderr } = await run("activity", "--from", "2025-01-01", "--json");
    assert.deepEqual([exitCode, stdout], [2, ""]);
    assert.equal(
      stderr,
      "error: Azure keeps the activity log for 90 days, and 2025-01-01T00:00:00.000Z is before that. " +
        "Use a later time, or read what was exported: --source workspace or --source archive.\n",
    );
  });

  it("is refused in Azure's words if it may not be read", async () => {
    const message =
      "The client does not have authorization to perform action 'Microsoft.Insights/eventtypes/values/Read'.";
    const fault = { kind: "status", status: 403, code: "AuthorizationFailed", message, path: "eventtypes" };
    await sandbox.admin("POST", "/sandbox/faults", fault);
    const { exitCode, stderr } = await run("activity");
    await sandbox.admin("DELETE", "/sandbox/faults");
    assert.equal(exitCode, 2);
    assert.ok(stderr.startsWith(`error: ${message} Ask for the role Bastion Trail Requester (`), stderr);
  });
});
