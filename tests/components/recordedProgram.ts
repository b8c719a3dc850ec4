/** Runs a piece of program on Pulumi's mocks and tells what it asked the engine for. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/** A resource as the program registered it. */
export interface RegisteredResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Name of the parent resource. */
  readonly parent: string | undefined;
  /** Names of the resources that must be there first. */
  readonly dependsOn: readonly string[];
  readonly ignoreChanges: readonly string[];
  readonly retainOnDelete: boolean;
  readonly deleteBeforeReplace: boolean;
  readonly protect: boolean;
  /** Paths of the inputs whose change makes a new resource. */
  readonly replaceOnChanges: readonly string[];
  /** Names of the resources whose replacement replaces this one, too. */
  readonly replaceWith: readonly string[];
  /** The value whose change makes a new resource. */
  readonly replacementTrigger: unknown;
  /** Names of the hooks that run before a creation. */
  readonly beforeCreate: readonly string[];
  /** Names of the hooks that run before an update. */
  readonly beforeUpdate: readonly string[];
  /** Names of the outputs that a component registered, sorted. */
  readonly registeredOutputs: readonly string[];
}

/** What the mocked Azure answers. */
export interface MockedAzure {
  /** Outputs of a resource beside its inputs, by type token. */
  readonly outputs?: (type: string, inputs: Record<string, unknown>, name: string) => Record<string, unknown>;
  /** Answers of provider functions, by token. */
  readonly functions?: Readonly<Record<string, (inputs: Record<string, unknown>) => Record<string, unknown>>>;
  /** Whether the program takes the mocks for the engine, whose ids are those of Azure. */
  readonly hasEngine?: boolean;
  /** Names of resources that an update leaves out: without an id, and unknown. */
  readonly leftOut?: readonly string[];
}

export interface RecordedProgram<T> {
  readonly resources: readonly RegisteredResource[];
  /** Provider functions that were called. */
  readonly calls: readonly { readonly token: string; readonly inputs: Readonly<Record<string, unknown>> }[];
  /** What the program gave back, with every Output resolved. */
  readonly result: T;
  /** The resources of a type, in the order in which they were registered. */
  readonly ofType: (type: string) => readonly RegisteredResource[];
  /** The one resource of a type. */
  readonly only: (type: string) => RegisteredResource;
}

/** The part of a `RegisterResourceRequest` that mocks do not show. */
interface RegisterRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getDependenciesList(): string[];
  getIgnorechangesList(): string[];
  getRetainondelete(): boolean;
  getDeletebeforereplace(): boolean;
  getProtect(): boolean;
  getReplaceonchangesList(): string[];
  getReplaceWithList(): string[];
  getReplacementTrigger(): { toJavaScript(): unknown } | undefined;
  getHooks(): { getBeforeCreateList(): string[]; getBeforeUpdateList(): string[] } | undefined;
}

/** The part of a `RegisterResourceOutputsRequest` that tells what a component registered. */
interface OutputsRequest {
  getUrn(): string;
  getOutputs(): { toJavaScript(): Record<string, unknown> } | undefined;
}

interface Monitor {
  registerResourceOutputs(request: OutputsRequest, callback: unknown): unknown;
  registerResource(request: RegisterRequest, callback: unknown): unknown;
  registerResourceHook?: (request: unknown, callback: (error: null, answer: object) => void) => void;
}

/** The subscription of every id that the mocks make. */
export const subscriptionId = "11111111-2222-3333-4444-555555555555";

