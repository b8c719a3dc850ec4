import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { inTurn } from "../../program/inTurn.ts";

/** An output that waits for the engine. */
function pending(): { output: pulumi.Output<string>; answer: () => void; fail: (reason: Error) => void } {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const answer = () => {
    resolve("id");
  };
  return { output: pulumi.output(promise), answer, fail: reject };
}

/** Makes 250 and tells how many there are, and what each of them waits for. */
function makeMany() {
  const made: ReturnType<typeof pending>[] = [];
  const done = inTurn(
    Array.from({ length: 250 }, (_, index) => index),
    (index) => {
      const one = pending();
      made.push(one);
      return { index, output: one.output };
    },
    ({ output }) => output,
  );
  return { made, done };
}

/** Lets every promise that can go on do so. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

describe("registering many of a kind", () => {
  it("waits once a hundred are without an answer, and goes on with each answer", async () => {
    const { made } = makeMany();
    await settle();
    assert.equal(made.length, 100);
    made[0]?.answer();
    await settle();
    assert.equal(made.length, 101);
    // The second one is still waited for.
    made[2]?.answer();
    await settle();
    assert.equal(made.length, 101);
    made[1]?.answer();
    await settle();
    assert.equal(made.length, 103);
  });

  it("gives back what was made in the order of the items", async () => {
    const { made, done } = makeMany();
    for (let answered = 0; answered < 250; answered += 1) {
      made[answered]?.answer();
      await settle();
    }
    assert.deepEqual(
      (await done).map(({ index }) => index),
      Array.from({ length: 250 }, (_, index) => index),
    );
  });

  it("makes no more once one has failed", async () => {
    const { made, done } = makeMany();
    made[0]?.fail(new Error("refused"));
    await assert.rejects(done, /refused/);
    assert.equal(made.length, 100);
  });

  it("makes nothing from nothing", async () => {
    assert.deepEqual(
      await inTurn(
        [],
        () => pulumi.output(1),
        (output) => output,
      ),
      [],
    );
  });
});
