import { conflict } from "./armError.ts";
import type { Plane } from "./plane.ts";

/** Providers that every subscription has (their `registrationPolicy` is `RegistrationFree`). */
const registrationFree = ["microsoft.resources", "microsoft.authorization"];

export function isRegistrationFree(namespace: string): boolean {
  return registrationFree.includes(namespace.toLowerCase());
}

/** All providers are registered initially, until one is unregistered. */
export function isRegistered(plane: Plane, namespace: string): boolean {
  return registrations(plane).get(namespace.toLowerCase()) === undefined;
}

export function register(plane: Plane, namespace: string): void {
  registrations(plane).delete(namespace.toLowerCase());
}

/**
 * Azure refuses this if the subscription has resources of the provider (resource-providers-and-types.md); the code of
 * the error is not documented.
 * @throws ArmError
 */
export function unregister(plane: Plane, namespace: string): void {
  const own = plane.store.all().find(({ type }) => type.toLowerCase().startsWith(`${namespace.toLowerCase()}/`));
  if (own !== undefined || isRegistrationFree(namespace)) {
    throw conflict(
      "Conflict",
      `The subscription cannot be unregistered from the resource namespace '${namespace}'${own === undefined ? "." : `, because it has resources of it: '${own.id}'.`}`,
    );
  }
  registrations(plane).put(namespace.toLowerCase(), { registrationState: "NotRegistered" });
}

/** @throws ArmError MissingSubscriptionRegistration (azure-resource-manager, troubleshooting/error-register-resource-provider.md) */
export function requireRegistered(plane: Plane, type: string): void {
  const [namespace = ""] = type.split("/");
  if (isRegistered(plane, namespace)) return;
  throw conflict(
    "MissingSubscriptionRegistration",
    `The subscription is not registered to use namespace '${namespace}'. See https://aka.ms/rps-not-found for how to register subscriptions.`,
    { target: namespace },
  );
}

function registrations(plane: Plane) {
  return plane.store.documents("unregisteredProviders");
}
