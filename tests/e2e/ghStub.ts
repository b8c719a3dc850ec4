/**
 * A program `gh` that does what the workflows ask of the GitHub CLI, on comments and issues in a file. It refuses everything else.
 * Sources: the manual of `gh api`; GitHub's REST reference, "Issues" and "Issue comments".
 */
import { execFileSync } from "node:child_process";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { installProgram } from "./ciMachine.ts";

interface Authored {
  readonly user: { readonly login: string };
  readonly body: string;
}

export interface Comment extends Authored {
  readonly id: number;
  /** Number of the issue or pull request. */
  readonly of: number;
}

export interface Issue extends Authored {
  readonly number: number;
  readonly title: string;
  readonly state: "open" | "closed";
}

interface Repository {
  readonly comments: readonly Comment[];
  readonly issues: readonly Issue[];
}

/** As whom a workflow's token writes. */
export const bot = "github-actions[bot]";
/** GitHub refuses a longer text. */
const longest = 65_536;

export class GhStub {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    const call = `${JSON.stringify(folder)}, process.argv.slice(2)`;
    const source = `#!${process.execPath}\nimport(${JSON.stringify(import.meta.url)}).then(({ main }) => main(${call}));\n`;
    installProgram(folder, "gh", source);
    write(folder, { comments: [], issues: [] });
    writeFileSync(join(folder, "writes"), "");
  }

  get comments(): readonly Comment[] {
    return read(this.#folder).comments;
  }

  get issues(): readonly Issue[] {
    return read(this.#folder).issues;
  }

  /** Has somebody else write something. */
  add({ comments = [], issues = [] }: Partial<Repository>): void {
    const before = read(this.#folder);
    write(this.#folder, { comments: [...before.comments, ...comments], issues: [...before.issues, ...issues] });
  }

  /** What was written since the last time, in order: `POST issues/7/comments`. */
  writes(): readonly string[] {
    const file = join(this.#folder, "writes");
    const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
    writeFileSync(file, "");
    return lines;
  }
}

const read = (folder: string): Repository =>
  JSON.parse(readFileSync(join(folder, "repository.json"), "utf8")) as Repository;
const write = (folder: string, repository: Repository): void => {
  writeFileSync(join(folder, "repository.json"), JSON.stringify(repository));
};

export function main(folder: string, [command, ...args]: readonly string[]): void {
  if (!process.env.GH_TOKEN || command !== "api") throw new Error(`gh: refused: ${String(command)} ${args.join(" ")}`);
  const list = { type: "string", multiple: true, default: [] as string[] } as const;
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { paginate: flag, silent: flag, jq: text, method: text, field: list, "raw-field": list },
  });
  const [, path = "", query = ""] = /^repos\/o\/r\/([^?]*)(.*)$/.exec(positionals[0] ?? "") ?? [];
  const { method = "GET" } = values;
  const repository = read(folder);
  if (method === "GET") {
    if (values.paginate !== true || !query.endsWith("per_page=100")) throw new Error("gh: would read one page only");
    process.stdout.write(jq(values.jq!, answer(`${path}${query}`, repository)));
    return;
  }
  const fields = Object.fromEntries([
    ...values.field.map((one) =>
      fieldOf(one, (value) => value.replace(/^@(.*)$/s, (_, file: string) => readText(file))),
    ),
    ...values["raw-field"].map((one) => fieldOf(one, (value) => value)),
  ]);
  if (fields.body === "" || (fields.body?.length ?? 0) > longest) throw new Error("gh: Validation Failed (HTTP 422)");
  write(folder, changed(repository, `${method} ${path}`, fields));
  appendFileSync(join(folder, "writes"), `${method} ${path}\n`);
}

const readText = (file: string): string => readFileSync(file, "utf8");

function fieldOf(text: string, of: (value: string) => string): [string, string] {
  const at = text.indexOf("=");
  return [text.slice(0, at), of(text.slice(at + 1))];
}

function answer(path: string, { comments, issues }: Repository): unknown {
  const [, number] = /^issues\/(\d+)\/comments\?/.exec(path) ?? [];
  if (number !== undefined) return comments.filter((comment) => comment.of === Number(number));
  if (path.startsWith("issues?state=open&")) return issues.filter(({ state }) => state === "open");
  throw new Error(`gh: Not Found (HTTP 404): ${path}`);
}

function changed(repository: Repository, call: string, fields: Readonly<Record<string, string>>): Repository {
  const { comments, issues } = repository;
  const user = { login: bot };
  const [, kind, id] = /^PATCH issues\/(comments\/)?(\d+)$/.exec(call) ?? [];
  const [, of] = /^POST issues\/(\d+)\/comments$/.exec(call) ?? [];
  const { title = "", body = "" } = fields;
  if (of !== undefined) {
    return { issues, comments: [...comments, { id: comments.length + 1, of: Number(of), user, body }] };
  }
  if (call === "POST issues") {
    return { comments, issues: [...issues, { number: issues.length + 1, title, body, user, state: "open" }] };
  }
  const all: readonly Authored[] = kind === undefined ? issues : comments;
  const target = all.find((one) => String("id" in one ? one.id : (one as Issue).number) === id);
  if (target?.user.login !== bot) throw new Error(`gh: Not Found (HTTP 404): ${call}`);
  const edit = <One extends Authored>(one: One): One => (one === target ? { ...one, ...fields } : one);
  return { comments: comments.map(edit), issues: issues.map(edit) };
}

/** `gh` has jq's language built in. */
function jq(filter: string, value: unknown): string {
  return execFileSync("jq", ["--raw-output", filter], { input: JSON.stringify(value), encoding: "utf8" });
}
