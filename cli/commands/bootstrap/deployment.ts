/** The state of a stack, as `pulumi stack export` prints it. */
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

/** @throws if the text is not in Pulumi's format. */
export function parseExport(text: string): Exported {
  return v.parse(exported, JSON.parse(text));
}

/** The members of a stack file that define how its secrets are encrypted. */
export const secretsMemberNames = ["encryptionsalt", "secretsprovider", "encryptedkey"] as const;

export type SecretsMembers = Readonly<Partial<Record<(typeof secretsMemberNames)[number], string | undefined>>>;

/**
 * The members that a stack file needs for its state to be read (pulumi, pkg/secrets/cloud and pkg/secrets/passphrase).
 */
export function secretsMembers({ deployment: { secrets_providers: provider } }: Exported): SecretsMembers {
  const { salt, url, encryptedkey } = provider?.state ?? {};
  return provider?.type === "passphrase" ? { encryptionsalt: salt } : { secretsprovider: url, encryptedkey };
}

/** The state with another stack's secrets provider. Its secrets must be in plain text; the import encrypts them. */
export function encryptedLike(state: Exported, other: Exported): Exported {
  return { ...state, deployment: { ...state.deployment, secrets_providers: other.deployment.secrets_providers } };
}

/** Whether two states, with their secrets in plain text, have the same resources. */
export function isSameState(one: Exported, other: Exported): boolean {
  return isDeepStrictEqual(one.deployment.resources, other.deployment.resources);
}
