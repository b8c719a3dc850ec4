import assert from "node:assert/strict";
import { describeProblem } from "../../../components/shared/problem.ts";
import { replicationChangeProblems, StorageReplication } from "../../../components/shared/storageRules.ts";

describe("an update of a storage account", () => {
  it("adds and removes copies in another region, never zone redundancy", () => {
    const all = Object.values(StorageReplication);
    for (const was of all) {
      for (const is of all) {
        const [from, to] = [was, is].map((name) => /G?ZRS$/.test(name));
        const verb = to === true ? "add" : "remove";
        assert.deepEqual(
          replicationChangeProblems(was, is).map(describeProblem),
          from === to
            ? []
            : [
                `replication is "${is}"; it was ${was}, and an update cannot ${verb} zone redundancy; set it back, ` +
                  "or convert the account in the Azure portal (Redundancy) and run pulumi refresh",
              ],
        );
      }
    }
  });

  it("is not judged by what is not known yet", () => {
    assert.deepEqual(replicationChangeProblems("Standard_LRS", undefined), []);
    assert.deepEqual(replicationChangeProblems({}, "Standard_ZRS"), []);
  });
});
