import assert from "node:assert/strict";
import { formatTime } from "../../../../cli/time.ts";
import { ada } from "../../../sandbox/bastion/sessionFixture.ts";
import { AccessBench } from "../../accessBench.ts";
import { pick } from "../jit/jitBench.ts";
import { ConnectBench } from "./connectBench.ts";
import { forEachTest, forSuite } from "../../../held.ts";

const minute = 60_000;
const hour = 60 * minute;
const bob = "bob@example.com";

describe("connect", () => {
  const azure = forSuite(() => AccessBench.start({ host: { enableTunneling: true } }));
  const bench = forEachTest(() => new ConnectBench(azure));

  it("requests access, waits for the rule and hands over to the Azure CLI", async () => {
    const { exitCode, stdout, stderr } = await bench.connect({ reason: "INC-1", for: hour / 2 });
    assert.deepEqual([exitCode, stdout], [0, ""]);
    assert.match(
      stderr,
      /^Port 22 of vm-app is open until \S+ \S+Z\.\nCorrelation id of the request for vm-app: [0-9a-f-]{36}\. Rule: MicrosoftDefenderForCloud-JITRule-\S+\.\n$/,
    );
    assert.deepEqual(bench.az.calls(), [
      [
        ...["network", "bastion", "ssh", "--name", "bas-main", "--resource-group", "rg-access"],
        ...["--subscription", azure.bench.plane.identity.subscriptionId],
        ...["--target-resource-id", azure.bench.path.vmId, "--resource-port", "22"],
        ...["--auth-type", "password", "--username", "azureuser"],
      ],
    ]);
    assert.deepEqual(
      (await bench.requests()).map((row) => row.slice(0, 3)),
      [["active", ada, "INC-1"]],
    );
  });

  it("passes on the exit code of the Azure CLI", async () => {
    bench.az.install({ exitCode: 255 });
    assert.equal((await bench.connect({ reason: "INC-1" })).exitCode, 255);
  });

  it("records the request, its outcome and how the Azure CLI ended", async () => {
    bench.az.install({ exitCode: 7 });
    await bench.connect({ reason: "INC-1", for: hour });
    const entries = azure.recorded();
    const [{ correlationId }] = entries as [{ correlationId: string }];
    assert.deepEqual(
      entries.map((entry) => pick(entry, "action", "by", "reason", "target", "correlationId")),
      Array.from({ length: 4 }, () => ["connect", ada, "INC-1", azure.bench.path.vmId, correlationId]),
    );
    const [[, , , end]] = (await bench.requests()) as [[string, string, string, string]];
    assert.deepEqual(
      entries.map(({ outcome, details }) => [outcome, details]),
      [
        ["asked", { port: 22, method: "ssh", ride: false }],
        ["open", { until: end, replaced: [], grant: null }],
        ["started", { command: ["az", ...bench.az.calls()[0]!] }],
        ["ended", { exitCode: 7 }],
      ],
    );
    const events = azure.bench.plane.events.filter((event) => event.correlationId === correlationId);
    assert.ok(JSON.stringify(events).includes("initiate/action"));
  });

  it("records a request that Azure refuses", async () => {
    await azure.fault({ kind: "status", status: 403, path: "/initiate", code: "No", message: "You may not." });
    await assert.rejects(bench.connect({ reason: "INC-1" }), { message: "You may not." });
    assert.deepEqual(
      azure.recorded().map((entry) => pick(entry, "outcome", "message")),
      [
        ["asked", null],
        ["failed", "You may not."],
      ],
    );
    assert.deepEqual(bench.az.calls(), []);
  });

  describe("while your own request is active", () => {
    it("uses it", async () => {
      const end = await azure.bench.request(90);
      const { stderr } = await bench.connect({});
      assert.equal(stderr, `Port 22 of vm-app is open until ${formatTime(end)}, by your own request.\n`);
      assert.deepEqual(await bench.requests(), [["active", ada, null, end]]);
    });

    it("makes a new request if that ends before --for, or for another reason", async () => {
      await bench.jit.request({ for: hour / 2, reason: "INC-1" }, "vm-app");
      await bench.connect({ reason: "INC-1", for: hour });
      await bench.connect({ reason: "INC-2" });
      assert.deepEqual(
        (await bench.requests()).map((row) => row.slice(0, 3)),
        [
          ["active", ada, "INC-2"],
          ["replaced", ada, "INC-1"],
          ["replaced", ada, "INC-1"],
        ],
      );
    });

    it("requires a reason if it ends before --for", async () => {
      const end = await azure.bench.request(10);
      await assert.rejects(bench.connect({ for: hour }), {
        message: `Your request for vm-app:22 ends at ${formatTime(end)}, before what --for asks.`,
        nextStep: 'Pass --reason "..." to request more time, or leave out --for.',
      });
    });

    it("makes a new request if its rule is gone, or if it is about to end", async () => {
      await azure.bench.request(90);
      await azure.bench.plane.clock.advance(2 * minute);
      await bench.jit.revoke({}, "vm-app");
      await assert.rejects(bench.connect({}), { message: "No active request for vm-app:22." });
      await bench.connect({ reason: "again", for: 90_000 });
      await azure.bench.plane.clock.advance(45_000);
      await bench.connect({ reason: "again", for: 90_000 });
      assert.equal((await bench.requests()).filter(([, , reason]) => reason === "again").length, 2);
    });
  });

  describe("while somebody else's request is active", () => {
    it("makes a request of your own, which ends no earlier than the one it replaces", async () => {
      const end = await azure.bench.request(120, bob);
      const { stderr } = await bench.connect({ reason: "mine", for: hour / 2 });
      assert.equal(
        stderr.replace(/^Correlation id of the request for vm-app: .*\n/m, ""),
        `note: replaced the request of ${bob} for port 22 of vm-app, which would have ended at ${formatTime(end)}. The new one ends at ${formatTime(end)}.\n` +
          `Port 22 of vm-app is open until ${formatTime(end)}.\n`,
      );
      assert.deepEqual(await bench.requests(), [
        ["active", ada, "mine", end],
        ["replaced", bob, null, end],
      ]);
    });

    it("names the other request if a reason is missing", async () => {
      const end = await azure.bench.request(120, bob);
      await assert.rejects(bench.connect({}), {
        message: `No active request of yours for vm-app:22; ${bob} has one until ${formatTime(end)}.`,
        nextStep: 'Pass --reason "..." to request access, or --ride to use that one.',
      });
      assert.deepEqual(await bench.requests(), [["active", bob, null, end]]);
    });

    it("names a requestor of whom the policy has only an id", async () => {
      const id = await bench.jit.requestById(bob);
      const { stderr } = await bench.connect({ ride: true });
      assert.match(stderr, /, by the request of bob@example\.com\.\n$/);
      const { grant } = azure.recorded()[1]!.details as { grant: Record<string, unknown> };
      assert.deepEqual(pick(grant, "requestor", "requestorId", "isOwn"), [bob, id, false]);
    });

    it("uses it with --ride, and says and records whose it is", async () => {
      const end = await azure.bench.request(120, bob);
      const { stderr } = await bench.connect({ ride: true });
      assert.equal(stderr, `Port 22 of vm-app is open until ${formatTime(end)}, by the request of ${bob}.\n`);
      assert.deepEqual(await bench.requests(), [["active", bob, null, end]]);
      const [asked, used] = azure.recorded();
      assert.deepEqual(pick(asked, "reason", "outcome", "details"), [
        null,
        "asked",
        { port: 22, method: "ssh", ride: true },
      ]);
      const { grant } = used!.details as { grant: Record<string, unknown> };
      assert.deepEqual([used!.outcome, ...pick(grant, "requestor", "end", "isOwn")], ["used", bob, end, false]);
      assert.equal(bench.az.calls().length, 1);
    });
  });

  it("says that the rule was not checked if the role cannot read it", async () => {
    await azure.bench.request(90);
    await azure.fault({ kind: "status", status: 403, path: "networkSecurityGroups/", code: "No", message: "No." });
    const { stderr } = await bench.connect({});
    assert.match(
      stderr,
      /^Your own request for port 22 of vm-app lasts until \S+ \S+Z\. Whether the port is open is unknown: your role cannot read the rules\.\n$/,
    );
  });

  it("refuses --ride if no request is active", () =>
    bench.refuses(
      { ride: true },
      {
        message: "No active request for vm-app:22.",
        nextStep: 'Leave out --ride and pass --reason "..." to request access.',
      },
    ));

  it("requires a reason for a request", () =>
    bench.refuses(
      {},
      { message: "No active request for vm-app:22.", nextStep: 'Pass --reason "..." to request access.' },
    ));

  it("reports all options that cannot be combined", () =>
    bench.refuses(
      { ride: true, for: hour, portal: true, tunnel: 2222, reason: " " },
      {
        message:
          "--for and --ride cannot be combined: --ride makes no request. Leave out --for or --ride. " +
          "--portal and --tunnel cannot be combined. Leave out --portal or --tunnel. --reason is empty.",
        nextStep: "State why access is needed.",
      },
    ));

  it("suggests the name of a mistyped VM", () =>
    bench.refuses({ reason: "x" }, { message: "No JIT policy covers the VM 'vm-ap'. Did you mean 'vm-app'?" }, [
      "vm-ap",
    ]));

  it("starts nothing if the rule does not appear in time", async () => {
    const { store } = azure.bench.plane;
    const put = store.put.bind(store);
    // Defender accepts the request, and is slow to write its rule.
    store.put = (resource) => (resource.name.includes("JITRule-") ? { ...resource, etag: "" } : put(resource)) as never;
    try {
      await assert.rejects(bench.connect({ reason: "INC-1", timeout: 1 }), {
        message:
          /^Azure accepted the request, which lasts until \S+ \S+Z, but the rule for port 22 of vm-app has not appeared yet\.$/,
        nextStep: "Check with `bastion-trail jit ls`, and run connect again once the request is active.",
      });
    } finally {
      store.put = put;
    }
    assert.deepEqual(bench.az.calls(), []);
  });
});
