import assert from "node:assert/strict";
import { reservedNameFault, reservedPartFault } from "../../../components/shared/reservedName.ts";
import { problemsOf } from "../../stackConfig.ts";

describe("names that Azure reserves", () => {
  for (const [name, fault] of [
    ["my-Windows-1", 'cannot contain "windows", which Azure reserves'],
    ["microsoftdb", 'cannot contain "microsoft", which Azure reserves'],
    ["login-1", 'cannot start with "login", which Azure reserves'],
    ["Exchange", "is a name that Azure reserves"],
    ["exchange-1", undefined],
    ["my-login", undefined],
    ["win-1", undefined],
  ] as const) {
    it(`are found: ${name} ${fault ?? "is not one"}`, () => {
      assert.equal(reservedNameFault(name), fault);
    });
  }

  it("are whole names only where nothing follows", () => {
    assert.equal(reservedPartFault("azure"), undefined);
  });

  it("are refused for VMs and for the start of all names, from which that of a storage account is made", () => {
    assert.deepEqual(
      problemsOf({
        namePrefix: "corp-win-dows",
        vms: [
          { name: "windows-1", login: "entraId" },
          { name: "azure", login: "entraId" },
        ],
      }),
      [
        'namePrefix is "corp-win-dows"; cannot contain "windows", which Azure reserves',
        'vms[0].name is "windows-1"; cannot contain "windows", which Azure reserves',
        'vms[1].name is "azure"; is a name that Azure reserves',
      ],
    );
  });
});

describe("references that are no references", () => {
  const place = "resourceGroups/rg/providers/Microsoft.Network/virtualNetworks";
  for (const id of [
    `/subscriptions/<subscription>/${place}/hub`,
    `/subscriptions/prod/${place}/hub`,
    `/subscriptions/00000000-0000-0000-0000-000000000001/${place}/{name}`,
    `/subscriptions/00000000-0000-0000-0000-000000000001/${place}/hub\n`,
  ]) {
    it(`are refused: ${JSON.stringify(id)}`, () => {
      assert.deepEqual(problemsOf({ existingVirtualNetworkId: id }), [
        `existingVirtualNetworkId is ${JSON.stringify(id)}; must be the ARM id of a Microsoft.Network/virtualNetworks resource`,
      ]);
    });
  }

  it("are refused for VMs if Azure keeps the subnet for a service", () => {
    const hub = `/subscriptions/00000000-0000-0000-0000-000000000001/${place}/hub`;
    assert.deepEqual(
      problemsOf({
        existingVirtualNetworkId: hub,
        existingVmSubnetId: `${hub}/subnets/gatewaysubnet`,
        vms: [{ name: "web", login: "entraId", subnetId: `${hub}/subnets/AzureFirewallSubnet` }],
      }),
      [
        `existingVmSubnetId is "${hub}/subnets/gatewaysubnet"; GatewaySubnet is reserved for virtual network gateways`,
        `vms[0].subnetId is "${hub}/subnets/AzureFirewallSubnet"; AzureFirewallSubnet is reserved for Azure Firewall`,
      ],
    );
  });
});
