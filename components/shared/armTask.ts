import * as pulumi from "@pulumi/pulumi";
import { type ArmClient, armClient } from "./armClient.ts";
import { hook } from "./hook.ts";

/** What is to be done in Azure, and by which of its inputs Pulumi knows it. */
export interface ArmTaskKind<Inputs extends object> {
  /** The input that is the resource's id: another one makes another resource. */
  readonly id: keyof Inputs & string;
  /** Brings Azure to what the inputs say. It is called again after an interruption, so it must be repeatable. */
  readonly work: (inputs: Inputs, arm: ArmClient) => Promise<void>;
}

/**
 * A resource for what azure-native has none for. Its inputs are kept in the stack's state; the work is done by hooks before it
 * is created or updated. The hooks run in the program's own process, with a token that they ask azure-native for, so the
 * state never holds one. Deleting the resource only forgets it.
 */
export class ArmTask<Inputs extends object> extends pulumi.dynamic.Resource {
  constructor(
    { id, work }: ArmTaskKind<Inputs>,
    name: string,
    inputs: pulumi.Inputs & { readonly [K in keyof Inputs]: pulumi.Input<Inputs[K]> },
    opts: pulumi.CustomResourceOptions,
  ) {
    const works = hook(`${name}-work`, async ({ newInputs = {} }) => {
      await work(newInputs as Inputs, await armClient(opts.parent === undefined ? {} : { parent: opts.parent }));
    });
    const hooks = { beforeCreate: [works], beforeUpdate: [works] };
    super(recordOf(id), name, inputs, pulumi.mergeOptions(opts, { hooks }));
  }
}

type Recorded = Readonly<Record<string, unknown>>;

/**
 * The provider that only records the inputs. Pulumi runs it in a process of its own, from the function's source text, so it
 * uses nothing but the language itself.
 */
export function recordOf(id: string): pulumi.dynamic.ResourceProvider<Recorded, Recorded> {
  return {
    create: (inputs) => Promise.resolve({ id: String(inputs[id]), outs: inputs }),
    // An input that older versions recorded as well, such as a token, is no reason for an update.
    diff(_id, olds, news) {
      const changed = Object.keys(news).filter((key) => key !== "__provider" && olds[key] !== news[key]);
      return Promise.resolve({ changes: changed.length > 0, replaces: changed.filter((key) => key === id) });
    },
    update: (_id, _olds, news) => Promise.resolve({ outs: news }),
  };
}
