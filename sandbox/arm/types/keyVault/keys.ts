import { generateKeyPairSync, randomUUID } from "node:crypto";
import { numberAt, objectAt, textAt, textsAt } from "../../json.ts";
import { badRequest, type ArmError } from "../../armError.ts";
import type { PutContext } from "../../requestContext.ts";
import { resourceType } from "../../resourceType.ts";
import { keepOfDeletedVault } from "./deletedVaults.ts";
import { itemName } from "./itemName.ts";

const rsaSizes = [2048, 3072, 4096];
const rsaOperations = ["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey", "import", "release"];

/**
 * Keys in Azure Resource Manager: a PUT creates the first version of a missing key, and returns an existing key
 * unchanged ("Keys - Create If Not Exist", Key Vault resource provider). Keys can be neither changed nor deleted there.
 * A vault keeps its keys when it is deleted.
 */
export default resourceType({
  type: "Microsoft.KeyVault/vaults/keys",
  model: "keyvault:Key",
  request: "keyvault:KeyCreateParameters",
  sdk: "keyvault.Key",
  scope: "child",
  name: itemName,
  location: "none",
  put: "sync",
  createdStatus: 200,
  delete: "forbidden",
  afterDelete: keepOfDeletedVault,
  check({ body, existing }) {
    if (existing !== undefined) return;
    const kty = textAt(body, "properties.kty");
    if (kty !== "RSA")
      throw badParameter(`The key type '${kty ?? ""}' is not supported by a vault of the sandbox: RSA alone is.`);
    const size = numberAt(body, "properties.keySize") ?? 2048;
    if (!rsaSizes.includes(size)) throw badParameter(`The key size ${size} is not supported: ${rsaSizes.join(", ")}.`);
    const unknown = textsAt(body, "properties.keyOps").find((operation) => !rsaOperations.includes(operation));
    if (unknown !== undefined) throw badParameter(`The operation '${unknown}' is not supported by an RSA key.`);
  },
  complete(context) {
    const { existing } = context;
    if (existing !== undefined) return { body: existing.body, ...(existing.secrets && { secrets: existing.secrets }) };
    return made(context);
  },
});

function made({ body, name, parentId = "", store, clock }: PutContext) {
  const vault = store.get(parentId);
  const properties = objectAt(body, "properties");
  const keySize = numberAt(properties, "keySize") ?? 2048;
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: keySize });
  const version = randomUUID().replaceAll("-", "");
  const keyUri = `${textAt(vault?.body, "properties.vaultUri") ?? ""}keys/${name}`;
  const now = Math.floor(clock.now().getTime() / 1000);
  return {
    body: {
      ...body,
      location: textAt(vault?.body, "location") ?? "",
      properties: {
        ...properties,
        attributes: {
          enabled: true,
          exportable: false,
          ...objectAt(properties, "attributes"),
          created: now,
          updated: now,
          recoveryLevel: "Recoverable",
        },
        keySize,
        keyOps: textsAt(properties, "keyOps").length > 0 ? textsAt(properties, "keyOps") : rsaOperations.slice(0, 6),
        keyUri,
        keyUriWithVersion: `${keyUri}/${version}`,
      },
    },
    secrets: { versions: { [version]: privateKey.export({ type: "pkcs8", format: "pem" }).toString() } },
  };
}

function badParameter(message: string): ArmError {
  return badRequest("BadParameter", message);
}
