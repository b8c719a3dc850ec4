import { DetailedArmError } from "../../errors.ts";
import { bareEtag, wireEtag } from "../../etags.ts";
import type { JsonObject } from "../../json.ts";
import type { Refusals } from "../../typeRules.ts";

/** Microsoft.Network's own answers. */
export const networkRefusals: Refusals = {
  unreadable: (messages) => cannotParse(messages.map((message) => ({ code: "InvalidJson", message }))),
  etagMismatch(given, { id, etag }) {
    const compared = [bareEtag(given), etag].map((tag) => wireEtag({ etag: tag }));
    const message = `Etag provided in if-match header ${compared.join(" does not match etag ")} of resource ${id} in NRP data store.`;
    const details = [{ code: "PreconditionFailedEtagMismatch", message }];
    return new DetailedArmError(412, "PreconditionFailed", "Precondition failed.", details);
  },
};

/** Returns the answer to a body that cannot be read, with what was found (azure-cli #1619, migAz #181). */
export function cannotParse(details: readonly JsonObject[]): DetailedArmError {
  return new DetailedArmError(400, "InvalidRequestFormat", "Cannot parse the request.", details);
}
