import * as pulumi from "@pulumi/pulumi";
import { AsyncLocalStorage } from "node:async_hooks";

/** The run that code belongs to: a process may have several, one after the other. */
const currentRun = new AsyncLocalStorage<object>();

/**
 * Runs a program and waits until the engine has answered for every resource that it registered: the engine deletes
 * resources that it does not know of when a program ends.
 *
 * @param program - the program of a stack, as run by the engine.
 * @returns the program's outputs.
 * @throws the program's error, the error of a registration, or an error if nothing was registered.
 */
export async function untilAnswered<Outputs>(program: () => Promise<Outputs>): Promise<Outputs> {
  // Pulumi's SDK keeps an unhandled error until the end of the run, which may never come: for example, a resource whose
  // hook could not be registered stays pending.
  const unhandled = Promise.withResolvers<never>();
  const run = {};
  // Node calls this in the context of what was rejected. Calls of an earlier run may be rejected after its end.
  const onRejection = (error: unknown): void => {
    if ((currentRun.getStore() ?? run) === run) unhandled.reject(error);
  };
  process.on("unhandledRejection", onRejection);
  try {
    return await currentRun.run(run, () => Promise.race([answered(program), unhandled.promise]));
  } finally {
    process.off("unhandledRejection", onRejection);
  }
}

async function answered<Outputs>(program: () => Promise<Outputs>): Promise<Outputs> {
  const registered: pulumi.Resource[] = [];
  pulumi.runtime.registerStackTransformation(({ resource }) => {
    registered.push(resource);
    return undefined;
  });
  const outputs = await program();
  if (registered.length === 0) {
    throw new Error("The program registered no resource. The run stops before it deletes anything.");
  }
  const { promise: answers, resolve, reject } = Promise.withResolvers<undefined>();
  const urns = pulumi.all(registered.map(({ urn }) => urn));
  pulumi.recover(
    urns.apply(() => {
      resolve(undefined);
      return undefined;
    }),
    reject,
  );
  await answers;
  return outputs;
}
