import * as pulumi from "@pulumi/pulumi";
import { type ArmClient, armClient } from "./armClient.ts";
import { hook } from "./hook.ts";

/** A task in Azure, and the input that identifies it in Pulumi. */
export interface ArmTaskKind<Inputs extends object> {
  /** The input that is the resource's id. Changing it replaces the resource. */
  readonly id: keyof Inputs & string;
  /** Makes Azure match the inputs. Called again after an interruption, so it must be repeatable. */
  readonly work: (inputs: Inputs, arm: ArmClient) => Promise<void>;
}

/**
 * A resource for something that azure-native has no resource for. Its inputs are kept in the stack's state; hooks do
 * the work before it is created or updated. The hooks run in the program's process, with a token from azure-native, so
 * the state never contains one. Deleting the resource only removes it from the state.
 */
export class ArmTask<Inputs extends object> extends pulumi.dynamic.Resource {
  constructor(
    { id, work }: ArmTaskKind<Inputs>,
    name: string,
    inputs: pulumi.Inputs & { readonly [K in keyof Inputs]: pulumi.Input<Inputs[K]> },
    opts: pulumi.CustomResourceOptions,
  ) {
    const works = hook(`ArmTask "${name}"`, "work", async ({ newInputs = {} }) => {
      await work(newInputs as Inputs, await armClient({ parent: opts.parent }));
    });
    const hooks = { beforeCreate: [works], beforeUpdate: [works] };
    super(recordOf(id), name, inputs, pulumi.mergeOptions(opts, { hooks }));
  }
}

type Recorded = Readonly<Record<string, unknown>>;

/**
 * Returns the provider, which only records the inputs. Pulumi runs it in a separate process, from the function's source
 * text, so it can use nothing but the language itself.
 */
export function recordOf(id: string): pulumi.dynamic.ResourceProvider<Recorded, Recorded> {
  return {
    create: (inputs) => Promise.resolve({ id: String(inputs[id]), outs: inputs }),
    // An input that only older versions recorded, such as a token, is not a reason for an update.
    diff(_id, olds, news) {
      const changed = Object.keys(news).filter((key) => key !== "__provider" && olds[key] !== news[key]);
      return Promise.resolve({ changes: changed.length > 0, replaces: changed.filter((key) => key === id) });
    },
    update: (_id, _olds, news) => Promise.resolve({ outs: news }),
  };
}
