import { textAt } from "../../json.ts";
import type { ActionResult } from "../../typeRules.ts";
import type { ProviderActionContext } from "../../requestContext.ts";
import { badRequest } from "../../armError.ts";

const accountType = "Microsoft.Storage/storageAccounts";
const nameForm = /^[a-z0-9]{3,24}$/;

/** Answers `POST .../providers/Microsoft.Storage/checkNameAvailability` (Storage REST, CheckNameAvailabilityResult). */
export function checkNameAvailability({ body, store }: ProviderActionContext): ActionResult {
  const name = textAt(body, "name");
  if (name === undefined || textAt(body, "type") !== accountType) {
    throw badRequest(
      "InvalidRequestPropertyName",
      `The request must contain the property 'name', and 'type' with the value '${accountType}'.`,
    );
  }
  if (!nameForm.test(name)) {
    return unavailable(
      "AccountNameInvalid",
      `${name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.`,
    );
  }
  if (store.ofType(accountType).some((account) => account.name === name)) {
    return unavailable("AlreadyExists", `The storage account named ${name} is already taken.`);
  }
  return { status: 200, body: { nameAvailable: true } };
}

function unavailable(reason: string, message: string): ActionResult {
  return { status: 200, body: { nameAvailable: false, reason, message } };
}
