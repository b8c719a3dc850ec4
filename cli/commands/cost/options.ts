import { choice, formatOptions, settingsFor, type OptionSpec } from "../../options.ts";

/**
 * Currencies in the reference of the Retail Prices API. Microsoft sets prices in USD; other currencies are for
 * reference.
 */
const currencies = [
  ...(["USD", "AUD", "BRL", "CAD", "CHF", "CNY", "DKK", "EUR", "GBP"] as const),
  ...(["INR", "JPY", "KRW", "NOK", "NZD", "RUB", "SEK", "TWD"] as const),
] as const;

const currency: OptionSpec<(typeof currencies)[number]> = {
  ...choice("--currency <code>", "the currency of the prices (default: USD)", currencies),
  fallback: "USD",
};

export const costOptions = {
  currency,
  ...formatOptions,
  ...settingsFor("subscription", "bastion"),
} as const;
