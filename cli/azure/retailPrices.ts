/**
 * Reads Microsoft's list prices (learn.microsoft.com, "Azure Retail Prices REST API overview"). They are public and need no
 * sign-in.
 */
import {
  createDefaultHttpClient,
  createEmptyPipeline,
  createPipelineRequest,
  decompressResponsePolicy,
  defaultRetryPolicy,
  logPolicy,
  proxyPolicy,
  userAgentPolicy,
} from "@azure/core-rest-pipeline";
import * as v from "valibot";
import { AzureFailure } from "./failure.ts";
import { optionalText, readAs } from "./read.ts";

/** The newest version in the reference. Its filters are case-sensitive. */
export const retailPricesUrl = "https://prices.azure.com/api/retail/prices?api-version=2023-01-01-preview";

const item = v.object({
  currencyCode: v.string(),
  retailPrice: v.number(),
  tierMinimumUnits: v.number(),
  armRegionName: v.nullish(v.string(), ""),
  meterName: v.string(),
  productName: v.string(),
  skuName: v.string(),
  /** `1 Hour`, `1/Month` */
  unitOfMeasure: v.string(),
  /** ISO 8601 */
  effectiveStartDate: v.string(),
});
const page = v.object({ Items: v.array(item), NextPageLink: optionalText });

type Page = v.InferOutput<typeof page>;
export type RetailPrice = v.InferOutput<typeof item>;

/** Fields of the API and the values that all must match. */
export type PriceFilter = Readonly<Record<string, string>>;

export interface RetailPricesOptions {
  readonly url: string;
  /** ISO 4217 */
  readonly currency: string;
  readonly signal: AbortSignal;
}

/**
 * Reads the pay-as-you-go prices that match a filter, in all regions unless the filter names one.
 * @throws AzureFailure if they cannot be read.
 */
export async function readRetailPrices(
  filter: PriceFilter,
  { url, currency, signal }: RetailPricesOptions,
): Promise<RetailPrice[]> {
  const conditions = Object.entries({ ...filter, priceType: "Consumption" }).map(
    ([field, value]) => `${field} eq '${value.replaceAll("'", "''")}'`,
  );
  const first = new URL(url);
  first.searchParams.set("currencyCode", `'${currency}'`);
  first.searchParams.set("$filter", conditions.join(" and "));
  const prices: RetailPrice[] = [];
  let next: string | null | undefined = first.href;
  while (next) {
    const { Items, NextPageLink }: Page = readAs(page, await getJson(next, signal), "list prices");
    prices.push(...Items);
    next = NextPageLink;
  }
  return prices;
}

async function getJson(url: string, signal: AbortSignal): Promise<unknown> {
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(proxyPolicy());
  pipeline.addPolicy(decompressResponsePolicy());
  pipeline.addPolicy(userAgentPolicy({ userAgentPrefix: "bastion-trail" }));
  pipeline.addPolicy(defaultRetryPolicy(), { phase: "Retry" });
  pipeline.addPolicy(logPolicy(), { afterPhase: "Retry" });
  const request = createPipelineRequest({ url, abortSignal: signal, allowInsecureConnection: url.startsWith("http:") });
  try {
    const { status, bodyAsText } = await pipeline.sendRequest(createDefaultHttpClient(), request);
    if (status === 200) return JSON.parse(bodyAsText ?? "") as unknown;
    throw new Error(`HTTP status ${status}`);
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    throw new AzureFailure(
      `The list prices cannot be read from ${new URL(url).host}: ${reason.replace(/\.$/, "")}.`,
      "Check the network and the proxy (HTTPS_PROXY).",
      { cause: error },
    );
  }
}
