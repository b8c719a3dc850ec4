/** The config of the bootstrap program as one typed object, or one error that lists all its problems. */
import * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";
import { FlowLogDestination } from "@bastion-trail/components/flow-logs/flowLogRules";
import { reservedPartFault } from "@bastion-trail/components/shared/reservedName";
import { type Problem, refuse } from "@bastion-trail/components/shared/validate";
import { guid } from "@bastion-trail/core/rules/guid";
import { suggestion } from "@bastion-trail/core/rules/similarNames";
import { DefenderPlanMode } from "@bastion-trail/program/config/defenderPlanMode";
import { inProject, isOwnSecret, ownConfig, strayKeys } from "@bastion-trail/program/config/ownConfig";
import { matching, oneOf, shortRegion } from "@bastion-trail/program/config/values";

/** The settings of the program; a key that is not set is `undefined`. */
export interface BootstrapConfig {
  readonly location: string;
  readonly namePrefix: string;
  /** `OWNER/NAME`. */
  readonly repository?: string | undefined;
  readonly branch: string;
  readonly environment: string;
  /** The trust in Azure DevOps, complete; `undefined` without one. */
  readonly azureDevOps: AzureDevOpsTrust | undefined;
  readonly operatorsGroupId?: string | undefined;
  readonly requestersGroupId?: string | undefined;
  readonly analystsGroupId?: string | undefined;
  readonly managesDefenderPlan: boolean;
  /** Whether the stacks have flow logs. If so, the deployer assigns a role to their identity. */
  readonly flowLogs: boolean;
  /** Whether Traffic Analytics processes the flow logs into a workspace. */
  readonly trafficAnalytics: boolean;
}

interface AzureDevOpsTrust {
  readonly issuer: string;
  readonly readerSubject: string;
  readonly auditorSubject: string;
  readonly deployerSubject: string;
}

/** Reads the config of the current stack. @throws ValidationError that lists every problem. */
export function loadConfig(): BootstrapConfig {
  const names = { project: pulumi.getProject(), stack: pulumi.getStack() };
  return parseConfig(ownConfig(), names, isOwnSecret, strayKeys(keyNames));
}

/**
 * Parses and checks the config.
 * @param raw - values by key without namespace, as the engine passes them: strings.
 * @param isSecret - whether the value of a key is secret, so that no message may repeat it.
 * @param found - problems found earlier, by the whole key.
 * @throws ValidationError that lists every problem: key, value, what is allowed.
 */
export function parseConfig(
  raw: Readonly<Record<string, string>>,
  { project, stack }: { readonly project: string; readonly stack: string },
  isSecret: (key: string) => boolean = () => false,
  found: readonly Problem[] = [],
): BootstrapConfig {
  const result = v.safeParse(keys, raw);
  const malformed = (result.issues ?? []).map(({ path, input, message }): Problem => {
    const key = String(path?.[0].key);
    return { key, value: key in raw ? input : undefined, reason: message };
  });
  const problems = [...malformed, ...reservedPrefixProblems(raw), ...unknownKeys(raw), ...trustProblems(raw)];
  refuse(`The config of stack ${stack}`, [...inProject(problems, project, isSecret), ...found]);
  const { azureDevOpsIssuer: issuer, defenderPlan, flowLogs, ...rest } = v.parse(keys, raw);
  const {
    azureDevOpsReaderSubject: readerSubject,
    azureDevOpsAuditorSubject: auditorSubject,
    azureDevOpsDeployerSubject: deployerSubject,
    ...values
  } = rest;
  return {
    ...values,
    azureDevOps:
      issuer === undefined ||
      readerSubject === undefined ||
      auditorSubject === undefined ||
      deployerSubject === undefined
        ? undefined
        : { issuer, readerSubject, auditorSubject, deployerSubject },
    managesDefenderPlan: defenderPlan === DefenderPlanMode.Manage,
    flowLogs: flowLogs !== FlowLogDestination.Off,
    trafficAnalytics: flowLogs === FlowLogDestination.ArchiveAndWorkspace,
  };
}

const groupId = optional(guid, "must be the object id (a GUID) of an Entra group");

