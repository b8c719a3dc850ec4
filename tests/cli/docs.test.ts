import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { commands, groups } from "../../cli/commands/index.ts";
import { exitCodes } from "../../cli/errors.ts";
import { runProgram } from "../../cli/program.ts";
import { fakeIo } from "./fakeIo.ts";

const pages = [
  "README.md",
  ...readdirSync("docs", { recursive: true, encoding: "utf8" }).map((name) => `docs/${name}`),
];
const files = [
  ...pages.filter((name) => name.endsWith(".md")),
  ...[".github/workflows/deploy.yml", ".github/workflows/nightly.yml", "ci/azure-pipelines.yml"],
];

/** The calls of the CLI in shell blocks and pipelines, without what a shell takes of them. */
function callsIn(text: string): string[] {
  const lines = text.replaceAll(/\\\n\s*/g, "").split("\n");
  return lines.flatMap((line) => /^\s*(?:npx )?bastion-trail (\S.*)$/.exec(line)?.[1] ?? []);
}

/** Words of a call, up to a comment, a redirection or another command. */
function wordsOf(call: string): string[] {
  const [own = ""] = call.split(/ +(?:#|\||>|2>|&&|\|\|) ?/);
  const words = own.replace(' "${accept[@]}"', " --accept accepted.yaml");
  return [...words.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? "",
  );
}

describe("the calls of the CLI in", () => {
  const known = commands.map((command) => ({
    ...command,
    load: () => Promise.resolve(() => Promise.resolve(exitCodes.fine)),
  }));

  for (const file of files) {
    const calls = [...new Set(callsIn(readFileSync(file, "utf8")))];
    if (calls.length === 0) continue;
    it(`${file} are understood`, async () => {
      for (const call of calls) {
        // Times that a script computes, and ids of the reader.
        const words = wordsOf(call).map((word) =>
          word.replace(/^\$(from|to)$/, "2026-01-01").replace(/^GUID$/, "11111111-2222-4333-8444-555555555555"),
        );
        const io = fakeIo();
        const exitCode = await runProgram(words, io, { commands: known, groups, version: "1.2.3" });
        assert.deepEqual([exitCode, io.written.stderr], [0, ""], call);
      }
    });
  }
});

describe("the options of the CLI in the documentation", () => {
  const text = pages
    .filter((name) => name.endsWith(".md"))
    .map((name) => readFileSync(name, "utf8"))
    .join("\n");
  const inText = [...text.matchAll(/`(--[a-z-]+)/g)].map(([, name = ""]) => name);
  const inCalls = callsIn(text).flatMap((call) => wordsOf(call).filter((word) => word.startsWith("--")));
  const known = commands.flatMap(({ options }) =>
    Object.values(options).flatMap(({ flags }) => /--[a-z-]+/.exec(flags)?.[0] ?? []),
  );

  it("are complete", () => {
    assert.deepEqual(
      known.filter((name) => ![...inText, ...inCalls].includes(name)),
      [],
    );
  });

  it("exist", () => {
    // Those of the whole program, of the bench, of the sandbox and of the Azure CLI.
    const others = ["--help", "--debug", "--growth", "--sessions", "--vms", "--dir", "--blob-endpoint"];
    assert.deepEqual(
      inText.filter((name) => ![...known, ...others].includes(name)),
      [],
    );
  });
});
