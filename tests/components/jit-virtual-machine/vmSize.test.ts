import assert from "node:assert/strict";
import { describeProblem } from "../../../components/shared/problem.ts";
import { isArm64Size, sizeProblems } from "../../../components/jit-virtual-machine/vmSize.ts";

const problems = (size: string) => sizeProblems(size).map(describeProblem);
const form = "must be a size that supports generation 2 VMs, such as Standard_B2s_v2";

describe("sizes of virtual machines", () => {
  for (const size of [
    "Standard_B2s",
    "Standard_B2ats_v2",
    "Standard_B2ps_v2",
    "Standard_DS1_v2",
    "Standard_DS11-1_v2",
    "Standard_D2s_v3",
    "Standard_D2_v4",
    "Standard_D2ps_v6",
    "Standard_E8-4ds_v5",
    "Standard_E2ps_v6",
    "Standard_F2s_v2",
    "Standard_NC24ads_A100_v4",
    "Standard_NC6s_v3",
    "Standard_NV12s_v3",
    "Standard_DC2s_v2",
    "Standard_DC4ds_v3",
    "Standard_M8-2ms_v2",
  ]) {
    it(`may be ${size}`, () => {
      assert.deepEqual(problems(size), []);
    });
  }

  for (const size of ["", "B2", "Basic_A1", "Standard-B2s-v2.", "Standard_", "Standard_D2s_v5 (2 vCPUs)"]) {
    it(`may not be ${JSON.stringify(size)}`, () => {
      assert.deepEqual(problems(size), [`size is ${JSON.stringify(size)}; ${form}`]);
    });
  }

  for (const [size, meant] of [
    ["standard_b2s_v2", "Standard_B2s_v2"],
    ["STANDARD_D4DS_V5", "Standard_D4ds_v5"],
    ["B2s_v2", "Standard_B2s_v2"],
    ["Standard-E4s-v5", "Standard_E4s_v5"],
    ["Standard D2s v5", "Standard_D2s_v5"],
    ["D2sv5", "Standard_D2s_v5"],
  ] as const) {
    it(`may not be ${size}, which probably means ${meant}`, () => {
      assert.deepEqual(problems(size), [`size is "${size}"; ${form} (did you mean ${meant}?)`]);
    });
  }

  for (const size of [
    "Standard_A1",
    "Standard_A2_v2",
    "Standard_A8m_v2",
    "Standard_D3",
    "Standard_D2_v2",
    "Standard_D14_v2",
    "Standard_D2_v2_Promo",
    "Standard_D4_v3",
    "Standard_E64i_v3",
    "Standard_NC6",
    "Standard_NC24r",
    "Standard_NV12",
    "Standard_NV12_Promo",
    "Standard_NP10s",
  ]) {
    it(`may not be ${size}, which has no generation 2`, () => {
      assert.deepEqual(problems(size), [`size is "${size}"; supports only generation 1 VMs; ${form}`]);
    });
  }

  for (const size of [
    "Standard_D2ps_v5",
    "Standard_D4pds_v5",
    "Standard_D8pls_v5",
    "Standard_D16plds_v5",
    "Standard_DC2as_v5",
    "Standard_DC4ads_v6",
    "Standard_DC8as_cc_v5",
    "Standard_DC2es_v6",
    "Standard_EC16ads_v5",
    "Standard_EC4eds_v6",
  ]) {
    it(`may not be ${size}, which has no trusted launch`, () => {
      assert.deepEqual(problems(size), [
        `size is "${size}"; does not support trusted launch, which every VM here uses; choose another size, such as Standard_B2s_v2`,
      ]);
    });
  }

  it("are for Arm64 if a p is among their additive features", () => {
    const sizes = ["Standard_B2ps_v2", "Standard_B2pts_v2", "Standard_D2plds_v6", "Standard_E96pds_v6"];
    assert.deepEqual(sizes.filter(isArm64Size), sizes);
    const others = ["Standard_B2s_v2", "Standard_DC2as_v5", "Standard_NP10s", "Standard_PB6s", "Standard_D2_v2_Promo"];
    assert.deepEqual(others.filter(isArm64Size), []);
  });
});
