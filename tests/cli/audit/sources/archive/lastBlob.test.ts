import assert from "node:assert/strict";
import { findLastBlob } from "../../../../../cli/audit/sources/archive/lastBlob.ts";
import { blobPrefix } from "../../../../../core/links/archivePath.ts";
import { container, hostId, startArchive } from "./archiveFixture.ts";
import { forSuite } from "../../../../held.ts";

describe("the last blob of an archive", () => {
  const archive = forSuite(startArchive);

  const newest = `${blobPrefix(hostId)}y=2026/m=05/d=04/h=10/m=00/PT1H.json`;

  const find = (prefix = blobPrefix(hostId)) =>
    findLastBlob({
      blobEndpoint: archive.signedEndpoint,
      container,
      blobPrefix: prefix,
      ca: archive.tls.ca,
    });

  it("is none without a container, or in an empty one", async () => {
    assert.equal((await find()).last, undefined);
  });

  it("is the newest hour's, found in a few listings", async () => {
    for (const hour of ["2025-12-31T23", "2026-04-30T01", "2026-05-04T02", "2026-05-04T10", "2026-05-03T22"]) {
      await archive.append(hour, "{}\n");
    }
    archive.listings();
    const { last, serviceTime } = await find();
    assert.equal(last!.name, newest);
    assert.ok(last!.changedAt.getTime() <= serviceTime!.getTime());
    assert.deepEqual(
      archive.listings().filter((prefix) => prefix.startsWith("y=")),
      ["y=2026/", "y=2026/m=05/", "y=2026/m=05/d=04/", "y=2026/m=05/d=04/h=10/"],
    );
  });

  it("is found by a prefix in any case", async () => {
    assert.equal((await find(blobPrefix(hostId).toLowerCase())).last!.name, newest);
  });

  it("is that of any resource without a prefix, and none of another resource", async () => {
    assert.equal((await find("")).last!.name, newest);
    assert.equal((await find(blobPrefix(`${hostId}2`))).last, undefined);
  });
});
