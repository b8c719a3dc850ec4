import assert from "node:assert/strict";
import { formatTime } from "../../../../cli/time.ts";
import { ada } from "../../../sandbox/bastion/sessionFixture.ts";
import { AccessBench } from "../../accessBench.ts";
import { ConnectBench } from "./connectBench.ts";
import { forEachTest, forSuite } from "../../../held.ts";

const minute = 60_000;
const hour = 60 * minute;
const bob = "bob@example.com";

describe("connect with --dry-run, --json or --csv", () => {
  const azure = forSuite(() => AccessBench.start({ host: { enableTunneling: true } }));
  // Runs before the bench is removed.
  afterEach(async () => {
    assert.deepEqual([bench.az.calls(), azure.recorded()], [[], []]);
    assert.deepEqual(
      (await bench.requests()).filter(([, requestor]) => requestor === ada),
      [],
    );
  });
  const bench = forEachTest(() => new ConnectBench(azure));

  it("prints as JSON what would be done", async () => {
    const until = await azure.bench.request(120, bob);
    const { command, ...rest } = await bench.preview({ reason: "INC-1", for: hour / 2 });
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
      link: bench.portalLink(),
      problems: [],
    });
  });

  it("prints what would be done for a person", async () => {
    const until = formatTime(await azure.bench.request(120, bob));
    const lines = async (values: object) =>
      (await bench.connect({ dryRun: true, ...values })).stdout.split("\n").slice(0, -1);
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
    assert.deepEqual(await lines({ ride: true, portal: true }), [ride, `Would print: ${bench.portalLink()}`]);
  });

  it("names everything that would stop it", async () => {
    bench.az.remove();
    const { exitCode, stderr } = await bench.connect({ dryRun: true });
    assert.equal(exitCode, 0);
    assert.equal(
      stderr,
      "problem: The Azure CLI (az) is not on PATH. Install it from https://aka.ms/azure-cli and run `az login`. Or pass --portal to connect in the portal.\n" +
        'problem: No active request for vm-app:22. Pass --reason "..." to request access.\n',
    );
    const { problems, command } = await bench.preview({});
    assert.equal((problems as unknown[]).length, 2);
    assert.equal((command as string[])[0], "az");
  });

  it("names a missing key beside a missing Azure CLI", async () => {
    bench.az.remove();
    const { problems } = await bench.preview({ reason: "INC-1", auth: "ssh-key" });
    assert.deepEqual(
      (problems as { message: string }[]).map(({ message }) => message),
      ["The Azure CLI (az) is not on PATH.", "vm-app only accepts SSH keys, and ~/.ssh has none."],
    );
  });

  it("prints one line of CSV", async () => {
    const { stdout } = await bench.connect({ csv: true, reason: "INC-1" });
    const [head, row] = stdout.split("\n");
    assert.equal(head, "vm,port,method,access,requestSeconds,reason,command,link,problems");
    assert.ok(
      row?.startsWith(`${azure.bench.path.vmId},22,ssh,request,3600,INC-1,az network bastion ssh --name bas-main `),
    );
  });
});
