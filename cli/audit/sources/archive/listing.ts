import { parseXML } from "@azure/core-xml";
import * as v from "valibot";
import type { RemoteBlob } from "./blobStore.ts";
import { ArchiveError } from "./errors.ts";

/** A page of a listing ("List Blobs", Azure's REST reference). */
export interface ListedPage {
  readonly blobs: readonly RemoteBlob[];
  /** Full names, each with its closing slash. */
  readonly folders: readonly string[];
  /** Where the next page begins; empty for the last page. */
  readonly marker: string;
}

/** A name, which is encoded if it has characters that XML cannot hold. */
const name = v.union([
  v.string(),
  v.pipe(
    v.object({ _: v.string(), $: v.object({ Encoded: v.literal("true") }) }),
    v.transform(({ _: encoded }) => decodeURIComponent(encoded)),
  ),
]);

const time = v.pipe(v.string(), v.transform(Date.parse), v.number());

const blob = v.object({
  Name: name,
  Properties: v.object({
    Etag: v.string(),
    "Content-Length": v.pipe(v.string(), v.digits(), v.transform(Number)),
    "Last-Modified": time,
    "Creation-Time": v.optional(time),
    BlobType: v.string(),
  }),
});

/** An element that may be repeated. */
function listOf<Schema extends v.GenericSchema>(schema: Schema) {
  return v.pipe(
    v.unknown(),
    v.transform((value): unknown[] => (value === undefined ? [] : Array.isArray(value) ? value : [value])),
    v.array(schema),
  );
}

const page = v.object({
  // An element without content is an empty text.
  Blobs: v.union([v.literal(""), v.looseObject({})]),
  NextMarker: v.optional(v.string(), ""),
});

const entries = v.object({ Blob: listOf(blob), BlobPrefix: listOf(v.object({ Name: name })) });

/** Reads a response in XML. @throws ArchiveError if it is no listing. */
export async function readListing(xml: string): Promise<ListedPage> {
  try {
    const { Blobs, NextMarker } = v.parse(page, await parseXML(xml));
    const found = v.parse(entries, { Blob: undefined, BlobPrefix: undefined, ...(Blobs === "" ? {} : Blobs) });
    return {
      blobs: found.Blob.map(({ Name, Properties }) => ({
        name: Name,
        // Listings omit the quotes that headers have.
        etag: quoted(Properties.Etag),
        length: Properties["Content-Length"],
        isAppended: Properties.BlobType === "AppendBlob",
        createdAt: Properties["Creation-Time"],
        changedAt: Properties["Last-Modified"],
      })),
      folders: found.BlobPrefix.map(({ Name }) => Name),
      marker: NextMarker,
    };
  } catch (cause) {
    throw new ArchiveError("The response to a listing of the archive is not a list of blobs.", {
      code: "InvalidResponse",
      nextStep: "Check the archive's blob endpoint: `pulumi stack output archive`.",
      cause,
    });
  }
}

function quoted(etag: string): string {
  return etag.startsWith('"') || etag.startsWith("W/") ? etag : `"${etag}"`;
}