/** Entra compares subjects exactly, including case (workload-identity-federation-considerations.md). */
const subject = optional(
  /^\S{1,600}$/,
  "must be the subject as Azure DevOps shows it, up to 600 characters without spaces",
);

/**
 * The prefix is at most 16 characters: the name of a vault has at most 24, and `-` and 7 characters of a hash follow.
 */
const keys = v.object({
  location: v.optional(shortRegion(), ""),
  namePrefix: v.optional(
    matching(
      /^(?=.{3,16}$)[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/,
      "must be 3 to 16 lowercase letters, digits and single hyphens, begin with a letter and not end with a hyphen",
    ),
    "bastion-trail-ci",
  ),
  // With .git, as at the end of its address, the subject would be that of no job.
  repository: optional(
    /^[A-Za-z0-9-]+\/(?!\.{1,2}$)(?!.*\.git$)[A-Za-z0-9._-]+$/i,
    "must be OWNER/NAME of a GitHub repository, without .git after it",
  ),
  // With refs/heads/, the subject would be that of no job.
  branch: v.optional(
    matching(/^(?!refs\/)[^\s:*?[\\^~]+$/, "must be the name of a branch, without refs/heads/ before it"),
    "main",
  ),
  // GitHub does not document which characters are allowed; a colon would end the name in the subject.
  environment: v.optional(
    matching(
      /^(?=\S)[^:]{1,255}(?<=\S)$/,
      "must be the name of an environment, up to 255 characters without a colon, and without spaces around it",
    ),
    "production",
  ),
  azureDevOpsIssuer: optional(/^https:\/\/\S{1,590}$/, "must be an https URL"),
  azureDevOpsReaderSubject: subject,
  azureDevOpsAuditorSubject: subject,
  azureDevOpsDeployerSubject: subject,
  operatorsGroupId: groupId,
  requestersGroupId: groupId,
  analystsGroupId: groupId,
  defenderPlan: v.optional(oneOf(Object.values(DefenderPlanMode)), DefenderPlanMode.Assume),
  flowLogs: v.optional(oneOf(Object.values(FlowLogDestination)), FlowLogDestination.Archive),
});

/** The engine passes the empty string for a key that is not set. */
function optional(pattern: RegExp, allowed: string) {
  return v.optional(
    v.pipe(
      v.string(allowed),
      v.check((value) => value === "" || pattern.test(value), allowed),
      v.transform((value) => (value === "" ? undefined : value)),
    ),
  );
}

/** Vaults and storage accounts are named after the prefix, accounts without its hyphens. */
function reservedPrefixProblems({ namePrefix: value = "" }: Readonly<Record<string, string>>): Problem[] {
  const reason = reservedPartFault(value.replaceAll("-", ""));
  return reason === undefined ? [] : [{ key: "namePrefix", value, reason }];
}

const keyNames = Object.keys(keys.entries);

function unknownKeys(raw: Readonly<Record<string, string>>): Problem[] {
  return Object.keys(raw)
    .filter((key) => !keyNames.includes(key))
    .map((key) => ({
      key,
      value: raw[key],
      reason: `unknown key${suggestion(key, keyNames)}; must be one of ${keyNames.join(", ")}`,
    }));
}

/** At least one pipeline must be able to sign in, and a service connection requires both an issuer and a subject. */
function trustProblems(raw: Readonly<Record<string, string>>): Problem[] {
  const subjects = ["azureDevOpsReaderSubject", "azureDevOpsAuditorSubject", "azureDevOpsDeployerSubject"];
  const devOps = ["azureDevOpsIssuer", ...subjects];
  const given = devOps.filter((key) => (raw[key] ?? "") !== "");
  if (given.length > 0) {
    const missing = devOps.filter((key) => !given.includes(key));
    const same = subjects.filter((key, index) =>
      subjects.slice(0, index).some((other) => given.includes(key) && raw[other] === raw[key]),
    );
    return [
      ...missing.map((key) => ({ key, value: undefined, reason: `it is required with ${given.join(" and ")}` })),
      ...same.map((key) => ({ key, value: raw[key], reason: "must differ from the other subjects" })),
    ];
  }
  if ((raw.repository ?? "") !== "") return [];
  return [{ key: "repository", value: undefined, reason: "it is required without azureDevOpsIssuer" }];
}
