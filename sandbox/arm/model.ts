/**
 * The words the local ARM control plane is built from: what a stored resource is, what one resource type's rules are,
 * and what those rules may see. Each type is a file `types/<namespace>/<type>.ts`; the core (server, store, operations) knows no resource
 * type by name.
 */

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** A resource as the store keeps it. Children (subnets, security rules, containers) are resources of their own. */
export interface Resource {
  /** Full ARM id as it was first written. Compare ids only with `sameId` (ARM ids are case-insensitive). */
  readonly id: string;
  /** Fully qualified type, e.g. `Microsoft.Network/virtualNetworks/subnets`. */
  readonly type: string;
  /** Last segment of the id. */
  readonly name: string;
  /** Wire body without `id`, `name`, `type`, `etag`: `location`, `tags`, `sku`, `properties`... */
  readonly body: JsonObject;
  /** Values that ARM accepts and never returns (`adminPassword`, `protectedSettings`). */
  readonly secrets?: JsonObject;
  /** What Azure keeps of it beside its body and shows in views alone: a VM's power state. Outlives a write without it. */
  readonly state?: JsonObject;
  /** Opaque version, new on each write. */
  readonly etag: string;
  /** ISO 8601 UTC on the sandbox clock. */
  readonly createdAt: string;
  readonly changedAt: string;
}

/** Who sends a request, read from its bearer token. */
export interface Caller {
  /** Entra object id. */
  readonly objectId: string;
  /** User principal name; absent for an application. */
  readonly upn?: string;
  /** Application (client) id; absent for a user. */
  readonly appId?: string;
  readonly ipAddress: string;
}

/** An error with the status, code and message that Azure answers with. */
export class ArmError extends Error {
  readonly status: number;
  readonly code: string;
  readonly target: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    status: number,
    code: string,
    message: string,
    options: { target?: string; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.name = "ArmError";
    this.status = status;
    this.code = code;
    this.target = options.target;
    this.headers = options.headers ?? {};
  }
}

/** The sandbox clock: real time plus a settable offset; timers fire in the order of their due times. */
export interface Clock {
  /** Now on the sandbox clock. */
  now(): Date;
  /**
   * Runs `task` once the clock reaches `at`, also when the clock is moved past it.
   * @returns a function that cancels the timer.
   */
  schedule(at: Date, task: () => void | Promise<void>): () => void;
}

/** Reads of the resource store. Ids are matched without regard to case. */
export interface ResourceReader {
  get(id: string): Resource | undefined;
  /** Direct and indirect children, by id prefix. */
  childrenOf(id: string, type?: string): Resource[];
  /** All resources of a type in the whole subscription. */
  ofType(type: string): Resource[];
  all(): Resource[];
}

export interface ResourceStore extends ResourceReader {
  /** Creates or replaces; `etag`, `createdAt`, `changedAt` are set by the store. Durable once it returns. */
  put(resource: Pick<Resource, "id" | "type" | "name" | "body" | "secrets" | "state">): Resource;
  /** Deletes the resource alone; the caller deletes its children first. */
  delete(id: string): void;
}

/**
 * What happened on the control plane, as the activity log tells it (activity-log-schema.md). The core writes the
 * `BeginRequest`/`EndRequest` pair of every management write itself; rules add only what Azure's services add on their own.
 */
export interface ActivityEvent {
  /** Scope of the operation: an ARM id. */
  readonly resourceId: string;
  /** E.g. `Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action`. */
  readonly operationName: string;
  readonly eventName: "BeginRequest" | "EndRequest";
  readonly status: "Started" | "Accepted" | "Succeeded" | "Failed";
  readonly caller: Caller | ServicePrincipal;
  readonly correlationId: string;
  readonly properties?: Readonly<Record<string, string>>;
}

/** An Azure service that acts on its own, such as Defender for Cloud when it writes a JIT rule. */
export interface ServicePrincipal {
  readonly displayName: string;
  readonly appId: string;
  readonly objectId: string;
}

/** What a rule may see and use while it handles one request. */
export interface RequestContext {
  readonly store: ResourceStore;
  readonly clock: Clock;
  readonly caller: Caller;
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly apiVersion: string;
  readonly correlationId: string;
  /** Records an event that a service adds on its own (see `ActivityEvent`). */
  recordActivity(event: ActivityEvent): void;
}

