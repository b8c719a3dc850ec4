import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { loadConfig, parseConfig } from "../../bootstrap/config.ts";

const stack = { project: "bastion-trail-bootstrap", stack: "ci" };
const least = { location: "westeurope", repository: "contoso/access" };

function refusalOf(raw: Record<string, string>): string {
  try {
    parseConfig(raw, stack);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

describe("the bootstrap's config", () => {
  it("needs a region and a repository", () => {
    assert.deepEqual(parseConfig(least, stack), {
      location: "westeurope",
      namePrefix: "bastion-trail-ci",
      repository: "contoso/access",
      branch: "main",
      environment: "production",
      azureDevOps: undefined,
      managesDefenderPlan: false,
      flowLogs: true,
      trafficAnalytics: false,
    });
  });

  it("has the defaults of Pulumi.yaml, which the engine gives", () => {
    const { config } = parse(readFileSync("bootstrap/Pulumi.yaml", "utf8")) as {
      config: Record<string, { default: string }>;
    };
    const defaults = Object.fromEntries(Object.entries(config).map(([key, { default: value }]) => [key, value]));
    assert.deepEqual(parseConfig({ ...defaults, ...least }, stack), {
      ...parseConfig(least, stack),
      ...{ operatorsGroupId: undefined, requestersGroupId: undefined, analystsGroupId: undefined },
    });
  });

  it("takes what the engine gives for keys that are not set", () => {
    const empty = { azureDevOpsIssuer: "", operatorsGroupId: "", requestersGroupId: "", analystsGroupId: "" };
    const { azureDevOps, operatorsGroupId } = parseConfig({ ...least, ...empty }, stack);
    assert.deepEqual([azureDevOps, operatorsGroupId], [undefined, undefined]);
  });

  it("refuses a prefix that Azure reserves, and says which key was meant", () => {
    const known =
      "location, namePrefix, repository, branch, environment, azureDevOpsIssuer, azureDevOpsReaderSubject, azureDevOpsAuditorSubject, " +
      "azureDevOpsDeployerSubject, operatorsGroupId, requestersGroupId, analystsGroupId, defenderPlan, flowLogs";
    assert.equal(
      refusalOf({ ...least, namePrefix: "win-dows-ci", operatorGroupId: "x" }),
      "The config of stack ci has 2 problems:\n" +
        '  - bastion-trail-bootstrap:namePrefix is "win-dows-ci"; cannot contain "windows", which Azure reserves.\n' +
        `  - bastion-trail-bootstrap:operatorGroupId is "x"; unknown key (did you mean operatorsGroupId?); must be one of ${known}.`,
    );
  });

  it("has the stacks' setting for flow logs", () => {
    const of = (value: string) => {
      const { flowLogs, trafficAnalytics } = parseConfig({ ...least, flowLogs: value }, stack);
      return [flowLogs, trafficAnalytics];
    };
    assert.deepEqual(["off", "archive", "archive-and-workspace"].map(of), [
      [false, false],
      [true, false],
      [true, true],
    ]);
  });

  it("takes Azure DevOps in GitHub's place", () => {
    const { repository, azureDevOps } = parseConfig(
      {
        location: "westeurope",
        azureDevOpsIssuer: "https://vstoken.dev.azure.com/0f6f",
        azureDevOpsReaderSubject: "sc://contoso/access/reader",
        azureDevOpsAuditorSubject: "sc://contoso/access/auditor",
        azureDevOpsDeployerSubject: "sc://contoso/access/deployer",
      },
      stack,
    );
    assert.deepEqual(
      [repository, azureDevOps],
      [
        undefined,
        {
          issuer: "https://vstoken.dev.azure.com/0f6f",
          readerSubject: "sc://contoso/access/reader",
          auditorSubject: "sc://contoso/access/auditor",
          deployerSubject: "sc://contoso/access/deployer",
        },
      ],
    );
  });

  it("reports all errors together", () => {
    const text = refusalOf({
      location: "West Europe",
      namePrefix: "Bastion-",
      repository: "contoso",
      branch: "a b",
      environment: "pro:d",
      operatorsGroupId: "operators",
      defenderPlan: "leave",
      flowLogs: "none",
      repo: "contoso/access",
    });
    assert.equal(
      text,
      `The config of stack ci has 9 problems:
  - bastion-trail-bootstrap:location is "West Europe"; must be the short name of an Azure region, such as "westeurope" (did you mean westeurope?).
  - bastion-trail-bootstrap:namePrefix is "Bastion-"; must be 3 to 16 lowercase letters, digits and single hyphens, begin with a letter and not end with a hyphen.
  - bastion-trail-bootstrap:repository is "contoso"; must be OWNER/NAME of a GitHub repository, without .git after it.
  - bastion-trail-bootstrap:branch is "a b"; must be the name of a branch, without refs/heads/ before it.
  - bastion-trail-bootstrap:environment is "pro:d"; must be the name of an environment, up to 255 characters without a colon, and without spaces around it.
  - bastion-trail-bootstrap:operatorsGroupId is "operators"; must be the object id (a GUID) of an Entra group.
  - bastion-trail-bootstrap:defenderPlan is "leave"; must be one of manage, assume.
  - bastion-trail-bootstrap:flowLogs is "none"; must be one of off, archive, archive-and-workspace.
  - bastion-trail-bootstrap:repo is "contoso/access"; unknown key (did you mean repository?); must be one of location, namePrefix, repository, branch, environment, azureDevOpsIssuer, azureDevOpsReaderSubject, azureDevOpsAuditorSubject, azureDevOpsDeployerSubject, operatorsGroupId, requestersGroupId, analystsGroupId, defenderPlan, flowLogs.`,
    );
  });

  it("refuses the ref of a branch", () => {
    assert.throws(() => parseConfig({ location: "westeurope", repository: "o/n", branch: "refs/heads/main" }, stack), {
      message:
        'The config of stack ci: bastion-trail-bootstrap:branch is "refs/heads/main"; must be the name of a branch, without refs/heads/ before it.',
    });
  });

  for (const repository of ["contoso/access.git", "contoso/..", "contoso/."]) {
    it(`refuses the repository ${repository}`, () => {
      assert.throws(() => parseConfig({ location: "westeurope", repository }, stack), {
        message: `The config of stack ci: bastion-trail-bootstrap:repository is "${repository}"; must be OWNER/NAME of a GitHub repository, without .git after it.`,
      });
    });
  }

  for (const environment of [" production", "production ", " "]) {
    it(`refuses the environment "${environment}"`, () => {
      assert.throws(() => parseConfig({ location: "westeurope", repository: "o/n", environment }, stack), {
        message: `The config of stack ci: bastion-trail-bootstrap:environment is "${environment}"; must be the name of an environment, up to 255 characters without a colon, and without spaces around it.`,
      });
    });
  }

  it("takes any other name of a repository and an environment", () => {
    const names = { repository: "Contoso-2/.git_Hub.github", environment: "pre prod/eu" };
    const { repository, environment } = parseConfig({ location: "westeurope", ...names }, stack);
    assert.deepEqual({ repository, environment }, names);
  });

  it("hides secret values, also of a key that every object of JavaScript has, and of one of another namespace", async () => {
    await pulumi.runtime.setMocks(
      { newResource: () => ({ id: "id", state: {} }), call: () => ({}) },
      stack.project,
      stack.stack,
    );
    const values = { location: "westeurope", repository: "Hunter1", constructor: "Hunter2" };
    const own = Object.entries(values).map(([key, value]) => [`${stack.project}:${key}`, value] as const);
    pulumi.runtime.setAllConfig({ ...Object.fromEntries(own), "bastion-trail:branch": "Hunter3" }, [
      ...own.slice(1).map(([key]) => key),
      "bastion-trail:branch",
    ]);
    assert.throws(() => loadConfig(), {
      name: "ValidationError",
      message: `The config of stack ci has 3 problems:
  - bastion-trail-bootstrap:repository is "[secret]"; must be OWNER/NAME of a GitHub repository, without .git after it.
  - bastion-trail-bootstrap:constructor is "[secret]"; unknown key; must be one of location, namePrefix, repository, branch, environment, azureDevOpsIssuer, azureDevOpsReaderSubject, azureDevOpsAuditorSubject, azureDevOpsDeployerSubject, operatorsGroupId, requestersGroupId, analystsGroupId, defenderPlan, flowLogs.
  - bastion-trail:branch is "[secret]"; unknown key (did you mean bastion-trail-bootstrap:branch?); the keys of this project start with bastion-trail-bootstrap:.`,
    });
  });

  it("refuses to trust nobody", () => {
    assert.equal(
      refusalOf({ location: "westeurope" }),
      "The config of stack ci: bastion-trail-bootstrap:repository is missing; it is required without azureDevOpsIssuer.",
    );
  });

  it("takes the keys of Azure DevOps only together, with three subjects", () => {
    const issuer = { ...least, azureDevOpsIssuer: "https://vstoken.dev.azure.com/0f6f" };
    assert.equal(
      refusalOf(issuer),
      `The config of stack ci has 3 problems:
  - bastion-trail-bootstrap:azureDevOpsReaderSubject is missing; it is required with azureDevOpsIssuer.
  - bastion-trail-bootstrap:azureDevOpsAuditorSubject is missing; it is required with azureDevOpsIssuer.
  - bastion-trail-bootstrap:azureDevOpsDeployerSubject is missing; it is required with azureDevOpsIssuer.`,
    );
    const subjects = { azureDevOpsReaderSubject: "sc://a/b/c", azureDevOpsAuditorSubject: "sc://a/b/d" };
    assert.equal(
      refusalOf({ ...issuer, ...subjects, azureDevOpsDeployerSubject: "sc://a/b/c" }),
      'The config of stack ci: bastion-trail-bootstrap:azureDevOpsDeployerSubject is "sc://a/b/c"; must differ from the other subjects.',
    );
  });
});
