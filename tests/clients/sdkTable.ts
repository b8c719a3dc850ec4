import { refused, type Row } from "./client.ts";

/*
 * What Microsoft's management SDKs for Python say of a deployment: one line for each expression, evaluated in this order (sdk.py
 * has the names). Add a line to cover another call.
 */

/** Calls that read. */
// prettier-ignore
export const sdkReads: readonly Row[] = [
  ["network.bastion_hosts.get('trail', 'trail-bastion').sku.name", "Standard"],
  ["[host.name for host in network.bastion_hosts.list()]", ["trail-bastion"]],
  ["network.virtual_networks.get('trail', 'trail-vnet').subnets[0].name", "AzureBastionSubnet"],
  ["[subnet.address_prefix for subnet in network.subnets.list('trail', 'trail-vnet')]", ["10.60.0.0/26", "10.60.1.0/24"]],
  ["[nic.virtual_machine.id == VM for nic in network.network_interfaces.list('trail')]", [false, true]],
  ["sorted(rule.name for rule in network.security_rules.list('trail', 'web-nsg') if rule.priority in (4000, 4010))", ["DenyBastionSubnet", "DenyManagementPorts"]],
  ["network.security_rules.get('trail', 'web-nsg', 'none')", refused("ResourceNotFound", "The Resource 'Microsoft.Network/networkSecurityGroups/web-nsg/securityRules/none' under resource group 'trail' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix")],
  ["len(network.network_interfaces.begin_list_effective_network_security_groups('trail', 'web-nic').result().value)", 1],
  ["[vm.name for vm in compute.virtual_machines.list('trail')]", ["desk", "web"]],
  ["[status.code for status in compute.virtual_machines.instance_view('trail', 'web').statuses]", ["ProvisioningState/succeeded", "PowerState/running"]],
  ["storage.storage_accounts.get_properties('trail', ACCOUNT).allow_shared_key_access", false],
  ["[key.key_name for key in storage.storage_accounts.list_keys('trail', ACCOUNT).keys_property]", ["key1", "key2"]],
  ["[container.name for container in storage.blob_containers.list('trail', ACCOUNT)]", ["insights-activity-logs", "insights-logs-bastionauditlogs"]],
  ["storage.management_policies.get('trail', ACCOUNT, 'default').policy.rules[0].name", "delete-logs-after-retention"],
  ["resources.resources.get_by_id(HOST + '/providers/Microsoft.Insights/diagnosticSettings/bastion-audit-logs', api_version='2021-05-01-preview').properties['logAnalyticsDestinationType']", "Dedicated"],
  ["[event.status.value for event in monitor.activity_logs.list(filter=f\"eventTimestamp ge '{hour_ago}' and resourceUri eq '{WORKSPACE_ID}'\")]", ["Succeeded", "Accepted", "Started"]],
  ["loganalytics.workspaces.get('trail', 'trail-logs').retention_in_days", 90],
  ["[policy.name for policy in security.jit_network_access_policies.list()]", ["desk-jit", "web-jit"]],
  ["security.pricings.get(f\"subscriptions/{GROUP.split('/')[2]}\", 'VirtualMachines').sub_plan", "P2"],
  ["[role.role_name for role in authorization.role_definitions.list(GROUP, filter=\"roleName eq 'Reader'\")]", ["Reader"]],
  ["[assignment.id for assignment in authorization.role_assignments.list_for_scope(GROUP, filter='atScope()')]", []],
  ["[group.name for group in resources.resource_groups.list()]", ["NetworkWatcherRG", "trail"]],
  ["sorted({resource.type for resource in resources.resources.list_by_resource_group('trail')})[-1]", "Microsoft.Storage/storageAccounts"],
  ["[lock.name for lock in locks.management_locks.list_at_resource_group_level('trail')]", []],
  ["unknown([storage.storage_accounts.get_properties('trail', ACCOUNT), storage.blob_services.get_service_properties('trail', ACCOUNT)])", []],
  ["unknown([*compute.virtual_machines.list('trail'), *compute.disks.list(), *compute.virtual_machine_extensions.list('trail', 'web').value])", []],
  ["unknown([*resources.resource_groups.list(), *resources.resources.list()])", []],
  ["unknown([*network.bastion_hosts.list(), *network.virtual_networks.list_all(), *network.network_security_groups.list_all(), *network.network_interfaces.list_all(), *network.public_ip_addresses.list_all()])", []],
  ["unknown(list(loganalytics.workspaces.list()))", []],
  ["[rule.name for rule in network.default_security_rules.list('trail', 'web-nsg')]", ["AllowVnetInBound", "AllowAzureLoadBalancerInBound", "DenyAllInBound", "AllowVnetOutBound", "AllowInternetOutBound", "DenyAllOutBound"]],
  ["network.default_security_rules.get('trail', 'web-nsg', 'DenyAllInBound').priority", 65500],
  ["[configuration.name for configuration in network.network_interface_ip_configurations.list('trail', 'web-nic')]", ["internal"]],
  ["[(usage.current_value, usage.limit) for usage in network.virtual_networks.list_usage('trail', 'trail-vnet')]", [[1, 59], [2, 251]]],
  ["[category.value for category in monitor.event_categories.list()]", ["Administrative", "Security", "ServiceHealth", "Alert", "Recommendation", "Policy"]],
];

