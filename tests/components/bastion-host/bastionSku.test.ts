import assert from "node:assert/strict";
import {
  type BastionFeatures,
  bastionFlagsOf,
  BastionSku,
  bastionSkuProblems,
} from "../../../components/bastion-host/bastionSku.ts";
import { describeProblem } from "../../../components/shared/problem.ts";

const problemsOf = (features: Partial<BastionFeatures>): string[] =>
  bastionSkuProblems({ sku: BastionSku.Standard, ...features }).map(describeProblem);

describe("SKUs of Azure Bastion", () => {
  it("names the SKUs that exist when there is no such SKU", () => {
    assert.deepEqual(problemsOf({ sku: "Free" as BastionSku }), [
      'sku is "Free"; must be one of Developer, Basic, Standard, Premium',
    ]);
  });

  /** Feature, smallest SKU, what the message calls them. */
  const features = [
    ["kerberos", 1, "Kerberos", "Basic, Standard or Premium"],
    ["nativeClient", 2, "the native client (tunneling)", "Standard or Premium"],
    ["ipConnect", 2, "IP connect", "Standard or Premium"],
    ["shareableLink", 2, "the shareable link", "Standard or Premium"],
    ["fileCopy", 2, "file copy", "Standard or Premium"],
    ["disableCopyPaste", 2, "switching copy and paste off", "Standard or Premium"],
    ["privateOnly", 3, "private-only", "Premium"],
    ["sessionRecording", 3, "session recording", "Premium"],
  ] as const;
  const skus = Object.values(BastionSku);

  for (const [key, smallest, feature, needed] of features) {
    it(`has ${key} from ${skus[smallest]!} on`, () => {
      for (const [rank, sku] of skus.entries()) {
        const refused = [`${key} is true; ${feature} requires SKU ${needed}, not ${sku}`];
        assert.deepEqual(problemsOf({ sku, [key]: true }), rank < smallest ? refused : [], sku);
        assert.deepEqual(problemsOf({ sku, [key]: false }), [], `${sku}, switched off`);
        assert.equal(
          bastionFlagsOf(sku).some(({ argument }) => argument === key),
          rank >= smallest,
          sku,
        );
      }
    });
  }

  it("has two fixed scale units in Basic, 2 to 50 in Standard and Premium, none in Developer", () => {
    assert.deepEqual(problemsOf({ sku: BastionSku.Developer, scaleUnits: 2 }), [
      "scaleUnits is 2; the Developer SKU has no scale units; remove it",
    ]);
    assert.deepEqual(problemsOf({ sku: BastionSku.Basic, scaleUnits: 2 }), []);
    assert.deepEqual(problemsOf({ sku: BastionSku.Basic, scaleUnits: 3 }), [
      "scaleUnits is 3; the Basic SKU has exactly 2; more require SKU Standard or Premium",
    ]);
    for (const sku of [BastionSku.Standard, BastionSku.Premium]) {
      for (const scaleUnits of [2, 50]) assert.deepEqual(problemsOf({ sku, scaleUnits }), []);
      for (const scaleUnits of [-2, 0, 1, 2.5, 51]) {
        assert.deepEqual(problemsOf({ sku, scaleUnits }), [
          `scaleUnits is ${scaleUnits}; must be a whole number from 2 to 50 with the ${sku} SKU`,
        ]);
      }
    }
  });

  it("has availability zones 1, 2 and 3 from Basic on, each once", () => {
    assert.deepEqual(problemsOf({ sku: BastionSku.Basic, zones: ["1", "2", "3"] }), []);
    assert.deepEqual(problemsOf({ sku: BastionSku.Developer, zones: [] }), []);
    assert.deepEqual(problemsOf({ sku: BastionSku.Developer, zones: ["1"] }), [
      'zones is ["1"]; availability zones require SKU Basic, Standard or Premium, not Developer',
    ]);
    assert.deepEqual(problemsOf({ zones: ["4", "4"] }), [
      'zones is ["4","4"]; must be any of "1", "2", "3"',
      'zones is ["4","4"]; each zone can appear only once',
    ]);
  });

  it("does not record what goes through the native client", () => {
    assert.deepEqual(problemsOf({ sku: BastionSku.Premium, sessionRecording: true, nativeClient: true }), [
      "nativeClient is true; not allowed with sessionRecording: native client sessions cannot be recorded",
    ]);
  });

  it("emits no audit logs in Developer", () => {
    assert.deepEqual(problemsOf({ sku: BastionSku.Developer, audited: true }), [
      'sku is "Developer"; the Developer SKU emits no audit logs; auditing requires SKU Basic, Standard or Premium',
    ]);
    assert.deepEqual(problemsOf({ sku: BastionSku.Developer, audited: false }), []);
    assert.deepEqual(problemsOf({ sku: BastionSku.Basic, audited: true }), []);
  });

  it("reports all problems together", () => {
    assert.equal(
      problemsOf({
        sku: BastionSku.Developer,
        audited: true,
        scaleUnits: 4,
        zones: ["9"],
        kerberos: true,
        nativeClient: true,
        sessionRecording: true,
      }).length,
      8,
    );
  });
});
