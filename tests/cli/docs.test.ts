import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { commands, groups } from "../../cli/commands/index.ts";
import { exitCodes } from "../../cli/errors.ts";
import { runProgram } from "../../cli/program.ts";
import { fakeIo } from "./fakeIo.ts";

const pages = [
  ".",
  "docs",
  "cli",
  "cli/scaffold",
  "components",
  "core",
  "bootstrap",
  "policies",
  "program",
  ...foldersIn("examples"),
].flatMap((folder) => readdirSync(folder).flatMap((name) => (name.endsWith(".md") ? [join(folder, name)] : [])));
const files = [...pages, ".github/workflows/deploy.yml", ".github/workflows/nightly.yml", "ci/azure-pipelines.yml"];

function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((one) =>
    one.isDirectory() ? [join(folder, one.name)] : [],
  );
}

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
  // Names in the changelog may be those of earlier versions.
  const text = pages
    .filter((name) => name !== "CHANGELOG.md")
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
    // Those of the whole program, of the bench, of the sandbox, of the Azure CLI and of Pulumi.
    const others = [
      ...["--help", "--debug", "--growth", "--sessions", "--vms", "--dir", "--blob-endpoint"],
      ...["--exclude", "--target", "--path", "--type"],
    ];
    assert.deepEqual(
      inText.filter((name) => ![...known, ...others].includes(name)),
      [],
    );
  });
});

describe("the scripts of the repository in the documentation", () => {
  it("exist", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as {
      scripts: Readonly<Record<string, string>>;
    };
    const named = pages.flatMap((page) =>
      [...readFileSync(page, "utf8").matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, name = ""]) => name),
    );
    assert.deepEqual(
      named.filter((name) => !(name in scripts)),
      [],
    );
  });
});

describe("the links in the documentation", () => {
  const ours = "https://github.com/bastion-trail/bastion-trail/";

  /** Prose without code blocks, whose comments look like headings. */
  function proseOf(page: string): string {
    return readFileSync(page, "utf8").replaceAll(/^ *```.*?^ *```$/gms, "");
  }

  /** The anchors that GitHub gives to a page's headings. */
  function anchorsOf(page: string): string[] {
    return [...proseOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
        .replaceAll(/\s/g, "-"),
    );
  }

  for (const page of pages) {
    it(`${page} lead somewhere`, () => {
      const broken = [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = ""]) => {
        const [address = "", anchor] = link.split("#");
        if (/^\w+:/.test(address) && !address.startsWith(ours)) return [];
        const path = address.startsWith(ours)
          ? address.slice(ours.length).replace(/^(?:blob|tree)\/main\//, "") || "README.md"
          : join(dirname(page), address);
        const target = address === "" ? page : path;
        const isThere = existsSync(target) && (anchor === undefined || anchorsOf(target).includes(anchor));
        return isThere ? [] : [link];
      });
      assert.deepEqual(broken, []);
    });
  }
});
