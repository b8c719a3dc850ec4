import assert from "node:assert/strict";
import type { openArm } from "../../../../cli/armAccess.ts";
import { publicCloud } from "../../../../cli/azure/cloud.ts";
import { archiveState } from "../../../../cli/commands/evidence/archiveState.ts";
import { FakeArm, fixedCredential, type Reply, type SeenRequest } from "../../azure/fakeArm.ts";
import { fakeIo } from "../../fakeIo.ts";
import { fixedSettings } from "../../settings/fixedSettings.ts";
import { forSuite } from "../../../held.ts";

const subscriptionId = "11111111-2222-3333-4444-555555555555";
const account = `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/logs`;
const archive = {
  blobEndpoint: "https://logs.blob.core.windows.net/",
  container: "insights-logs-bastionauditlogs",
  blobPrefix: "",
};

describe("the state of the archive in a pack", () => {
  const arm = forSuite(() => FakeArm.start());

  const primaryEndpoints = { blob: "https://LOGS.blob.core.windows.net/" };
  const accounts = { value: [{ id: account, name: "logs", location: "westeurope", properties: { primaryEndpoints } }] };
  const missing = { status: 404, body: { error: { code: "ManagementPolicyNotFound", message: "None." } } };

  const open: typeof openArm = () =>
    Promise.resolve({
      cloud: publicCloud,
      credential: fixedCredential("token-1"),
      arm: arm.client(),
      settings: fixedSettings({ subscriptionId, archive }),
    });

  function state(replies: { readonly container: Reply; readonly lifecycle: Reply }) {
    arm.reply(({ target }: SeenRequest) =>
      target.includes("/managementPolicies/")
        ? replies.lifecycle
        : target.includes("/containers/")
          ? replies.container
          : { body: accounts },
    );
    return archiveState({}, fakeIo(), open);
  }

  const immutabilityPolicy = {
    properties: {
      state: "Locked",
      immutabilityPeriodSinceCreationInDays: 365,
      allowProtectedAppendWrites: true,
    },
  };
  const container = { body: { properties: { immutabilityPolicy } } };
  const known = { log: "archive", container: archive.container, account, notRead: [] };

  it("has the immutability policy of each container, and what deletes blobs", async () => {
    const deletion = { delete: { daysAfterModificationGreaterThan: 400 } };
    const filters = { blobTypes: ["appendBlob"], prefixMatch: [archive.container] };
    const rules = [
      { name: "expire", enabled: true, type: "Lifecycle", definition: { actions: { baseBlob: deletion }, filters } },
      { name: "cool", definition: { actions: { baseBlob: { tierToCool: {} } } } },
    ];
    assert.deepEqual(await state({ container, lifecycle: { body: { properties: { policy: { rules } } } } }), {
      notRead: null,
      containers: [
        {
          ...known,
          immutability: { state: "Locked", days: 365, allowsAppends: true },
          deletion: [
            {
              ...{ name: "expire", enabled: true, prefixes: [archive.container], blobTypes: ["appendBlob"] },
              ...{ daysAfterCreation: null, daysAfterModification: 400 },
            },
          ],
        },
      ],
    });
  });

  it("has none of them where Azure has none", async () => {
    const bare = { body: { properties: {} } };
    const none = [{ ...known, immutability: null, deletion: [] }];
    assert.deepEqual(await state({ container: bare, lifecycle: missing }), { notRead: null, containers: none });
    assert.deepEqual(await state({ container: missing, lifecycle: missing }), { notRead: null, containers: none });
  });

  it("says why it was not read", async () => {
    const body = { error: { code: "AuthorizationFailed", message: "Not allowed." } };
    const refused = await state({ container, lifecycle: { status: 403, body } });
    const { immutability, ...rest } = refused.containers[0]!;
    assert.deepEqual(immutability, { state: "Locked", days: 365, allowsAppends: true });
    assert.deepEqual(rest, { ...known, deletion: undefined, notRead: ["Not allowed."] });
    arm.reply({ status: 403, body });
    assert.deepEqual(await archiveState({}, fakeIo(), open), { notRead: "Not allowed.", containers: [] });
    const workspace = { notRead: "The source is a workspace.", containers: [] };
    assert.deepEqual(await archiveState({ source: "workspace" }, fakeIo()), workspace);
  });
});
