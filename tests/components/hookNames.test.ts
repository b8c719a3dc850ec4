import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as trail from "@bastion-trail/components";
import { recordProgram } from "./recordedProgram.ts";

const common = { resourceGroupName: "rg", location: "westeurope" };

class Hub extends pulumi.ComponentResource {
  constructor(name: string) {
    super("test:index:Hub", name);
  }
}

class Spoke extends pulumi.ComponentResource {
  constructor(name: string) {
    super("test:index:Spoke", name);
  }
}

describe("the hooks of components", () => {
  it("have names of their own where components of other types have the same name", async () => {
    const { resources } = await recordProgram(() => {
      const group = new trail.EvidenceGroup("trail", { ...common, holdsEvidence: true });
      const archive = new trail.AuditArchive("trail", { ...common, bastionLocation: "westeurope" });
      const workspace = new trail.AuditWorkspace("trail", common);
      return pulumi.all([group.urn, archive.urn, workspace.urn]);
    });
    assert.deepEqual(resources.flatMap(({ beforeUpdate }) => beforeUpdate).sort(), [
      "AuditArchive trail account-update",
      "AuditArchive trail keeps-evidence",
      "AuditArchive trail keeps-retention",
      "AuditArchive trail leaves-policy",
      "AuditWorkspace trail keeps-evidence",
      "AuditWorkspace trail keeps-retention",
      "EvidenceGroup trail keeps-evidence",
      "EvidenceGroup trail leaves-evidence",
      "EvidenceGroup trail notes-move",
    ]);
  });

  it("have names of their own where components of one type have the same name below other parents, in every run", async () => {
    const program = () => {
      const workspaces = [new Hub("hub"), new Spoke("spoke")].map(
        (parent) => new trail.AuditWorkspace("logs", common, { parent }),
      );
      return pulumi.all(workspaces.map(({ urn }) => urn));
    };
    for (const run of ["first", "second"]) {
      const { ofType } = await recordProgram(program);
      assert.deepEqual(
        ofType("bastion-trail:index:AuditWorkspace").map(({ beforeUpdate }) => beforeUpdate),
        [["AuditWorkspace logs keeps-evidence"], ["AuditWorkspace logs keeps-evidence 2"]],
        run,
      );
    }
  });
});
