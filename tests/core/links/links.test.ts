import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import {
  accessActivityQuery,
  accessOperations,
  accessOperationTitles,
  activityLogContainerName,
  auditContainerName,
  bastionSessionsQuery,
  blobPrefix,
  containerLink,
  encodeQuery,
  hourlyBlobName,
  logQueryLink,
  parseResourceId,
  resourceLink,
} from "../../../core/links/index.ts";

const tenantId = "72f988bf-0000-41af-91ab-2d7cd011db47";
const subscriptionId = "11111111-2222-3333-4444-555555555555";
const group = `/subscriptions/${subscriptionId}/resourceGroups/rg-Audit`;
const host = `${group}/providers/Microsoft.Network/bastionHosts/trail-bastion`;
const workspace = `${group}/providers/Microsoft.OperationalInsights/workspaces/trail`;
const account = `${group}/providers/Microsoft.Storage/storageAccounts/auditk3j9x2ab`;

/** What Log Analytics makes of the `q` of a link. */
function decodeQuery(q: string): string {
  return gunzipSync(Buffer.from(decodeURIComponent(q), "base64")).toString("utf8");
}

describe("a resource link", () => {
  it("opens the resource in the tenant", () => {
    assert.equal(resourceLink({ tenantId }, host), `https://portal.azure.com/#@${tenantId}/resource${host}`);
  });

  it("leads to another cloud's portal where asked", () => {
    assert.equal(
      resourceLink({ tenantId, portal: "https://portal.azure.us" }, host),
      `https://portal.azure.us/#@${tenantId}/resource${host}`,
    );
  });
});

describe("a container link", () => {
  it("opens the container with the account's id percent-encoded", () => {
    assert.equal(
      containerLink({}, account, auditContainerName),
      `https://portal.azure.com/#view/Microsoft_Azure_Storage/ContainerMenuBlade/~/overview/storageAccountId/%2Fsubscriptions%2F${subscriptionId}%2FresourceGroups%2Frg-Audit%2Fproviders%2FMicrosoft.Storage%2FstorageAccounts%2Fauditk3j9x2ab/path/insights-logs-bastionauditlogs`,
    );
  });
});

describe("a log query link", () => {
  it("opens the workspace with the query and the last day", () => {
    const kql = bastionSessionsQuery(host);
    const link = logQueryLink({ tenantId }, workspace, kql);
    const [before = "", q = "", after = ""] = link.split(/\/q\/|\/timespan\//);
    assert.equal(
      before,
      `https://portal.azure.com/#@${tenantId}/blade/Microsoft_OperationsManagementSuite_Workspace/Logs.ReactView/resourceId/%2Fsubscriptions%2F${subscriptionId}%2FresourceGroups%2Frg-Audit%2Fproviders%2FMicrosoft.OperationalInsights%2Fworkspaces%2Ftrail/source/LogsBlade.AnalyticsShareLinkToQuery`,
    );
    assert.equal(decodeQuery(q), kql);
    assert.equal(after, "P1D");
  });

  it("takes another timespan", () => {
    assert.match(logQueryLink({ tenantId }, workspace, "x", "P7D"), /\/timespan\/P7D$/);
  });

  it("carries any text", () => {
    const kql = 'Tabelle | where Wer == "Jürgen ☂" // 100%';
    assert.equal(decodeQuery(encodeQuery(kql)), kql);
  });

  it("is the same on every machine", () => {
    const bytes = Buffer.from(decodeURIComponent(encodeQuery("AzureActivity | take 10")), "base64");
    assert.deepEqual([...bytes.subarray(0, 10)], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 255]);
    assert.equal(
      encodeQuery("AzureActivity | take 10"),
      "H4sIAAAAAAAE%2F3OsKi1KdUwuySzLLKlUqFEoScxOVTA0AAAF1HtXFwAAAA%3D%3D",
    );
  });

  it("is short enough for a browser", () => {
    assert.ok(logQueryLink({ tenantId }, workspace, bastionSessionsQuery(host)).length < 2048);
    assert.ok(logQueryLink({ tenantId }, workspace, accessActivityQuery(subscriptionId)).length < 2048);
  });
});

