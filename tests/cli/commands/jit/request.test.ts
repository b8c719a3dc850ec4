import assert from "node:assert/strict";
import { jitRequestOptions } from "../../../../cli/commands/jit/requestOptions.ts";
import { runJitRequest } from "../../../../cli/commands/jit/request.ts";
import { ada } from "../../../sandbox/bastion/sessionFixture.ts";
import { roleFilePath } from "../../../../cli/roleFiles.ts";
import { formatTime } from "../../../../cli/time.ts";
import { jitBody, jitId, versions } from "../../../sandbox/auditResources.ts";
import { AccessBench, given } from "../../accessBench.ts";
import { hour, JitBench, pick, type Row } from "./jitBench.ts";
import { forSuite } from "../../../held.ts";

describe("jit request", () => {
  const azure = forSuite(() => AccessBench.start());
  const jit = new JitBench(azure);
  afterEach(() => azure.reset());

  it("opens a VM's port to the Bastion range, and waits until the rule is there", async () => {
    const { exitCode, rows } = await jit.request({ for: hour / 2 }, "VM-APP");
    assert.equal(exitCode, 0);
    assert.deepEqual(pick(rows[0], "vmName", "ports", "state", "sources", "reason", "message"), [
      "vm-app",
      [22],
      "open",
      ["10.0.0.0/26"],
      "INC-1",
      null,
    ]);
    assert.match(String(rows[0]!.correlationId), /^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    assert.match(String(rows[0]!.rules), /^MicrosoftDefenderForCloud-JITRule-/);
    const left = Date.parse(rows[0]!.until as string) - azure.bench.plane.clock.now().getTime();
    assert.ok(left > hour / 2 - 60_000 && left <= hour / 2, String(left));
    assert.equal((await azure.bench.connect()).outcome, "connected");
  });

  it("computes the end by Azure's clock, not by this machine's", async () => {
    await azure.bench.plane.clock.advance(48 * hour);
    const { rows } = await jit.request({ for: hour }, "vm-app");
    const left = Date.parse(rows[0]!.until as string) - azure.bench.plane.clock.now().getTime();
    assert.ok(Math.abs(left - hour) < 60_000, String(left));
  });

  it("lasts an hour by default, or the shortest maximum of the policies", async () => {
    const left = (row: Row) => Date.parse(row.until as string) - azure.bench.plane.clock.now().getTime();
    const { rows } = await jit.request({}, "vm-app", "vm-two");
    assert.deepEqual(
      rows.map((row) => Math.round(left(row) / 60_000)),
      [60, 60],
    );
    assert.deepEqual(
      rows.map(({ ports }) => ports),
      [[22], [22, 3389]],
    );
  });

  it("is recorded in Azure with the person and the reason", async () => {
    const { rows } = await jit.request({ port: 3389 }, "vm-two");
    const event = azure.bench.plane.events.find(
      ({ wire, correlationId }) =>
        correlationId === rows[0]!.correlationId && JSON.stringify(wire).includes("initiate/action"),
    );
    const text = JSON.stringify(event);
    assert.ok(text.includes(ada) && text.includes("INC-1"), text);
  });

  it("is in the record of actions before the call and after it, with the outcome", async () => {
    const end = await azure.bench.request(120, "bob@example.com");
    const { rows } = await jit.request({ for: hour / 2 }, "vm-app");
    const { correlationId, replaced } = rows[0]!;
    const target = azure.bench.path.vmId;
    const common = { action: "jit request", by: ada, reason: "INC-1", target, message: null, correlationId };
    const details = { ports: [22], policy: jitId(azure.bench.plane, "jit-vm-app") };
    assert.deepEqual(
      azure.recorded().map(({ time, ...entry }) => (assert.ok(Date.parse(time as string)), entry)),
      [
        { ...common, outcome: "asked", details: { ...details, seconds: 1800 } },
        {
          ...common,
          outcome: "open",
          details: { ...details, until: end, replaced },
        },
      ],
    );
  });

  it("opens the other VMs if one is refused, and reports each", async () => {
    const refusal = { code: "AuthorizationFailed", message: "You may not request this." };
    await azure.fault({ kind: "status", status: 403, path: "jit-vm-app/initiate", ...refusal });
    const { exitCode, rows } = await jit.request({}, "vm-app", "vm-two");
    assert.equal(exitCode, 1);
    assert.deepEqual(
      rows.map((row) => pick(row, "vmName", "state", "message")),
      [
        [
          "vm-app",
          "failed",
          `You may not request this. Ask for the role Bastion Trail Requester (${roleFilePath("requester")}); a new role takes a few minutes to apply.`,
        ],
        ["vm-two", "open", null],
      ],
    );
  });

  it("fails if all are refused", async () => {
    await azure.fault({
      kind: "status",
      status: 403,
      path: "/initiate",
      code: "AuthorizationFailed",
      message: "No.",
    });
    assert.equal((await jit.request({}, "vm-app", "vm-two")).exitCode, 2);
  });

  it("is open if Azure made the request and only its answer is lost", async () => {
    await azure.fault({ kind: "drop", path: "/initiate$", after: true });
    const { exitCode, rows } = await jit.request({ for: hour }, "vm-app");
    assert.deepEqual([exitCode, ...pick(rows[0], "state", "message")], [0, "open", null]);
    assert.equal((await azure.bench.connect()).outcome, "connected");
  });

  it("says that the ports may be open if the user stops it after the request was sent", async () => {
    await azure.fault({ kind: "delay", path: "/initiate$", ms: 60_000, after: true });
    const io = azure.io();
    const options = given(jitRequestOptions, { reason: "INC-1", for: hour }, "vm-app");
    const call = runJitRequest(options, io, azure.openUntil(io));
    void azure.interruptWhenHeld(io);
    await assert.rejects(call, { name: "AbortError" });
    assert.match(
      io.written.stderr,
      /Interrupted after the request for vm-app was sent: its ports may be open until .*Z\. Close them with: bastion-trail jit revoke vm-app --reason TEXT\n$/,
    );
    assert.deepEqual(
      azure.recorded().map(({ outcome }) => outcome),
      ["asked", "interrupted"],
    );
  });

  it("says of the other VMs too that their ports may be open if the user stops it", async () => {
    await azure.fault({ kind: "delay", path: "jit-vm-app/initiate$", ms: 60_000 });
    const io = azure.io();
    const call = runJitRequest(
      given(jitRequestOptions, { reason: "INC-1" }, "vm-app", "vm-two"),
      io,
      azure.openUntil(io),
    );
    void azure.interruptWhenHeld(io, "open");
    await assert.rejects(call, { name: "AbortError" });
    const lines = io.written.stderr.trimEnd().split("\n");
    assert.deepEqual(
      lines.map((line) => line.replace(/ until .*?Z\./, " until TIME.")).sort(),
      ["vm-app", "vm-two"].map(
        (name) =>
          `Interrupted after the request for ${name} was sent: its ports may be open until TIME. Close them with: bastion-trail jit revoke ${name} --reason TEXT`,
      ),
    );
  });

  it("fails if Azure did not answer and made no request", async () => {
    await azure.fault({ kind: "status", path: "/initiate$", status: 501, message: "Not today." });
    const { exitCode, rows } = await jit.request({ for: hour }, "vm-app");
    assert.deepEqual([exitCode, ...pick(rows[0], "state", "until")], [2, "failed", null]);
    assert.equal(rows[0]!.message, "Not today. Azure is overloaded or failing: try again in a few minutes.");
  });

  it("does not call a request failed that Azure may have made", async () => {
    await azure.fault({ kind: "status", path: "/initiate$", status: 501, message: "Not today." });
    // The first read of the policy comes before the request.
    await azure.fault({ kind: "status", method: "GET", path: "/jitNetworkAccessPolicies/", status: 400, skip: 1 });
    const { rows } = await jit.request({ for: hour }, "vm-app");
    assert.equal(
      rows[0]!.message,
      "Not today. The request may have been made. Check with `jit ls` before requesting again: the port may be open.",
    );
  });

  it("does not call a request failed that Azure accepted, if the rules cannot be read afterwards", async () => {
    const path = "networkSecurityGroups/nsg-vm-app$";
    await azure.fault({ kind: "status", status: 400, method: "GET", path, skip: 1, code: "No", message: "Not now." });
    const { exitCode, rows } = await jit.request({}, "vm-app");
    await azure.bench.plane.admin("DELETE", "/sandbox/faults");
    const [listed] = (await jit.list()).requests;
    assert.deepEqual(
      [exitCode, ...pick(rows[0], "state", "until", "rules", "message")],
      [1, "waiting", listed!.end, [], "Azure accepted the request, but whether its rule is there is unknown: Not now."],
    );
  });

  it("says that the rule was not checked if the role cannot read it", async () => {
    await azure.fault({ kind: "status", status: 403, path: "networkSecurityGroups/", code: "No", message: "No." });
    const { exitCode, rows } = await jit.request({}, "vm-app");
    assert.deepEqual(
      [exitCode, rows[0]!.state, rows[0]!.message],
      [
        0,
        "requested",
        "Azure accepted the request. Your role cannot read the network security group, so the rule was not checked.",
      ],
    );
  });

  describe("while the port is open for somebody", () => {
    const bob = "bob@example.com";
    const shown = (time: unknown) => formatTime(time as string);

    it("never ends before the grant that it replaces, and says whose that was", async () => {
      const end = await azure.bench.request(120, bob);
      const { exitCode, rows, stderr } = await jit.request({ for: hour / 2 }, "vm-app");
      assert.deepEqual([exitCode, rows[0]!.until], [0, end]);
      assert.deepEqual(rows[0]!.replaced, [
        { port: 22, requestor: bob, requestorId: bob, isOwn: false, reason: null, end, until: end },
      ]);
      assert.equal(
        stderr,
        `note: replaced the request of ${bob} for port 22 of vm-app, which would have ended at ${shown(end)}. The new one ends at ${shown(end)}.\n`,
      );
      const { requests } = await jit.list();
      assert.deepEqual(
        requests.map((row) => pick(row, "state", "requestor", "end")),
        [
          ["active", ada, end],
          ["replaced", bob, end],
        ],
      );
    });

    it("names a requestor of whom the policy has only an id", async () => {
      const id = await jit.requestById(bob);
      const { rows, stderr } = await jit.request({ for: hour / 2 }, "vm-app");
      const [replaced] = rows[0]!.replaced as Row[];
      assert.deepEqual(pick(replaced, "requestor", "requestorId", "isOwn"), [bob, id, false]);
      assert.equal(
        stderr,
        `note: replaced the request of ${bob} for port 22 of vm-app, which would have ended at ${shown(replaced!.end)}. The new one ends at ${shown(rows[0]!.until)}.\n`,
      );
    });

    it("lasts as long as requested if that is longer", async () => {
      const end = await azure.bench.request(10, bob);
      const { rows, stderr } = await jit.request({ for: hour }, "vm-app");
      const until = rows[0]!.until as string;
      assert.ok(until > end);
      assert.equal(
        stderr,
        `note: replaced the request of ${bob} for port 22 of vm-app, which would have ended at ${shown(end)}. The new one ends at ${shown(until)}.\n`,
      );
    });

    it("extends only the port that is open", async () => {
      const first = await jit.request({ for: hour, port: 3389 }, "vm-two");
      const { rows } = await jit.request({ for: hour / 2 }, "vm-two");
      const { requests } = await jit.list({ active: true });
      const ends = new Map(requests.map(({ port, end }) => [port, end]));
      assert.equal(ends.get(3389), first.rows[0]!.until);
      assert.equal(ends.get(22), rows[0]!.until);
      assert.ok(String(ends.get(22)) < String(ends.get(3389)));
    });

    it("counts a grant that began after the policies were read", async () => {
      await azure.fault({ kind: "delay", ms: 400, method: "GET", path: "networkSecurityGroups/nsg-vm-app", times: 1 });
      const asked = jit.request({ for: hour / 2 }, "vm-app");
      await new Promise((resolve) => setTimeout(resolve, 200));
      const end = await azure.bench.request(120, bob);
      assert.equal((await asked).rows[0]!.until, end);
    });

    it("does not bring back a grant that was revoked", async () => {
      await azure.bench.request(120, bob);
      await azure.bench.plane.clock.advance(5 * 60_000);
      await jit.revoke({}, "vm-app");
      const { rows, stderr } = await jit.request({ for: hour / 2 }, "vm-app");
      const left = Date.parse(rows[0]!.until as string) - azure.bench.plane.clock.now().getTime();
      assert.ok(left <= hour / 2, String(left));
      assert.deepEqual([rows[0]!.replaced, stderr], [[], ""]);
    });

    it("fails if the policy now allows less time than that grant has left", async () => {
      const end = await azure.bench.request(120, bob);
      const { plane, path } = azure.bench;
      await plane.send("PUT", jitId(plane), versions.jit, jitBody(path.vmId, { maxRequestAccessDuration: "PT1H" }));
      const { exitCode, rows } = await jit.request({ for: hour / 2 }, "vm-app");
      assert.deepEqual(
        [exitCode, ...pick(rows[0], "state", "message")],
        [
          2,
          "failed",
          `Port 22 of vm-app is open until ${shown(end)} for ${bob}, which is longer than the policy now allows: a new request would end that access early. Connect with --ride, or request access once that grant has ended.`,
        ],
      );
      assert.deepEqual(
        (await jit.list()).requests.map((row) => pick(row, "state", "requestor", "end")),
        [["active", bob, end]],
      );
    });
  });

  const refused = async (values: object, vms: string[], message: string, nextStep: string) => {
    await assert.rejects(jit.request(values, ...vms), { name: "UserError", message, nextStep });
    assert.deepEqual((await jit.list()).requests, []);
  };

  it("reports all problems together, before anything is opened", async () => {
    await refused(
      { port: 3389 },
      ["vm-app", "nope", "vm-two"],
      "The JIT policy of 'vm-app' does not include port 3389. Its ports: 22. No JIT policy covers the VM 'nope'.",
      "VMs with a JIT policy: vm-app, vm-two.",
    );
  });

  it("refuses more time than a policy allows", async () => {
    await refused(
      { for: 3 * hour },
      ["vm-app", "vm-two"],
      "--for 3h 00m is longer than the policy allows: port 22 of vm-two up to 2h 00m, port 3389 of vm-two up to 2h 00m.",
      "Request less time.",
    );
  });

  it("refuses an empty reason", async () => {
    await refused({ reason: "  " }, ["vm-app"], "--reason is empty.", "State why access is needed.");
  });
});
