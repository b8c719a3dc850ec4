import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectOptions } from "../../../../cli/commands/connect/options.ts";
import { runConnect } from "../../../../cli/commands/connect/connect.ts";
import { formatTime } from "../../../../cli/time.ts";
import { versions } from "../../../sandbox/auditResources.ts";
import { ada } from "../../../sandbox/bastion/sessionFixture.ts";
import { AccessBench, given } from "../../accessBench.ts";
import { AzStub } from "../../azStub.ts";
import { JitBench, pick } from "../jit/jitBench.ts";

const minute = 60_000;
const hour = 60 * minute;
const bob = "bob@example.com";

describe("connect", () => {
  let azure: AccessBench;
  let jit: JitBench;
  let folder: string;
  let az: AzStub;
  before(async () => {
    azure = await AccessBench.start({ host: { enableTunneling: true } });
    jit = new JitBench(azure);
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "az-"));
    az = new AzStub(folder);
    az.install();
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await azure.reset();
  });
  after(() => azure.end());

  async function connect(values: object, operands: string[] = ["vm-app"]) {
    const io = azure.io({ env: { PATH: `${folder}:/bin:/usr/bin`, HOME: folder } });
    const exitCode = await runConnect(given(connectOptions, values, ...operands), io, azure.open);
    return { exitCode, ...io.written };
  }
  async function preview(values: object, operands?: string[]) {
    const { stdout } = await connect({ json: true, ...values }, operands);
    return (JSON.parse(stdout) as { connection: Record<string, unknown> }).connection;
  }
  const requests = async () =>
    (await jit.list()).requests.map((row) => pick(row, "state", "requestor", "reason", "end"));
  const shown = (time: string) => formatTime(time);
  const portalLink = () =>
    `https://portal.example/#@${azure.bench.plane.identity.tenantId}/resource${azure.bench.path.vmId}`;

  /** Nothing is requested, and no az is started. */
  async function refuses(values: object, error: object, operands?: string[]) {
    await assert.rejects(connect(values, operands), { name: "UserError", ...error });
    assert.deepEqual([(await jit.list()).requests, az.calls(), azure.recorded()], [[], [], []]);
  }

  it("requests access, waits for the rule and hands over to the Azure CLI", async () => {
    const { exitCode, stdout, stderr } = await connect({ reason: "INC-1", for: hour / 2 });
    assert.deepEqual([exitCode, stdout], [0, ""]);
    assert.match(
      stderr,
      /^Port 22 of vm-app is open until \S+ \S+Z\.\nCorrelation id of the request for vm-app: [0-9a-f-]{36}\. Rule: MicrosoftDefenderForCloud-JITRule-\S+\.\n$/,
    );
    assert.deepEqual(az.calls(), [
      [
        ...["network", "bastion", "ssh", "--name", "bas-main", "--resource-group", "rg-access"],
        ...["--subscription", azure.bench.plane.identity.subscriptionId],
        ...["--target-resource-id", azure.bench.path.vmId, "--resource-port", "22"],
        ...["--auth-type", "password", "--username", "azureuser"],
      ],
    ]);
    assert.deepEqual(
      (await requests()).map((row) => row.slice(0, 3)),
      [["active", ada, "INC-1"]],
    );
  });

  it("passes on the exit code of the Azure CLI", async () => {
    az.install({ exitCode: 255 });
    assert.equal((await connect({ reason: "INC-1" })).exitCode, 255);
  });

  it("records the request, its outcome and how the Azure CLI ended", async () => {
    az.install({ exitCode: 7 });
    await connect({ reason: "INC-1", for: hour });
    const entries = azure.recorded();
    const [{ correlationId }] = entries as [{ correlationId: string }];
    assert.deepEqual(
      entries.map((entry) => pick(entry, "action", "by", "reason", "target", "correlationId")),
      Array.from({ length: 4 }, () => ["connect", ada, "INC-1", azure.bench.path.vmId, correlationId]),
    );
    const [[, , , end]] = (await requests()) as [[string, string, string, string]];
    assert.deepEqual(
      entries.map(({ outcome, details }) => [outcome, details]),
      [
        ["asked", { port: 22, method: "ssh", ride: false }],
        ["open", { until: end, replaced: [], grant: null }],
        ["started", { command: ["az", ...az.calls()[0]!] }],
        ["ended", { exitCode: 7 }],
      ],
    );
    const events = azure.bench.plane.events.filter((event) => event.correlationId === correlationId);
    assert.ok(JSON.stringify(events).includes("initiate/action"));
  });

  it("records a request that Azure refuses", async () => {
    await azure.fault({ kind: "status", status: 403, path: "/initiate", code: "No", message: "You may not." });
    await assert.rejects(connect({ reason: "INC-1" }), { message: "You may not." });
    assert.deepEqual(
      azure.recorded().map((entry) => pick(entry, "outcome", "message")),
      [
        ["asked", null],
        ["failed", "You may not."],
      ],
    );
    assert.deepEqual(az.calls(), []);
  });

  describe("while your own request is active", () => {
    it("uses it", async () => {
      const end = await azure.bench.request(90);
      const { stderr } = await connect({});
      assert.equal(stderr, `Port 22 of vm-app is open until ${shown(end)}, by your own request.\n`);
      assert.deepEqual(await requests(), [["active", ada, null, end]]);
    });

    it("makes a new request if that ends before --for, or for another reason", async () => {
      await jit.request({ for: hour / 2, reason: "INC-1" }, "vm-app");
      await connect({ reason: "INC-1", for: hour });
      await connect({ reason: "INC-2" });
      assert.deepEqual(
        (await requests()).map((row) => row.slice(0, 3)),
        [
          ["active", ada, "INC-2"],
          ["replaced", ada, "INC-1"],
          ["replaced", ada, "INC-1"],
        ],
      );
    });

    it("requires a reason if it ends before --for", async () => {
      const end = await azure.bench.request(10);
      await assert.rejects(connect({ for: hour }), {
        message: `Your request for vm-app:22 ends at ${shown(end)}, before what --for asks.`,
        nextStep: 'Pass --reason "..." to request more time, or leave out --for.',
      });
    });

    it("makes a new request if its rule is gone, or if it is about to end", async () => {
      await azure.bench.request(90);
      await azure.bench.plane.clock.advance(2 * minute);
      await jit.revoke({}, "vm-app");
      await assert.rejects(connect({}), { message: "No active request for vm-app:22." });
      await connect({ reason: "again", for: 90_000 });
      await azure.bench.plane.clock.advance(45_000);
      await connect({ reason: "again", for: 90_000 });
      assert.equal((await requests()).filter(([, , reason]) => reason === "again").length, 2);
    });
  });

  describe("while somebody else's request is active", () => {
    it("makes a request of your own, which ends no earlier than the one it replaces", async () => {
      const end = await azure.bench.request(120, bob);
      const { stderr } = await connect({ reason: "mine", for: hour / 2 });
      assert.equal(
        stderr.replace(/^Correlation id of the request for vm-app: .*\n/m, ""),
        `note: replaced the request of ${bob} for port 22 of vm-app, which would have ended at ${shown(end)}. The port is now open until ${shown(end)}.\n` +
          `Port 22 of vm-app is open until ${shown(end)}.\n`,
      );
      assert.deepEqual(await requests(), [
        ["active", ada, "mine", end],
        ["replaced", bob, null, end],
      ]);
    });

    it("names the other request if a reason is missing", async () => {
      const end = await azure.bench.request(120, bob);
      await assert.rejects(connect({}), {
        message: `No active request of yours for vm-app:22; ${bob} has one until ${shown(end)}.`,
        nextStep: 'Pass --reason "..." to request access, or --ride to use that one.',
      });
      assert.deepEqual(await requests(), [["active", bob, null, end]]);
    });

    it("names a requestor of whom the policy has only an id", async () => {
      const id = await jit.requestById(bob);
      const { stderr } = await connect({ ride: true });
      assert.match(stderr, /, by the request of bob@example\.com\.\n$/);
      const { grant } = azure.recorded()[1]!.details as { grant: Record<string, unknown> };
      assert.deepEqual(pick(grant, "requestor", "requestorId", "isOwn"), [bob, id, false]);
    });

    it("uses it with --ride, and says and records whose it is", async () => {
      const end = await azure.bench.request(120, bob);
      const { stderr } = await connect({ ride: true });
      assert.equal(stderr, `Port 22 of vm-app is open until ${shown(end)}, by the request of ${bob}.\n`);
      assert.deepEqual(await requests(), [["active", bob, null, end]]);
      const [asked, used] = azure.recorded();
      assert.deepEqual(pick(asked, "reason", "outcome", "details"), [
        null,
        "asked",
        { port: 22, method: "ssh", ride: true },
      ]);
      const { grant } = used!.details as { grant: Record<string, unknown> };
      assert.deepEqual([used!.outcome, ...pick(grant, "requestor", "end", "isOwn")], ["used", bob, end, false]);
      assert.equal(az.calls().length, 1);
    });
  });

  it("says that the rule was not checked if the role cannot read it", async () => {
    await azure.bench.request(90);
    await azure.fault({ kind: "status", status: 403, path: "networkSecurityGroups/", code: "No", message: "No." });
    const { stderr } = await connect({});
    assert.match(stderr, /, by your own request\. Your role cannot read the rules, so the rule was not checked\.\n$/);
  });

  it("refuses --ride if no request is active", () =>
    refuses(
      { ride: true },
      {
        message: "No active request for vm-app:22.",
        nextStep: 'Leave out --ride and pass --reason "..." to request access.',
      },
    ));

  it("requires a reason for a request", () =>
    refuses({}, { message: "No active request for vm-app:22.", nextStep: 'Pass --reason "..." to request access.' }));

  it("reports all options that cannot be combined", () =>
    refuses(
      { ride: true, for: hour, portal: true, tunnel: 2222, reason: " " },
      {
        message:
          "--for and --ride cannot be combined: --ride makes no request. --portal and --tunnel cannot be combined. --reason is empty.",
        nextStep: "Leave out --for or --ride. Leave out --portal or --tunnel. State why access is needed.",
      },
    ));

  it("suggests the name of a mistyped VM", () =>
    refuses({ reason: "x" }, { message: "No JIT policy covers the VM 'vm-ap'. Did you mean 'vm-app'?" }, ["vm-ap"]));

  it("starts nothing if the rule does not appear in time", async () => {
    const { store } = azure.bench.plane;
    const put = store.put.bind(store);
    // Defender accepts the request, and is slow to write its rule.
    store.put = (resource) => (resource.name.includes("JITRule-") ? { ...resource, etag: "" } : put(resource)) as never;
    try {
      await assert.rejects(connect({ reason: "INC-1", timeout: 1 }), {
        message: "Azure accepted the request, but the rule for port 22 of vm-app has not appeared yet.",
        nextStep: "Check with `bastion-trail jit ls`, and run connect again once the request is active.",
      });
    } finally {
      store.put = put;
    }
    assert.deepEqual(az.calls(), []);
  });

  describe("checks the Azure CLI before anything is opened:", () => {
    const orPortal = "Or pass --portal to connect in the portal.";

    it("whether it is there", async () => {
      az.remove();
      await refuses(
        { reason: "INC-1" },
        {
          message: "The Azure CLI (az) is not on PATH.",
          nextStep: `Install it from https://aka.ms/azure-cli and run \`az login\`. ${orPortal}`,
        },
      );
    });

    it("whether it runs", async () => {
      writeFileSync(join(folder, "az"), "#!/bin/sh\necho 'ImportError: no module' >&2\nexit 1\n");
      await refuses(
        { reason: "INC-1" },
        {
          message: `The Azure CLI (${join(folder, "az")}) does not run: \`az version\` did not list its extensions.`,
          nextStep: `It says: ImportError: no module ${orPortal}`,
        },
      );
    });

    it("whether it has the extensions bastion and ssh", async () => {
      az.install({ extensions: {} });
      await refuses(
        { reason: "INC-1" },
        {
          message:
            "The Azure CLI cannot connect through Bastion: the extension bastion is missing, the extension ssh is missing.",
          nextStep: `Run \`az extension add --name bastion && az extension add --name ssh\`. ${orPortal}`,
        },
      );
      az.install({ extensions: { bastion: "1.4.0" } });
      await refuses(
        { reason: "INC-1", auth: "password" },
        { message: "The Azure CLI cannot connect through Bastion: the extension ssh is missing." },
      );
    });

    it("whether it is signed in, to the subscription of the Bastion host", async () => {
      az.install({ subscriptions: [] });
      await refuses(
        { reason: "INC-1" },
        { message: "The Azure CLI is not signed in.", nextStep: `Run \`az login\`. ${orPortal}` },
      );
      az.install({ subscriptions: ["other"] });
      const { subscriptionId } = azure.bench.plane.identity;
      await refuses(
        { reason: "INC-1" },
        { message: `The Azure CLI is signed in, but not to the subscription ${subscriptionId}.` },
      );
      az.install({ subscriptions: ["other"], extensions: {} });
      const { problems } = await preview({ reason: "INC-1", tunnel: 2222 });
      assert.match(
        JSON.stringify(problems),
        /the extension bastion is missing\. The Azure CLI is signed in, but not to /,
      );
    });

    it("no ssh extension for a tunnel", async () => {
      az.install({ extensions: { bastion: "1.4.0" } });
      await connect({ reason: "INC-1", tunnel: 10_022 });
      assert.equal(az.calls().length, 1);
    });

    it("whether the bastion extension passes arguments on to ssh", async () => {
      az.install({ extensions: { bastion: "1.0.2", ssh: "2.0.6" } });
      await refuses(
        { reason: "INC-1" },
        {
          message: "The Azure CLI cannot connect through Bastion: the extension bastion is older than 1.1.0.",
          nextStep: `Run \`az extension update --name bastion\`. ${orPortal}`,
        },
        ["vm-app", "-v"],
      );
    });
  });

  it("passes arguments on to ssh", async () => {
    await connect({ reason: "INC-1" }, ["vm-app", "-L", "8080:localhost:80", "--help"]);
    assert.deepEqual(az.calls()[0]!.slice(-4), ["--", "-L", "8080:localhost:80", "--help"]);
  });

  it("opens nothing to a VM that does not run", async () => {
    const { plane, path } = azure.bench;
    const act = (action: string) => plane.send("POST", `${path.vmId}/${action}`, versions.compute, {});
    await act("deallocate");
    for (const values of [{ reason: "INC-1" }, { reason: "INC-1", portal: true }]) {
      await refuses(values, {
        message: "vm-app does not run: it is deallocated.",
        nextStep: `Run \`az vm start --ids ${path.vmId}\`.`,
      });
    }
    await act("start");
    await connect({ reason: "INC-1" });
    assert.equal(az.calls().length, 1);
  });

  it("says where a tunnel ends", async () => {
    const { stderr } = await connect({ reason: "INC-1", tunnel: 10_022 });
    assert.match(stderr, /\nConnect your client to localhost:10022\. Ctrl\+C closes the tunnel\.\n$/);
    const [words] = az.calls();
    assert.deepEqual([words![2], ...words!.slice(-4)], ["tunnel", "--resource-port", "22", "--port", "10022"]);
  });

  it("takes the private key that is given, or the one where ssh looks", async () => {
    mkdirSync(join(folder, ".ssh"));
    writeFileSync(join(folder, ".ssh", "id_ed25519"), "");
    writeFileSync(join(folder, "-key"), "");
    const key = async (values: object) => ((await preview(values)).command as string[]).slice(-2);
    assert.deepEqual(await key({ auth: "ssh-key" }), ["--ssh-key", join(folder, ".ssh", "id_ed25519")]);
    assert.deepEqual(await key({ sshKey: join(folder, "-key") }), ["--ssh-key", join(folder, "-key")]);
    await refuses(
      { reason: "INC-1", sshKey: "/nope" },
      { message: "The private key /nope does not exist.", nextStep: "Pass the key's file as --ssh-key." },
    );
    await refuses(
      { reason: "INC-1", sshKey: folder },
      { message: `The private key ${folder} is not a file.`, nextStep: "Pass the key's file as --ssh-key." },
    );
    const publicKey = join(folder, "id_ed25519.pub");
    writeFileSync(publicKey, "");
    await refuses(
      { reason: "INC-1", sshKey: publicKey },
      {
        message: `${publicKey} is a public key.`,
        nextStep: "Pass the private key as --ssh-key, usually the same name without .pub.",
      },
    );
  });

  for (const username of ["-oProxyCommand=x", "--help", "@/etc/passwd", "a b", "a;b", ""]) {
    it(`refuses the account ${JSON.stringify(username)}, which is none`, () =>
      refuses(
        { reason: "INC-1", username },
        {
          message: `'${username}' is not an account name.`,
          nextStep: "It must begin with a letter, a digit, _ or ., and may also contain @ \\ + $ and -.",
        },
      ));
  }

  it("refuses options that have no effect with the way it connects", async () => {
    const nextStep = "Leave out what does not apply.";
    await refuses(
      { reason: "INC-1", tunnel: 10_022, auth: "aad", username: "ada", sshKey: "/k" },
      { message: "--auth, --username, --ssh-key, the words after -- cannot be used with a tunnel.", nextStep },
      ["vm-app", "-v"],
    );
    await refuses(
      { reason: "INC-1", auth: "aad", username: "ada" },
      { message: "--username cannot be used with an SSH login with --auth aad.", nextStep },
    );
    await refuses(
      { reason: "INC-1", portal: true, username: "ada" },
      { message: "--username cannot be used with the portal.", nextStep },
    );
  });

  describe("with --portal", () => {
    it("prints the VM's page, once access is there", async () => {
      az.remove();
      const { exitCode, stdout, stderr } = await connect({ reason: "INC-1", portal: true });
      assert.deepEqual([exitCode, stdout], [0, `${portalLink()}\n`]);
      assert.match(
        stderr,
        /^Port 22 of vm-app is open until \S+ \S+Z\.\nCorrelation id of the request for vm-app: .+\nConnect from the VM's page in the portal:\n$/,
      );
      assert.equal((await requests()).length, 1);
      assert.deepEqual(
        azure.recorded().map(({ outcome }) => outcome),
        ["asked", "open"],
      );
    });
  });

  describe("where the Bastion host has no native client", () => {
    const withHost = async (change: object, run: () => Promise<void>) => {
      const { store } = azure.bench.plane;
      const host = store.get(azure.bench.path.bastionId)!;
      store.put({ ...host, body: { ...host.body, ...change } });
      try {
        await run();
      } finally {
        store.put(host);
      }
    };
    const nextStep =
      "The native client requires two settings in the stack's config: bastionSku Standard or Premium, and nativeClient true. Or pass --portal to connect in the portal.";

    it("says which two settings change that, and opens nothing", () =>
      withHost({ sku: { name: "Basic" } }, async () => {
        az.remove();
        const message = "The Bastion host bas-main has the SKU Basic, which has no native client.";
        await refuses({ reason: "INC-1" }, { message, nextStep });
        const { problems, command, method } = await preview({ reason: "INC-1" });
        assert.deepEqual([problems, command, method], [[{ message, nextStep }], null, "ssh"]);
      }));

    it("says that it is off", () => {
      const { properties } = azure.bench.plane.store.get(azure.bench.path.bastionId)!.body as { properties: object };
      return withHost({ properties: { ...properties, enableTunneling: false } }, () =>
        refuses(
          { reason: "INC-1" },
          { message: "The native client of the Bastion host bas-main is off (enableTunneling).", nextStep },
        ),
      );
    });

    it("connects in the portal", () =>
      withHost({ sku: { name: "Basic" } }, async () => {
        assert.equal((await connect({ reason: "INC-1", portal: true })).stdout, `${portalLink()}\n`);
      }));
  });

  describe("with --dry-run, --json or --csv", () => {
    afterEach(async () => {
      assert.deepEqual([az.calls(), azure.recorded()], [[], []]);
      assert.deepEqual(
        (await requests()).filter(([, requestor]) => requestor === ada),
        [],
      );
    });

    it("prints as JSON what would be done", async () => {
      const until = await azure.bench.request(120, bob);
      const { command, ...rest } = await preview({ reason: "INC-1", for: hour / 2 });
      assert.deepEqual((command as string[]).slice(0, 4), ["az", "network", "bastion", "ssh"]);
      assert.deepEqual(rest, {
        vm: azure.bench.path.vmId,
        vmName: "vm-app",
        port: 22,
        method: "ssh",
        access: "request",
        requestSeconds: 1800,
        reason: "INC-1",
        grants: [{ requestor: bob, requestorId: bob, isOwn: false, reason: null, until }],
        link: portalLink(),
        problems: [],
      });
    });

    it("prints what would be done for a person", async () => {
      const until = shown(await azure.bench.request(120, bob));
      const lines = async (values: object) =>
        (await connect({ dryRun: true, ...values })).stdout.split("\n").slice(0, -1);
      const [first, second, third] = await lines({ reason: "INC-1", for: hour / 2 });
      assert.deepEqual(
        [first, second],
        [
          "Would request port 22 of vm-app for 30m 00s, with the reason: INC-1",
          `Would replace the request of ${bob}, and last at least until its end: ${until}`,
        ],
      );
      assert.match(third ?? "", /^Would run: az network bastion ssh --name bas-main .* --username azureuser$/);
      const ride = `Would use the request of ${bob} for port 22 of vm-app, which ends at ${until}`;
      assert.deepEqual(await lines({ ride: true, portal: true }), [ride, `Would print: ${portalLink()}`]);
    });

    it("names everything that would stop it", async () => {
      az.remove();
      const { exitCode, stderr } = await connect({ dryRun: true });
      assert.equal(exitCode, 0);
      assert.equal(
        stderr,
        "problem: The Azure CLI (az) is not on PATH. Install it from https://aka.ms/azure-cli and run `az login`. Or pass --portal to connect in the portal.\n" +
          'problem: No active request for vm-app:22. Pass --reason "..." to request access.\n',
      );
      const { problems, command } = await preview({});
      assert.equal((problems as unknown[]).length, 2);
      assert.equal((command as string[])[0], "az");
    });

    it("names a missing key beside a missing Azure CLI", async () => {
      az.remove();
      const { problems } = await preview({ reason: "INC-1", auth: "ssh-key" });
      assert.deepEqual(
        (problems as { message: string }[]).map(({ message }) => message),
        ["The Azure CLI (az) is not on PATH.", "vm-app only accepts SSH keys, and ~/.ssh has none."],
      );
    });

    it("prints one line of CSV", async () => {
      const { stdout } = await connect({ csv: true, reason: "INC-1" });
      const [head, row] = stdout.split("\n");
      assert.equal(head, "vm,port,method,access,requestSeconds,reason,command,link,problems");
      assert.ok(
        row?.startsWith(`${azure.bench.path.vmId},22,ssh,request,3600,INC-1,az network bastion ssh --name bas-main `),
      );
    });
  });
});
