import assert from "node:assert/strict";
import { cloudAheadMs } from "../../../cli/azure/cloudClock.ts";
import { forSuite } from "../../held.ts";
import { trust } from "../../trust.ts";
import { scopeTypes, startTestPlane } from "../../sandbox/arm/plane.ts";

const hour = 3_600_000;

describe("the clock of a cloud", () => {
  const plane = forSuite(() => startTestPlane(scopeTypes()));
  let distrust: () => void;
  before(() => {
    distrust = trust(plane.tls.ca);
  });
  after(() => {
    distrust();
  });
  const ahead = (host: string | undefined) => cloudAheadMs({ ARM_METADATA_HOSTNAME: host });

  it("is this machine's for Microsoft's own clouds, without a request", async () => {
    assert.equal(await ahead(undefined), 0);
    assert.equal(await ahead(""), 0);
  });

  it("is that of a custom cloud, from its response", async () => {
    const { host } = new URL(plane.server.endpoint);
    assert.equal(await ahead(host), 0);
    await plane.admin("POST", "/sandbox/clock", { advanceMs: 50 * hour });
    for (const name of [host, `https://${host}/`]) {
      assert.ok(Math.abs((await ahead(name)) - 50 * hour) < 2000);
    }
  });

  it("is this machine's if the cloud does not answer", async () => {
    assert.equal(await ahead("127.0.0.1:1"), 0);
    assert.equal(await ahead("no host"), 0);
  });

  it("is not requested after the command was stopped", async () => {
    const { host } = new URL(plane.server.endpoint);
    await assert.rejects(cloudAheadMs({ ARM_METADATA_HOSTNAME: host }, AbortSignal.abort()), { name: "AbortError" });
  });
});
