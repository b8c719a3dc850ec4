/** The parts of a deployment that are charged by the hour or by the month, whether used or not. */
import type { BastionHost } from "../../azure/bastionHosts.ts";
import type { BilledVm } from "../../azure/billedVm.ts";
import type { ServersPlan } from "../../azure/defenderPlan.ts";
import type { PriceFilter, RetailPrice } from "../../azure/retailPrices.ts";

/** Hours per month, as in Azure's pricing calculator: 8760 / 12. */
export const hoursPerMonth = 730;
/** Number of scale units included in the price of a host (Azure Bastion pricing). */
const includedUnits = 2;

export interface BilledPart {
  readonly part: string;
  /** ARM id. */
  readonly resource: string;
  readonly region: string;
  /** Name of the meter, or of the SKU if the meter's name differs between regions. */
  readonly meter: string;
  /** `undefined` if it is unknown what is charged. */
  readonly filter: PriceFilter | undefined;
  /** Selects the right price among those that match the filter and the region. */
  readonly isIt?: (price: RetailPrice) => boolean;
  readonly unit: "hour" | "month";
  readonly quantity: number;
}

type BilledHost = Pick<BastionHost, "id" | "location" | "sku" | "scaleUnits" | "publicIpId">;

export interface Deployment {
  readonly host: BilledHost;
  readonly vms: readonly BilledVm[];
  readonly plan: ServersPlan;
}

/** The billed parts. Services, products and meters have their names of the Retail Prices API. */
export function billedParts({ host, vms, plan }: Deployment): BilledPart[] {
  return [...hostParts(host), ...vms.flatMap((vm) => [vmPart(vm), diskPart(vm), ...defenderParts(vm, plan)])];
}

function hostParts({ id, location: region, sku, scaleUnits, publicIpId }: BilledHost): BilledPart[] {
  // A Developer host is free and has neither scale units nor a public IP address.
  if (sku === "Developer") return [];
  const hourly = (part: string, meter: string, quantity: number): BilledPart => ({
    ...{ part, resource: id, region, meter, unit: "hour", quantity },
    filter: { serviceName: "Azure Bastion", meterName: meter },
  });
  const more = scaleUnits - includedUnits;
  return [
    hourly("Bastion host", `${sku} Gateway`, hoursPerMonth),
    ...(more > 0 ? [hourly("scale units", `${sku} Additional Gateway`, more * hoursPerMonth)] : []),
    ...(publicIpId === null ? [] : [publicIp(publicIpId, region)]),
  ];
}

function publicIp(resource: string, region: string): BilledPart {
  const meter = "Standard IPv4 Static Public IP";
  const filter = { serviceName: "Virtual Network", productName: "IP Addresses", meterName: meter };
  return { part: "public IP", resource, region, meter, filter, unit: "hour", quantity: hoursPerMonth };
}

function vmPart({ id, region, size, isWindows }: BilledVm): BilledPart {
  return {
    ...{ part: "VM", resource: id, region, meter: isWindows ? `${size} Windows` : size },
    ...{ unit: "hour", quantity: hoursPerMonth },
    filter: { serviceName: "Virtual Machines", armSkuName: size, armRegionName: region },
    // A size has further prices for Spot, Low Priority and Cloud Services.
    isIt: ({ productName, skuName }) =>
      /\bWindows$/.test(productName) === isWindows &&
      !/Cloud ?Services/i.test(productName) &&
      !/\b(Spot|Low Priority)$/.test(skuName),
  };
}

/**
 * Sizes of managed disks. A disk is charged as the smallest size that holds it (azure-docs, disks-types.md). Each size
 * has a number and a capacity in GiB.
 */
const diskSizes: readonly (readonly [number: number, gigabytes: number])[] = [
  ...([
    [4, 32],
    [6, 64],
    [10, 128],
    [15, 256],
    [20, 512],
    [30, 1024],
  ] as const),
  ...([
    [40, 2048],
    [50, 4096],
    [60, 8192],
    [70, 16_384],
    [80, 32_767],
  ] as const),
];
const diskProducts: Readonly<Record<string, { readonly letter: string; readonly product: string }>> = {
  Premium_LRS: { letter: "P", product: "Premium SSD Managed Disks" },
  StandardSSD_LRS: { letter: "E", product: "Standard SSD Managed Disks" },
  Standard_LRS: { letter: "S", product: "Standard HDD Managed Disks" },
};

function diskPart({ id, region, osDisk }: BilledVm): BilledPart {
  const part = { part: "OS disk", resource: id, region, unit: "month", quantity: 1 } as const;
  const kind = osDisk && diskProducts[osDisk.sku];
  const size = osDisk && diskSizes.find(([, gigabytes]) => osDisk.gigabytes <= gigabytes);
  if (kind === undefined || size === undefined) {
    return {
      ...part,
      meter: osDisk === undefined ? "unknown" : `${osDisk.sku}, ${osDisk.gigabytes} GB`,
      filter: undefined,
    };
  }
  const meter = `${kind.letter}${size[0]} LRS Disk`;
  return { ...part, meter, filter: { serviceName: "Storage", productName: kind.product, meterName: meter } };
}

/** A Standard plan without a sub-plan is P2. */
function defenderParts({ id, region }: BilledVm, { tier, subPlan }: ServersPlan): BilledPart[] {
  if (tier !== "Standard") return [];
  const meter = `Standard ${subPlan ?? "P2"} Node`;
  const filter = { productName: "Microsoft Defender for Servers", meterName: meter };
  return [{ part: "Defender", resource: id, region, meter, filter, unit: "hour", quantity: hoursPerMonth }];
}
