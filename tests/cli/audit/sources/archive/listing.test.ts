import assert from "node:assert/strict";
import { readListing } from "../../../../../cli/audit/sources/archive/listing.ts";

/** The form of a response to "List Blobs" in Azure's REST reference. */
const listing = (entries: string, marker = "<NextMarker />"): string =>
  `\uFEFF<?xml version="1.0" encoding="utf-8"?><EnumerationResults ServiceEndpoint="https://st.blob.core.windows.net/" ContainerName="logs"><Prefix>y=2026/</Prefix><MaxResults>200</MaxResults>${entries}${marker}</EnumerationResults>`;

const blob = (name: string, more = ""): string =>
  `<Blob>${name}<Properties><Creation-Time>Mon, 04 May 2026 10:00:01 GMT</Creation-Time><Last-Modified>Mon, 04 May 2026 10:59:58 GMT</Last-Modified><Etag>0x8DEA9</Etag><Content-Length>63769</Content-Length><Content-Type>application/octet-stream</Content-Type><Content-MD5 /><BlobType>AppendBlob</BlobType>${more}</Properties><OrMetadata /></Blob>`;

const described = {
  etag: '"0x8DEA9"',
  length: 63_769,
  isAppended: true,
  createdAt: Date.parse("2026-05-04T10:00:01Z"),
  changedAt: Date.parse("2026-05-04T10:59:58Z"),
};

describe("a page of a listing", () => {
  it("has the blobs with what is known of them, and where the next page begins", async () => {
    const names = ["<Name>a &amp; b/PT1H.json</Name>", "<Name>007</Name>"];
    assert.deepEqual(
      await readListing(
        listing(`<Blobs>${names.map((name) => blob(name)).join("")}</Blobs>`, "<NextMarker>2!92</NextMarker>"),
      ),
      {
        blobs: [
          { name: "a & b/PT1H.json", ...described },
          { name: "007", ...described },
        ],
        folders: [],
        marker: "2!92",
      },
    );
  });

  it("has one blob, or a name that XML cannot hold", async () => {
    const name = '<Name Encoded="true">a%EF%BF%BE%2Fb</Name>';
    const { blobs } = await readListing(listing(`<Blobs>${blob(name)}</Blobs>`));
    assert.deepEqual(blobs, [{ name: "a\uFFFE/b", ...described }]);
  });

  it("has folders beside blobs", async () => {
    const folders = "<BlobPrefix><Name>y=2025/</Name></BlobPrefix><BlobPrefix><Name>y=2026/</Name></BlobPrefix>";
    const found = await readListing(listing(`<Blobs>${blob("<Name>x</Name>")}${folders}</Blobs>`));
    assert.deepEqual([found.blobs.length, found.folders], [1, ["y=2025/", "y=2026/"]]);
  });

  it("tells block blobs, quoted ETags and blobs without a time of creation", async () => {
    const text = listing(`<Blobs>${blob("<Name>x</Name>")}</Blobs>`)
      .replace("AppendBlob", "BlockBlob")
      .replace("0x8DEA9", "&quot;0x8DEA9&quot;")
      .replace(/<Creation-Time>.*<\/Creation-Time>/, "");
    assert.deepEqual((await readListing(text)).blobs, [
      { name: "x", ...described, isAppended: false, createdAt: undefined },
    ]);
  });

  for (const empty of ["<Blobs />", "<Blobs></Blobs>"]) {
    it(`is empty with ${empty}`, async () => {
      assert.deepEqual(await readListing(listing(empty)), { blobs: [], folders: [], marker: "" });
    });
  }

  for (const [what, text] of [
    ["nothing", ""],
    ["a page of a proxy", "<html><body>Sign in</body></html>"],
    ["XML that is cut off", listing("<Blobs>").slice(0, 200)],
    ["a blob without a length", listing(`<Blobs>${blob("<Name>x</Name>")}</Blobs>`).replace("63769", "")],
    ["a time that is none", listing(`<Blobs>${blob("<Name>x</Name>")}</Blobs>`).replace("2026 10:59:58", "soon")],
  ] as const) {
    it(`is not ${what}`, async () => {
      await assert.rejects(readListing(text), {
        name: "ArchiveError",
        code: "InvalidResponse",
        message: "The response to a listing of the archive is not a list of blobs.",
        nextStep: "Check the archive's blob endpoint: `pulumi stack output archive`.",
      });
    });
  }
});
