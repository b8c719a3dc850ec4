import { randomUUID } from "node:crypto";
import type { JsonObject } from "../../../../sandbox/arm/json.ts";
import type { Answer } from "../plane.ts";
import type { Cloud } from "../types/cloud.ts";

/** A user-assigned identity that signs in as a pipeline's job does. */
export interface TestIdentity {
  readonly objectId: string;
  readonly clientId: string;
  /** Sends as the identity; the path is that of a resource in the cloud's group, or an ARM id. */
  send(method: string, path: string, version: string, body?: JsonObject): Promise<Answer>;
}

const job = { issuer: "https://token.actions.githubusercontent.com", subject: "repo:contoso/access:environment:prod" };

/** Makes an identity of this name in the cloud's group, and signs in as it. */
export async function signedInIdentity(cloud: Cloud, name = "deployer"): Promise<TestIdentity> {
  const id = `Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
  const { properties } = await cloud.put(id, { location: "westeurope" });
  const { principalId: objectId, clientId } = properties as { principalId: string; clientId: string };
  const trust = { ...job, audiences: ["api://AzureADTokenExchange"] };
  await cloud.put(`${id}/federatedIdentityCredentials/job`, { properties: trust });
  const { body: assertion } = await cloud.plane.admin("POST", "/sandbox/federated-token", job);
  const { body } = await exchange(cloud, clientId, assertion.token as string);
  const authorization = `Bearer ${body.access_token as string}`;
  return {
    objectId,
    clientId,
    send: (method, path, version, content) =>
      cloud.plane.raw(
        method,
        `${cloud.id(path)}?api-version=${version}`,
        content === undefined ? undefined : JSON.stringify(content),
        { authorization, "content-type": "application/json" },
      ),
  };
}

/** Exchanges a token of another issuer for one of Azure's. */
export function exchange(cloud: Cloud, clientId: string, assertion: string): Promise<Answer> {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: clientId,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
    scope: "https://management.azure.com/.default",
  });
  const path = `/${cloud.plane.identity.tenantId}/oauth2/v2.0/token`;
  return cloud.plane.raw("POST", path, form.toString(), { "content-type": "application/x-www-form-urlencoded" });
}

/** Makes a custom role of these actions and assigns it, at the subscription unless it is said where. */
export async function giveRole(
  cloud: Cloud,
  { objectId }: { objectId: string },
  actions: readonly string[],
  { scope = cloud.plane.subscription, ...more }: { scope?: string } & JsonObject = {},
): Promise<void> {
  const provider = `${cloud.plane.subscription}/providers/Microsoft.Authorization`;
  const role = `${provider}/roleDefinitions/${randomUUID()}`;
  const permissions = [{ actions: [...actions] }];
  const assignableScopes = [cloud.plane.subscription];
  await cloud.put(role, { properties: { roleName: randomUUID(), permissions, assignableScopes } });
  await cloud.put(`${scope}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`, {
    properties: { principalId: objectId, principalType: "ServicePrincipal", roleDefinitionId: role, ...more },
  });
}
