import { randomUUID } from "node:crypto";
import { numberAt, objectAt, textAt } from "../../json.ts";
import { badRequest } from "../../armError.ts";
import { resourceType } from "../../resourceType.ts";
import { keepOfDeletedVault } from "./deletedVaults.ts";
import { itemName } from "./itemName.ts";

/** Secrets in Azure Resource Manager: every value creates a version, and values are never returned. */
export default resourceType({
  type: "Microsoft.KeyVault/vaults/secrets",
  model: "keyvault:Secret",
  request: "keyvault:SecretCreateOrUpdateParameters",
  sdk: "keyvault.Secret",
  scope: "child",
  name: itemName,
  location: "none",
  refine: { "SecretProperties.value": { secret: true } },
  put: "sync",
  delete: "forbidden",
  afterDelete: keepOfDeletedVault,
  patch: { of: "body", completion: "sync" },
  check({ body, existing }) {
    if (existing === undefined && textAt(body, "properties.value") === undefined) {
      throw badRequest("BadRequest", "The parameter value is not specified.");
    }
  },
  complete({ body, name, parentId = "", existing, store, clock }) {
    const vault = store.get(parentId);
    const { value, ...properties } = objectAt(body, "properties");
    const secretUri = `${textAt(vault?.body, "properties.vaultUri") ?? ""}secrets/${name}`;
    const now = Math.floor(clock.now().getTime() / 1000);
    const versions = objectAt(existing?.secrets, "versions");
    const latest = textAt(existing?.body, "properties.secretUriWithVersion");
    const version = randomUUID().replaceAll("-", "");
    return {
      body: {
        ...body,
        location: textAt(vault?.body, "location") ?? "",
        properties: {
          ...properties,
          attributes: {
            enabled: true,
            ...objectAt(properties, "attributes"),
            created: numberAt(existing?.body, "properties.attributes.created") ?? now,
            updated: now,
          },
          secretUri,
          secretUriWithVersion: value === undefined ? (latest ?? "") : `${secretUri}/${version}`,
        },
      },
      secrets: { versions: value === undefined ? versions : { ...versions, [version]: value } },
    };
  },
});
