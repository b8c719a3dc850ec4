import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import bootstrap from "../../bootstrap/index.ts";
import { namesOf } from "../../bootstrap/names.ts";
import { deployer, deployerFor } from "../../core/roles/deployer.ts";
import { dynamicInputs, idOf, recordProgram, subscriptionId } from "../components/recordedProgram.ts";

const tenantId = "99999999-8888-7777-6666-555555555555";
const names = namesOf({ subscriptionId, location: "westeurope", namePrefix: "bastion-trail-ci" });
const subscription = `/subscriptions/${subscriptionId}`;
const group = "5b0a7c52-58c6-4f4c-9a30-2d6a1c0f9b11";

/** Runs the program on a mocked Azure, which has the vault already. */
async function run(config: Record<string, string> = {}, { scopes = true, vault = "present" } = {}) {
  const values = { location: "westeurope", repository: "contoso/access", ...config };
  const original = globalThis.fetch;
  globalThis.fetch = (url) => {
    const isDeleted = (url as string).includes("/deletedVaults/");
    if (vault === "deleted" ? !isDeleted : isDeleted) return Promise.resolve(new Response("{}", { status: 404 }));
    const properties = isDeleted
      ? { deletionDate: "2026-11-01T10:00:00Z" }
      : { provisioningState: "Succeeded", vaultUri: `https://${names.vault}.vault.azure.net/` };
    return Promise.resolve(Response.json({ properties }));
  };
  try {
    return await recordProgram(
      async () => {
        const own = Object.entries(values).map(([key, value]) => [`bastion-trail:${key}`, value] as const);
        pulumi.runtime.setAllConfig({ ...Object.fromEntries(own), "azure-native:environment": "public" });
        return { ...(await bootstrap()) };
      },
      {
        outputs: (type, inputs, name) => {
          switch (type) {
            case "azure-native:resources:ResourceGroup":
              return { name: inputs.resourceGroupName };
            case "azure-native:storage:StorageAccount":
              return {
                name: inputs.accountName,
                primaryEndpoints: { blob: `https://${String(inputs.accountName)}.blob.core.windows.net/` },
              };
            case "azure-native:managedidentity:UserAssignedIdentity":
              return { name: inputs.resourceName, principalId: `${name}-principal`, clientId: `${name}-client` };
            default:
              return {};
          }
        },
        functions: {
          "azure-native:authorization:getClientConfig": () => ({
            subscriptionId,
            tenantId,
            objectId: "me",
            clientId: "az",
          }),
          "azure-native:authorization:getClientToken": () => ({
            token: `h.${Buffer.from(JSON.stringify(scopes ? { scp: "user_impersonation" } : {})).toString("base64url")}.s`,
          }),
        },
      },
    );
  } finally {
    globalThis.fetch = original;
    pulumi.runtime.setAllConfig({});
  }
}

type Recorded = Awaited<ReturnType<typeof run>>;

/** Who gets which role where, by the assignments' names and the ids that the mocks give. */
function assignments({ ofType }: Recorded, type?: string) {
  const given = ofType("azure-native:authorization:RoleAssignment").filter(
    ({ inputs }) => type === undefined || inputs.principalType === type,
  );
  return Object.fromEntries(
    given.map(({ name, inputs }) => [
      name,
      [inputs.principalId, inputs.principalType, inputs.roleDefinitionId, inputs.scope],
    ]),
  );
}

const builtIn = (guid: string) => `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${guid}`;
const reader = builtIn("acdd72a7-3385-48ef-bd42-f606fba81ae7");
const cryptoUser = builtIn("12338af0-0e69-4776-bea7-57ae8d297424");
const blobContributor = builtIn("ba92f5b4-2d11-453d-a403-e96b0029c9fe");
const blobReader = builtIn("2a2b9908-6ea1-4ae2-8e65-a410df84e7d1");
const logReader = builtIn("73c42c96-874c-492b-b04d-ab87d138a893");

