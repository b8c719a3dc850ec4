import assert from "node:assert/strict";
import { objectsAt, textAt } from "../../sandbox/arm/json.ts";
import { findAuditRecord } from "./auditRecord.ts";
import { forSuite } from "../held.ts";
import { ada, TestSandbox, unchanged, type UpResult } from "./harness.ts";

/** The whole path in the order of its life; each test goes on where the one before ended. */
describe("the access path, deployed by the real engine", () => {
  let deployed: UpResult;
  let total: number;
  const text = (path: string) => textAt(deployed.outputs, path) ?? "";

  const sandbox = forSuite(() => TestSandbox.start());

  it("is created by the first up, with the outputs", async () => {
    deployed = await sandbox.up();
    total = deployed.changes.create;
    assert.deepEqual({ ...deployed.changes, create: 0 }, unchanged(0));
    assert.ok(total > 20, `${total} resources`);
    const { subscriptionId } = sandbox.description;
    const host = `/subscriptions/${subscriptionId}/resourceGroups/trail/providers/Microsoft.Network/bastionHosts/`;
    assert.ok(text("links.bastionHost").includes(host));
    assert.equal(text("archive.container"), "insights-logs-bastionauditlogs");
    assert.ok(text("archive.blobPrefix").startsWith(`resourceId=${host.toUpperCase()}`), text("archive.blobPrefix"));
    assert.equal(textAt(objectsAt(deployed.outputs, "vms")[0], "name"), "web");
    assert.match(textAt(objectsAt(deployed.outputs, "vms")[0], "privateIp") ?? "", /^10\.60\.1\.\d+$/);
  });

  it("is left alone by a second up", async () => {
    assert.deepEqual((await sandbox.up()).changes, unchanged(total));
  });

  it("shows its outputs and the last run's changes at any time", async () => {
    const status = await sandbox.succeed("status");
    assert.deepEqual(status, { outputs: deployed.outputs, changes: unchanged(total) });
  });

  it("lets nobody in who has not requested access", async () => {
    const refused = await sandbox.connect("web");
    assert.equal(refused.outcome, "refused");
    assert.equal(refused.rule, "DenyManagementPorts");
    const { exitCode, stdout } = await sandbox.run("connect", "--vm", "web", "--user", ada);
    assert.equal(exitCode, 1);
    assert.match(stdout, /^Refused: .*\nNSG rule: DenyManagementPorts/);
  });

  it("lets in who has, and keeps the record where the outputs say", async () => {
    const access = await sandbox.request("web", 60);
    assert.equal(access.requestor, ada);
    const connected = await sandbox.connect("web");
    assert.ok(connected.outcome === "connected");
    const { account, container, blobPrefix } = deployed.outputs.archive as Record<string, string>;
    assert.ok(connected.blobPath!.startsWith(`${account}/${container}/${blobPrefix}`), connected.blobPath);
    const found = await findAuditRecord(sandbox.description, {
      container: container!,
      prefix: blobPrefix!,
      tunnelId: connected.tunnelId,
    });
    assert.equal(textAt(found!.record, "properties.userEmail"), ada);
  });

  it("keeps an active JIT rule through preview, refresh and up; a refresh takes the policy's requests into the state", async () => {
    assert.deepEqual(await sandbox.preview(), unchanged(total));
    // The other one is the Bastion subnet's group, whose rules have new etags.
    assert.deepEqual(await sandbox.refresh(), { ...unchanged(total - 2), update: 2 });
    assert.deepEqual(await sandbox.preview(), unchanged(total));
    assert.deepEqual((await sandbox.up()).changes, unchanged(total));
    assert.equal((await sandbox.connect("web")).outcome, "connected");
  });

  it("lets nobody in once the request has expired", async () => {
    await sandbox.succeed("clock", "+2h");
    assert.equal((await sandbox.connect("web")).outcome, "refused");
    assert.deepEqual(await sandbox.preview(), unchanged(total));
  });

  it("is all there after a restart, at the same addresses", async () => {
    const before = sandbox.environment();
    const idsBefore = await sandbox.resourceIds();
    await sandbox.succeed("stop");
    await sandbox.succeed("start");
    assert.deepEqual(sandbox.environment(), before);
    assert.deepEqual(await sandbox.resourceIds(), idsBefore);
    assert.deepEqual(await sandbox.preview(), unchanged(total));
  });

  it("is deleted without a trace by destroy", async () => {
    assert.deepEqual(await sandbox.destroy(), { ...unchanged(0), delete: total });
    assert.deepEqual(await sandbox.resourceIds(), []);
    const status = await sandbox.succeed("status");
    assert.deepEqual(status.outputs, {});
  });
});
