import assert from "node:assert/strict";
import { readdir, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { ArchiveError } from "../../../../../cli/audit/sources/archive/errors.ts";
import { putAccount } from "../../../../sandbox/auditFixture.ts";
import { trust } from "../../../../trust.ts";
import { account, container, startArchive } from "./archiveFixture.ts";
import { forEachTest } from "../../../../held.ts";

const line = (n: number): string => `{"n":${n}}\n`;

describe("the connection to an archive", () => {
  const archive = forEachTest(startArchive);

  describe("signs in", () => {
    it("with a shared access signature in the endpoint, which it keeps out of the cache", async () => {
      await archive.append("2026-05-04T10", line(1));
      const result = await archive.sync({ blobEndpoint: archive.signedEndpoint });
      assert.equal(archive.content(result), line(1));
      const entries = await readdir(archive.cacheDir, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
      const [, signature = ""] = /sig=([^&]+)/.exec(archive.signedEndpoint) ?? [];
      for (const secret of [signature, decodeURIComponent(signature)]) {
        assert.deepEqual(
          files.filter((file) => readFileSync(file, "utf8").includes(secret)),
          [],
        );
      }
      const blobEndpoint = archive.signedEndpoint.replace(archive.endpoint, `${archive.endpoint}/`);
      assert.equal((await archive.sync({ blobEndpoint })).bytesFetched, 0);
    });

    it("with a token for storage", async () => {
      await archive.append("2026-05-04T10", line(1));
      const scopes: (string | string[])[] = [];
      const result = await archive.sync({
        blobEndpoint: `${archive.endpoint}/`,
        credential: {
          getToken: (scope) => {
            scopes.push(scope);
            return Promise.resolve({ token: storageToken(), expiresOnTimestamp: Date.now() + 3_600_000 });
          },
        },
      });
      assert.equal(archive.content(result), line(1));
      assert.deepEqual(scopes.flat()[0], "https://storage.azure.com/.default");
    });
  });

  it("goes through a proxy (HTTPS_PROXY)", async () => {
    await archive.append("2026-05-04T10", line(1));
    const asked: (string | undefined)[] = [];
    const proxy = createServer().on("connect", ({ url }: IncomingMessage, client: Socket) => {
      asked.push(url);
      const server = connect(Number(new URL(archive.endpoint).port), "127.0.0.1", () => {
        client.write("HTTP/1.1 200 OK\r\n\r\n");
        server.pipe(client).pipe(server);
      });
      client.on("error", () => server.destroy());
      server.on("error", () => client.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const distrust = trust(archive.tls.ca);
    process.env.HTTPS_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    try {
      assert.equal(archive.content(await archive.sync()), line(1));
      assert.deepEqual([...new Set(asked)], [new URL(archive.endpoint).host]);
    } finally {
      delete process.env.HTTPS_PROXY;
      distrust();
      proxy.close();
      proxy.closeAllConnections();
    }
  });

  describe("fails with one sentence and the next step", () => {
    it("for an account that does not exist", async () => {
      archive.store.delete(archive.store.all()[0]?.id ?? "");
      await assert.rejects(archive.sync(), (error: unknown) => {
        assert.ok(error instanceof ArchiveError);
        assert.equal(
          error.message,
          `The archive ${archive.endpoint}/${container} could not be read: The specified resource does not exist.`,
        );
        assert.deepEqual([error.status, error.code], [404, "ResourceNotFound"]);
        assert.equal(error.nextStep, "Check the archive's blob endpoint: `pulumi stack output archive`.");
        return true;
      });
    });

    it("for an account that takes no keys", async () => {
      putAccount(archive.store, account, { allowSharedKeyAccess: false });
      await assert.rejects(archive.sync(), {
        code: "KeyBasedAuthenticationNotPermitted",
        nextStep: "This account takes no key and no SAS made with one: sign in with `az login` instead.",
      });
    });

    it("for a cache that cannot be written", async () => {
      await writeFile(archive.cacheDir, "a file");
      await assert.rejects(archive.sync(), {
        name: "ArchiveError",
        nextStep: "Make room or give another folder: --cache DIR, or none with --no-cache.",
      });
    });

    it("for an endpoint that is not a URL", async () => {
      await assert.rejects(archive.sync({ blobEndpoint: "my archive" }), {
        name: "ArchiveError",
        nextStep: "Give the account's blob endpoint: https://ACCOUNT.blob.core.windows.net",
      });
    });
  });
});

/** Azurite reads a token's claims and does not check its signature. */
function storageToken(): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const seconds = Math.floor(Date.now() / 1000);
  const issuer = "https://sts.windows.net/99999999-8888-7777-6666-555555555555/";
  const claims = {
    aud: "https://storage.azure.com",
    iss: issuer,
    iat: seconds,
    nbf: seconds - 60,
    exp: seconds + 3600,
    ver: "1.0",
  };
  return `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}.c2lnbmF0dXJl`;
}
