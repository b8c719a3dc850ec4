import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { get } from "node:https";
import { BlobServiceClient, RestError, type StoragePipelineOptions } from "@azure/storage-blob";
import { ArmError } from "../../../sandbox/arm/armError.ts";
import { openStore, type SandboxStore } from "../../../sandbox/arm/store.ts";
import type { BlobServer } from "../../../sandbox/blobs/blobService.ts";
import { containerId, findAccount } from "../../../sandbox/blobs/accounts.ts";
import { startBlobServer } from "../../../sandbox/blobs/blobServer.ts";
import { SandboxClock } from "../../../sandbox/clock.ts";
import { ensureTls, type Tls } from "../../../sandbox/tls.ts";
import { accountId, accountKey, putAccount, putResource } from "../auditFixture.ts";
import { forSuite, temporaryFolder } from "../../held.ts";

describe("the blob server", () => {
  const folder = forSuite(temporaryFolder);
  let tls: Tls;
  let clock: SandboxClock;
  let store: SandboxStore;
  let blobs: BlobServer;
  /** What tokens' senders were asked for. */
  let asked: object[];
  /** Why the sender of the next token is not known. */
  let unknown: ArmError | undefined;

  const connect = (connectionString: string): BlobServiceClient => {
    const options: StoragePipelineOptions & { tlsOptions: { ca: string } } = {
      retryOptions: { maxTries: 1 },
      tlsOptions: { ca: tls.ca },
    };
    return BlobServiceClient.fromConnectionString(connectionString, options);
  };
  const start = (remembered?: number): Promise<BlobServer> =>
    startBlobServer({
      directory: `${folder.path}/blobs`,
      tls,
      store,
      clock,
      may: (authorization, need) => {
        if (unknown !== undefined) return Promise.reject(unknown);
        asked.push({ authorization, ...need });
        return Promise.resolve(need.action.endsWith("/read"));
      },
      onError: assert.ifError,
      port: { remembered },
    });

  /** Sends a GET without an SDK. @returns its status, its error code and what it asks for. */
  const bare = async (path: string, authorization?: string): Promise<unknown[]> => {
    const headers = authorization === undefined ? {} : { authorization };
    const [response] = (await once(get(`${blobs.endpoint}/${path}`, { ca: tls.ca, headers }), "response")) as [
      IncomingMessage,
    ];
    response.resume();
    return [response.statusCode, response.headers["x-ms-error-code"], response.headers["www-authenticate"]];
  };

  before(async () => {
    tls = await ensureTls(folder.path);
  });
  beforeEach(async () => {
    clock = new SandboxClock();
    store = openStore(mkdtempSync(`${folder.path}/store-`), clock);
    asked = [];
    unknown = undefined;
    blobs = await start();
  });
  afterEach(async () => {
    await blobs.close();
    await clock.close();
    store.close();
  });

  it("serves an account as soon as its resource exists, with that account's key", async () => {
    putAccount(store, "stfirst");
    const client = connect(blobs.connectionString("stfirst", accountKey));
    await client.getContainerClient("data").create();
    await client.getContainerClient("data").getBlockBlobClient("a.txt").upload("hello", 5);
    const blob = await client.getContainerClient("data").getBlobClient("a.txt").downloadToBuffer();
    assert.equal(blob.toString(), "hello");
  });

  it("knows no account without a resource", async () => {
    const client = connect(blobs.connectionString("stnowhere", accountKey));
    await refused(client.getContainerClient("data").create(), 404, "ResourceNotFound");
  });

  it("refuses another key", async () => {
    putAccount(store, "stkeys");
    const client = connect(blobs.connectionString("stkeys", Buffer.alloc(64, 1).toString("base64")));
    await refused(client.getContainerClient("data").create(), 403, "AuthorizationFailure");
  });

  it("asks for the right that each operation of a token's sender needs", async () => {
    putAccount(store, "strights");
    const token = { token: "h.p.s", expiresOnTimestamp: Date.now() + 3_600_000 };
    const credential = { getToken: () => Promise.resolve(token) };
    const options = { retryOptions: { maxTries: 1 }, tlsOptions: { ca: tls.ca } };
    const client = new BlobServiceClient(`${blobs.endpoint}/strights`, credential, options);
    const container = client.getContainerClient("state");
    const blob = container.getBlockBlobClient("stack.json");
    const writes = [
      () => container.create(),
      () => container.delete(),
      () => blob.upload("{}", 2),
      () => blob.delete(),
    ];
    for (const write of writes) await refused(write(), 403, "AuthorizationPermissionMismatch");
    await blob.getProperties().catch(() => undefined);
    await container.getProperties().catch(() => undefined);
    const containers = "Microsoft.Storage/storageAccounts/blobServices/containers";
    const scope = containerId(findAccount(store, "strights")!.id, "state");
    const resource = { [`${containers}:name`]: "state" };
    assert.deepEqual(
      asked,
      [
        { action: `${containers}/write`, data: false },
        { action: `${containers}/delete`, data: false },
        { action: `${containers}/blobs/write`, data: true },
        { action: `${containers}/blobs/delete`, data: true },
        { action: `${containers}/blobs/read`, data: true },
        { action: `${containers}/read`, data: false },
      ].map((need) => ({ authorization: "Bearer h.p.s", scope, resource, ...need })),
    );
  });

  it("asks a sender that it does not know to sign in", async () => {
    putAccount(store, "stunknown");
    unknown = new ArmError(401, "InvalidAuthenticationToken", "The access token is invalid.", {
      headers: { "WWW-Authenticate": 'Bearer authorization_uri="https://127.0.0.1:1/tenant", error="invalid_token"' },
    });
    const challenge =
      "Bearer authorization_uri=https://127.0.0.1:1/tenant/oauth2/authorize resource_id=https://storage.azure.com";
    const list = "?comp=list&restype=container";
    assert.deepEqual(await bare("stunknown/data" + list, "Bearer h.p.s"), [
      401,
      "InvalidAuthenticationInfo",
      challenge,
    ]);
    unknown = new ArmError(401, "AuthenticationFailed", "Authentication failed.", unknown);
    assert.deepEqual(await bare("stunknown/?comp=list"), [401, "NoAuthenticationInformation", challenge]);
  });

  it("lets nobody read without credentials where the account does not allow it", async () => {
    putAccount(store, "stprivate");
    assert.deepEqual(await bare("stprivate/data?comp=list&restype=container"), [
      409,
      "PublicAccessNotPermitted",
      undefined,
    ]);
  });

  it("refuses the account's own key where shared keys are not allowed", async () => {
    putAccount(store, "stnokeys", { allowSharedKeyAccess: false });
    const client = connect(blobs.connectionString("stnokeys", accountKey));
    await refused(client.getContainerClient("data").create(), 403, "KeyBasedAuthenticationNotPermitted");
  });

  it("keeps a public client out of an account whose firewall denies it, and lets Azure's own services in", async () => {
    putAccount(store, "stclosed", { networkAcls: { defaultAction: "Deny", bypass: "AzureServices" } });
    await blobs.createContainer("stclosed", "logs");
    await blobs.append("stclosed", "logs", "PT1H.json", "{}\n");
    const client = connect(blobs.connectionString("stclosed", accountKey));
    await refused(client.getContainerClient("logs").getProperties(), 403, undefined);
    assert.equal(await blobs.hasBlobs("stclosed", "logs"), true);
  });

  it("appends line by line to one append blob", async () => {
    putAccount(store, "stappend");
    await blobs.createContainer("stappend", "logs");
    await Promise.all(["1", "2"].map((n) => blobs.append("stappend", "logs", `y=2026/${n}.json`, `{"n":${n}}\n`)));
    await blobs.append("stappend", "logs", "y=2026/1.json", '{"n":3}\n');
    const blob = connect(blobs.connectionString("stappend", accountKey))
      .getContainerClient("logs")
      .getBlobClient("y=2026/1.json");
    assert.equal((await blob.downloadToBuffer()).toString(), '{"n":1}\n{"n":3}\n');
    assert.equal((await blob.getProperties()).blobType, "AppendBlob");
  });

  it("shows the newest account's blobs to the observer, for reading only", async () => {
    putAccount(store, "stold");
    await blobs.createContainer("stold", "logs");
    await blobs.append("stold", "logs", "a.json", "old");
    await clock.advance(1000);
    putAccount(store, "stnew");
    await blobs.createContainer("stnew", "logs");
    await blobs.append("stnew", "logs", "b.json", "new");

    const container = connect(blobs.observerConnectionString).getContainerClient("logs");
    const names: string[] = [];
    for await (const { name } of container.listBlobsFlat()) names.push(name);
    assert.deepEqual(names, ["b.json"]);
    assert.equal((await container.getBlobClient("b.json").downloadToBuffer()).toString(), "new");
    await refused(container.getBlobClient("b.json").delete(), 403, "AuthorizationPermissionMismatch");
    await refused(container.getBlockBlobClient("c").upload("c", 1), 403, "AuthorizationPermissionMismatch");
  });

  it("reports containers that clients create and delete to ARM", async () => {
    putAccount(store, "starm");
    const container = connect(blobs.connectionString("starm", accountKey)).getContainerClient("data");
    const id = `${accountId("starm")}/blobServices/default/containers/data`;
    await container.create();
    assert.equal(store.get(id)?.type, "Microsoft.Storage/storageAccounts/blobServices/containers");
    await container.delete();
    assert.equal(store.get(id), undefined);
  });

  it("protects the blobs of a container with an immutability policy until their period is over", async () => {
    putAccount(store, "stworm");
    await blobs.createContainer("stworm", "logs");
    await blobs.append("stworm", "logs", "a.json", "1\n");
    const containerId = `${accountId("stworm")}/blobServices/default/containers/logs`;
    putResource(store, `${containerId}/immutabilityPolicies/default`, {
      properties: { immutabilityPeriodSinceCreationInDays: 7, state: "Unlocked", allowProtectedAppendWrites: true },
    });
    const container = connect(blobs.connectionString("stworm", accountKey)).getContainerClient("logs");
    const blob = container.getAppendBlobClient("a.json");
    await blob.appendBlock("2\n", 2);
    await refused(blob.delete(), 409, "BlobImmutableDueToPolicy");
    await refused(blob.create(), 409, "BlobImmutableDueToPolicy");
    await refused(container.delete(), 409, "ContainerImmutabilityPolicyLocked");
    assert.equal((await blob.downloadToBuffer()).toString(), "1\n2\n");

    await clock.advance(7 * 24 * 60 * 60 * 1000 + 1000);
    await refused(blob.create(), 409, "BlobImmutableDueToPolicy");
    await blob.delete();
  });

  it("dates its answers and refusals by the sandbox clock", async () => {
    putAccount(store, "stclock");
    await blobs.createContainer("stclock", "logs");
    await clock.advance(24 * 60 * 60 * 1000);
    const container = connect(blobs.connectionString("stclock", accountKey)).getContainerClient("logs");
    const page = await container.listBlobsFlat().byPage().next();
    const refusal = await fetchDate(`${blobs.endpoint}/stnowhere/logs`, tls);
    for (const date of [(page.value as { date: Date }).date, refusal]) {
      assert.ok(Math.abs(date.getTime() - clock.now().getTime()) < 5000, date.toISOString());
    }
  });

  it("forgets what a deleted account held", async () => {
    putAccount(store, "stgone");
    await blobs.createContainer("stgone", "logs");
    await blobs.append("stgone", "logs", "a.json", "x");
    await blobs.deleteAccount("stgone");
    assert.equal(await blobs.hasBlobs("stgone", "logs"), false);
  });

  it("has its blobs again after a restart on the same port", async () => {
    putAccount(store, "stkeep");
    await blobs.createContainer("stkeep", "logs");
    await blobs.append("stkeep", "logs", "a.json", "kept");
    const { port } = blobs;
    await blobs.close();
    blobs = await start(port);
    assert.equal(blobs.port, port);
    await blobs.append("stkeep", "logs", "a.json", " and more");
    const blob = connect(blobs.connectionString("stkeep", accountKey))
      .getContainerClient("logs")
      .getBlobClient("a.json");
    assert.equal((await blob.downloadToBuffer()).toString(), "kept and more");
  });
});

function fetchDate(url: string, { ca }: Tls): Promise<Date> {
  return new Promise((resolve, reject) => {
    get(url, { ca }, (answer) => {
      answer.resume();
      resolve(new Date(answer.headers.date ?? ""));
    }).once("error", reject);
  });
}

async function refused(request: Promise<unknown>, status: number, code: string | undefined): Promise<void> {
  await assert.rejects(request, (error: unknown) => {
    assert.ok(error instanceof RestError, String(error));
    assert.deepEqual([error.statusCode, code === undefined ? undefined : error.code], [status, code]);
    return true;
  });
}
