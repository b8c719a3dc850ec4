import assert from "node:assert/strict";
import { BatchWriter } from "../../../sandbox/logs/batchWriter.ts";
import { blobPathOf } from "../../../sandbox/logs/blobPath.ts";
import { LogTables } from "../../../sandbox/logs/logTables.ts";
import { temporaryFolder } from "../../held.ts";

describe("the batch writer", () => {
  it("writes in order, and what came meanwhile in one go", async () => {
    const written: string[] = [];
    const writer = new BatchWriter(async (target, text) => {
      await new Promise((resolve) => setImmediate(resolve));
      written.push(`${target}:${text}`);
    });
    const first = writer.add("a", "1");
    await new Promise((resolve) => {
      process.nextTick(resolve);
    });
    await Promise.resolve();
    await Promise.all([first, writer.add("a", "2"), writer.add("a", "3"), writer.add("b", "x")]);
    assert.equal(
      written
        .filter((entry) => entry.startsWith("a:"))
        .map((entry) => entry.slice(2))
        .join(""),
      "123",
    );
    assert.ok(written.filter((entry) => entry.startsWith("a:")).length <= 2, written.join(" "));
    assert.ok(written.includes("b:x"));
  });

  it("fails those whose write failed, and goes on", async () => {
    let attempts = 0;
    const writer = new BatchWriter(() =>
      ++attempts === 1 ? Promise.reject(new Error("disk full")) : Promise.resolve(),
    );
    await assert.rejects(writer.add("a", "1"), /disk full/);
    await writer.add("a", "2");
    assert.equal(attempts, 2);
  });
});

describe("the path of an archived record", () => {
  it("is the resource's id in upper case and the hour of receipt in UTC", () => {
    assert.equal(
      blobPathOf(
        "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/bastionHosts/bas",
        new Date("2026-01-02T03:59:59.999Z"),
      ),
      "resourceId=/SUBSCRIPTIONS/S/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.NETWORK/BASTIONHOSTS/BAS/y=2026/m=01/d=02/h=03/m=00/PT1H.json",
    );
  });
});

describe("the tables of a workspace", () => {
  const customerId = "0a0b0c0d-0000-4000-8000-000000000001";

  it("are read back as they were written, and empty where there is none", async () => {
    const folder = temporaryFolder();
    const tables = new LogTables(folder.path);
    assert.deepEqual(await tables.read(customerId, "AzureActivity"), []);
    await tables.append(customerId, "AzureActivity", '{"a":1}\n{"a":2}\n');
    assert.deepEqual(await tables.read(customerId, "AzureActivity"), [{ a: 1 }, { a: 2 }]);
    folder.remove();
  });

  it("do not leave their folder", async () => {
    const tables = new LogTables("/nowhere");
    await assert.rejects(tables.read("../../etc", "passwd"), /do not name a workspace/);
    await assert.rejects(tables.append(customerId, "../x", ""), /do not name a workspace/);
  });
});
