import assert from "node:assert/strict";
import { BlobServiceClient } from "@azure/storage-blob";
import { textAt, type JsonObject } from "../../../../../sandbox/arm/json.ts";
import { refusalOf } from "../../plane.ts";
import { trusting } from "../../../auditFixture.ts";
import { version, standard, storageForSuite } from "./storageFixture.ts";

describe("containers of a storage account", () => {
  const { plane, accountOf, put, get } = storageForSuite();
  const container = (name: string): string => `${accountOf("stcontain")}/blobServices/default/containers/${name}`;
  before(async () => {
    await put(accountOf("stcontain"), standard);
  });

  it("are not found if they do not exist", async () => {
    assert.equal(
      refusalOf(await get(container("none"))),
      "404 ContainerNotFound: The specified container does not exist.",
    );
  });

  it("exist at the blob server as soon as ARM has them, and no longer than that", async () => {
    assert.equal((await put(container("data"), {})).status, 201);
    const keys = (await plane.send("POST", `${accountOf("stcontain")}/listKeys`, version)).body.keys as JsonObject[];
    const connection = plane.blobs.connectionString("stcontain", textAt(keys[0], "value") ?? "");
    const client = BlobServiceClient.fromConnectionString(connection, trusting(plane.tls)).getContainerClient("data");
    assert.equal(await client.exists(), true);
    assert.equal((await plane.send("DELETE", container("data"), version)).status, 200);
    assert.equal(await client.exists(), false);
  });

  it("are listed by the start of their names", async () => {
    for (const name of ["logs", "log-old", "other"]) await put(container(name), {});
    const { body } = await get(`${container("").slice(0, -1)}?$filter=log`);
    assert.deepEqual(
      (body.value as JsonObject[]).map(({ name }) => name),
      ["log-old", "logs"],
    );
  });

  it("refuse a bad name and public access", async () => {
    assert.equal(
      refusalOf(await put(container("Data"), {})),
      "400 InvalidResourceName: The specifed resource name contains invalid characters.",
    );
    assert.equal(
      refusalOf(await put(container("open"), { properties: { publicAccess: "Blob" } })),
      "409 PublicAccessNotPermitted: Public access is not permitted on this storage account.",
    );
  });
});
