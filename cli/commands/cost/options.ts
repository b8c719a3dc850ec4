import { choice, formatOptions, settingsFor } from "../../options.ts";

/**
 * Currencies in the reference of the Retail Prices API. Microsoft sets prices in USD; other currencies are for
 * reference.
 */
export const currencies = [
  ...(["USD", "AUD", "BRL", "CAD", "CHF", "CNY", "DKK", "EUR", "GBP"] as const),
  ...(["INR", "JPY", "KRW", "NOK", "NZD", "RUB", "SEK", "TWD"] as const),
] as const;

export const costOptions = {
  currency: choice("--currency <code>", "the currency of the prices (default: USD)", currencies),
  ...formatOptions,
  ...settingsFor("subscription", "bastion"),
} as const;
