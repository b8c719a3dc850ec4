import assert from "node:assert/strict";
import { recordingHasStorage } from "../../../policies/rules/recordingHasStorage.ts";
import { audited, changed, judge, type Part, unknown, without } from "../stack.ts";

describe("policy recording-has-storage", () => {
  const recording = changed(audited, "host", { enableSessionRecording: true });
  const container: Part = { type: "storage:BlobContainer", name: "recordings", from: { accountName: ["account"] } };
  const player = (cors: unknown, from: Record<string, string[]> = {}): Part => ({
    type: "storage:BlobServiceProperties",
    name: "player",
    props: { cors },
    from: { accountName: ["account"], ...from },
  });
  const letting = (origin: string) => ({ corsRules: [{ allowedOrigins: [origin] }] });
  const violation = [
    "host: Session recording is on, and no storage account of this stack lets this host's player read: without a container for the recordings Bastion refuses every session.",
  ];

  it("accepts a host that does not record", () => {
    assert.deepEqual(judge(recordingHasStorage, audited), []);
  });

  it("accepts a container whose account lets the host's player read", () => {
    assert.deepEqual(
      judge(recordingHasStorage, [...recording, container, player(letting("https://bst-1.bastion.azure.com"))]),
      [],
    );
  });

  it("accepts storage that stands at the host itself", () => {
    const sessionRecordingConfiguration = { blobContainerUri: "https://a.blob.core.windows.net/r" };
    assert.deepEqual(judge(recordingHasStorage, changed(recording, "host", { sessionRecordingConfiguration })), []);
  });

  it("refuses the switch alone", () => {
    assert.deepEqual(judge(recordingHasStorage, recording), violation);
    assert.deepEqual(judge(recordingHasStorage, [...recording, container]), violation);
    const rule = player(letting("https://bst-1.bastion.azure.com"));
    assert.deepEqual(judge(recordingHasStorage, [...recording, rule]), violation);
  });

  it("refuses an account that lets another origin read", () => {
    const other = player(letting("https://bst-2.bastion.azure.com"));
    assert.deepEqual(judge(recordingHasStorage, [...recording, container, other]), violation);
  });

  it("goes by what the origin is made from while it is not known", () => {
    const previewed = changed(recording, "host", { dnsName: unknown, name: unknown, type: unknown });
    assert.deepEqual(judge(recordingHasStorage, [...previewed, container, player(unknown, { cors: ["host"] })]), []);
    assert.deepEqual(judge(recordingHasStorage, [...previewed, container, player(unknown)]), violation);
  });

  it("says nothing of a stack without a host", () => {
    assert.deepEqual(judge(recordingHasStorage, without(audited, "host")), []);
  });
});
