/** `cost` */
import { openArm } from "../../armAccess.ts";
import { readBastionHost } from "../../azure/bastionHosts.ts";
import { readBilledVm } from "../../azure/billedVm.ts";
import { readServersPlan } from "../../azure/defenderPlan.ts";
import {
  readRetailPrices,
  retailPricesUrl,
  type PriceFilter,
  type RetailPrice,
  type RetailPricesOptions,
} from "../../azure/retailPrices.ts";
import type { Input } from "../../command.ts";
import { exitCodes, type ExitCode } from "../../errors.ts";
import { note, type Io } from "../../io.ts";
import { withProgress } from "../../progress.ts";
import { report, requireOneFormat } from "../../reporters/report.ts";
import { billedParts, hoursPerMonth, type Deployment } from "./billedParts.ts";
import { costColumns } from "./columns.ts";
import type { costOptions } from "./options.ts";
import { cents, priced, type PricedPart } from "./priced.ts";

const assumptions = [
  `${hoursPerMonth} hours a month, with everything running`,
  "pay-as-you-go, without discounts and taxes",
  "Windows licences included",
  "Defender for Servers for the VMs of this deployment only, though its plan covers the subscription",
];
const notIncluded = ["data transfer", "stored and ingested logs", "flow logs", "recordings", "further disks"];

export async function runCost(
  options: Input<typeof costOptions>,
  io: Io,
  open: typeof openArm = openArm,
  url = retailPricesUrl,
): Promise<ExitCode> {
  requireOneFormat(options);
  const { currency } = options;
  const parts = await withProgress(io, "Reading the deployment", async (progress) => {
    const billed = billedParts(await readDeployment(await open(options, io)));
    progress.update("Reading the list prices");
    const list = listOf({ url, currency, signal: io.signal });
    return Promise.all(billed.map(async (part) => priced(part, await list(part.filter))));
  });
  const missing = parts.filter(({ month }) => month === null);
  const total = missing.length > 0 ? null : cents(parts.reduce((sum, { month }) => sum + (month ?? 0), 0));
  const source = { url, read: io.now().toISOString(), latest: latestOf(parts) };
  await report(io, options, {
    rows: parts,
    columns: costColumns,
    json: { currency: () => currency, parts, total: () => total, source: () => source, assumptions, notIncluded },
    empty: "Nothing is charged by the hour or the month.",
  });
  if (!options.json) {
    await note(
      io,
      total === null
        ? `No total: no single list price for ${missing.map(({ part, meter }) => `${part} (${meter})`).join(", ")}.`
        : `Total: ${total.toFixed(2)} ${currency} a month.`,
    );
    await note(
      io,
      `Source: ${url}, read ${source.read.slice(0, 10)}${source.latest === null ? "" : `; the latest of these prices holds since ${source.latest.slice(0, 10)}`}.`,
    );
    await note(io, `Assumed: ${assumptions.join("; ")}.`);
    await note(io, `Not included: ${notIncluded.join(", ")}.`);
  }
  return total === null ? exitCodes.findings : exitCodes.fine;
}

async function readDeployment({ arm, settings }: Awaited<ReturnType<typeof openArm>>): Promise<Deployment> {
  const vms = (await settings.find("vms")) ?? [];
  const [host, plan, ...billed] = await Promise.all([
    settings.need("bastionHostId").then((id) => readBastionHost(arm, id)),
    settings.need("subscriptionId").then((id) => readServersPlan(arm, id)),
    ...vms.map(({ id }) => readBilledVm(arm, id)),
  ]);
  return { host, plan, vms: billed };
}

/** Reads each price only once, even for many VMs of one size. */
function listOf(options: RetailPricesOptions): (filter: PriceFilter | undefined) => Promise<readonly RetailPrice[]> {
  const asked = new Map<string, Promise<readonly RetailPrice[]>>();
  return async (filter) => {
    if (filter === undefined) return [];
    const key = JSON.stringify(filter);
    const list = asked.get(key) ?? readRetailPrices(filter, options);
    asked.set(key, list);
    return list;
  };
}

function latestOf(parts: readonly PricedPart[]): string | null {
  return (
    parts
      .flatMap(({ since }) => since ?? [])
      .toSorted()
      .at(-1) ?? null
  );
}
