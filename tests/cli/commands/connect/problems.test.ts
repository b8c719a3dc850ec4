import assert from "node:assert/strict";
import { hostProblem } from "../../../../cli/commands/connect/problems.ts";

describe("the Bastion host of connect", () => {
  it("is refused while it is being deleted", () => {
    const { message, nextStep } = hostProblem({ name: "bas-hub", state: "Deleting" }) ?? {};
    assert.deepEqual(
      [message, nextStep],
      [
        "The Bastion host bas-hub is being deleted.",
        "Pass another one as --bastion, or deploy it again when it is gone.",
      ],
    );
  });

  it("is used in every other state, as it may still work", () => {
    const states = ["Succeeded", "Updating", "Failed"];
    assert.deepEqual(
      states.map((state) => hostProblem({ name: "bas-hub", state })),
      [undefined, undefined, undefined],
    );
  });
});
