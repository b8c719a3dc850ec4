import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { isAllowed } from "../../../../cli/azure/permissions.ts";
import { catalogue, fixOf } from "../../../../cli/commands/doctor/catalogue.ts";
import { doctorFiles } from "../../../../tools/doctorFiles.ts";
import { doctor } from "../../../../core/roles/doctor.ts";

const root = join(import.meta.dirname, "../../../..");

describe("the lists of checks and findings", () => {
  for (const { path, written } of doctorFiles) {
    it(`in ${relative(root, path)} are those of the code; npm run findings writes them`, async () => {
      const text = readFileSync(path, "utf8");
      assert.equal(text, await written(text));
    });
  }
});

describe("the catalogue", () => {
  const sources = globSync("cli/commands/doctor/**/*.ts", { cwd: root })
    .filter((file) => !file.endsWith("catalogue.ts"))
    .map((file) => readFileSync(join(root, file), "utf8"))
    .join("\n");

  for (const code of Object.keys(catalogue)) {
    it(`has ${code}, which a check finds`, () => {
      assert.ok(sources.includes(`"${code}"`));
    });
  }

  it("leaves out a line that has nothing to be filled in with", () => {
    const values = { subscription: "S", assignee: "--assignee ada", role: "Reader", scope: "/scope" };
    assert.equal(
      fixOf("role-not-held", { ...values, definition: "" }),
      "az role assignment create --assignee ada --role Reader --scope /scope",
    );
  });

  it("fills a fix in, and leaves what is for the person", () => {
    assert.equal(
      fixOf("nic-unguarded", { nic: "/nics/web" }),
      "az network nic update --ids /nics/web --network-security-group NSG_ID # in the stack: pulumi up --refresh",
    );
  });
});

describe("the checks", () => {
  it("need nothing that the role Doctor lacks, but for the logs themselves", () => {
    const source = readFileSync(join(root, "cli/commands/doctor/inventory.ts"), "utf8");
    const needed = [
      ...new Set([...source.matchAll(/"(Microsoft\.[\w./]+\/(?:read|action))"/g)].map(([, name = ""]) => name)),
    ];
    const held = [{ actions: [...doctor.actions], notActions: [], dataActions: [], notDataActions: [] }];
    assert.ok(needed.length > 10);
    assert.deepEqual(
      needed.filter((name) => !isAllowed(held, { name, data: false })),
      [],
    );
    const extra = [
      "Microsoft.Resources/subscriptions/read",
      // For `evidence pack`, beside what doctor found.
      "Microsoft.Storage/storageAccounts/managementPolicies/read",
    ];
    assert.deepEqual([...doctor.actions].sort(), [...needed, ...extra].sort());
  });
});
