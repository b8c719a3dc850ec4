import assert from "node:assert/strict";
import type { RetailPrice } from "../../../../cli/azure/retailPrices.ts";
import { billedParts, type Deployment } from "../../../../cli/commands/cost/billedParts.ts";
import { priced } from "../../../../cli/commands/cost/priced.ts";

const id = (name: string): string => `/subscriptions/s/resourceGroups/g/providers/p/t/${name}`;
const host = { id: id("host"), location: "westeurope", sku: "Standard", scaleUnits: 4, publicIpId: id("ip") };
const vm = {
  ...{ id: id("web"), region: "westeurope", size: "Standard_B2s", isWindows: false },
  osDisk: { sku: "Premium_LRS", gigabytes: 30 },
};
const plan = { tier: "Standard", subPlan: null };

describe("the parts of a deployment that are charged", () => {
  const meters = (deployment: Partial<Deployment>): unknown[] =>
    billedParts({ host, vms: [], plan, ...deployment }).map(({ part, meter, quantity, unit }) => [
      ...[part, meter, quantity, unit],
    ]);

  it("are the host, its scale units beyond two and its address", () => {
    assert.deepEqual(meters({}), [
      ["Bastion host", "Standard Gateway", 730, "hour"],
      ["scale units", "Standard Additional Gateway", 1460, "hour"],
      ["public IP", "Standard IPv4 Static Public IP", 730, "hour"],
    ]);
  });

  it("are no scale units of a host with two, and no address of a private-only one", () => {
    const premium = { ...host, sku: "Premium", scaleUnits: 2, publicIpId: null };
    assert.deepEqual(meters({ host: premium }), [["Bastion host", "Premium Gateway", 730, "hour"]]);
  });

  it("are none of a Developer host, which is free", () => {
    assert.deepEqual(meters({ host: { ...host, sku: "Developer", publicIpId: null } }), []);
  });

  it("are of a VM its size, its disk's size and its Defender plan", () => {
    assert.deepEqual(meters({ vms: [vm] }).slice(3), [
      ["VM", "Standard_B2s", 730, "hour"],
      ["OS disk", "P4 LRS Disk", 1, "month"],
      ["Defender", "Standard P2 Node", 730, "hour"],
    ]);
  });

  it("take the next size of a disk that is as large, and none for a kind of disk without sizes", () => {
    const disk = (sku: string, gigabytes: number) => meters({ vms: [{ ...vm, osDisk: { sku, gigabytes } }] })[4];
    assert.deepEqual(disk("StandardSSD_LRS", 127), ["OS disk", "E10 LRS Disk", 1, "month"]);
    assert.deepEqual(disk("Standard_LRS", 129), ["OS disk", "S15 LRS Disk", 1, "month"]);
    assert.deepEqual(disk("PremiumV2_LRS", 64), ["OS disk", "PremiumV2_LRS, 64 GB", 1, "month"]);
  });

  it("are no Defender plan where it is free", () => {
    const free = meters({ vms: [vm], plan: { tier: "Free", subPlan: null } });
    assert.equal(free.length, 5);
  });
});

describe("the price of a part", () => {
  const price = (more: Partial<RetailPrice> = {}): RetailPrice => ({
    ...{ currencyCode: "USD", retailPrice: 0.25, tierMinimumUnits: 0, armRegionName: "westeurope" },
    ...{ meterName: "B2s", productName: "Virtual Machines BS Series", skuName: "B2s" },
    ...{ unitOfMeasure: "1 Hour", effectiveStartDate: "2026-01-01T00:00:00Z", ...more },
  });
  const [, , , vmPart, , defender] = billedParts({ host, vms: [vm], plan });
  const found = (list: RetailPrice[], part = vmPart!) => {
    const { price: one, month, since } = priced(part, list);
    return [one, month, since];
  };
  const none = [null, null, null];

  it("is that of its region, times its quantity", () => {
    const list = [price({ armRegionName: "eastus", retailPrice: 0.2 }), price()];
    assert.deepEqual(found(list), [0.25, 182.5, "2026-01-01T00:00:00Z"]);
  });

  it("is that of every region, where its meter has no region", () => {
    const global = price({ armRegionName: "Global", unitOfMeasure: "1/Hour", retailPrice: 0.02 });
    assert.deepEqual(found([global], defender), [0.02, 14.6, "2026-01-01T00:00:00Z"]);
  });

  it("is not that of Windows, Spot, Low Priority or Cloud Services", () => {
    const others = [
      price({ productName: "Virtual Machines BS Series Windows", retailPrice: 1 }),
      price({ skuName: "B2s Spot", retailPrice: 2 }),
      price({ skuName: "B2s Low Priority", retailPrice: 3 }),
      price({ productName: "BS Series Cloud Services", retailPrice: 4 }),
    ];
    assert.deepEqual(found([...others, price()]), [0.25, 182.5, "2026-01-01T00:00:00Z"]);
  });

  it("is not known where the list has none, several, or one of another unit", () => {
    assert.deepEqual(found([]), none);
    assert.deepEqual(found([price(), price({ retailPrice: 0.26 })]), none);
    assert.deepEqual(found([price({ unitOfMeasure: "100 Hours" })]), none);
    assert.deepEqual(found([price({ armRegionName: "eastus" })]), none);
  });

  it("is the same price that the list has twice", () => {
    const list = [price(), price({ effectiveStartDate: "2026-03-01T00:00:00Z" })];
    assert.deepEqual(found(list), [0.25, 182.5, "2026-03-01T00:00:00Z"]);
  });
});