/** Calls that change and delete. */
// prettier-ignore
export const sdkChanges: readonly Row[] = [
  ["network.security_rules.begin_create_or_update('trail', 'web-nsg', 'by-sdk', {'properties': {'priority': 310, 'direction': 'Inbound', 'access': 'Allow', 'protocol': 'Tcp', 'sourceAddressPrefix': '10.9.0.0/24', 'sourcePortRange': '*', 'destinationAddressPrefix': '*', 'destinationPortRange': '8443'}}).result().priority", 310],
  ["network.security_rules.begin_delete('trail', 'web-nsg', 'by-sdk').result()", null],
  ["network.public_ip_addresses.begin_create_or_update('trail', 'by-sdk', {'location': 'westeurope', 'sku': {'name': 'Standard'}, 'properties': {'publicIPAllocationMethod': 'Static'}}).result().provisioning_state", "Succeeded"],
  ["network.public_ip_addresses.update_tags('trail', 'by-sdk', {'tags': {'team': 'access'}}).provisioning_state", "Succeeded"],
  ["network.public_ip_addresses.begin_delete('trail', 'by-sdk').result()", null],
  ["network.bastion_hosts.begin_update('trail', 'trail-bastion', {'tags': {'environment': 'clients'}}).result().tags", { environment: "clients" }],
  ["compute.virtual_machines.begin_deallocate('trail', 'web').result()", null],
  ["compute.virtual_machines.instance_view('trail', 'web').statuses[1].display_status", "VM deallocated"],
  ["compute.virtual_machines.begin_restart('trail', 'web').result()", refused("OperationNotAllowed", "The operation requires the VM to be running (or set to run).")],
  ["compute.virtual_machines.begin_start('trail', 'web').result()", null],
  ["compute.virtual_machines.begin_update('trail', 'web', {'tags': {'environment': 'clients'}}).result().tags", { environment: "clients" }],
  ["storage.storage_accounts.update('trail', ACCOUNT, {'tags': {'environment': 'clients'}}).provisioning_state", "Succeeded"],
  ["storage.management_policies.get('trail', 'none', 'default')", refused("ResourceNotFound", "The Resource 'Microsoft.Storage/storageAccounts/none' under resource group 'trail' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix")],
  ["locks.management_locks.create_or_update_at_resource_group_level('trail', 'evidence', {'properties': {'level': 'CanNotDelete'}}).level", "CanNotDelete"],
  ["network.public_ip_addresses.begin_delete('trail', 'trail-bastion-pip').result()", refused("ScopeLocked", "The scope '$NETWORK/publicIPAddresses/trail-bastion-pip' cannot perform delete operation because following scope(s) are locked: '$GROUP'. Please remove the lock and try again.")],
  ["locks.management_locks.delete_at_resource_group_level('trail', 'evidence')", null],
  ["security.jit_network_access_policies.initiate('trail', 'westeurope', 'web-jit', {'virtualMachines': [{'id': VM, 'ports': [{'number': 22, 'endTimeUtc': in_an_hour, 'allowedSourceAddressPrefix': '10.60.0.0/26'}]}], 'justification': 'INC-4711'}).virtual_machines[0].ports[0].status", "Initiated"],
];
