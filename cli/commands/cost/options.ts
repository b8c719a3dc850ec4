import { choice, formatOptions, settingsFor, type OptionSpec } from "../../options.ts";

/** Microsoft sets prices in this currency. */
const usual = "USD";

/**
 * Currencies in the reference of the Retail Prices API. All but the usual one are for reference.
 */
const currencies = [
  ...([usual, "AUD", "BRL", "CAD", "CHF", "CNY", "DKK", "EUR", "GBP"] as const),
  ...(["INR", "JPY", "KRW", "NOK", "NZD", "RUB", "SEK", "TWD"] as const),
] as const;

const currency: OptionSpec<(typeof currencies)[number]> = {
  ...choice("--currency <code>", `the currency of the prices (default: ${usual})`, currencies),
  fallback: usual,
};

export const costOptions = {
  currency,
  ...formatOptions,
  ...settingsFor("subscription", "bastion"),
} as const;
