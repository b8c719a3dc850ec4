import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { untilAnswered } from "../../program/untilAnswered.ts";

class Book extends pulumi.CustomResource {
  constructor(name: string, opts: pulumi.CustomResourceOptions) {
    super("test:index:Book", name, {}, opts);
  }
}

/** A component with a resource in it. */
class Shelf extends pulumi.ComponentResource {
  constructor(name: string) {
    super("test:index:Shelf", name);
    new Book(`${name}-book`, { parent: this });
    this.registerOutputs();
  }
}

/** Runs a program as a host does, on an engine that answers for a resource when `answer` does. */
async function run(
  program: () => Promise<object>,
  answer: (name: string) => Promise<void> = () => Promise.resolve(),
): Promise<unknown> {
  await pulumi.runtime.setMocks(
    {
      async newResource({ name }) {
        await answer(name);
        return { id: name, state: {} };
      },
      call: () => ({}),
    },
    "project",
    "stack",
  );
  return pulumi.runtime.runInPulumiStack(() => untilAnswered(program));
}

describe("a program", () => {
  it("returns its outputs once the engine has answered for every component and resource", async () => {
    const answered: string[] = [];
    const outputs = await run(
      () => {
        new Shelf("first");
        return Promise.resolve({ done: true });
      },
      async (name) => {
        await new Promise((resolve) => setTimeout(resolve, name === "first-book" ? 50 : 0));
        answered.push(name);
      },
    );
    assert.deepEqual(outputs, { done: true });
    assert.deepEqual(answered.sort(), ["first", "first-book", "project-stack"]);
  });

  it("fails when it registers nothing", async () => {
    await assert.rejects(
      run(() => Promise.resolve({})),
      {
        message: "The program registered no resource. The run stops before it deletes anything.",
      },
    );
  });

  it("fails with its own error", async () => {
    await assert.rejects(
      run(() => {
        new Shelf("first");
        return Promise.reject(new Error("no such region"));
      }),
      { message: "no such region" },
    );
  });

  it("fails when a registration fails that nothing waits for", async () => {
    await assert.rejects(
      run(
        () => {
          new Shelf("first");
          return Promise.resolve({});
        },
        (name) => (name === "first-book" ? Promise.reject(new Error("the engine is gone")) : Promise.resolve()),
      ),
      /the engine is gone/,
    );
  });

  it("fails with an error that nothing handles, whatever it waits for itself", async () => {
    await assert.rejects(
      run(() => {
        new Shelf("first");
        void Promise.reject(new Error("the hook is not registered"));
        return new Promise(() => undefined);
      }),
      { message: "the hook is not registered" },
    );
  });

  it("does not fail with an error of an earlier run of its process", async () => {
    const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
    await run(() => {
      new Shelf("first");
      void later(20).then(() => Promise.reject(new Error("the engine of the first run is gone")));
      return Promise.resolve({});
    });
    const outputs = await run(async () => {
      new Shelf("second");
      await later(60);
      return { done: true };
    });
    assert.deepEqual(outputs, { done: true });
  });
});
