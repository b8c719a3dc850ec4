/**
 * The rules of one resource type. Each type is a file `types/<namespace>/<type>.ts`; the core (server, store, operations)
 * names no resource type and no provider.
 */
import type { Clock } from "../clock.ts";
import type { ArmError } from "./armError.ts";
import type { ObjectField } from "./field.ts";
import type { JsonObject } from "./json.ts";
import type {
  ActionContext,
  DeleteContext,
  ProviderActionContext,
  PutContext,
  RequestContext,
  Runtime,
} from "./requestContext.ts";
import type { Resource, ResourceReader } from "./resource.ts";

/** The response of a POST action. */
export interface ActionResult {
  readonly status: 200 | 202 | 204;
  readonly body?: JsonObject;
  /** If set, the first response is 202 with a `Location`, and `body` follows once the operation ends. */
  readonly longRunning?: boolean;
}

/** How ARM answers a PUT or a DELETE of this type. */
export type Completion =
  /** Done when the response is sent. */
  | "sync"
  /** 201/202 with `Azure-AsyncOperation` (and `Location` on DELETE); `provisioningState` moves to `Succeeded` later. */
  | "async";

/** How ARM answers a PATCH of a type. */
export interface Patch {
  /** Only `tags`, as in most of Microsoft.Network ("Update Tags"), or any part of the body. */
  readonly of: "tags" | "body";
  readonly completion: Completion;
}

/** A provider's own answers to what every provider refuses. */
export interface Refusals {
  /** The answer to a body with something wrong inside its members. */
  unreadable?(problems: readonly string[]): ArmError;
  /** The answer to a write whose `If-Match` is not the resource's entity tag. */
  etagMismatch?(given: string, resource: Resource): ArmError;
  /** The answer to a write or a deletion while another one is in progress. */
  busy?(): ArmError;
}