describe("the query of Bastion sessions", () => {
  it("makes the sessions of the one host, by the rule for them, and shows the newest first", () => {
    assert.equal(
      bastionSessionsQuery(host),
      `let Records = MicrosoftAzureBastionAuditLogs
 | where _ResourceId =~ "${host}";
let Told = Records
 | extend UserEmail = column_ifexists("UserEmail", "")
 | extend
  Session = iff(TunnelId matches regex "^[-0]*$", strcat(Time, ClientIpAddress, ClientPort, UserEmail, UserName, Message), tolower(TunnelId)),
  Said = tolower(trim("[ .]+", Message))
 | extend Rank = case(Said == "successfully connected", 0, Said == "login failed", 1, Said == "successfully disconnected", 3, 2);
let Sessions = Told
 | summarize
  First = min(Time),
  Last = max(Time),
  Ended = max(iff(Rank == 3, Time, datetime(null))),
  Start = min(todatetime(SessionStartTime)),
  End = max(todatetime(SessionEndTime)),
  DurationMs = max(Duration),
  Outcome = min(Rank),
  Person = max(UserEmail),
  Account = max(UserName),
  Vm = max(TargetResourceId),
  ClientIp = max(ClientIpAddress),
  Protocol = max(tolower(Protocol)),
  VmIp = max(TargetVMIPAddress),
  Message = min(iff(isnotempty(Message), strcat(Rank, Time, Message), "~"))
  by Session
 | extend Start = coalesce(Start, iff(First == Ended, First - DurationMs * 1ms, First), First)
 | extend End = coalesce(End, Ended, Start + DurationMs * 1ms)
 | extend
  Start = iff(End < Start, End, Start),
  Outcome = case(Outcome == 0, "connected", Outcome == 1, "failed", "unknown"),
  Message = iff(Message == "~", "", substring(Message, strlen(strcat(Outcome, First))))
 | extend State = case(isnotnull(End) or Outcome == "failed", "closed", Last >= ago(1d), "open", "unknown");
Sessions
| project Start, End, State, Person, Account, Vm, VmIp, ClientIp, Protocol, Outcome, Message, DurationMs, Session
| order by Start desc`,
    );
  });

  it("cannot be broken out of by a name", () => {
    assert.match(bastionSessionsQuery('/a" or true or "'), /=~ "\/a\\" or true or \\""/);
  });
});

describe("the query of access activity", () => {
  it("names JIT requests, JIT policies and security group writes, in any casing", () => {
    assert.equal(
      accessActivityQuery(subscriptionId),
      `AzureActivity
| where SubscriptionId =~ "${subscriptionId}"
| where OperationNameValue in~ ("${[...accessOperations, ...accessOperationTitles].join('", "')}")
| extend RequestBody = extract_json("$.requestbody", Properties)
| project TimeGenerated, OperationNameValue, ActivityStatusValue, Caller, CallerIpAddress, CorrelationId, _ResourceId, RequestBody
| order by TimeGenerated desc`,
    );
    assert.ok(accessOperations.includes("Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action"));
    assert.ok(accessOperationTitles.includes("Initiate JIT Network Access Policy"));
  });
});

describe("the archive's paths", () => {
  it("lie in the container that Azure Monitor names after the category", () => {
    assert.equal(auditContainerName, "insights-logs-bastionauditlogs");
    assert.equal(activityLogContainerName, "insights-activity-logs");
  });

  it("start with the host's id in upper case", () => {
    assert.equal(
      blobPrefix(host),
      `resourceId=/SUBSCRIPTIONS/${subscriptionId}/RESOURCEGROUPS/RG-AUDIT/PROVIDERS/MICROSOFT.NETWORK/BASTIONHOSTS/TRAIL-BASTION/`,
    );
    assert.equal(blobPrefix(`${host}/`), blobPrefix(host));
  });

  it("start with the subscription for the activity log", () => {
    assert.equal(blobPrefix(`/subscriptions/${subscriptionId}`), `resourceId=/SUBSCRIPTIONS/${subscriptionId}/`);
  });

  it("go down to the hour, in UTC", () => {
    assert.equal(
      hourlyBlobName(host, new Date("2026-03-01T23:59:59+02:00")),
      `${blobPrefix(host)}y=2026/m=03/d=01/h=21/m=00/PT1H.json`,
    );
  });
});

describe("a resource id", () => {
  it("is taken apart", () => {
    assert.deepEqual(parseResourceId(host), {
      subscriptionId,
      resourceGroupName: "rg-Audit",
      type: "Microsoft.Network/bastionHosts",
      name: "trail-bastion",
    });
  });

  it("is taken apart in any casing, with its children", () => {
    assert.deepEqual(parseResourceId("/SUBSCRIPTIONS/S/RESOURCEGROUPS/G/PROVIDERS/M.N/VNETS/V/SUBNETS/T"), {
      subscriptionId: "S",
      resourceGroupName: "G",
      type: "M.N/VNETS/SUBNETS",
      name: "T",
    });
  });

  for (const id of [
    "",
    "trail",
    "/subscriptions/s",
    group,
    `${group}/providers/M.N/vnets`,
    `${host}/subnets`,
    ` ${host}`,
  ]) {
    it(`is not "${id}"`, () => {
      assert.equal(parseResourceId(id), undefined);
    });
  }
});
