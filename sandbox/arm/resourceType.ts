import type { BastionActions } from "../bastion/sessionModel.ts";
import type { BlobService } from "../blobs/blobService.ts";
import type { AnswerModels, TypeRules } from "./typeRules.ts";
import { sdkModels, sdkVersions, shapeOf, type Refinements } from "./sdkModels.ts";

/** The sandbox's other services that types can use besides the store. */
export interface Services {
  readonly bastion: BastionActions;
  /** Stores the contents of storage accounts. */
  readonly blobs: BlobService;
  /**
   * Returns the endpoint of Azure Resource Manager once it listens. Bastion hosts have the same host name: clients send
   * tokens there, so it must be on this computer.
   */
  readonly endpoint: () => string;
}

/** A resource type as declared in its file: the models of Microsoft's SDK packages, and the behavior of Azure. */
export interface TypeDefinition extends Omit<TypeRules, "apiVersions" | "shape" | "models"> {
  /** The SDKs' model of the resource, as `package:Name` (`network:BastionHost`, azure-mgmt-network). */
  readonly model: string;
  /** The model of a PUT's body, if it is a different one. */
  readonly request?: string;
  /** The resource of @pulumi/azure-native (`network.BastionHost`), which lists its API versions. */
  readonly sdk?: string;
  /** API versions of Azure besides those that the SDKs send. */
  readonly moreVersions?: readonly string[];
  /** The models of the answers of its actions and reads, by name. */
  readonly answers?: AnswerModels["answers"];
  /** Facts about a request's members that the models lack. */
  readonly refine?: Refinements;
}

/** The default export of a file of `types/`. */
export type TypeFile = ((services: Services) => ResourceType) | ResourceType;

/** A type, and the source of its models. */
export type ResourceType = TypeRules & Pick<TypeDefinition, "model" | "request" | "sdk" | "answers">;

/** Combines a type's declaration with the SDKs' models, which are read when first needed. */
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
      // ARM itself refuses a body without a location, with another message.
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