/** A PUT, or a PATCH of more than tags (already merged with the existing body), that a type's rules check and complete. */
export interface PutContext extends RequestContext {
  readonly id: string;
  readonly name: string;
  /** Id of the parent resource of a child type (e.g. the virtual network of a subnet), or of the scope of an extension. */
  readonly parentId: string | undefined;
  /** The resource as it stands, if this is an update. */
  readonly existing: Resource | undefined;
  /** The request's body, already checked against the type's `shape`. */
  readonly body: JsonObject;
}

export interface DeleteContext extends RequestContext {
  readonly existing: Resource;
  /** What the request deletes: `existing` itself, or something that it is inside of. */
  readonly root: Resource;
}

export interface ActionContext extends RequestContext {
  readonly resource: Resource;
  readonly body: JsonObject;
  readonly headers: Readonly<Record<string, string>>;
}

/** The answer of a POST action. */
export interface ActionResult {
  readonly status: 200 | 202 | 204;
  readonly body?: JsonObject;
  /** When set, the first answer is 202 with a `Location`, and `body` follows once the operation ends. */
  readonly longRunning?: boolean;
}

/** How ARM answers a PUT or a DELETE of this type. */
export type Completion =
  /** Done when the answer is sent. */
  | "sync"
  /** 201/202 with `Azure-AsyncOperation` (and `Location` on DELETE); `provisioningState` moves to `Succeeded` later. */
  | "async";

/** How ARM answers a PATCH of a type. */
export interface Patch {
  /** `tags` alone, as most of Microsoft.Network ("Update Tags"), or whatever of the body the request has. */
  readonly of: "tags" | "body";
  readonly completion: Completion;
}

