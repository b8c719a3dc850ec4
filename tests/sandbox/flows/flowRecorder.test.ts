import assert from "node:assert/strict";
import { BlobServiceClient, StorageSharedKeyCredential } from "@azure/storage-blob";
import type { JsonObject } from "../../../sandbox/arm/json.ts";
import { nsgGuid } from "../auditResources.ts";
import { minute, SessionBench } from "../bastion/sessionFixture.ts";
import { forEachTest } from "../../held.ts";
import { putResource, ruleProperties, trusting } from "../auditFixture.ts";

const container = "insights-logs-flowlogflowevent";

interface FlowRecordJson {
  readonly time: string;
  readonly flowRecords: {
    readonly flows: readonly {
      readonly aclID: string;
      readonly flowGroups: readonly { readonly rule: string; readonly flowTuples: readonly string[] }[];
    }[];
  };
}

describe("flow logs", () => {
  const bench = forEachTest(() => SessionBench.start());

  const subnetId = (): string => `${bench.path.virtualNetworkId}/subnets/snet-vm`;
  const flowLogId = (name: string): string =>
    `/subscriptions/${bench.plane.identity.subscriptionId}/resourceGroups/NetworkWatcherRG/providers/Microsoft.Network/networkWatchers/NetworkWatcher_westeurope/flowLogs/${name}`;

  /** Enables a flow log, by default of the VM's subnet and with the account's keys. */
  function putFlowLog(properties: JsonObject = {}, more: JsonObject = {}, name = "trail-vms"): void {
    const account = bench.plane.store.get(bench.sinks.accountId)!;
    const own = account.body.properties as JsonObject;
    bench.plane.store.put({
      ...account,
      body: { ...account.body, properties: { ...own, allowSharedKeyAccess: true } },
    });
    putResource(bench.plane.store, flowLogId(name), {
      location: "westeurope",
      properties: { targetResourceId: subnetId(), storageId: bench.sinks.accountId, enabled: true, ...properties },
      ...more,
    });
  }

  function client() {
    const key = bench.plane.store.get(bench.sinks.accountId)?.secrets?.key1 as string;
    const credential = new StorageSharedKeyCredential("staudit", key);
    const service = new BlobServiceClient(
      `${bench.plane.blobs.endpoint}/staudit`,
      credential,
      trusting(bench.plane.tls),
    );
    return service.getContainerClient(container);
  }

  /** The blobs, and every tuple with its rule, in order. */
  async function read(): Promise<{ names: string[]; tuples: [string, string][]; documents: string[] }> {
    const names: string[] = [];
    const documents: string[] = [];
    if (await client().exists()) {
      for await (const { name } of client().listBlobsFlat()) {
        names.push(name);
        documents.push((await client().getBlobClient(name).downloadToBuffer()).toString());
      }
    }
    const records = documents.flatMap((text) => (JSON.parse(text) as { records: FlowRecordJson[] }).records);
    const tuples = records.flatMap(({ flowRecords }) =>
      flowRecords.flows.flatMap(({ flowGroups }) =>
        flowGroups.flatMap(({ rule, flowTuples }) => flowTuples.map((tuple): [string, string] => [rule, tuple])),
      ),
    );
    return { names, tuples, documents };
  }

  const states = (tuples: readonly [string, string][]): string[] =>
    tuples.map(([, tuple]) => tuple.split(",")[7] ?? "");

  it("have a session that JIT let in from its begin to its end, under Defender's rule", async () => {
    putFlowLog();
    await bench.request();
    const { session, rule } = await bench.connected({ minutes: 12 });
    await bench.plane.clock.advance(13 * minute);
    const { names, tuples } = await read();
    assert.deepEqual(states(tuples), ["B", "C", "C", "E"]);
    assert.deepEqual([...new Set(tuples.map(([name]) => name))], [`UserRule_${rule}`]);
    const [begin = "", ...later] = tuples.map(([, tuple]) => tuple);
    const start = Date.parse(session!.startedAt);
    assert.match(begin, new RegExp(`^${start},10\\.0\\.0\\.4,10\\.0\\.1\\.4,\\d+,22,6,I,B,NX,0,0,0,0$`));
    const [sourcePort] = begin.split(",").slice(3);
    assert.deepEqual(
      later.map((tuple) => [Number(tuple.split(",")[0]) - start, tuple.split(",")[3]]),
      [5, 10, 12].map((minutes) => [minutes * minute, sourcePort]),
    );
    assert.ok(
      later.every((tuple) =>
        tuple
          .split(",")
          .slice(9)
          .every((count) => Number(count) > 0),
      ),
    );
    const [year, month, day, hour] = session!.startedAt.split(/[-T:]/);
    const folder = `flowLogResourceID=/${bench.plane.identity.subscriptionId.toUpperCase()}_NETWORKWATCHERRG/NETWORKWATCHER_WESTEUROPE_TRAIL-VMS`;
    assert.ok(
      names.includes(`${folder}/y=${year}/m=${month}/d=${day}/h=${hour}/m=00/macAddress=000D3A123456/PT1H.json`),
      names.join(),
    );
  });

  it("have the documented form, in a block blob that opens, records and closes by blocks", async () => {
    putFlowLog();
    await bench.connect();
    const { documents, names } = await read();
    const [document = ""] = documents;
    const { records } = JSON.parse(document) as { records: JsonObject[] };
    const { time, flowLogGUID, flowRecords, ...record } = records[0]!;
    assert.match(time as string, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/);
    assert.match(flowLogGUID as string, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.deepEqual(record, {
      flowLogVersion: 4,
      macAddress: "000D3A123456",
      category: "FlowLogFlowEvent",
      flowLogResourceID: flowLogId("trail-vms").toUpperCase(),
      targetResourceID: subnetId(),
      operationName: "FlowLogFlowEvent",
    });
    assert.equal((flowRecords as unknown as FlowRecordJson["flowRecords"]).flows[0]?.aclID, nsgGuid);
    const blob = client().getBlockBlobClient(names[0]!);
    assert.equal((await blob.getProperties()).blobType, "BlockBlob");
    const { committedBlocks = [] } = await blob.getBlockList("committed");
    assert.deepEqual([committedBlocks[0]?.size, committedBlocks.at(-1)?.size, committedBlocks.length], [12, 2, 3]);
  });

  it("have what a rule refuses, and what comes in through a rule that somebody wrote", async () => {
    putFlowLog();
    const refused = await bench.connect();
    assert.equal(refused.outcome, "refused");
    assert.ok(!("way" in refused));
    const properties = ruleProperties({ priority: 100 });
    putResource(bench.plane.store, `${bench.path.nsgId}/securityRules/allow-all`, { properties });
    await bench.connected();
    const { tuples } = await read();
    assert.deepEqual(
      tuples.map(([rule, tuple]) => [rule, tuple.split(",")[7]]),
      [
        [`UserRule_${(refused as { rule: string }).rule}`, "D"],
        ["UserRule_allow-all", "B"],
      ],
    );
  });

  it("have a login that failed as a connection of a moment", async () => {
    putFlowLog();
    await bench.request();
    await bench.connected({ wrongPassword: true });
    const { tuples } = await read();
    assert.deepEqual(states(tuples), ["B", "E"]);
    const times = tuples.map(([, tuple]) => Number(tuple.split(",")[0]));
    assert.equal(times[1]! - times[0]!, 4_000);
  });

  it("are written only where the flow log is enabled and covers the interface", async () => {
    putFlowLog({ enabled: false });
    await bench.connect();
    putFlowLog({ targetResourceId: `${bench.path.virtualNetworkId}/subnets/AzureBastionSubnet` });
    await bench.connect();
    assert.deepEqual((await read()).tuples, []);
    for (const [index, targetResourceId] of [bench.path.virtualNetworkId, bench.path.nicId.toUpperCase()].entries()) {
      putFlowLog({ targetResourceId });
      await bench.connect();
      assert.equal((await read()).tuples.length, index + 1);
    }
  });

  it("are lost where Azure may not write: without keys, only an identity with a role may", async () => {
    const identity = "6d1f0f7e-2f0a-4c3b-9a51-0f4a7e1c2b3d";
    putFlowLog(
      {},
      { identity: { type: "UserAssigned", userAssignedIdentities: { "/id": { principalId: identity } } } },
    );
    await bench.connect();
    assert.deepEqual((await read()).tuples, []);
    const assignments = `${bench.sinks.accountId}/providers/Microsoft.Authorization/roleAssignments`;
    putResource(bench.plane.store, `${assignments}/5b6c1d2e-0000-4000-8000-000000000001`, {
      properties: {
        principalId: identity,
        scope: bench.sinks.accountId,
        roleDefinitionId: "/x/roleDefinitions/ba92f5b4-2d11-453d-a403-e96b0029c9fe",
      },
    });
    await bench.connect();
    assert.deepEqual(states((await read()).tuples), ["D"]);
  });

  it("are summed up for the workspace at the end of each interval, without the source port", async () => {
    const { workspaceId, customerId } = bench.sinks;
    putFlowLog({
      flowAnalyticsConfiguration: {
        networkWatcherFlowAnalyticsConfiguration: {
          enabled: true,
          workspaceResourceId: workspaceId,
          workspaceId: customerId,
          workspaceRegion: "westeurope",
          trafficAnalyticsInterval: 10,
        },
      },
    });
    await bench.request();
    const now = bench.plane.clock.now().getTime();
    await bench.plane.clock.advance(10 * minute - (now % (10 * minute)));
    const { rule } = await bench.connected({ minutes: 3 });
    await bench.connected({ minutes: 3 });
    assert.deepEqual(await bench.rows("NTANetAnalytics"), []);
    await bench.plane.clock.advance(11 * minute);
    const rows = await bench.rows("NTANetAnalytics");
    assert.deepEqual(
      rows.map(({ SrcIp, DestIp, DestPort, AclRule, FlowStatus, FlowDirection, AllowedInFlows, CompletedFlows }) => [
        SrcIp,
        DestIp,
        DestPort,
        AclRule,
        FlowStatus,
        FlowDirection,
        AllowedInFlows,
        CompletedFlows,
      ]),
      [["10.0.0.4", "10.0.1.4", 22, `UserRule_${rule}`, "Allowed", "Inbound", 2, 2]],
    );
    const { tuples } = await read();
    const bytes = tuples.reduce((sum, [, tuple]) => sum + Number(tuple.split(",")[10]), 0);
    assert.equal(rows[0]?.BytesSrcToDest, bytes);
  });

  it("go on with an open connection after a restart", async () => {
    putFlowLog();
    await bench.request();
    await bench.connected({ minutes: 30 });
    bench.plane = await bench.plane.restart();
    await bench.plane.clock.advance(6 * minute);
    assert.deepEqual(states((await read()).tuples), ["B", "C"]);
  });
});
