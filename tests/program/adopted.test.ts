import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
  everything,
  networkId,
  spokeId,
  hostId,
  accountId,
  workspaceId,
  subnets,
  vm,
  type Azure,
  azure,
  fail,
  problemsOf,
} from "./adoptions.ts";
import { hub } from "./recordedStack.ts";
import { subscriptionId } from "../components/recordedProgram.ts";

describe("what a stack adopts", () => {
  it("is not looked up where there is nothing", async () => {
    assert.deepEqual(await problemsOf({ vms: [vm("web")] }, {}), []);
  });

  it("passes when it fits", async () => {
    const all = {
      ...everything,
      vms: [vm("web"), vm("app", { subnetId: `${spokeId}/subnets/apps` })],
    };
    assert.deepEqual(await problemsOf(all), []);
  });

  it("is refused with everything that is missing", async () => {
    const missing = "not found in the provider's subscription";
    const values = {
      ...everything,
      vms: [vm("web"), vm("app", { subnetId: `${spokeId}/subnets/apps` })],
    };
    assert.deepEqual(await problemsOf(values, {}), [
      `bastion-trail:existingVirtualNetworkId is "${networkId}"; ${missing}`,
      `bastion-trail:existingBastionHostId is "${hostId}"; ${missing}`,
      `bastion-trail:existingStorageAccountId is "${accountId}"; ${missing}`,
      `bastion-trail:existingWorkspaceId is "${workspaceId}"; ${missing}`,
      `bastion-trail:vms[1].subnetId is "${spokeId}/subnets/apps"; ${missing}`,
    ]);
  });

  it("is refused with the subnets that its network does not have", async () => {
    const empty = { ...azure, hub: { ...azure.hub, subnets: [] } };
    assert.deepEqual(await problemsOf({ ...subnets, vms: [vm("web")] }, empty), [
      `bastion-trail:existingBastionSubnetId is "${subnets.existingBastionSubnetId}"; ${networkId} has no such subnet`,
      `bastion-trail:existingVmSubnetId is "${subnets.existingVmSubnetId}"; ${networkId} has no such subnet`,
    ]);
  });

  it("is a warning when the network of a VM is not peered", async () => {
    const warnings: string[] = [];
    const { warn } = pulumi.log;
    const log = pulumi.log as { warn: typeof warn };
    log.warn = (message) => Promise.resolve(void warnings.push(message));
    try {
      const unpeered = { ...azure, spoke: { ...azure.spoke, virtualNetworkPeerings: [] } };
      const values = { ...subnets, vms: [vm("app", { subnetId: `${spokeId}/subnets/apps` })] };
      assert.deepEqual(await problemsOf(values, unpeered), []);
    } finally {
      log.warn = warn;
    }
    assert.deepEqual(warnings, [
      `bastion-trail:vms[0].subnetId: ${spokeId} is not peered with ${networkId}; Bastion cannot reach VMs in it.`,
    ]);
  });

  it("is refused in the wrong region", async () => {
    const elsewhere = Object.fromEntries(
      Object.entries(azure).map(([name, live]) => [name, { ...live, location: "northeurope" }]),
    );
    const values = {
      ...subnets,
      existingStorageAccountId: accountId,
      vms: [vm("web"), vm("app", { subnetId: `${spokeId}/subnets/apps` })],
    };
    const reason = "its network is in northeurope; VMs in westeurope require a network in the same region";
    assert.deepEqual(await problemsOf(values, elsewhere), [
      'bastion-trail:location is "westeurope"; the adopted network is in northeurope; Azure Bastion must be in the same region as its network',
      `bastion-trail:existingStorageAccountId is "${accountId}"; the account is in northeurope; it must be in the region of the Bastion host, westeurope`,
      `bastion-trail:existingVmSubnetId is "${subnets.existingVmSubnetId}"; ${reason}`,
      `bastion-trail:vms[1].subnetId is "${spokeId}/subnets/apps"; ${reason}`,
    ]);
  });

  describe("a Bastion host", () => {
    const values = { ...subnets, existingBastionHostId: hostId };
    const host = (more: object): Azure => ({ ...azure, "bastion:hub": { ...azure["bastion:hub"], ...more } });

    it("is refused in another subnet than JIT opens ports to", async () => {
      const other = `${networkId}2/subnets/AzureBastionSubnet`;
      assert.deepEqual(await problemsOf(values, host({ ipConfigurations: [{ subnet: { id: other } }] })), [
        `bastion-trail:existingBastionHostId is "${hostId}"; the host is in ${other}, not in ${subnets.existingBastionSubnetId}`,
      ]);
    });

    it("is refused with the Developer SKU, if it is to be audited", async () => {
      assert.deepEqual(await problemsOf(values, host({ sku: { name: "Developer" }, ipConfigurations: [] })), [
        `bastion-trail:existingBastionHostId is "${hostId}"; the host has the Developer SKU, which emits no audit logs; auditing requires SKU Basic, Standard or Premium`,
      ]);
    });

    it("that records does not go with Entra ID login on Windows", async () => {
      const vms = [vm("web"), vm("desk", { os: "windows" })];
      assert.deepEqual(await problemsOf({ ...values, vms }, host({ enableSessionRecording: true })), [
        'bastion-trail:vms[1].login is "entraId"; not possible on windows while Bastion records sessions: its Entra ID login for RDP cannot be recorded',
      ]);
    });

    it("decides where the archive must be", async () => {
      assert.deepEqual(
        await problemsOf({ ...values, existingStorageAccountId: accountId }, host({ location: "northeurope" })),
        [
          `bastion-trail:existingStorageAccountId is "${accountId}"; the account is in westeurope; it must be in the region of the Bastion host, northeurope`,
        ],
      );
    });
  });

  describe("a vault for passwords", () => {
    const vaultId = `${hub}/Microsoft.KeyVault/vaults/passwords`;
    const vault = (location: string, enabledForDeployment: boolean): Azure => ({
      ...azure,
      "vault:passwords": { id: vaultId, location, properties: { enabledForDeployment } },
    });
    const values = { passwordVaultId: vaultId, vms: [vm("web")] };
    const behind = (networkAcls: object): Azure => ({
      "vault:passwords": {
        id: vaultId,
        location: "westeurope",
        properties: { enabledForDeployment: true, networkAcls },
      },
    });

    it("must let trusted services through its firewall", async () => {
      assert.deepEqual(await problemsOf(values, behind({ defaultAction: "Deny", bypass: "AzureServices" })), []);
      assert.deepEqual(await problemsOf(values, behind({ defaultAction: "Allow", bypass: "None" })), []);
      assert.deepEqual(await problemsOf(values, behind({ defaultAction: "Deny", bypass: "None" })), [
        `bastion-trail:passwordVaultId is "${vaultId}"; the vault's firewall must let trusted services in (az keyvault update --bypass AzureServices)`,
      ]);
    });

    it("must be in the VMs' region and enabled for deployment", async () => {
      assert.deepEqual(await problemsOf(values, vault("westeurope", true)), []);
      assert.deepEqual(await problemsOf(values, vault("northeurope", false)), [
        `bastion-trail:passwordVaultId is "${vaultId}"; the vault is in northeurope; it must be in the region of the VMs, westeurope`,
        `bastion-trail:passwordVaultId is "${vaultId}"; the vault must be enabled for deployment (az keyvault update --enabled-for-deployment)`,
      ]);
      assert.deepEqual(await problemsOf(values), [
        `bastion-trail:passwordVaultId is "${vaultId}"; not found in the provider's subscription`,
      ]);
    });
  });

  it("is refused when Azure finds something else of that name, or does not tell", async () => {
    const foreign = networkId.replace(subscriptionId, "99999999-0000-0000-0000-000000000000");
    assert.deepEqual(await problemsOf({ existingVirtualNetworkId: foreign, vmSubnetPrefix: "10.0.3.0/24" }), [
      `bastion-trail:existingVirtualNetworkId is "${foreign}"; must be in the provider's own subscription; the lookup there found ${networkId}`,
    ]);
    const denied: Azure = {
      get "workspace:central"(): never {
        return fail('Status=403 Code="AuthorizationFailed" Message="The client may not read it."');
      },
      get "account:central"(): never {
        return fail(
          "GET https://management.azure.com/x\n---\nRESPONSE 404: 404 Not Found\nERROR CODE: ResourceNotFound\n---",
        );
      },
    };
    const values = { existingWorkspaceId: workspaceId, existingStorageAccountId: accountId };
    assert.deepEqual(await problemsOf(values, denied), [
      `bastion-trail:existingStorageAccountId is "${accountId}"; not found in the provider's subscription`,
      `bastion-trail:existingWorkspaceId is "${workspaceId}"; cannot be read: Status=403 Code="AuthorizationFailed" Message="The client may not read it."`,
    ]);
  });
});
