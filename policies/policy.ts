import type { PolicyConfigSchema, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { suggestion } from "@bastion-trail/core/rules/similarNames";
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
      const config = args.getConfig<Config>();
      for (const message of [...unknownParameters(policy, config), ...policy.judge(resource, config)]) report(message);
    },
  };
}

/** Converts a policy on a whole stack to Pulumi's form. */
export function onStack<Config extends object>(policy: StackPolicy<Config>): StackValidationPolicy {
  return {
    ...statedIn(policy),
    validateStack: (args, report) => {
      const config = args.getConfig<Config>();
      for (const message of unknownParameters(policy, config)) report(message);
      for (const { resource, message } of policy.judge(deploymentOf(args.resources), config)) {
        report(message, resource.urn);
      }
    },
  };
}

/** Returns every misspelled parameter. Pulumi checks the values of known ones, and ignores all others. */
function unknownParameters({ name, config = {} }: Stated, given: object): string[] {
  const known = Object.keys(config);
  const allowed = known.length === 0 ? "it has none" : `there are ${known.join(", ")}`;
  return Object.keys(given)
    .filter((parameter) => !known.includes(parameter))
    .map(
      (parameter) =>
        `The config of ${name} has the unknown parameter ${parameter}${suggestion(parameter, known)}; ${allowed}.`,
    );
}

function statedIn({ name, description, config }: Stated) {
  return { name, description, ...(config === undefined ? {} : { configSchema: { properties: config } }) };
}
