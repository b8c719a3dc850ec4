import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { costOptions } from "../../../../cli/commands/cost/options.ts";
import { runCost } from "../../../../cli/commands/cost/runCost.ts";
import { withProperties } from "../../../../sandbox/arm/json.ts";
import { putPlan } from "../../../sandbox/auditResources.ts";
import { AccessBench, given } from "../../accessBench.ts";
import type { FakeIo } from "../../fakeIo.ts";
import { forSuite } from "../../../held.ts";

/**
 * A stand-in for Microsoft's price list, in the form of the Retail Prices API's reference. **Its prices are invented.**
 * It gives one price a page.
 */
class PriceList {
  readonly asked: string[] = [];
  items: Record<string, unknown>[] = [];
  readonly #server: Server = createServer((request, response) => {
    const url = new URL(request.url!, "http://localhost");
    if (url.pathname !== "/api/retail/prices") {
      response.writeHead(404).end();
      return;
    }
    const filter = url.searchParams.get("$filter")!;
    const skip = Number(url.searchParams.get("$skip") ?? 0);
    if (skip === 0) this.asked.push(filter);
    const wanted = [...filter.matchAll(/(\w+) eq '([^']*)'/g)].filter(([, field]) => field !== "priceType");
    const fitting = this.items.filter((item) => wanted.every(([, field, value]) => item[field!] === value));
    url.searchParams.set("$skip", String(skip + 1));
    const next = skip + 1 < fitting.length ? new URL(`${url.pathname}${url.search}`, this.url).href : null;
    const body = { BillingCurrency: "USD", Items: fitting.slice(skip, skip + 1), NextPageLink: next, Count: 1 };
    response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(body));
  });

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/retail/prices?api-version=1`;
  }

  async start(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
  }

  end(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

const item = (serviceName: string, productName: string, meterName: string, retailPrice: number, more: object = {}) => ({
  ...{ currencyCode: "USD", tierMinimumUnits: 0, retailPrice, unitPrice: retailPrice, armRegionName: "westeurope" },
  ...{ effectiveStartDate: "2026-02-01T00:00:00Z", meterName, productName, skuName: "Basic", serviceName },
  ...{ unitOfMeasure: "1 Hour", type: "Consumption", armSkuName: "", ...more },
});
const list = () => [
  item("Azure Bastion", "Azure Bastion", "Standard Gateway", 0.5),
  item("Azure Bastion", "Azure Bastion", "Standard Gateway", 0.4, { armRegionName: "eastus" }),
  item("Virtual Machines", "Virtual Machines BS Series", "B2s", 0.1, { armSkuName: "Standard_B2s", skuName: "B2s" }),
  item("Storage", "Premium SSD Managed Disks", "P4 LRS Disk", 6, { unitOfMeasure: "1/Month" }),
  item("Microsoft Defender for Cloud", "Microsoft Defender for Servers", "Standard P2 Node", 0.02),
];

describe("cost", () => {
  const prices = new PriceList();
  const azure = forSuite(() => AccessBench.start());

  before(async () => {
    await prices.start();
    const { plane, path } = azure.bench;
    await putPlan(plane);
    const vm = plane.store.get(path.vmId)!;
    const osDisk = { osType: "Linux", diskSizeGB: 30, managedDisk: { storageAccountType: "Premium_LRS" } };
    const properties = { hardwareProfile: { vmSize: "Standard_B2s" }, storageProfile: { osDisk } };
    plane.store.put({ ...vm, body: withProperties(vm.body, properties) });
  });
  beforeEach(() => {
    prices.items = list();
    prices.asked.length = 0;
  });
  after(() => {
    prices.end();
  });

  async function run(options: object = {}, url = prices.url): Promise<{ exitCode: number; io: FakeIo }> {
    const io = azure.io({ now: "2026-11-26T12:00:00Z" });
    const { path } = azure.bench;
    const open = async () => {
      const access = await azure.open();
      const vms = [{ name: "vm-app", id: path.vmId, privateIp: "10.0.1.4", jitPolicyId: "" }];
      const find = (name: string) => (name === "vms" ? Promise.resolve(vms) : access.settings.find(name as never));
      return { ...access, settings: { ...access.settings, find } } as never;
    };
    return { exitCode: await runCost(given(costOptions, options), io, open, url), io };
  }

  it("is the sum of what runs, with date and source", async () => {
    const { exitCode, io } = await run();
    assert.equal(exitCode, 0);
    assert.deepEqual(io.written.stderr.split("\n").slice(0, 2), [
      "Total: 458.60 USD a month.",
      `Source: ${prices.url}, read 2026-11-26; the latest of these prices holds since 2026-02-01.`,
    ]);
    assert.equal(
      io.written.stdout,
      "PART          RESOURCE  REGION      METER             QUANTITY  UNIT   PRICE  A MONTH\n" +
        "Bastion host  bas-main  westeurope  Standard Gateway       730  hour     0.5   365.00\n" +
        "VM            vm-app    westeurope  Standard_B2s           730  hour     0.1    73.00\n" +
        "OS disk       vm-app    westeurope  P4 LRS Disk              1  month      6     6.00\n" +
        "Defender      vm-app    westeurope  Standard P2 Node       730  hour    0.02    14.60\n",
    );
  });

  it("says all of it in JSON, assumptions and what is left out included", async () => {
    const { io } = await run({ json: true });
    const said = JSON.parse(io.written.stdout) as Record<string, unknown>;
    assert.deepEqual(Object.keys(said), ["currency", "parts", "total", "source", "assumptions", "notIncluded"]);
    assert.equal(said.total, 458.6);
    assert.deepEqual(said.source, {
      url: prices.url,
      read: "2026-11-26T12:00:00.000Z",
      latest: "2026-02-01T00:00:00Z",
    });
  });

  it("has no total without one of the prices, and names it", async () => {
    prices.items = list().filter(({ meterName }) => meterName !== "P4 LRS Disk");
    const { exitCode, io } = await run({ json: true });
    assert.equal(exitCode, 1);
    assert.equal((JSON.parse(io.written.stdout) as { total: unknown }).total, null);
    const { io: table } = await run();
    assert.equal(table.written.stderr.split("\n")[0], "No total: no single list price for OS disk (P4 LRS Disk).");
  });

  it("has no figure at all where the list cannot be read", async () => {
    await assert.rejects(run({}, prices.url.replace("retail", "elsewhere")), {
      name: "AzureFailure",
      message: /^The list prices cannot be read from 127\.0\.0\.1:\d+: HTTP status 404\.$/,
    });
  });

  it("asks for pay-as-you-go prices, each once", async () => {
    await run({ currency: "EUR" });
    assert.deepEqual(prices.asked.toSorted(), [
      "productName eq 'Microsoft Defender for Servers' and meterName eq 'Standard P2 Node' and priceType eq 'Consumption'",
      "serviceName eq 'Azure Bastion' and meterName eq 'Standard Gateway' and priceType eq 'Consumption'",
      "serviceName eq 'Storage' and productName eq 'Premium SSD Managed Disks' and meterName eq 'P4 LRS Disk' and priceType eq 'Consumption'",
      "serviceName eq 'Virtual Machines' and armSkuName eq 'Standard_B2s' and armRegionName eq 'westeurope' and priceType eq 'Consumption'",
    ]);
  });
});
