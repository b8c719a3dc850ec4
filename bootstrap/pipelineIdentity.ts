/** The identities that pipelines sign in with. */
import { FederatedIdentityCredential } from "@pulumi/azure-native/managedidentity/federatedIdentityCredential.js";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity.js";
import type * as pulumi from "@pulumi/pulumi";
import type { BootstrapConfig } from "./config.ts";
import type { Place } from "./place.ts";

/** Who may sign in as an identity. */
export interface Trust {
  /** Of the credential. */
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
}

const gitHubIssuer = "https://token.actions.githubusercontent.com";

/** Who may sign in as the reader, which can change nothing and reads no log: the jobs of pull requests. */
export function readerTrust({ repository, azureDevOps }: BootstrapConfig): Trust[] {
  return [
    ...gitHub(repository, { "github-pull-request": "pull_request" }),
    ...connection(azureDevOps?.issuer, azureDevOps?.readerSubject),
  ];
}

/** Who may sign in as the auditor, which reads the logs: jobs of the branch, so none that a pull request could change. */
export function auditorTrust({ repository, branch, azureDevOps }: BootstrapConfig): Trust[] {
  return [
    ...gitHub(repository, { "github-branch": `ref:refs/heads/${branch}` }),
    ...connection(azureDevOps?.issuer, azureDevOps?.auditorSubject),
  ];
}

/** Who may sign in as the deployer: the approved jobs of the environment alone. A subject of the branch would bypass the approval. */
export function deployerTrust({ repository, environment, azureDevOps }: BootstrapConfig): Trust[] {
  return [
    ...gitHub(repository, { "github-environment": `environment:${environment}` }),
    ...connection(azureDevOps?.issuer, azureDevOps?.deployerSubject),
  ];
}

/** A service connection of Azure DevOps. */
function connection(issuer: string | undefined, subject: string | undefined): Trust[] {
  return issuer === undefined || subject === undefined ? [] : [{ name: "azure-devops", issuer, subject }];
}

/** Subjects of GitHub's tokens (docs.github.com, "OpenID Connect reference", example subject claims). */
function gitHub(repository: string | undefined, subjects: Readonly<Record<string, string>>): Trust[] {
  if (repository === undefined) return [];
  return Object.entries(subjects).map(([name, of]) => ({
    name,
    issuer: gitHubIssuer,
    subject: `repo:${repository}:${of}`,
  }));
}

/**
 * A user-assigned identity, which needs no right in the directory as an application would, and whom it trusts.
 *
 * Its credentials are written one after another: Azure refuses two at a time
 * (`ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity`; workload-identity-federation-considerations.md).
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
          // The audience of all tokens that are exchanged (workload-identity-federation-create-trust.md).
          audiences: ["api://AzureADTokenExchange"],
        },
        { dependsOn: before },
      ),
    identity,
  );
  return identity;
}