/** The rules of one resource type. */
export interface TypeRules {
  /** Fully qualified type with Azure's own casing. */
  readonly type: string;
  /** API versions this type answers, newest last. Any other one is refused with `InvalidResourceType`/`NoRegisteredProviderFound`. */
  readonly apiVersions: readonly string[];
  /** Where it lives. `extension` types (diagnostic settings, locks, role assignments) follow any scope. */
  readonly scope: "subscription" | "resourceGroup" | "child" | "extension";
  /** Allowed names; `message` is what Azure answers when it does not match. */
  readonly name: { readonly pattern: RegExp; readonly code: string; readonly message: (name: string) => string };
  /** Whether `location` is required at the top level of the body. */
  readonly location: "required" | "none";
  /** Whether answers have an entity tag: the member `etag` and the header. Only some providers give one. */
  readonly etag?: boolean;
  /** Known members of the body; anything else is refused as Azure refuses it. */
  readonly shape: ObjectField;
  readonly put: Completion | "forbidden";
  readonly delete: Completion | "forbidden";
  /** What Azure answers to a write while another one inside the same parent is under way, where it takes one at a time. */
  writesAlone?(id: string): ArmError;
  /** Whether the answer to a DELETE shows what was deleted, as that of a role assignment does. Default: it has no body. */
  readonly deleteShows?: boolean;
  /** How it is patched; absent where Azure has no PATCH of the type. */
  readonly patch?: Patch;
  /** Throws an `ArmError` where Azure would refuse: features, references, conflicts, immutability of a member. */
  check?(context: PutContext): void;
  /** The body that is stored: the request's, with Azure's defaults and read-only members. Default: the body as it came. */
  complete?(context: PutContext): { body: JsonObject; secrets?: JsonObject };
  /** Runs right after the write; may write or delete other resources (a NIC's back reference, inline children). */
  afterPut?(context: PutContext, written: Resource): void | Promise<void>;
  /** Throws an `ArmError` where Azure refuses the deletion (in use, locked, immutable). */
  checkDelete?(context: DeleteContext): void | Promise<void>;
  afterDelete?(context: DeleteContext): void | Promise<void>;
  /** What GET and list show, computed at read time (inline children, instance state). Default: the stored body. */
  view?(resource: Resource, reader: ResourceReader, clock: Clock): JsonObject;
  /** What a list shows where that is less than what GET shows (a VM's extensions are their ids alone). Default: `view`. */
  listView?(resource: Resource, reader: ResourceReader, clock: Clock): JsonObject;
  /** Members of `properties` that GET adds when `$expand` names them (`instanceView`). */
  readonly expand?: Readonly<Record<string, (resource: Resource, reader: ResourceReader, clock: Clock) => JsonObject>>;
  /** A resource that exists without a PUT (`blobServices/default`, a Defender pricing). Called when the store has none. */
  implied?(id: string, reader: ResourceReader): Pick<Resource, "id" | "type" | "name" | "body"> | undefined;
  /** The names that `implied` is asked for when the collection of this type at `scope`, an ARM id, is listed. */
  impliedNames?(scope: string, reader: ResourceReader): readonly string[];
  /** POST actions by the last path segment, matched without regard to case. */
  readonly actions?: Readonly<Record<string, (context: ActionContext) => ActionResult | Promise<ActionResult>>>;
  /**
   * What is read with GET below a resource without being one (`instanceView`), by the last path segment. One that answers a list of named
   * parts as `value` (`defaultSecurityRules`) answers each of them by its name as well.
   */
  readonly reads?: Readonly<Record<string, (context: ActionContext) => JsonObject>>;
  /**
   * Status of a PUT that creates. Default 201. Some providers answer 200 to every PUT (JIT policies, Defender pricings,
   * diagnostic settings, storage policies), and the SDKs refuse an undocumented status. An update answers 200.
   */
  readonly createdStatus?: 200 | 201 | 202;
  /**
   * Other collections that list it: `Microsoft.Security/jitNetworkAccessPolicies` lists the policies of all locations.
   */
  readonly listedAs?: readonly string[];
  /**
   * Which resources a list at `scope`, an ARM id, with this `$filter` shows. Default: those at the scope (an extension's) or
   * below it, by tags as ARM itself filters every list.
   * @throws ArmError for a filter that Azure does not support.
   */
  listed?(scope: string, filter: string | null): (resource: Resource) => boolean;
  /** The id under which a resource is kept that can be reached from several scopes (a role). Default: the id as it is. */
  homeOf?(id: string): string;
  /** What Azure answers to a read of one that does not exist. Default: `ResourceNotFound`. */
  notFound?(id: string): ArmError;
  /**
   * Whether the resource stays when its parent is deleted, as diagnostic settings do: "delete diagnostic settings before
   * deleting the resource, else they may apply to a re-created one" (Azure Monitor, diagnostic-settings.md).
   */
  readonly outlivesParent?: boolean;
  /** POST `/subscriptions/{id}/providers/{namespace}/{action}`, by action (`checkNameAvailability`). */
  readonly providerActions?: Readonly<Record<string, (context: ProviderActionContext) => ActionResult>>;
  /** GET `/subscriptions/{id}/providers/{namespace}/...`, by the types of the path in lower case (`locations/usages`). */
  readonly providerLists?: Readonly<
    Record<string, (context: RequestContext, names: readonly string[]) => JsonObject[]>
  >;
  /** Runs once when the control plane starts, to set the timers again that stored resources still need (JIT expiry). */
  resume?(runtime: Runtime): void;
  /** The models of Microsoft's SDKs that its answers have. */
  readonly models?: AnswerModels;
}

/** Models of the type's namespace, by name (`BastionHost`). */
export interface AnswerModels {
  readonly resource: string;
  /** Of what its actions and reads answer. A list of them is answered as `value`. */
  readonly answers: Readonly<Record<string, string>>;
}

/** What a POST to a provider itself, not to a resource, may see (`checkNameAvailability`). */
export interface ProviderActionContext extends RequestContext {
  readonly body: JsonObject;
}

/** What rules may use outside of a request: when the control plane starts, and when a timer fires. */
export type Runtime = Pick<RequestContext, "store" | "clock" | "subscriptionId" | "tenantId" | "recordActivity">;

/** A member of a body. `readOnly` members are accepted in requests and ignored, as ARM does with what it returned itself. */
export type Field = { readonly readOnly?: boolean; readonly required?: boolean } & (
  | {
      readonly kind: "string";
      readonly oneOf?: readonly string[];
      readonly pattern?: RegExp;
      readonly secret?: boolean;
    }
  | { readonly kind: "integer"; readonly min?: number; readonly max?: number }
  | { readonly kind: "boolean" | "number" }
  | { readonly kind: "list"; readonly of: Field; readonly maxItems?: number }
  | { readonly kind: "map"; readonly of: Field }
  | { readonly kind: "any"; readonly secret?: boolean }
  | ObjectField
);

export interface ObjectField {
  readonly kind: "object";
  readonly members: Readonly<Record<string, Field>>;
  readonly readOnly?: boolean;
  readonly required?: boolean;
}

/** Whether two ARM ids name the same resource. */
export function sameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
