import assert from "node:assert/strict";
import { archiveHardened } from "../../../policies/rules/archiveHardened.ts";
import { audited, changed, judge, unknown, without } from "../stack.ts";

describe("policy archive-hardened", () => {
  const keys =
    "account: allowSharedKeyAccess must be false: whoever has an account key can write and delete logs without a name.";
  const anonymous = "account: allowBlobPublicAccess must be false: a container could be opened to everybody.";
  const tls = "account: minimumTlsVersion must be TLS1_2 or TLS1_3: older versions can be broken.";

  it("accepts a hardened account", () => {
    assert.deepEqual(judge(archiveHardened, audited), []);
    assert.deepEqual(judge(archiveHardened, changed(audited, "account", { minimumTlsVersion: "TLS1_3" })), []);
  });

  it("refuses each weaker setting", () => {
    const weak = changed(audited, "account", {
      allowSharedKeyAccess: true,
      allowBlobPublicAccess: true,
      enableHttpsTrafficOnly: false,
      minimumTlsVersion: "TLS1_0",
    });
    assert.deepEqual(judge(archiveHardened, weak), [
      keys,
      anonymous,
      "account: enableHttpsTrafficOnly must be true, which is Azure's default: logs could be read on their way.",
      tls,
    ]);
  });

  it("refuses what is not set, in a preview too", () => {
    const properties = ["allowSharedKeyAccess", "allowBlobPublicAccess", "minimumTlsVersion", "enableHttpsTrafficOnly"];
    const bare = (value: unknown) =>
      changed(audited, "account", Object.fromEntries(properties.map((property) => [property, value])));
    assert.deepEqual(judge(archiveHardened, bare(undefined)), [keys, anonymous, tls]);
    assert.deepEqual(judge(archiveHardened, bare(unknown)), [keys, anonymous, tls]);
  });

  it("says nothing of a value that is set and not yet known", () => {
    const previewed = changed(audited, "account", { minimumTlsVersion: unknown }).map((part) =>
      part.name === "account" ? { ...part, from: { minimumTlsVersion: ["workspace"] } } : part,
    );
    assert.deepEqual(judge(archiveHardened, previewed), []);
  });

  it("says nothing of an account that takes no audit logs", () => {
    const other = { type: "storage:StorageAccount", name: "other", props: { allowSharedKeyAccess: true } };
    assert.deepEqual(judge(archiveHardened, [...audited, other]), []);
    assert.deepEqual(judge(archiveHardened, without(audited, "account")), []);
  });
});
