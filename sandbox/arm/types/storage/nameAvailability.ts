import { textAt } from "../../json.ts";
import type { ActionResult } from "../../typeRules.ts";
import type { ProviderActionContext } from "../../requestContext.ts";
import { badRequest } from "../../armError.ts";

export const accountType = "Microsoft.Storage/storageAccounts";

export const accountName = {
  pattern: /^[a-z0-9]{3,24}$/,
  code: "AccountNameInvalid",
  message: (name: string) =>
    `${name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.`,
};

/** Answers `POST .../providers/Microsoft.Storage/checkNameAvailability` (Storage REST, CheckNameAvailabilityResult). */
export function checkNameAvailability({ body, store }: ProviderActionContext): ActionResult {
  const name = textAt(body, "name");
  if (name === undefined || textAt(body, "type") !== accountType) {
    throw badRequest(
      "InvalidRequestPropertyName",
      `The request must contain the property 'name', and 'type' with the value '${accountType}'.`,
    );
  }
  if (!accountName.pattern.test(name)) return unavailable(accountName.code, accountName.message(name));
  if (store.ofType(accountType).some((account) => account.name === name)) {
    return unavailable("AlreadyExists", `The storage account named ${name} is already taken.`);
  }
  return { status: 200, body: { nameAvailable: true } };
}

function unavailable(reason: string, message: string): ActionResult {
  return { status: 200, body: { nameAvailable: false, reason, message } };
}
