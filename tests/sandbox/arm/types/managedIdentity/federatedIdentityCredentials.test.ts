import assert from "node:assert/strict";
import type { JsonObject } from "../../../../../sandbox/arm/json.ts";
import { startCloud } from "../cloud.ts";
import { forEachTest } from "../../../../held.ts";

const identity = "Microsoft.ManagedIdentity/userAssignedIdentities/reader";
const credential = (name: string) => `${identity}/federatedIdentityCredentials/${name}`;
const issuer = "https://token.actions.githubusercontent.com";

describe("Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials", () => {
  const cloud = forEachTest(startCloud);
  beforeEach(() => cloud.put(identity, { location: "westeurope" }));

  const trust = (subject: string, more: JsonObject = {}): JsonObject => ({
    properties: { issuer, subject, audiences: ["api://AzureADTokenExchange"], ...more },
  });

  it("show whom the identity trusts, and go with it", async () => {
    const { properties } = await cloud.put(credential("branch"), trust("repo:contoso/access:ref:refs/heads/main"));
    assert.deepEqual(properties, {
      issuer,
      subject: "repo:contoso/access:ref:refs/heads/main",
      audiences: ["api://AzureADTokenExchange"],
    });
    await cloud.delete(identity);
    await cloud.put(identity, { location: "westeurope" });
    assert.equal((await cloud.send("GET", credential("branch"))).status, 404);
  });

  it("are written one at a time in an identity, and deleted so", async () => {
    const both = () =>
      Promise.all(["one", "two"].map((name) => cloud.refused("PUT", credential(name), trust(`subject-${name}`))));
    const refusals = (await both()).filter(({ status }) => status === 409);
    assert.deepEqual(refusals, [
      {
        status: 409,
        code: "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity",
        message: `Too many Federated Identity Credentials are written concurrently for the managed identity '${cloud.id(identity)}'. Concurrent Federated Identity Credentials writes under the same managed identity are not supported.`,
      },
    ]);
    await cloud.put(credential("one"), trust("subject-one"));
    await cloud.put(credential("two"), trust("subject-two"));
    const deleted = await Promise.all(["one", "two"].map((name) => cloud.send("DELETE", credential(name))));
    assert.deepEqual(deleted.map(({ status }) => status).sort(), [200, 409]);
  });

  it("have one audience, an issuer that is an https URL and a subject", async () => {
    assert.equal(
      await cloud.refusal("PUT", credential("none"), trust("a", { audiences: [] })),
      "400 InvalidFederatedIdentityCredentialsAudienceLength: Federated identity credentials must have exactly 1 audience.",
    );
    assert.equal(
      await cloud.refusal("PUT", credential("none"), trust("")),
      "400 BadRequest: The request format was unexpected. Federated Identity Credential must specify 'issuer', 'subject' and 'audience'.",
    );
    const wrong: JsonObject[] = [{ issuer: "http://token.example" }, { subject: "s".repeat(601) }];
    for (const more of wrong) {
      const { code } = await cloud.refused("PUT", credential("none"), trust("a", more));
      assert.equal(code, "BadRequest", JSON.stringify(more));
    }
    assert.equal((await cloud.refused("PUT", credential("ab"), trust("a"))).code, "InvalidResourceName");
  });

  it("trust a subject once", async () => {
    await cloud.put(credential("first"), trust("repo:a/b:pull_request"));
    assert.equal(
      await cloud.refusal("PUT", credential("second"), trust("repo:a/b:pull_request")),
      `409 InvalidFederatedIdentityCredentialValue: The combination of issuer and subject must be unique for the application. Issuer ${issuer} and Subject: repo:a/b:pull_request already exist.`,
    );
    // Entra compares with the case.
    await cloud.put(credential("second"), trust("repo:A/b:pull_request"));
  });

  it("are 20 at the most", async () => {
    for (let index = 0; index < 20; index += 1) await cloud.put(credential(`c-${index}`), trust(`subject-${index}`));
    const { status, code } = await cloud.refused("PUT", credential("c-20"), trust("subject-20"));
    assert.deepEqual([status, code], [400, "BadRequest"]);
    await cloud.put(credential("c-19"), trust("another"));
  });
});
