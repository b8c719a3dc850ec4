/** The outputs of the program: where the state is, the identities of the pipelines, and their variables. */
import type { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity.js";
import * as pulumi from "@pulumi/pulumi";
import type { Names } from "./names.ts";
import type { SecretsKey } from "./secretsKey.ts";
import type { StateBackend } from "./stateBackend.ts";

export interface BootstrapOutputs {
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
  /** Argument for `pulumi login`. */
  readonly backendUrl: pulumi.Output<string>;
  /** Argument for `pulumi stack init --secrets-provider`. */
  readonly secretsProvider: pulumi.Output<string>;
  readonly readerClientId: pulumi.Output<string>;
  readonly auditorClientId: pulumi.Output<string>;
  readonly deployerClientId: pulumi.Output<string>;
  /** Variables of the repository by name, except the name of the stack. */
  readonly variables: pulumi.Output<{
    readonly AZURE_TENANT_ID: string;
    readonly AZURE_SUBSCRIPTION_ID: string;
    readonly AZURE_READER_CLIENT_ID: string;
    readonly AZURE_AUDITOR_CLIENT_ID: string;
    readonly PULUMI_BACKEND_URL: string;
    readonly PULUMI_SECRETS_PROVIDER: string;
  }>;
  /** Variables of the protected environment by name. */
  readonly environmentVariables: pulumi.Output<{ readonly AZURE_DEPLOYER_CLIENT_ID: string }>;
}

export interface Prepared {
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly names: Names;
  readonly backend: StateBackend;
  readonly secrets: SecretsKey;
  readonly reader: UserAssignedIdentity;
  readonly auditor: UserAssignedIdentity;
  readonly deployer: UserAssignedIdentity;
}

export function outputsOf({
  tenantId,
  subscriptionId,
  names,
  backend,
  secrets,
  reader,
  auditor,
  deployer,
}: Prepared): BootstrapOutputs {
  const { secretsProvider } = secrets;
  return {
    tenantId,
    subscriptionId,
    resourceGroupName: names.resourceGroup,
    backendUrl: backend.url,
    secretsProvider,
    readerClientId: reader.clientId,
    auditorClientId: auditor.clientId,
    deployerClientId: deployer.clientId,
    // The names that .github/workflows/deploy.yml reads.
    variables: pulumi.output({
      AZURE_TENANT_ID: tenantId,
      AZURE_SUBSCRIPTION_ID: subscriptionId,
      AZURE_READER_CLIENT_ID: reader.clientId,
      AZURE_AUDITOR_CLIENT_ID: auditor.clientId,
      PULUMI_BACKEND_URL: backend.url,
      PULUMI_SECRETS_PROVIDER: secretsProvider,
    }),
    environmentVariables: pulumi.output({ AZURE_DEPLOYER_CLIENT_ID: deployer.clientId }),
  };
}
