import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commands, groups } from "../../../../cli/commands/index.ts";
import { runProgram } from "../../../../cli/program.ts";
import { fakeIo } from "../../fakeIo.ts";
import { forEachTest, temporaryFolder } from "../../../held.ts";

/** The two examples of "Monitor Azure Bastion" (azure-docs, articles/bastion/monitor-bastion.md of 2024-08-02), each as printed. */
const samples = join(import.meta.dirname, "../../audit/records/samples");
const connected = "monitor-azure-bastion.json";
const failed = "unsuccessful-login.json";

const session = {
  tunnelId: "<tunnelID>",
  start: "2019-10-03T16:03:34.776Z",
  end: null,
  durationSeconds: null,
  state: "unknown",
  vm: "/SUBSCRIPTIONS/<subscripionID>/RESOURCEGROUPS/MYBASTION/PROVIDERS/MICROSOFT.COMPUTE/VIRTUALMACHINES/LINUX-KEY",
  vmName: "LINUX-KEY",
  vmIp: "172.16.1.5",
  protocol: "ssh",
  clientIp: "131.107.159.86",
  clientPort: 24039,
  person: "<userAzureAccountEmailAddress>",
  account: "<username>",
  userAgent:
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/77.0.3865.90 Safari/537.36",
  outcome: "connected",
  message: "Successfully Connected.",
  bastion:
    "/SUBSCRIPTIONS/<subscripionID>/RESOURCEGROUPS/MYBASTION/PROVIDERS/MICROSOFT.NETWORK/BASTIONHOSTS/MYBASTION-BASTION",
  region: "eastus",
  records: 1,
};
const failure = { ...session, state: "closed", outcome: "failed", message: "Login Failed" };

/** What `logs --json` prints. */
function document(sessions: readonly object[], { hoursRead = 1, recordsRead = 1 } = {}): object {
  return {
    sessions,
    unreadable: [],
    coverage: {
      from: null,
      to: null,
      lastRecord: session.start,
      hoursRead,
      recordsRead,
      duplicates: 0,
      receivedUntil: null,
      otherLogs: {},
      hoursWithoutBlob: null,
      blobs: null,
    },
  };
}

describe("the documented sample of Microsoft Learn, put in a folder as it is printed there", () => {
  const folder = forEachTest(temporaryFolder);

  const text = (name: string): string => readFileSync(join(samples, name), "utf8");

  async function logs(): Promise<unknown> {
    const io = fakeIo({ cwd: folder.path });
    const words = ["logs", "--source", ".", "--strict", "--json"];
    assert.equal(await runProgram(words, io, { commands, groups, version: "1" }), 0);
    assert.equal(io.written.stderr, "");
    return JSON.parse(io.written.stdout);
  }

  it("is printed over several lines, with a blank after a brace", () => {
    for (const name of [connected, failed]) {
      assert.ok(text(name).startsWith('{ \n"time":"2019-10-03T16:03:34.776Z",\n"resourceId":"/SUBSCRIPTIONS/'));
      assert.ok(text(name).includes('"properties":{ \n   "userName":"<username>",\n'));
    }
  });

  it("is a session", async () => {
    cpSync(join(samples, connected), join(folder.path, "PT1H.json"));
    assert.deepEqual(await logs(), document([session]));
  });

  it("is a failed login", async () => {
    cpSync(join(samples, failed), join(folder.path, "PT1H.json"));
    assert.deepEqual(await logs(), document([failure]));
  });

  // The page's two examples name the same tunnel.
  const both = { ...session, records: 2 };

  it("is one session of two records where both stand in one file", async () => {
    writeFileSync(join(folder.path, "PT1H.json"), text(connected) + text(failed));
    assert.deepEqual(await logs(), document([both], { recordsRead: 2 }));
  });

  it("is one session of two records where each has its file", async () => {
    cpSync(samples, folder.path, { recursive: true });
    assert.deepEqual(await logs(), document([both], { hoursRead: 2, recordsRead: 2 }));
  });

  it("may be saved by an editor of Windows, or indented as in the page's source", async () => {
    writeFileSync(join(folder.path, "a.json"), `\uFEFF${text(connected).replaceAll("\n", "\r\n")}`);
    assert.deepEqual(await logs(), document([session]));
    writeFileSync(join(folder.path, "a.json"), text(connected).replace(/^/gm, "   "));
    assert.deepEqual(await logs(), document([session]));
  });
});
