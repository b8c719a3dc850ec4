/** The proxy in the environment. */
import { AzureFailure } from "./failure.ts";

/** In the order in which Azure's libraries look (`@typespec/ts-http-runtime`, `proxyPolicy`), each also in lower case. */
const variables = ["HTTPS_PROXY", "ALL_PROXY", "HTTP_PROXY"].flatMap((name) => [name, name.toLowerCase()]);

/**
 * Refuses a proxy that Azure's libraries cannot use: they would say "Invalid URL", or take `proxy.example` in `proxy.example:8080`
 * for the scheme and try in vain.
 * @throws `AzureFailure` naming the variable.
 */
export function checkProxy(env: Readonly<Record<string, string | undefined>>): void {
  const name = variables.find((one) => Boolean(env[one]));
  const value = (name && env[name]) ?? "";
  if (name === undefined || (/^https?:\/\//i.test(value) && URL.canParse(value))) return;
  // A user and a password stay out of messages.
  const address = value.replace(/^.*@/, "").replace(/^\w+:\/\//, "");
  throw new AzureFailure(
    `The proxy in ${name} must be a URL that begins with http:// or https://.`,
    `For example: ${name}=http://${address}`,
  );
}
