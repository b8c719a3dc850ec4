import assert from "node:assert/strict";
import { blobHour, mayGrow } from "../../../../cli/audit/records/blobHour.ts";

describe("the hour in the path of a blob", () => {
  const ten = Date.parse("2026-05-04T10:00Z");

  for (const path of [
    "resourceId=/SUBSCRIPTIONS/X/y=2026/m=05/d=04/h=10/m=00/PT1H.json",
    "RESOURCEID=/X/Y=2026/M=05/D=04/H=10/M=00/PT1H.JSON",
    "C:\\blobs\\y=2026\\m=05\\d=04\\h=10\\m=00\\PT1H.json",
    "blobs/resourceId%3D/SUBSCRIPTIONS/X/y%3D2026/m%3D05/d%3D04/h%3D10/m%3D00/PT1H.json",
    "blobs/resourceId%3D%2FSUBSCRIPTIONS%2FX%2Fy%3d2026%2fm%3d05%2fd%3d04%2fh%3d10%2fm%3d00%2fPT1H.json",
    "am-microsoftazurebastionauditlogs/WorkspaceResourceId=/subscriptions/x/y=2026/m=05/d=04/h=10/m=05/PT05M.json",
    "cache/archive/HOST-1a2b3c4d/y=2026/m=05/d=04/h=10.json",
    "cache/archive/HOST-1a2b3c4d/y=2026/m=05/d=04/h=10-5e6f7081.json",
  ]) {
    it(`is found in ${path}`, () => {
      assert.equal(blobHour(path), ten);
    });
  }

  for (const path of ["", "PT1H.json", "y=2026/m=05/d=04/PT1H.json", "y=2026/m=05/d=04/h=100.json"]) {
    it(`is not in ${path === "" ? "an empty path" : path}`, () => {
      assert.equal(blobHour(path), undefined);
    });
  }

  it("tells that the blob may grow until an hour after its hour", () => {
    const path = "y=2026/m=05/d=04/h=10.json";
    assert.equal(mayGrow(path, new Date(ten + 2 * 3_600_000 - 1)), true);
    assert.equal(mayGrow(path, new Date(ten + 2 * 3_600_000)), false);
  });
});
