import type { PolicyConfigSchema, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { type AzureResource, type Deployment, deploymentOf, typeOf } from "./deployment.ts";
import { plain, record } from "./values.ts";

interface Stated {
  readonly name: string;
  /** The requirement, as one sentence. */
  readonly description: string;
  /** Parameters with their defaults, as JSON schema. */
  readonly config?: PolicyConfigSchema["properties"];
}

/** One resource's inputs. */
interface Inputs {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** What is wrong with a resource, as one sentence. */
export interface Violation {
  readonly resource: AzureResource;
  readonly message: string;
}

/** A policy on single resources. It is checked before each of them is created. */
export interface ResourcePolicy<Config> extends Stated {
  /** Types of the resources it applies to, such as `network:NetworkInterface`. */
  readonly types: readonly string[];
  readonly judge: (resource: Inputs, config: Config) => readonly string[];
}

/** A policy on the relations between resources. It is checked once all of them are known, also in a preview. */
export interface StackPolicy<Config> extends Stated {
  readonly judge: (deployment: Deployment, config: Config) => readonly Violation[];
}

/** Converts a policy on single resources to Pulumi's form. */
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

/** Converts a policy on a whole stack to Pulumi's form. */
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
