/** Calls a GitHub repository through the user's own `gh`. */
import { execFile } from "node:child_process";
import * as v from "valibot";
import { UserError } from "../../errors.ts";
import type { Io } from "../../io.ts";
import { setArguments, type Variable } from "./variables.ts";

interface GhRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly failure: NodeJS.ErrnoException | undefined;
}

function gh(args: readonly string[], io: Io, input = ""): Promise<GhRun> {
  const options = { cwd: io.cwd, env: { ...io.env }, signal: io.signal, maxBuffer: Infinity };
  return new Promise((resolve) => {
    const child = execFile("gh", [...args], options, (failure, stdout, stderr) => {
      resolve({ stdout, stderr, failure: (failure as NodeJS.ErrnoException | null) ?? undefined });
    });
    child.stdin?.on("error", () => undefined); // Emitted if `gh` does not exist.
    child.stdin?.end(input);
  });
}

/** @throws `UserError` with the message of `gh`. */
async function did(what: string, args: readonly string[], io: Io, input?: string): Promise<string> {
  const { stdout, stderr, failure } = await gh(args, io, input);
  io.signal.throwIfAborted();
  if (failure === undefined) return stdout;
  throw new UserError(`gh cannot ${what}: ${reasonOf(stderr)}.`, "Run the printed commands after fixing it.", {
    cause: failure,
  });
}

function reasonOf(stderr: string): string {
  const line = stderr.trim().split("\n").at(-1) ?? "";
  return line.replace(/^gh: |\.$/g, "") || "it gives no reason";
}

/**
 * Checks access to the repository before anything is created.
 * @throws `UserError` if `gh` is missing or not signed in, or does not find the repository.
 */
export async function checkGitHub(repository: string, io: Io): Promise<void> {
  if (repository === "")
    throw new UserError("--set-variables requires a GitHub repository.", "Pass --repository OWNER/NAME.");
  const { failure } = await gh(["auth", "status"], io);
  io.signal.throwIfAborted();
  if (failure?.code === "ENOENT") {
    throw new UserError(
      "gh is not on PATH, so --set-variables cannot set them.",
      "Install it: https://cli.github.com.",
    );
  }
  if (failure !== undefined) throw new UserError("gh is not signed in to GitHub.", "Run `gh auth login`.");
  await did(`find the repository ${repository}`, ["api", `repos/${repository}`], io);
}

const environmentBody = v.object({
  protection_rules: v.optional(v.array(v.object({ type: v.string() })), []),
});
const user = v.object({ id: v.number() });

export interface Protection {
  readonly repository: string;
  readonly environment: string;
  /** The only branch whose jobs may use the environment. */
  readonly branch: string;
  /** GitHub logins. If empty, the signed-in user. */
  readonly reviewers: readonly string[];
}

/**
 * Creates the environment with its reviewers and the branch. An environment with reviewers is left unchanged.
 * @returns `undefined` if it is protected now, else why not: on some plans, GitHub has no reviewers for private
 *   repositories.
 */
export async function protectEnvironment(protection: Protection, io: Io): Promise<string | undefined> {
  const { repository, environment, branch, reviewers } = protection;
  const path = `repos/${repository}/environments/${encodeURIComponent(environment)}`;
  const present = await gh(["api", path], io);
  io.signal.throwIfAborted();
  const known = present.failure === undefined ? v.parse(environmentBody, JSON.parse(present.stdout)) : undefined;
  if (known?.protection_rules.some(({ type }) => type === "required_reviewers") === true) return undefined;
  const ids = await Promise.all(
    (reviewers.length > 0 ? reviewers.map((login) => `users/${login}`) : ["user"]).map(async (from) => {
      const said = await did(`find the reviewer ${from.replace("users/", "")}`, ["api", from], io);
      return v.parse(user, JSON.parse(said)).id;
    }),
  );
  const put = (body: object) => gh(["api", "--method", "PUT", path, "--input", "-"], io, JSON.stringify(body));
  const policy = { deployment_branch_policy: { protected_branches: false, custom_branch_policies: true } };
  const asked = await put({ ...policy, reviewers: ids.map((id) => ({ type: "User", id })) });
  if (asked.failure !== undefined) {
    const plain = await put(policy);
    if (plain.failure !== undefined) return reasonOf(plain.stderr);
  }
  // GitHub answers 409 or 422 if the branch is listed already; the environment is protected nevertheless.
  await gh(["api", "--method", "POST", `${path}/deployment-branch-policies`, "-f", `name=${branch}`], io);
  io.signal.throwIfAborted();
  return asked.failure === undefined ? undefined : reasonOf(asked.stderr);
}

/** @throws `UserError` with the message of `gh`. */
export async function setVariables(variables: readonly Variable[], repository: string, io: Io): Promise<void> {
  for (const variable of variables) {
    await did(`set the variable ${variable.name}`, setArguments(variable, repository), io);
  }
}

/** `OWNER/NAME` of the remote `origin`, if it is on GitHub. */
export function repositoryHere(io: Io): Promise<string | undefined> {
  const args = ["-C", io.cwd, "remote", "get-url", "origin"];
  return new Promise((resolve) => {
    execFile("git", args, { env: { ...io.env }, signal: io.signal }, (_, stdout) => {
      resolve(/github\.com[:/]([^/\s]+\/[^/\s]+?)(?:\.git)?\s*$/.exec(stdout)?.[1]);
    });
  });
}
