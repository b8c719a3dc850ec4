/**
 * Records the state of a sandbox's stack for tests/e2e/upgrade.test.ts:
 * `node tools/recordState.ts FOLDER FILE.json.gz`, after `up` in that folder. Run it with the version to record.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const [folder, file] = process.argv.slice(2);
if (folder === undefined || file === undefined) {
  throw new Error("Usage: node tools/recordState.ts FOLDER FILE.json.gz");
}
const { subscriptionId, tenantId } = JSON.parse(readFileSync(join(folder, "sandbox.json"), "utf8")) as {
  subscriptionId: string;
  tenantId: string;
};
const state: unknown = JSON.parse(
  readFileSync(join(folder, "state/.pulumi/stacks/bastion-trail/sandbox.json"), "utf8")
    .replaceAll(subscriptionId, "SUBSCRIPTION")
    .replaceAll(tenantId, "TENANT"),
  // Removes where each resource is declared on the machine that deployed it.
  (key, value: unknown) => (key === "sourcePosition" || key === "stackTrace" ? undefined : value),
);
writeFileSync(file, gzipSync(JSON.stringify(state), { level: 9 }));