describe("the bootstrap program", () => {
  it("keeps the state in an account that Entra ID alone opens, which cannot be deleted by mistake", async () => {
    const { only, resources } = await run();
    const { inputs } = only("azure-native:storage:StorageAccount");
    assert.deepEqual(
      [inputs.accountName, inputs.allowSharedKeyAccess, inputs.allowBlobPublicAccess, inputs.minimumTlsVersion],
      [names.storageAccount, false, false, "TLS1_2"],
    );
    const service = only("azure-native:storage:BlobServiceProperties").inputs;
    assert.deepEqual(
      [service.isVersioningEnabled, service.deleteRetentionPolicy, service.containerDeleteRetentionPolicy],
      [true, { enabled: true, days: 30 }, { enabled: true, days: 30 }],
    );
    const container = only("azure-native:storage:BlobContainer").inputs;
    assert.deepEqual([container.containerName, container.publicAccess], ["state", "None"]);
    const lock = only("azure-native:authorization:ManagementLockByScope");
    assert.deepEqual([lock.inputs.scope, lock.inputs.level], [idOf("state-account"), "CanNotDelete"]);
    const onState = resources
      .filter(({ inputs: { scope } }) => scope === idOf("state-container"))
      .map(({ name }) => name);
    assert.deepEqual(
      onState.filter((name) => !lock.dependsOn.includes(name)),
      [],
    );
    assert.equal(onState.length, 4);
  });

  it("registers the resource providers before it uses them", async () => {
    const { ofType, only } = await run();
    const registered = ofType("pulumi-nodejs:dynamic:Resource").flatMap((one) => dynamicInputs(one).providerId ?? []);
    assert.deepEqual(registered, [
      `${subscription}/providers/Microsoft.Compute`,
      `${subscription}/providers/Microsoft.Insights`,
      `${subscription}/providers/Microsoft.Network`,
      `${subscription}/providers/Microsoft.OperationalInsights`,
      `${subscription}/providers/Microsoft.Security`,
      `${subscription}/providers/Microsoft.Storage`,
      `${subscription}/providers/Microsoft.KeyVault`,
      `${subscription}/providers/Microsoft.ManagedIdentity`,
    ]);
    assert.ok(only("azure-native:storage:StorageAccount").dependsOn.includes("Microsoft.Storage"));
  });

  it("has a vault and a key in the group; a vault that was deleted is recovered by another run", async () => {
    const inputsOf = ({ ofType }: Recorded, name: string) =>
      dynamicInputs(ofType("pulumi-nodejs:dynamic:Resource").find((one) => one.name === name)!);
    const vaultId = `${subscription}/resourceGroups/bastion-trail-ci/providers/Microsoft.KeyVault/vaults/${names.vault}`;
    const present = await run();
    assert.deepEqual(inputsOf(present, "vault"), { vaultId, location: "westeurope", tenantId });
    assert.deepEqual(inputsOf(present, "key"), { keyId: `${idOf("vault")}/keys/pulumi` });
    const deleted = await run({}, { vault: "deleted" });
    assert.equal(inputsOf(deleted, "vault").deletedAt, "2026-11-01T10:00:00Z");
  });

  it("trusts pull requests as the reader, the branch as the auditor, and the environment alone as the deployer", async () => {
    const { ofType } = await run();
    const credentials = ofType("azure-native:managedidentity:FederatedIdentityCredential");
    assert.deepEqual(credentials.map(({ inputs }) => [inputs.resourceName, inputs.subject]).sort(), [
      ["bastion-trail-ci-auditor", "repo:contoso/access:ref:refs/heads/main"],
      ["bastion-trail-ci-deployer", "repo:contoso/access:environment:production"],
      ["bastion-trail-ci-reader", "repo:contoso/access:pull_request"],
    ]);
    for (const { inputs } of credentials) {
      assert.deepEqual(
        [inputs.issuer, inputs.audiences],
        ["https://token.actions.githubusercontent.com", ["api://AzureADTokenExchange"]],
      );
    }
  });

  it("trusts Azure DevOps by the subjects of its service connections, one credential of an identity after another", async () => {
    const { ofType } = await run({
      azureDevOpsIssuer: "https://vstoken.dev.azure.com/0f6f",
      azureDevOpsReaderSubject: "sc://contoso/access/reader",
      azureDevOpsAuditorSubject: "sc://contoso/access/auditor",
      azureDevOpsDeployerSubject: "sc://contoso/access/deployer",
    });
    const order = ofType("azure-native:managedidentity:FederatedIdentityCredential").map(({ name, dependsOn }) => [
      name,
      dependsOn.filter((other) => /^(?:reader|auditor|deployer)-/.test(other)),
    ]);
    assert.deepEqual(Object.fromEntries(order), {
      "reader-github-pull-request": [],
      "reader-azure-devops": ["reader-github-pull-request"],
      "auditor-github-branch": [],
      "auditor-azure-devops": ["auditor-github-branch"],
      "deployer-github-environment": [],
      "deployer-azure-devops": ["deployer-github-environment"],
    });
  });

  it("gives the pipelines what they need and no more, and whoever runs it the way to the state and the key", async () => {
    const recorded = await run();
    const role = idOf("deployer-role");
    const state = idOf("state-container");
    assert.deepEqual(assignments(recorded), {
      "reader-reads": ["reader-principal", "ServicePrincipal", reader, subscription],
      "reader-reads-state": ["reader-principal", "ServicePrincipal", blobReader, state],
      "reader-uses-key": ["reader-principal", "ServicePrincipal", cryptoUser, idOf("key")],
      "auditor-reads": ["auditor-principal", "ServicePrincipal", reader, subscription],
      "auditor-reads-state": ["auditor-principal", "ServicePrincipal", blobReader, state],
      "auditor-uses-key": ["auditor-principal", "ServicePrincipal", cryptoUser, idOf("key")],
      "auditor-diagnoses": ["auditor-principal", "ServicePrincipal", idOf("doctor-role"), subscription],
      "auditor-queries": ["auditor-principal", "ServicePrincipal", logReader, subscription],
      "auditor-reads-logs": ["auditor-principal", "ServicePrincipal", blobReader, subscription],
      "deployer-deploys": ["deployer-principal", "ServicePrincipal", role, subscription],
      "deployer-writes-state": ["deployer-principal", "ServicePrincipal", blobContributor, state],
      "deployer-uses-key": ["deployer-principal", "ServicePrincipal", cryptoUser, idOf("key")],
      "caller-writes-state": ["me", "User", blobContributor, state],
      "caller-uses-key": ["me", "User", cryptoUser, idOf("key")],
    });
    const { inputs } = recorded
      .ofType("azure-native:authorization:RoleDefinition")
      .find(({ name }) => name === "deployer-role")!;
    assert.deepEqual(
      [inputs.roleName, inputs.assignableScopes, inputs.permissions],
      [
        `Bastion Trail Deployer ${names.unique}`,
        [subscription],
        [
          {
            actions: deployerFor({ flowLogs: true, trafficAnalytics: false }).actions,
            notActions: [],
            dataActions: [],
            notDataActions: [],
          },
        ],
      ],
    );
  });

  it("takes an application for one", async () => {
    const recorded = await run({}, { scopes: false });
    assert.deepEqual(assignments(recorded)["caller-uses-key"]?.[1], "ServicePrincipal");
  });

  it("lets the deployer give one role to service principals, as docs/ci.md has it", async () => {
    const recorded = await run();
    const { inputs } = recorded
      .ofType("azure-native:authorization:RoleAssignment")
      .find(({ name }) => name === "deployer-deploys")!;
    assert.equal(inputs.conditionVersion, "2.0");
    assert.equal(
      inputs.condition,
      "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {ba92f5b4-2d11-453d-a403-e96b0029c9fe} AND @Request[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'})) AND ((!(ActionMatches{'Microsoft.Authorization/roleAssignments/delete'})) OR (@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {ba92f5b4-2d11-453d-a403-e96b0029c9fe} AND @Resource[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}))",
    );
  });

  it("gives the deployer nothing for flow logs where there are none, so it may assign no role", async () => {
    const recorded = await run({ flowLogs: "off" });
    const { inputs } = recorded
      .ofType("azure-native:authorization:RoleDefinition")
      .find(({ name }) => name === "deployer-role")!;
    const [{ actions }] = inputs.permissions as [{ actions: string[] }];
    assert.deepEqual(actions, deployerFor({ flowLogs: false, trafficAnalytics: false }).actions);
    const left = deployer.actions.filter((action) => !actions.includes(action));
    assert.deepEqual([...new Set(left.map((action) => action.split("/").slice(0, 2).join("/")))].sort(), [
      "Microsoft.Authorization/roleAssignments",
      "Microsoft.Insights/dataCollectionEndpoints",
      "Microsoft.Insights/dataCollectionRules",
      "Microsoft.ManagedIdentity/userAssignedIdentities",
      "Microsoft.Network/applicationGateways",
      "Microsoft.Network/connections",
      "Microsoft.Network/expressRouteCircuits",
      "Microsoft.Network/loadBalancers",
      "Microsoft.Network/localNetworkGateways",
      "Microsoft.Network/networkWatchers",
      "Microsoft.Network/routeTables",
      "Microsoft.Network/virtualNetworkGateways",
      "Microsoft.Storage/storageAccounts",
    ]);
    const given = recorded
      .ofType("azure-native:authorization:RoleAssignment")
      .filter(({ name }) => name.startsWith("deployer-"));
    assert.deepEqual(
      given.flatMap(({ inputs: { condition } }) => condition ?? []),
      [],
    );
  });

  it("gives groups of people their roles; who reads logs does not read the state", async () => {
    const recorded = await run({ operatorsGroupId: group, requestersGroupId: group, analystsGroupId: group });
    assert.deepEqual(assignments(recorded, "Group"), {
      "operators-operate": [group, "Group", idOf("operator-role"), subscription],
      "operators-diagnose": [group, "Group", idOf("doctor-role"), subscription],
      "requesters-request": [group, "Group", idOf("requester-role"), subscription],
      "analysts-query": [group, "Group", logReader, subscription],
      "analysts-read-logs": [group, "Group", blobReader, subscription],
    });
    const { inputs } = recorded
      .ofType("azure-native:authorization:RoleAssignment")
      .find(({ name }) => name === "analysts-read-logs")!;
    assert.equal(
      inputs.condition,
      "((!(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'})) OR (@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] ForAnyOfAnyValues:StringEquals {'insights-logs-bastionauditlogs', 'insights-activity-logs', 'insights-logs-flowlogflowevent'}))",
    );
  });

  it("switches the Defender plan on where it is asked to", async () => {
    const plans = ({ resources }: Recorded) =>
      resources.filter(({ type }) => type === "bastion-trail:index:DefenderPlan");
    assert.equal(plans(await run()).length, 0);
    assert.equal(plans(await run({ defenderPlan: "manage" })).length, 1);
  });

  it("has the pipelines' variables as output", async () => {
    const { result } = await run();
    const backendUrl = `azblob://state?storage_account=${names.storageAccount}`;
    const secretsProvider = `azurekeyvault://${names.vault}.vault.azure.net/keys/pulumi`;
    assert.deepEqual(result, {
      tenantId,
      subscriptionId,
      resourceGroupName: "bastion-trail-ci",
      backendUrl,
      secretsProvider,
      readerClientId: "reader-client",
      auditorClientId: "auditor-client",
      deployerClientId: "deployer-client",
      variables: {
        AZURE_TENANT_ID: tenantId,
        AZURE_SUBSCRIPTION_ID: subscriptionId,
        AZURE_READER_CLIENT_ID: "reader-client",
        AZURE_AUDITOR_CLIENT_ID: "auditor-client",
        PULUMI_BACKEND_URL: backendUrl,
        PULUMI_SECRETS_PROVIDER: secretsProvider,
      },
      environmentVariables: { AZURE_DEPLOYER_CLIENT_ID: "deployer-client" },
    });
  });
});
