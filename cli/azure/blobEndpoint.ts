/** The addresses of storage accounts' blob services, which may end in a shared access signature. */

/** A shared access signature gives access without a sign-in. It is a secret. */
export function hasSignature(endpoint: string): boolean {
  return endpoint.includes("?");
}

export function withoutSignature(endpoint: string): string {
  return endpoint.replace(/\?.*$/s, "");
}

/** An address as Azure returns it, and one from the settings. */
export function isSameEndpoint(a: string | null, b: string): boolean {
  return a !== null && comparable(a) === comparable(b);
}

function comparable(endpoint: string): string {
  return withoutSignature(endpoint).replace(/\/+$/, "").toLowerCase();
}
