import assert from "node:assert/strict";
import { blobLog } from "../../../../cli/audit/trail/blobLog.ts";

const host = "resourceId=/SUBSCRIPTIONS/S/RESOURCEGROUPS/HUB/PROVIDERS/MICROSOFT.NETWORK/BASTIONHOSTS/HUB";
const hour = "y=2026/m=05/d=04/h=12/m=00/PT1H.json";

describe("the log of a blob", () => {
  const paths: readonly (readonly [path: string, log: string | undefined])[] = [
    [`insights-logs-bastionauditlogs/${host}/${hour}`, "audit"],
    [`/logs/${host}/${hour}`, "audit"],
    [`C:\\logs\\${host.replaceAll("/", "\\")}\\${hour.replaceAll("/", "\\")}`, "audit"],
    [`/logs/${host.replace("=", "%3D")}/${hour.replaceAll("=", "%3D")}`, "audit"],
    [`insights-activity-logs/resourceId=/SUBSCRIPTIONS/S/${hour}`, "activity"],
    [`/logs/ResourceId=/subscriptions/s/${hour}`, "activity"],
    [`insights-logs-flowlogflowevent/flowLogResourceID=/S/${hour}`, "flows"],
    [`/logs/flowLogResourceID=/S_NETWORKWATCHERRG/NETWORKWATCHER_WESTEUROPE_VMS/${hour}`, "flows"],
    [`insights-logs-auditevent/resourceId=/SUBSCRIPTIONS/S/${hour}`, "other"],
    [`insights-metrics-pt1m/resourceId=/SUBSCRIPTIONS/S/${hour}`, "other"],
    ["/logs/monday.json", undefined],
  ];
  for (const [path, log] of paths) {
    it(`${path}: ${log ?? "not told"}`, () => {
      assert.equal(blobLog(path), log);
    });
  }
});