/** The ARM id that the mocks give to the resource of this Pulumi name. */
export function idOf(name: string): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Mock/${name}`;
}

/**
 * @param program - registers resources and returns the Outputs to resolve.
 * @throws whatever the program throws, at once or inside an Output that it returned.
 */
export async function recordProgram<T>(
  program: () => pulumi.Input<T>,
  azure: MockedAzure = {},
): Promise<RecordedProgram<pulumi.Unwrap<T>>> {
  const inputs = new Map<string, Record<string, unknown>>();
  const calls: { token: string; inputs: Record<string, unknown> }[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource(args) {
        const given = args.inputs as Record<string, unknown>;
        inputs.set(`${args.type}::${args.name}`, given);
        return {
          id: args.custom === false || azure.leftOut?.includes(args.name) === true ? "" : idOf(args.name),
          state: { ...given, ...azure.outputs?.(args.type, given, args.name) },
        };
      },
      call(args) {
        const given = args.inputs as Record<string, unknown>;
        calls.push({ token: args.token, inputs: given });
        const answer = azure.functions?.[args.token];
        if (answer === undefined) throw new Error(`The test does not expect a call of ${args.token}.`);
        return answer(given);
      },
    },
    "bastion-trail",
    "test",
    false,
  );
  // An earlier program of the process may have left its config.
  pulumi.runtime.setAllConfig({});
  acceptHooks();
  if (azure.hasEngine === true) takeForEngine();
  const requests = recordRequests();
  const outputs = recordOutputs();
  // Also after a failure: what the program has begun would otherwise end during the next test.
  const result = await resultOf(program).finally(() => pulumi.runtime.disconnect());
  const resources = requests.map((request) => registered(request, inputs, outputs));
  return {
    resources,
    calls,
    result,
    ofType: (type) => resources.filter((resource) => resource.type === type),
    only: (type) => {
      const [first, ...others] = resources.filter((resource) => resource.type === type);
      if (first === undefined || others.length > 0) {
        throw new Error(`There are ${first === undefined ? 0 : others.length + 1} resources of type ${type}, not one.`);
      }
      return first;
    },
  };
}

/**
 * Pulumi's mocks say that they know resource hooks, and have no method for them (3.259): a program with a hook would wait for
 * ever. Call this after `setMocks`. The hook itself does not run on mocks.
 */
export function acceptHooks(): void {
  const monitor = Object.getPrototypeOf(pulumi.runtime.getMonitor()) as Monitor;
  monitor.registerResourceHook ??= (_request, callback) => {
    callback(null, {});
  };
}

/** The inputs of a dynamic resource, without the provider's source text. */
export function dynamicInputs({ inputs }: RegisteredResource): Record<string, unknown> {
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => key !== "__provider"));
}

/** Gives the mocks an address, as the engine has one. */
function takeForEngine(): void {
  const address = `mock-${randomUUID()}`;
  Object.assign(pulumi.runtime.getMonitor() as object, { getChannel: () => ({ getTarget: () => address }) });
}

function recordRequests(): RegisterRequest[] {
  const requests: RegisterRequest[] = [];
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    requests.push(request);
    return register(request, callback);
  };
  return requests;
}

/** Names of the outputs that each component registered, by type and name. */
function recordOutputs(): ReadonlyMap<string, string[]> {
  const outputs = new Map<string, string[]>();
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResourceOutputs.bind(monitor);
  monitor.registerResourceOutputs = (request, callback) => {
    const [qualifiedType = "", name = ""] = request.getUrn().split("::").slice(-2);
    const type = qualifiedType.split("$").at(-1) ?? "";
    outputs.set(`${type}::${name}`, Object.keys(request.getOutputs()?.toJavaScript() ?? {}).sort());
    return register(request, callback);
  };
  return outputs;
}

function registered(
  request: RegisterRequest,
  inputs: ReadonlyMap<string, Record<string, unknown>>,
  outputs: ReadonlyMap<string, string[]>,
): RegisteredResource {
  return {
    type: request.getType(),
    name: request.getName(),
    inputs: inputs.get(`${request.getType()}::${request.getName()}`) ?? {},
    parent: nameInUrn(request.getParent()),
    dependsOn: request.getDependenciesList().flatMap((urn) => nameInUrn(urn) ?? []),
    ignoreChanges: request.getIgnorechangesList(),
    retainOnDelete: request.getRetainondelete(),
    deleteBeforeReplace: request.getDeletebeforereplace(),
    protect: request.getProtect(),
    replaceOnChanges: request.getReplaceonchangesList(),
    replaceWith: request.getReplaceWithList().flatMap((urn) => nameInUrn(urn) ?? []),
    replacementTrigger: request.getReplacementTrigger()?.toJavaScript(),
    beforeCreate: request.getHooks()?.getBeforeCreateList() ?? [],
    beforeUpdate: request.getHooks()?.getBeforeUpdateList() ?? [],
    registeredOutputs: outputs.get(`${request.getType()}::${request.getName()}`) ?? [],
  };
}

function nameInUrn(urn: string): string | undefined {
  return urn === "" ? undefined : urn.split("::").at(-1);
}

async function resultOf<T>(program: () => pulumi.Input<T>): Promise<pulumi.Unwrap<T>> {
  const output = pulumi.output(program());
  // `promise` is how an Output tells that it failed; it is not part of the public type.
  return await (output as unknown as { promise(): Promise<pulumi.Unwrap<T>> }).promise();
}

/** Returns the message with which a deployment is refused. */
export async function refusalOf(deployment: () => Promise<unknown>): Promise<string> {
  try {
    await deployment();
  } catch (error) {
    assert.ok(error instanceof Error);
    return error.message;
  }
  return assert.fail("The deployment was not refused.");
}
