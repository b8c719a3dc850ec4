/** A stack's state, as `pulumi stack export` gives it. */
import { isDeepStrictEqual } from "node:util";
import * as v from "valibot";

const resource = v.looseObject({
  urn: v.string(),
  type: v.string(),
  id: v.optional(v.string()),
  inputs: v.optional(v.record(v.string(), v.unknown()), {}),
  outputs: v.optional(v.record(v.string(), v.unknown())),
});
export type StateResource = v.InferOutput<typeof resource>;

const exported = v.looseObject({
  deployment: v.looseObject({
    resources: v.optional(v.array(resource), []),
    pending_operations: v.optional(v.array(v.object({ resource, type: v.string() })), []),
    secrets_providers: v.optional(
      v.looseObject({
        type: v.string(),
        state: v.optional(
          v.looseObject({
            salt: v.optional(v.string()),
            url: v.optional(v.string()),
            encryptedkey: v.optional(v.string()),
          }),
          {},
        ),
      }),
    ),
  }),
});

export type Exported = v.InferOutput<typeof exported>;

/** @throws when it is not what Pulumi writes. */
export function parseExport(text: string): Exported {
  return v.parse(exported, JSON.parse(text));
}

/** The members of a stack file that say how its secrets are encrypted. */
export interface SecretsMembers {
  readonly encryptionsalt?: string | undefined;
  readonly secretsprovider?: string | undefined;
  readonly encryptedkey?: string | undefined;
}

/** What a stack file must say for the state to be read (pulumi, pkg/secrets/cloud and pkg/secrets/passphrase). */
export function secretsMembers({ deployment: { secrets_providers: provider } }: Exported): SecretsMembers {
  const { salt, url, encryptedkey } = provider?.state ?? {};
  return provider?.type === "passphrase" ? { encryptionsalt: salt } : { secretsprovider: url, encryptedkey };
}

/** The state with another stack's secrets provider. The secrets must be in plain text: they are encrypted on import. */
export function encryptedLike(state: Exported, other: Exported): Exported {
  return { ...state, deployment: { ...state.deployment, secrets_providers: other.deployment.secrets_providers } };
}

/** Whether two states, with their secrets in plain text, have the same resources. */
export function isSameState(one: Exported, other: Exported): boolean {
  return isDeepStrictEqual(one.deployment.resources, other.deployment.resources);
}
