import type { BastionActions } from "../bastion/sessionModel.ts";
import type { BlobService } from "../blobs/blobService.ts";
import type { AnswerModels, TypeRules } from "./model.ts";
import { sdkModels, sdkVersions, shapeOf } from "./sdkModels.ts";
import type { Refinements } from "./sdkModels.ts";

/** What the types may use beside the store: the sandbox's other services. */
export interface Services {
  readonly bastion: BastionActions;
  /** Where Bastion hosts are reached. Clients send tokens there, so it is on this machine. */
  readonly bastionDnsName: string;
  /** Holds what storage accounts contain. */
  readonly blobs: BlobService;
  /** What follows the name of a vault in its address. */
  readonly vaultDomain: string;
}

/** A resource type as its file declares it: what Microsoft's SDK packages say of it, and how Azure behaves. */
export interface TypeDefinition extends Omit<TypeRules, "apiVersions" | "shape" | "models"> {
  /** The SDKs' model of the resource, as `package:Name` (`network:BastionHost`, azure-mgmt-network). */
  readonly model: string;
  /** The model of a PUT's body, where it is another one. */
  readonly request?: string;
  /** The resource of @pulumi/azure-native (`network.BastionHost`), which lists its API versions. */
  readonly sdk?: string;
  /** API versions that Azure has beside those that the SDKs send. */
  readonly moreVersions?: readonly string[];
  /** The models of what its actions and reads answer, by their names. */
  readonly answers?: AnswerModels["answers"];
  /** What the models do not say of a request's members. */
  readonly refine?: Refinements;
}

/** The default export of a file of `types/`. */
export type TypeFile = ((services: Services) => ResourceType) | ResourceType;

/** A type together with where its models are from. */
export type ResourceType = TypeRules & Pick<TypeDefinition, "model" | "request" | "sdk" | "answers">;

/** Joins what a type's file declares with the SDKs' models, which are read when they are first needed. */
export function resourceType(definition: TypeDefinition): ResourceType {
  const { type, model, request = model, moreVersions = [], answers = {}, refine = {} } = definition;
  const [namespace = ""] = type.split("/");
  let versions: TypeRules["apiVersions"] | undefined;
  let shape: TypeRules["shape"] | undefined;
  return {
    ...definition,
    get apiVersions() {
      versions ??= [...(sdkVersions(type)?.versions ?? []), ...moreVersions].sort();
      return versions;
    },
    get shape() {
      // ARM itself refuses a body without a location, in other words.
      const optional = { [`${nameOf(request)}.location`]: { required: false } };
      shape ??= shapeOf(sdkModels(namespace), nameOf(request), { ...optional, ...refine }, nameOf(model));
      return shape;
    },
    models: {
      resource: nameOf(model),
      answers: Object.fromEntries(Object.entries(answers).map(([name, answer]) => [name, nameOf(answer)])),
    },
  };
}

function nameOf(model: string): string {
  return model.slice(model.indexOf(":") + 1);
}
