import { nothing, refused, refusedByClient, type Row } from "./client.ts";

/*
 * What the real Azure CLI says of a deployment: one line for each command, run by the shell in this order. Add a line to cover
 * another command; `$NAME` is a value of the deployment (deployment.ts).
 */

const notFound = (resource: string): ReturnType<typeof refused> =>
  refused(
    "ResourceNotFound",
    `The Resource '${resource}' under resource group 'trail' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );

/** Commands that read. */
// prettier-ignore
export const reads: readonly Row[] = [
  ["az account show --query '[id, environmentName, user.type]'", ["$SUBSCRIPTION", "sandbox", "servicePrincipal"]],
  ["az account list-locations --query \"[?name=='westeurope'].displayName\"", ["West Europe"]],
  ["az group list --query '[].[name, location]'", [["NetworkWatcherRG", "westeurope"], ["trail", "westeurope"]]],
  ["az group show -n trail --query '[sort(keys(@)), properties]'", [["id", "location", "managedBy", "name", "properties", "tags", "type"], { provisioningState: "Succeeded" }]],
  ["az group list --tag environment=clients --query '[].name'", ["trail"]],
  ["az group list --tag environment=other", []],
  ["az resource list -g trail --query \"[?type=='Microsoft.Network/bastionHosts'].name\"", ["trail-bastion"]],
  ["az resource list --resource-type Microsoft.Compute/virtualMachines --query '[].name'", ["desk", "web"]],
  ["az resource list --name web --query '[].type'", ["Microsoft.Compute/virtualMachines"]],
  ["az resource list --location northeurope", []],
  ["az resource list --tag environment=clients --query \"[?type=='Microsoft.Network/virtualNetworks'].name\"", ["trail-vnet"]],
  ["az resource list --tag 'environ*' --query \"[?type=='Microsoft.Network/virtualNetworks'].name\"", ["trail-vnet"]],
  ["az resource show --ids $HOST --query sku.name", "Standard"],
  ["az provider show -n Microsoft.Security --query registrationState", "Registered"],
  ["az network vnet show -g trail -n trail-vnet --query addressSpace.addressPrefixes", ["10.60.0.0/16"]],
  ["az network vnet subnet list -g trail --vnet-name trail-vnet --query '[].[name, addressPrefix]'", [["AzureBastionSubnet", "10.60.0.0/26"], ["vms", "10.60.1.0/24"]]],
  ["az network nsg list -g trail --query '[].name'", ["desk-nsg", "trail-vnet-bastion-nsg", "web-nsg"]],
  ["az network nsg rule list -g trail --nsg-name web-nsg --query \"[?!starts_with(name, 'Microsoft')].[name, priority, access]\"", [["DenyManagementPorts", 4000, "Deny"], ["DenyBastionSubnet", 4010, "Deny"]]],
  ["az network nsg rule list -g trail --nsg-name web-nsg --include-default --query '[-1].name'", "DenyAllOutBound"],
  ["az network nsg rule show -g trail --nsg-name web-nsg -n none", notFound("Microsoft.Network/networkSecurityGroups/web-nsg/securityRules/none")],
  ["az network nic show -g trail -n web-nic --query \"ipConfigurations[].[name, starts_with(privateIPAddress, '10.60.1.'), publicIPAddress]\"", [["internal", true, null]]],
  ["az network nic list-effective-nsg -g trail -n web-nic --query 'length(value)'", 1],
  ["az network nic show-effective-route-table -g trail -n web-nic --query 'value[].[addressPrefix[0], nextHopType]'", [["10.60.0.0/16", "VnetLocal"], ["0.0.0.0/0", "Internet"], ["10.0.0.0/8", "None"], ["100.64.0.0/10", "None"], ["172.16.0.0/12", "None"], ["192.168.0.0/16", "None"]]],
  ["az network public-ip show -g trail -n trail-bastion-pip --query '[sku.name, publicIPAllocationMethod, ipConfiguration.id]'", ["Standard", "Static", "$HOST/bastionHostIpConfigurations/ipConfiguration"]],
  ["az vm list -g trail --query '[].[name, storageProfile.osDisk.osType]'", [["desk", "Windows"], ["web", "Linux"]]],
  ["az vm list -g trail --show-details --query \"[].[name, powerState, starts_with(privateIps, '10.60.1.')]\"", [["desk", "VM running", true], ["web", "VM running", true]]],
  ["az vm get-instance-view -g trail -n web --query 'instanceView.statuses[].code'", ["ProvisioningState/succeeded", "PowerState/running"]],
  ["az vm extension list -g trail --vm-name web --query '[].[name, provisioningState]'", [["AADSSHLoginForLinux", "Succeeded"]]],
  ["az vm show -g trail -n none", notFound("Microsoft.Compute/virtualMachines/none")],
  ["az disk list -g trail --query '[].name'", ["desk-osdisk", "web-osdisk"]],
  ["az storage account show -g trail -n $ACCOUNT --query '[allowSharedKeyAccess, minimumTlsVersion, kind]'", [false, "TLS1_2", "StorageV2"]],
  ["az storage account keys list -g trail -n $ACCOUNT --query '[].keyName'", ["key1", "key2"]],
  ["az storage account blob-service-properties show -g trail -n $ACCOUNT --query name", "default"],
  ["az storage account management-policy show -g trail --account-name $ACCOUNT --query 'policy.rules[].name'", ["delete-logs-after-retention"]],
  ["az storage container-rm list -g trail --storage-account $ACCOUNT --query '[].name'", ["insights-activity-logs", "insights-logs-bastionauditlogs"]],
  ["az storage container immutability-policy show -g trail --account-name $ACCOUNT -c insights-activity-logs", nothing],
  ["az monitor diagnostic-settings list --resource $HOST --query '[].[name, logs[0].category, logs[0].enabled]'", [["bastion-audit-logs", "BastionAuditLogs", true]]],
  ["az monitor diagnostic-settings categories list --resource $HOST --query 'value[].[name, categoryType]'", [["AllMetrics", "Metrics"], ["BastionAuditLogs", "Logs"]]],
  ["az monitor diagnostic-settings subscription list --query 'value[].name'", ["trail"]],
  ["az monitor activity-log list --resource-id $HOST --query '[].[operationName.value, status.value]'", [["Microsoft.Network/bastionHosts/write", "Succeeded"], ["Microsoft.Network/bastionHosts/write", "Accepted"], ["Microsoft.Network/bastionHosts/write", "Started"]]],
  ["az monitor activity-log list -g trail --max-events 500 --query \"[?resourceId=='$VM' && status.value=='Succeeded'].operationName.value\"", ["Microsoft.Compute/virtualMachines/write"]],
  ["az monitor activity-log list --namespace Microsoft.Storage --offset 1h --max-events 500 --query \"[?resourceId=='$ACCOUNT_ID' && status.value=='Started'].operationName.value\"", ["Microsoft.Storage/storageAccounts/listKeys/action", "Microsoft.Storage/storageAccounts/write"]],
  ["az monitor activity-log list --correlation-id 00000000-0000-4000-8000-000000000000", []],
  ["az monitor activity-log list --caller nobody@example.com --status Failed", []],
  ["az monitor log-analytics workspace list -g trail --query '[].[name, retentionInDays, sku.name]'", [["trail-logs", 90, "PerGB2018"]]],
  ["az security jit-policy list --query '[].name'", ["desk-jit", "web-jit"]],
  ["az security jit-policy show -g trail -l westeurope -n web-jit --query 'virtualMachines[].ports[].[number, allowedSourceAddressPrefix, maxRequestAccessDuration]'", [[22, "10.60.0.0/26", "PT3H"]]],
  ["az security pricing show -n VirtualMachines --query '[pricingTier, subPlan]'", ["Standard", "P2"]],
  ["az security pricing list --query \"value[?name=='KeyVaults'].pricingTier\"", ["Free"]],
  ["az lock list -g trail", []],
  ['az rest --url "$GROUP/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/web-jit?api-version=2020-01-01" --query \'sort(keys(@))\'', ["id", "kind", "location", "name", "properties", "type"]],
  ['az rest --url "/subscriptions/$SUBSCRIPTION/providers/Microsoft.Security/pricings/VirtualMachines?api-version=2024-01-01" --query \'sort(keys(@))\'', ["id", "name", "properties", "type"]],
  ['az rest --url "/subscriptions/$SUBSCRIPTION/providers/Microsoft.Insights/diagnosticSettings/trail?api-version=2021-05-01-preview" --query \'sort(keys(properties.logs[0]))\'', ["category", "enabled"]],
  ['az rest --url "$HOST?api-version=2026-03-01" --query name', "trail-bastion"],
  ['az rest --url "$ACCOUNT_ID?api-version=2026-09-01" --query name', "$ACCOUNT"],
  ["az role definition list --name 'Log Analytics Reader' --query '[].[roleName, roleType, name]'", [["Log Analytics Reader", "BuiltInRole", "73c42c96-874c-492b-b04d-ab87d138a893"]]],
  ["az role definition list --name 'No Such Role'", []],
  ['az rest --url "/subscriptions/$SUBSCRIPTION/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7?api-version=2022-04-01" --query \'sort(keys(@))\'', ["id", "name", "properties", "type"]],
  ["az role definition list --custom-role-only", []],
  ['az rest --method get --url "$HOST?api-version=2024-05-01" --query properties.dnsName', "$DNS_NAME"],
];

/** Commands that change, and what they changed. */
// prettier-ignore
export const changes: readonly Row[] = [
  ["az network nsg rule create -g trail --nsg-name web-nsg -n by-hand --priority 300 --access Allow --source-address-prefixes 10.9.0.0/24 --destination-port-ranges 8443 --query '[priority, provisioningState]'", [300, "Succeeded"]],
  ["az network nsg rule update -g trail --nsg-name web-nsg -n by-hand --priority 301 --query priority", 301],
  ["az network nsg rule create -g trail --nsg-name web-nsg -n twin --priority 301 --access Allow --source-address-prefixes 10.9.0.0/24", refused("SecurityRuleConflict", "Security rule by-hand conflicts with rule twin. Rules cannot have the same Priority and Direction. To learn more, see aka.ms/nsgrules.")],
  ["az network nsg rule delete -g trail --nsg-name web-nsg -n by-hand", nothing],
  ["az network public-ip create -g trail -n by-hand --sku Standard --allocation-method Static --only-show-errors --query publicIp.provisioningState", "Succeeded"],
  ["az network public-ip update -g trail -n by-hand --idle-timeout 10 --query idleTimeoutInMinutes", 10],
  ['az rest --method patch --url "$NETWORK/publicIPAddresses/by-hand?api-version=2024-05-01" --body \'{"tags":{"team":"access"}}\' --query \'[tags, properties.provisioningState]\'', [{ team: "access" }, "Succeeded"]],
  ["az network public-ip delete -g trail -n by-hand", nothing],
  ["az resource tag --ids $HOST --tags environment=clients team=access --query tags", { environment: "clients", team: "access" }],
  ["az tag update --resource-id $HOST --operation Merge --tags cost=7 --query properties.tags", { environment: "clients", team: "access", cost: "7" }],
  ["az tag update --resource-id $HOST --operation Delete --tags cost --query properties.tags", { environment: "clients", team: "access" }],
  ["az tag list --resource-id $GROUP --query properties.tags", { environment: "clients" }],
  ["az tag create --resource-id $GROUP --tags environment=clients --query '[name, type]'", ["default", "Microsoft.Resources/tags"]],
  ["az network vnet delete -g trail -n trail-vnet", refused("InUseSubnetCannotBeDeleted", "Subnet AzureBastionSubnet is in use by $HOST/bastionHostIpConfigurations/ipConfiguration and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.")],
  ["az vm deallocate -g trail -n web", nothing],
  ["az vm list -g trail --show-details --query \"[?name=='web'].powerState\"", ["VM deallocated"]],
  ["az vm restart -g trail -n web", refused("OperationNotAllowed", "The operation requires the VM to be running (or set to run).")],
  ["az network bastion ssh -g trail -n trail-bastion --target-resource-id $VM --auth-type AAD --query heard", "The virtual machine 'web' is not running (deallocated)."],
  ["az vm start --ids $VM", nothing],
  ["az vm restart -g trail -n web --query status", "Succeeded"],
  ["az vm stop -g trail -n web --only-show-errors", nothing],
  ["az vm get-instance-view -g trail -n web --query 'instanceView.statuses[1].displayStatus'", "VM stopped"],
  ["az vm start -g trail -n web", nothing],
  ["az vm update -g trail -n web --set tags.team=access --query tags", { environment: "clients", team: "access" }],
  ["az storage account update --ids $ACCOUNT_ID --bypass AzureServices --query networkRuleSet.bypass", "AzureServices"],
  ["az storage account create -g trail -n byhand0account -l westeurope --sku Standard_LRS --kind StorageV2 --query '[provisioningState, allowBlobPublicAccess]'", ["Succeeded", false]],
  ["az storage account management-policy show -g trail --account-name byhand0account", refused("ManagementPolicyNotFound", "No ManagementPolicy found for account byhand0account")],
  ["az storage account delete -g trail -n byhand0account --yes", nothing],
  ['az monitor diagnostic-settings create -n second --resource $HOST --workspace $WORKSPACE_ID --export-to-resource-specific true --logs \'[{"category":"BastionAuditLogs","enabled":true}]\'', refused("Conflict", "Data sink '$WORKSPACE_ID' is already used in diagnostic setting 'bastion-audit-logs' for category 'BastionAuditLogs'. Data sinks can't be reused in different settings on the same category for the same resource.")],
  ["az lock create -g trail -n evidence --lock-type CanNotDelete --notes 'Holds the logs.' --query '[level, notes]'", ["CanNotDelete", "Holds the logs."]],
  ["az group delete -n trail --yes", refused("ScopeLocked", "The scope '$GROUP' cannot perform delete operation because following scope(s) are locked: '$GROUP'. Please remove the lock and try again.")],
  ["az lock delete -g trail -n evidence", nothing],
  ["az lock show -g trail -n evidence", refused("LockNotFound", "The lock 'evidence' could not be found.")],
  ["az role assignment create --assignee-object-id 11111111-2222-4333-8444-555555555555 --assignee-principal-type ServicePrincipal --role 'Storage Blob Data Reader' --scope $GROUP --query '[roleDefinitionName, principalType]'", [null, "ServicePrincipal"]],
  ["az role assignment list --scope $VM --include-inherited --query '[].[roleDefinitionName, scope]'", [["Storage Blob Data Reader", "$GROUP"]]],
  ["az role assignment create --assignee-object-id 11111111-2222-4333-8444-555555555555 --assignee-principal-type ServicePrincipal --role 'No Such Role' --scope $GROUP", refusedByClient("Role 'No Such Role' doesn't exist.")],
  ["az role assignment create --assignee-object-id 11111111-2222-4333-8444-555555555555 --assignee-principal-type ServicePrincipal --role 00000000-0000-4000-8000-000000000000 --scope $GROUP", refused("RoleDefinitionDoesNotExist", "The specified role definition with ID '00000000-0000-4000-8000-000000000000' does not exist.")],
  ["az role assignment delete --assignee 11111111-2222-4333-8444-555555555555 --scope $GROUP --only-show-errors", nothing],
  ["az role assignment list --all --query \"[?principalId=='11111111-2222-4333-8444-555555555555']\"", []],
  ['az rest --method post --url "$HOST/getActiveSessions?api-version=2024-05-01"', nothing],
];

/** Commands of the extensions: Bastion's native client, whose tunnel says what there is to say and ends. */
// prettier-ignore
export const nativeClient: readonly Row[] = [
  ["az network bastion ssh -g trail -n trail-bastion --target-resource-id $VM --auth-type AAD", { authType: "AAD", heard: "The network security group '$NETWORK/networkSecurityGroups/web-nsg' does not let 10.60.0.4 reach port 22 of 'web': rule 'DenyManagementPorts'.", port: "22", }],
  ["az network bastion tunnel -g trail -n trail-bastion --target-resource-id $VM --resource-port 5985 --port 55985 --query heard", "The network security group '$NETWORK/networkSecurityGroups/web-nsg' does not let 10.60.0.4 reach port 5985 of 'web': rule 'DenyBastionSubnet'."],
];

/** The end: everything goes, in the order that Azure allows. */
// prettier-ignore
export const deletes: readonly Row[] = [
  ["az vm delete -g trail -n desk --yes", nothing],
  ["az vm list -g trail --query '[].name'", ["web"]],
  ["az network nic delete -g trail -n desk-nic", nothing],
  ["az network nsg delete -g trail -n web-nsg", refused("InUseNetworkSecurityGroupCannotBeDeleted", "Network security group $NETWORK/networkSecurityGroups/web-nsg cannot be deleted because it is in use by the following resources: $NETWORK/networkInterfaces/web-nic. In order to delete the Network security group, remove the association with the resource(s). To learn how to do this, see aka.ms/deletensg.")],
  ["az network nsg delete -g trail -n desk-nsg", nothing],
  ["az monitor diagnostic-settings subscription delete -n trail --yes", nothing],
  ["az group delete -n trail --yes", nothing],
  // What Azure itself made with the first virtual network of the region, and the flow log in it.
  ["az group list --query '[].name'", ["NetworkWatcherRG"]],
  ["az resource list --query '[].name'", ["NetworkWatcher_westeurope", "trail-vms"]],
];
