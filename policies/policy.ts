import type { PolicyConfigSchema, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { type AzureResource, type Deployment, deploymentOf, typeOf } from "./deployment.ts";
import { plain, record } from "./values.ts";

interface Stated {
  readonly name: string;
  /** What must hold, as one sentence. */
  readonly description: string;
  /** Parameters, each with its default, as JSON schema. */
  readonly config?: PolicyConfigSchema["properties"];
}

/** One resource's inputs. */
export interface Inputs {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** What is wrong with a resource, as one sentence. */
export interface Violation {
  readonly resource: AzureResource;
  readonly message: string;
}

/** A policy on single resources: it is judged before each of them is created. */
export interface ResourcePolicy<Config> extends Stated {
  /** Types whose resources it is about, such as `network:NetworkInterface`. */
  readonly types: readonly string[];
  readonly judge: (resource: Inputs, config: Config) => readonly string[];
}

/** A policy on how resources belong together: it is judged once all of them are known, in a preview too. */
export interface StackPolicy<Config> extends Stated {
  readonly judge: (deployment: Deployment, config: Config) => readonly Violation[];
}

/** A policy on single resources, for Pulumi. */
export function onResources<Config extends object>(policy: ResourcePolicy<Config>): ResourceValidationPolicy {
  return {
    ...statedIn(policy),
    validateResource: (args, report) => {
      const resource = { type: typeOf(args.type), name: args.name, inputs: record(plain(args.props)) };
      if (!policy.types.includes(resource.type)) return;
      for (const message of policy.judge(resource, args.getConfig<Config>())) report(message);
    },
  };
}

/** A policy on a whole stack, for Pulumi. */
export function onStack<Config extends object>(policy: StackPolicy<Config>): StackValidationPolicy {
  return {
    ...statedIn(policy),
    validateStack: (args, report) => {
      for (const { resource, message } of policy.judge(deploymentOf(args.resources), args.getConfig<Config>())) {
        report(message, resource.urn);
      }
    },
  };
}

function statedIn({ name, description, config }: Stated) {
  return { name, description, ...(config === undefined ? {} : { configSchema: { properties: config } }) };
}
