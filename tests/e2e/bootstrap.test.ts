import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { forSuite } from "../held.ts";
import { BootstrapPlace } from "./bootstrapPlace.ts";
import { CiMachine } from "./ciMachine.ts";
import type { Stop } from "./stoppedPulumi.ts";

const config = [
  ...["--location", "westeurope", "--repository", "contoso/access"],
  ...["--operators-group", "5b0a7c52-58c6-4f4c-9a30-2d6a1c0f9b11"],
];
const local = "file:";
const azure = "azblob:";

/** One after another: each test goes on where the last one stopped. */
describe("bootstrap, interrupted at each step", () => {
  const machine = forSuite(() => CiMachine.start());
  let place: BootstrapPlace;
  let atFirst: readonly string[];
  let prepared: readonly string[];
  before(async () => {
    place = await BootstrapPlace.open(machine);
    atFirst = await place.everything();
  });

  const isPrepared = async (): Promise<boolean> => {
    const { stdout } = await place.succeed(["--dry-run", "--json"]);
    return (JSON.parse(stdout) as { changes: unknown[] }).changes.length === 0;
  };

  it("previews, and creates nothing", async () => {
    const { stdout } = await place.succeed([...config, "--dry-run"]);
    assert.match(stdout, /^create {2}storage:StorageAccount +state-account$/m);
    assert.deepEqual(await place.everything(), atFirst);
    assert.equal(existsSync(join(place.folder, "bootstrap")), false);
  });

  it("is continued after it was killed again and again while it created its resources", async () => {
    await place.killed(config, { call: "stack init", backend: local });
    await place.killed(config, { call: "preview" });
    const deployed: Stop = { call: "stack init", backend: azure };
    let call = "";
    // From the second run on, the config is that of the stack file.
    for (let run = 0; call !== deployed.call; run += 1) {
      assert.ok(run < 40, "the deployment makes no progress");
      const line = run % 2 === 0 ? " creating" : " created";
      call = await place.killed(run === 0 ? config : [], { call: "up", line, times: 12 }, deployed);
    }
  }).timeout(1_200_000);

  it("is continued after it was killed while it moved its state", async () => {
    await place.killed([], { call: "stack import", backend: azure });
    await place.killed([], { call: "stack rm", backend: local });
    await place.succeed([]);
    prepared = await place.everything();
    assert.equal(await isPrepared(), true);
  });

  it("finds its state in the new backend from another computer", async () => {
    const env = { BASTION_TRAIL_STATE: join(place.folder, "other") };
    const { stdout, stderr } = await place.succeed(["--json"], env);
    const { backups, resources, variables } = JSON.parse(stdout) as Record<string, unknown[]>;
    assert.deepEqual([backups, resources], [[], {}]);
    assert.match(
      stderr,
      /^Deploy: pulumi login "azblob:\S+ && pulumi stack select --create --secrets-provider \S+ dev && /m,
    );
    assert.match(stderr, /^State: {8}on the storage account bastiontrailci[a-z0-9]{7}$/m);
    const names = (variables as { name: string }[]).map(({ name }) => name);
    assert.deepEqual(names.sort(), [
      "AZURE_AUDITOR_CLIENT_ID",
      "AZURE_DEPLOYER_CLIENT_ID",
      "AZURE_READER_CLIENT_ID",
      "AZURE_SUBSCRIPTION_ID",
      "AZURE_TENANT_ID",
      "PULUMI_BACKEND_URL",
      "PULUMI_SECRETS_PROVIDER",
      "PULUMI_STACK",
    ]);
    const text = readFileSync(join(place.folder, "bootstrap/Pulumi.dev.yaml"), "utf8");
    assert.match(text, /^encryptionsalt: v1:/m);
    assert.match(readFileSync(join(place.folder, "Pulumi.dev.yaml"), "utf8"), /^# Its state: pulumi login 'azblob:/);
  });

  it("is destroyed, also after it was killed while it moved its state back and deleted", async () => {
    await place.killed(["--destroy"], { call: "stack init", backend: local });
    await place.killed(["--destroy"], { call: "stack import", backend: local });
    await place.killed(["--destroy"], { call: "stack rm", backend: azure });
    await place.killed(["--destroy"], { call: "destroy", line: " deleted", times: 5 });
    await place.succeed(["--destroy"]);
    assert.deepEqual(await place.everything(), atFirst);
    const { stdout } = await place.succeed(["--destroy"]);
    assert.equal(stdout, "Nothing to delete.\n");
  });

  it("creates without an interruption exactly what it created with all of them", async () => {
    await place.succeed([]);
    assert.deepEqual(await place.everything(), prepared);
    const { stderr } = await place.succeed(["--destroy"]);
    assert.match(stderr, /^The key vault bastion-trail-ci-[a-z0-9]{7} is soft-deleted\. /m);
    assert.deepEqual(await place.everything(), atFirst);
  });
});
