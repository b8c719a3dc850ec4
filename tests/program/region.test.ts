import assert from "node:assert/strict";
import { describeProblem } from "../../components/shared/problem.ts";
import { regionProblems } from "../../program/region.ts";
import { configOf } from "../stackConfig.ts";

const subscriptionId = "11111111-2222-3333-4444-555555555555";
const regions = [
  { name: "westeurope", metadata: { regionType: "Physical" }, availabilityZoneMappings: [{ logicalZone: "1" }] },
  { name: "ukwest", metadata: { regionType: "Physical" } },
  { name: "europe", metadata: { regionType: "Logical" } },
];

/** What is wrong with the region of a config, where Azure lists these regions. */
async function problemsOf(config: Record<string, unknown>, value: readonly object[] = regions) {
  const asked: string[] = [];
  const problems = await regionProblems(configOf(config), subscriptionId, {
    send(method, path) {
      asked.push(`${method} ${path}`);
      return Promise.resolve({ value });
    },
  });
  assert.deepEqual(asked, [`GET /subscriptions/${subscriptionId}/locations?api-version=2022-12-01`]);
  return problems.map(describeProblem);
}

describe("the region of a first deployment", () => {
  const zoned = {
    bastionZones: ["1", "2"],
    archiveReplication: "Standard_GZRS",
    vms: [
      { name: "web", login: "entraId" },
      { name: "db", login: "entraId", zone: "1" },
    ],
  };

  it("must be one of the subscription", async () => {
    assert.deepEqual(await problemsOf({ ...zoned, location: "westeurop" }), [
      'location is "westeurop"; the subscription has no such region (did you mean westeurope?)',
    ]);
    assert.deepEqual(await problemsOf({ location: "europe" }), [
      'location is "europe"; the subscription has no such region (did you mean westeurope?)',
    ]);
    assert.deepEqual(await problemsOf({ location: "marscentral" }), [
      'location is "marscentral"; the subscription has no such region',
    ]);
  });

  it("must have availability zones if the config uses any", async () => {
    const reason = "ukwest has no availability zones; remove it, or choose another region";
    assert.deepEqual(await problemsOf({ ...zoned, location: "ukwest" }), [
      `bastionZones is ["1","2"]; ${reason}`,
      `archiveReplication is "Standard_GZRS"; ${reason}`,
      `vms[1].zone is "1"; ${reason}`,
    ]);
    assert.deepEqual(await problemsOf({ ...zoned, location: "westeurope" }), []);
    assert.deepEqual(await problemsOf({ location: "ukwest", vms: [{ name: "web", login: "entraId" }] }), []);
  });

  it("is left to Azure where regions cannot be listed", async () => {
    assert.deepEqual(await problemsOf({ ...zoned, location: "westeurop" }, []), []);
    const denied = await regionProblems(configOf({ location: "westeurop" }), subscriptionId, {
      send: () => Promise.reject(new Error("answered 403")),
    });
    assert.deepEqual(denied, []);
  });
});
