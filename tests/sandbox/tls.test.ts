import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { statSync } from "node:fs";
import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { ensureIdentity } from "../../sandbox/identity.ts";
import { ensureTls, type Tls } from "../../sandbox/tls.ts";
import { forEachTest, forSuite, temporaryFolder } from "../held.ts";

describe("the sandbox's certificates", () => {
  const folder = forSuite(temporaryFolder);
  let tls: Tls;
  before(async () => {
    tls = await ensureTls(folder.path);
  });

  it("are an authority and a server certificate that it signed", () => {
    const [authority, server] = [new X509Certificate(tls.ca), new X509Certificate(tls.cert)];
    assert.equal(authority.ca, true);
    assert.equal(server.ca, false);
    assert.equal(server.verify(authority.publicKey), true);
    assert.equal(
      server.subjectAltName,
      "IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, DNS:localhost, DNS:*.localhost",
    );
    assert.deepEqual(server.keyUsage, ["1.3.6.1.5.5.7.3.1"]);
  });

  it("are the same at the next start, so that clients that trust them keep working", async () => {
    assert.deepEqual(await ensureTls(folder.path), tls);
  });

  it("are readable by their owner only", () => {
    for (const file of [tls.caFile, tls.certFile, tls.keyFile]) assert.equal(statSync(file).mode & 0o777, 0o600, file);
  });

  for (const host of ["127.0.0.1", "localhost"]) {
    it(`let a client that trusts the authority connect to ${host}, and no other`, async () => {
      const server = createServer({ cert: tls.cert, key: tls.key }, (_, response) => response.end("ok"));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as AddressInfo;
      const get = (ca: string | undefined): Promise<number | undefined> =>
        new Promise((resolve, reject) => {
          request({ host, port, family: 4, agent: false, ...(ca === undefined ? {} : { ca }) }, (response) => {
            response.resume();
            resolve(response.statusCode);
          })
            .on("error", reject)
            .end();
        });
      try {
        assert.equal(await get(tls.ca), 200);
        await assert.rejects(get(undefined), { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" });
      } finally {
        server.close();
      }
    });
  }
});

describe("the sandbox's identity", () => {
  const folder = forEachTest(temporaryFolder);

  it("is made once and kept, readable by its owner only", () => {
    const identity = ensureIdentity(folder.path);
    assert.deepEqual(ensureIdentity(folder.path), identity);
    assert.equal(statSync(join(folder.path, "identity.json")).mode & 0o777, 0o600);
    assert.equal(new Set(Object.values(identity)).size, 4);
  });
});
