import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isAllowed } from "../../../../cli/azure/permissions.ts";
import { catalogue, fixOf } from "../../../../cli/commands/doctor/catalogue.ts";
import { checkNames } from "../../../../cli/commands/doctor/checkNames.ts";
import { checks } from "../../../../cli/commands/doctor/checks/index.ts";
import { doctor } from "../../../../core/roles/doctor.ts";

const root = join(import.meta.dirname, "../../../..");
const [, docs = ""] =
  /^## `doctor`\n(.*?)(?=^## |(?![^]))/ms.exec(readFileSync(join(root, "docs/cli.md"), "utf8")) ?? [];

describe("docs/cli.md", () => {
  it("lists every finding with its severity, its meaning and its fix", () => {
    const entries = [...docs.matchAll(/^- \*\*`([\w-]+)`\*\* \((\w+)\): (.*)\n((?: {2}`.*`\n)+)/gm)].map(
      ([, code = "", severity, title, lines = ""]) => {
        const fix = lines
          .trimEnd()
          .split("\n")
          .map((line) => line.trim().slice(1, -1));
        return [code, { severity, title, fix: fix.join("\n") }];
      },
    );
    assert.deepEqual(Object.fromEntries(entries), catalogue);
  });

  it("lists every check with what it makes sure of", () => {
    const rows = [...docs.matchAll(/^\| `([\w-]+)` +\| (.*?) +\|$/gm)].map(([, name, title]) => [name, title]);
    for (const { name, title } of checks) {
      assert.deepEqual(
        rows.find((row) => row[0] === name),
        [name, title],
      );
    }
  });
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
  it("have the names that --only, help and completion know", () => {
    assert.deepEqual(
      checks.map(({ name }) => name),
      checkNames,
    );
  });

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
