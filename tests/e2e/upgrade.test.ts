import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { TestSandbox, unchanged } from "./harness.ts";

/**
 * The state of Pulumi.sandbox.yaml's stack as an earlier version left it, with `SUBSCRIPTION` and `TENANT` for what is another in each
 * sandbox. tools/recordState.ts writes another one, before a release that changes names, types or parents.
 */
const recorded = ["2026-11-26.json.gz"];

describe("a stack that an earlier version deployed", () => {
  for (const file of recorded) {
    it(`is left as it is by this version: ${file}`, async () => {
      const sandbox = await TestSandbox.start();
      try {
        const { AZURE_SUBSCRIPTION_ID = "", AZURE_TENANT_ID = "" } = sandbox.environment();
        const text = gunzipSync(readFileSync(join(import.meta.dirname, "recorded", file))).toString("utf8");
        const state = join(sandbox.folder, "state/.pulumi/stacks/bastion-trail/sandbox.json");
        mkdirSync(dirname(state), { recursive: true });
        writeFileSync(
          state,
          text.replaceAll("SUBSCRIPTION", AZURE_SUBSCRIPTION_ID).replaceAll("TENANT", AZURE_TENANT_ID),
        );
        const { changes } = await sandbox.succeed("preview");
        assert.deepEqual(changes, unchanged(49));
      } finally {
        await sandbox.end();
      }
    });
  }
});
