import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { sandboxDirectory } from "../../sandbox/directory.ts";
import { forgetLostCreates, keepLostCreates, keptLostCreates, lostCreates } from "../../sandbox/lostCreates.ts";
import type { FailedCreate } from "../../sandbox/runEvents.ts";
import { forEachTest, temporaryFolder } from "../held.ts";

const urn = "urn:pulumi:sandbox::bastion-trail::azure-native:network:VirtualNetwork::network-vnet";
const parent = "urn:pulumi:sandbox::bastion-trail::bastion-trail:index:BastionNetwork::network";
const provider = "urn:pulumi:sandbox::bastion-trail::pulumi:providers:azure-native::default_3_28_0::1";
const type = "azure-native:network:VirtualNetwork";
const put = "PUT /subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnet";

/** How a state and the engine's events mark a secret. */
const [mark, secret] = ["4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"];

function failed(reason: string, of: string = type): FailedCreate {
  const inputs = {
    resourceGroupName: "rg",
    virtualNetworkName: "vnet",
    osProfile: { adminUsername: "ada", adminPassword: { [mark]: secret, ciphertext: "[secret]" } },
  };
  const state = { type: of, urn, custom: true, id: "", parent, inputs, outputs: {}, provider };
  return { metadata: { op: "create", urn, type: of, new: state, provider } as never, reasons: [reason] };
}

describe("a creation that failed", () => {
  const folder = forEachTest(temporaryFolder);
  const lost = {
    urn,
    type,
    id: "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnet",
    custom: true,
    parent,
    provider,
    // The engine hides what is secret, and a state takes no secret without a text.
    inputs: {
      resourceGroupName: "rg",
      virtualNetworkName: "vnet",
      osProfile: { adminUsername: "ada", adminPassword: { [mark]: secret, plaintext: '"[secret]"' } },
    },
  } as const;

  for (const reason of [
    `${put}?api-version=2024-05-01 failed: socket hang up`,
    'Status=500 Code="InternalServerError" Message="The server encountered an error."',
    'Status=504 Code="GatewayTimeout" Message="The gateway did not receive a response."',
  ]) {
    it(`may have been carried out after all when the reason is: ${reason.slice(0, 10)}...`, () => {
      assert.deepEqual(lostCreates([failed(reason)], { subscriptionId: "s" }), [lost]);
    });
  }

  for (const reason of [
    'Status=409 Code="Conflict" Message="There is one."',
    'Status=429 Code="TooManyRequests" Message="Slow down."',
    "cannot create already existing resource '/subscriptions/s/resourceGroups/rg'",
    'cannot check existence of resource \'/subscriptions/s\': Status=500 Code="InternalServerError" Message=""',
  ]) {
    it(`was not carried out when the reason is: ${reason}`, () => {
      assert.deepEqual(lostCreates([failed(reason)], { subscriptionId: "s" }), []);
    });
  }

  it("is another provider's own affair when it is not azure-native's", () => {
    assert.deepEqual(
      lostCreates([failed(`${put} failed: socket hang up`, "pulumi-nodejs:dynamic:Resource")], { subscriptionId: "s" }),
      [],
    );
  });

  it("is kept for the next run, beside those of earlier ones, until that one has looked for it", () => {
    const directory = sandboxDirectory(folder.path);
    keepLostCreates(directory, []);
    assert.deepEqual([existsSync(directory.lostCreatesFile), keptLostCreates(directory)], [false, []]);
    const other = { ...lost, urn: `${urn}2` };
    keepLostCreates(directory, [lost]);
    keepLostCreates(directory, [other]);
    assert.deepEqual(keptLostCreates(directory), [lost, other]);
    assert.equal(statSync(directory.lostCreatesFile).mode & 0o777, 0o600);
    forgetLostCreates(directory);
    assert.deepEqual(keptLostCreates(directory), []);
  });
});
