import assert from "node:assert/strict";
import { flowLogMoveProblems } from "../../../components/flow-logs/flowLogRules.ts";

const deployed = { location: "westeurope", resourceGroupName: "rg", accountNamePrefix: "flows" };

describe("a change of deployed flow logs", () => {
  it("is impossible when it moves the storage account", () => {
    assert.deepEqual(
      flowLogMoveProblems(deployed, {
        location: "northeurope",
        resourceGroupName: "rg2",
        accountNamePrefix: "logs",
      }).map(({ key }) => key),
      ["location", "resourceGroupName", "accountNamePrefix"],
    );
  });

  it("is none when a place is written in another way, or not known yet", () => {
    assert.deepEqual(flowLogMoveProblems(deployed, { ...deployed, location: "West Europe" }), []);
    assert.deepEqual(flowLogMoveProblems(deployed, { ...deployed, resourceGroupName: undefined }), []);
  });
});
