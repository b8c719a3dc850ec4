import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { ComponentResource } from "@pulumi/pulumi";
import * as components from "@bastion-trail/components";
import { schemaFile } from "../../tools/componentPlugin.ts";
import { recordProgram } from "./recordedProgram.ts";

interface Schema {
  readonly resources: Readonly<Record<string, { readonly requiredInputs: readonly string[] }>>;
}
const { resources } = JSON.parse(readFileSync(schemaFile, "utf8")) as Schema;

/** Arguments that depend on one another, and so are not required in the schema. */
const others: Readonly<Record<string, object>> = {
  BastionHost: {
    existingBastionHostId:
      "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g/providers/Microsoft.Network/bastionHosts/h",
  },
  BastionNetwork: { addressSpace: ["10.1.0.0/16"], vmSubnetPrefix: "10.1.0.0/24" },
  JitVirtualMachine: { login: "entraId" },
};

/** Constructs a component with arguments that the compiler would not let through. */
function create(component: string, args: object): Promise<unknown> {
  const constructors = components as unknown as Record<string, new (name: string, args: object) => ComponentResource>;
  return recordProgram(() => new constructors[component]!("trail", { ...others[component], ...args }).urn);
}

describe("a required argument that is missing", () => {
  for (const [token, { requiredInputs }] of Object.entries(resources)) {
    const component = token.split(":").at(-1)!;

    it(`is named by ${component}, together with all others`, async () => {
      const problems = requiredInputs.map((key) => ({ key, value: undefined, reason: "it is required" }));
      for (const nothing of [{}, Object.fromEntries(requiredInputs.map((key) => [key, null]))]) {
        await assert.rejects(create(component, nothing), (error: components.ValidationError) => {
          assert.deepEqual(
            error.problems.toSorted((one, other) => one.key.localeCompare(other.key)),
            problems,
          );
          assert.match(error.message, new RegExp(`^${component} "trail"`));
          return true;
        });
      }
    });
  }

  it("is one sentence", async () => {
    await assert.rejects(create("DefenderPlan", {}), {
      message: 'DefenderPlan "trail": subscriptionId is missing; it is required.',
    });
  });

  it("is reported together with what is wrong with the others", async () => {
    await assert.rejects(create("AuditWorkspace", { location: "westeurope", retentionDays: 7 }), {
      message:
        'AuditWorkspace "trail" has 2 problems:\n' +
        "  - resourceGroupName is missing; it is required.\n" +
        "  - retentionDays is 7; must be a whole number of days from 30 to 730.",
    });
  });

  it("is reported where others are not known yet", async () => {
    const pending = new Promise(() => undefined);
    await assert.rejects(create("AuditArchive", { resourceGroupName: "rg", replication: pending }), {
      message: 'AuditArchive "trail": bastionLocation is missing; it is required.',
    });
  });

  it("may be the host's SKU, which only a new one has", async () => {
    await assert.rejects(
      create("BastionHost", { existingBastionHostId: undefined, location: "westeurope", audited: true }),
      {
        message:
          'BastionHost "trail" has 2 problems:\n' +
          "  - resourceGroupName is missing; it is required.\n" +
          "  - sku is missing; required unless existingBastionHostId is set; one of Developer, Basic, Standard, Premium.",
      },
    );
  });
});
