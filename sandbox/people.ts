/** Actions of users in Azure besides requests and connections, each with the user's own sign-in. */
import { callOrFail } from "./adminClient.ts";
import { objectAt, objectsAt, textAt, type JsonObject } from "./arm/json.ts";
import type { SandboxDescription } from "./directory.ts";
import { Failure } from "./failure.ts";

/** API version of the network resources. */
const apiVersion = "2024-05-01";

/** Returns an access token of a user, as issued by a sign-in. */
export async function userToken(description: SandboxDescription, user: string): Promise<string> {
  const answer = await callOrFail(description, "POST", "/sandbox/token", { body: { user } });
  return textAt(answer, "access_token") ?? "";
}

/** Creates a shareable link to a VM on the Bastion host. @returns its URL. */
export async function shareLink(
  description: SandboxDescription,
  user: string,
  { bastionId, vmId }: { readonly bastionId: string; readonly vmId: string },
): Promise<string> {
  const token = await userToken(description, user);
  const body = { vms: [{ vm: { id: vmId } }] };
  const ask = (action: string): Promise<JsonObject> =>
    callOrFail(description, "POST", `${bastionId}/${action}?api-version=${apiVersion}`, { token, body });
  await ask("createShareableLinks");
  const [link] = objectsAt(await ask("getShareableLinks"), "value");
  const url = textAt(link, "bsl");
  if (url === undefined) throw new Failure(`The Bastion host has no shareable link to ${vmId}.`);
  return url;
}

/** Writes a rule without a request: SSH from the whole virtual network. */
export async function openPort(
  description: SandboxDescription,
  user: string,
  nsgId: string,
  rule: string,
): Promise<void> {
  const properties = {
    access: "Allow",
    direction: "Inbound",
    protocol: "Tcp",
    priority: 300,
    sourceAddressPrefix: "VirtualNetwork",
    sourcePortRange: "*",
    destinationAddressPrefix: "*",
    destinationPortRange: "22",
  };
  await callOrFail(description, "PUT", `${nsgId}/securityRules/${rule}?api-version=${apiVersion}`, {
    token: await userToken(description, user),
    body: { properties },
  });
}

/** Detaches the network security group from the network interface of a VM. */
export async function removeGroup(description: SandboxDescription, user: string, vmId: string): Promise<void> {
  const token = await userToken(description, user);
  const vm = await callOrFail(description, "GET", `${vmId}?api-version=2024-07-01`, { token });
  const nicId = textAt(objectsAt(vm, "properties.networkProfile.networkInterfaces")[0], "id") ?? "";
  const path = `${nicId}?api-version=${apiVersion}`;
  const nic = await callOrFail(description, "GET", path, { token });
  const kept = Object.entries(objectAt(nic, "properties")).filter(([name]) => name !== "networkSecurityGroup");
  await callOrFail(description, "PUT", path, { token, body: { ...nic, properties: Object.fromEntries(kept) } });
}
