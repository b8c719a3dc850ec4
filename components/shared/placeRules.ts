/** Rules of the arguments for a component's place, which have the same meaning in every component. Source: "Naming rules" (azure-docs). */
import { guid } from "@bastion-trail/core/rules/guid";
import type { Problem } from "./problem.ts";

const region = [/^[A-Za-z][A-Za-z0-9 ]+$/, 'must be an Azure region, such as "westeurope"'] as const;

/** The form of each argument, and its description in messages. */
const forms: Readonly<Record<string, readonly [RegExp, string]>> = {
  resourceGroupName: [
    /^[\p{L}\p{N}_().-]{0,89}[\p{L}\p{N}_()-]$/u,
    "must be 1 to 90 letters, digits, underscores, hyphens, periods and parentheses, not ending with a period",
  ],
  location: region,
  bastionLocation: region,
  subscriptionId: [guid, "must be a GUID, without /subscriptions/ before it"],
};

/** Returns every malformed argument. Values that are unknown or not strings are skipped. */
export function placeProblems(args: Readonly<Record<string, unknown>>): Problem[] {
  return Object.entries(forms).flatMap(([key, [form, reason]]) => {
    const value = args[key];
    return typeof value !== "string" || form.test(value) ? [] : [{ key, value, reason }];
  });
}