/** The rules of one resource type. */
export interface TypeRules {
  /** Full type in Azure's spelling. */
  readonly type: string;
  /** Supported API versions, newest last. Others are refused with `InvalidResourceType`/`NoRegisteredProviderFound`. */
  readonly apiVersions: readonly string[];
  /** Where the type exists. `extension` types (diagnostic settings, locks, role assignments) follow any scope. */
  readonly scope: "subscription" | "resourceGroup" | "child" | "extension";
  /** Allowed names; `message` is Azure's answer to any other name. */
  readonly name: { readonly pattern: RegExp; readonly code: string; readonly message: (name: string) => string };
  /** Whether `location` is required at the top level of the body. */
  readonly location: "required" | "none";
  /** Whether responses have an entity tag: the member `etag` and the header. Only some providers return one. */
  readonly etag?: boolean;
  /** Defaults to ARM's own. */
  readonly refusals?: Refusals;
  /** Known members of the body; other members are refused as in Azure. */
  readonly shape: ObjectField;
  readonly put: Completion | "forbidden";
  readonly delete: Completion | "forbidden";
  /**
   * Azure's answer to a write while another write inside the same parent is in progress, if it allows only one at a
   * time.
   */
  writesAlone?(id: string): ArmError;
  /** Whether the response to a DELETE shows what was deleted, as for role assignments. Defaults to no body. */
  readonly deleteShows?: boolean;
  /** How it is patched; absent if Azure has no PATCH for the type. */
  readonly patch?: Patch;
  /** Throws an `ArmError` if Azure would refuse the write: features, references, conflicts, immutable members. */
  check?(context: PutContext): void;
  /**
   * Returns the body to store: that of the request, with Azure's defaults and read-only members. Defaults to the body
   * as received.
   */
  complete?(context: PutContext): { body: JsonObject; secrets?: JsonObject };
  /** Runs right after the write; may write or delete other resources (a NIC's back reference, inline children). */
  afterPut?(context: PutContext, written: Resource): void | Promise<void>;
  /** Throws an `ArmError` if Azure refuses the deletion (in use, locked, immutable). */
  checkDelete?(context: DeleteContext): void | Promise<void>;
  afterDelete?(context: DeleteContext): void | Promise<void>;
  /**
   * Returns what GET and list show, computed at read time (inline children, instance state). Defaults to the stored
   * body.
   */
  view?(resource: Resource, reader: ResourceReader, clock: Clock): JsonObject;
  /** Returns what a list shows if that is less than GET (only the ids of a VM's extensions). Defaults to `view`. */
  listView?(resource: Resource, reader: ResourceReader, clock: Clock): JsonObject;
  /** Members of `properties` that GET adds if `$expand` names them (`instanceView`). */
  readonly expand?: Readonly<Record<string, (resource: Resource, reader: ResourceReader, clock: Clock) => JsonObject>>;
  /**
   * Returns a resource that exists without a PUT (`blobServices/default`, a Defender pricing). Called if the store has
   * none.
   */
  implied?(id: string, reader: ResourceReader): Pick<Resource, "id" | "type" | "name" | "body"> | undefined;
  /** Names for which `implied` is called when the collection of this type at `scope`, an ARM id, is listed. */
  impliedNames?(scope: string, reader: ResourceReader): readonly string[];
  /** POST actions by the last path segment, matched case-insensitively. */
  readonly actions?: Readonly<Record<string, (context: ActionContext) => ActionResult | Promise<ActionResult>>>;
  /**
   * GET of something below a resource that is not a resource itself (`instanceView`), by the last path segment. If the
   * answer is a list of named parts as `value` (`defaultSecurityRules`), each part can be read by its name too.
   */
  readonly reads?: Readonly<Record<string, (context: ActionContext) => JsonObject>>;
  /**
   * Status of a PUT that creates. Defaults to 201. Some providers answer 200 to every PUT (JIT policies, Defender
   * pricings, diagnostic settings, storage policies), and the SDKs refuse an undocumented status. An update returns
   * 200.
   */
  readonly createdStatus?: 200 | 201 | 202;
  /**
   * Other collections that list it: `Microsoft.Security/jitNetworkAccessPolicies` lists the policies of all locations.
   */
  readonly listedAs?: readonly string[];
  /**
   * Returns which resources a list at `scope`, the ARM id of a scope or a parent, with this `$filter` shows. Defaults to
   * those at the scope (for an extension) or below it, filtered only by tags, as ARM itself filters.
   * @throws ArmError for a filter that Azure does not support.
   */
  listed?(scope: string, filter: string | null): (resource: Resource) => boolean;
  /**
   * Returns the id under which a resource is stored that can be reached from several scopes (a role). Defaults to the
   * id itself.
   */
  homeOf?(id: string): string;
  /** Returns Azure's answer to a read of a resource that does not exist. Defaults to `ResourceNotFound`. */
  notFound?(id: string): ArmError;
  /**
   * Whether the resource is kept when its parent is deleted, as diagnostic settings are: "delete diagnostic settings
   * before deleting the resource, else they may apply to a re-created one" (Azure Monitor, diagnostic-settings.md).
   */
  readonly outlivesParent?: boolean;
  /** POST `/subscriptions/{id}/providers/{namespace}/{action}`, by action (`checkNameAvailability`). */
  readonly providerActions?: Readonly<Record<string, (context: ProviderActionContext) => ActionResult>>;
  /** GET `/subscriptions/{id}/providers/{namespace}/...`, by the types of the path in lower case (`locations/usages`). */
  readonly providerLists?: Readonly<
    Record<string, (context: RequestContext, names: readonly string[]) => JsonObject[]>
  >;
  /** Runs once when the control plane starts, to restore the timers that stored resources need (JIT expiry). */
  resume?(runtime: Runtime): void;
  /** The models of Microsoft's SDKs for its responses. */
  readonly models?: AnswerModels;
}

/** Models of the type's namespace, by name (`BastionHost`). */
export interface AnswerModels {
  readonly resource: string;
  /** Models of the answers of its actions and reads. A list of models is answered as `value`. */
  readonly answers: Readonly<Record<string, string>>;
}
