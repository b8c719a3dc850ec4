/** The identities that pipelines sign in with. */
import { FederatedIdentityCredential } from "@pulumi/azure-native/managedidentity/federatedIdentityCredential.js";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity.js";
import type * as pulumi from "@pulumi/pulumi";
import { tokenExchangeAudience } from "@bastion-trail/core/links/clouds";
import type { BootstrapConfig } from "./config.ts";
import type { Place } from "./place.ts";

/** A party that may sign in as an identity. */
export interface Trust {
  /** Name of the credential. */
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
}

const gitHubIssuer = "https://token.actions.githubusercontent.com";

/**
 * Returns who may sign in as the reader: the jobs of pull requests. The reader can change nothing and reads no logs.
 */
export function readerTrust({ repository, azureDevOps }: BootstrapConfig): Trust[] {
  return [
    ...gitHub(repository, { "github-pull-request": "pull_request" }),
    ...connection(azureDevOps?.issuer, azureDevOps?.readerSubject),
  ];
}

/**
 * Returns who may sign in as the auditor, which reads the logs: jobs of the branch, which no pull request can change.
 */
export function auditorTrust({ repository, branch, azureDevOps }: BootstrapConfig): Trust[] {
  return [
    ...gitHub(repository, { "github-branch": `ref:refs/heads/${branch}` }),
    ...connection(azureDevOps?.issuer, azureDevOps?.auditorSubject),
  ];
}

/**
 * Returns who may sign in as the deployer: only approved jobs of the environment. A subject of the branch would bypass
 * the approval.
 */
export function deployerTrust({ repository, environment, azureDevOps }: BootstrapConfig): Trust[] {
  return [
    ...gitHub(repository, { "github-environment": `environment:${environment}` }),
    ...connection(azureDevOps?.issuer, azureDevOps?.deployerSubject),
  ];
}

/** Returns the trust in a service connection of Azure DevOps. */
function connection(issuer: string | undefined, subject: string | undefined): Trust[] {
  return issuer === undefined || subject === undefined ? [] : [{ name: "azure-devops", issuer, subject }];
}

/**
 * Returns the trust in GitHub's tokens, by their subjects (docs.github.com, "OpenID Connect reference", example subject
 * claims).
 */
function gitHub(repository: string | undefined, subjects: Readonly<Record<string, string>>): Trust[] {
  if (repository === undefined) return [];
  return Object.entries(subjects).map(([name, of]) => ({
    name,
    issuer: gitHubIssuer,
    subject: `repo:${repository}:${of}`,
  }));
}

/**
 * Creates a user-assigned identity, which unlike an application needs no right in the directory, with its federated
 * credentials.
 *
 * The credentials are written one after another: Azure refuses concurrent writes
 * (`ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity`;
 * workload-identity-federation-considerations.md).
 */
export function pipelineIdentity(
  name: "reader" | "auditor" | "deployer",
  trusts: readonly Trust[],
  { names, location, resourceGroupName, registered }: Place,
): UserAssignedIdentity {
  const identity = new UserAssignedIdentity(
    name,
    { resourceGroupName, location, resourceName: names[name] },
    { dependsOn: registered["Microsoft.ManagedIdentity"] },
  );
  trusts.reduce<pulumi.Resource>(
    (before, trust) =>
      new FederatedIdentityCredential(
        `${name}-${trust.name}`,
        {
          resourceGroupName,
          resourceName: identity.name,
          federatedIdentityCredentialResourceName: trust.name,
          issuer: trust.issuer,
          subject: trust.subject,
          audiences: [tokenExchangeAudience],
        },
        { dependsOn: before },
      ),
    identity,
  );
  return identity;
}
