import assert from "node:assert/strict";
import { InitFailedError } from "../../../../sandbox/bridge/protocol.ts";
import { type FakeArm } from "../fakeArm.ts";
import { group, host, hostId, PluginBench, urn, vnet } from "./pluginBench.ts";

describe("The azure-native plugin", () => {
  const bench = PluginBench.ofSuite();

  describe("waits for a long-running operation", () => {
    const accepted = (headers: Record<string, string>, status = 201): void => {
      bench.arm.fault("PUT", hostId, {
        status,
        headers,
        body: { id: hostId, properties: { provisioningState: "Updating" } },
      });
    };
    const done = (): void => {
      bench.arm.hold({ id: hostId, name: "b", properties: { provisioningState: "Succeeded" } });
    };

    it("by Azure-AsyncOperation, as often as Retry-After says", async () => {
      const at = "/operations/1";
      accepted({ "azure-asyncoperation": `${bench.arm.endpoint}${at}`, "retry-after": "0" });
      bench.arm.fault("GET", hostId, { status: 404 });
      bench.arm.fault("GET", at, { status: 200, headers: { "retry-after": "0" }, body: { status: "InProgress" } });
      bench.arm.fault("GET", at, { status: 200, body: { status: "Succeeded" } });
      done();
      const { state } = await bench.create("network:BastionHost", host);
      assert.equal(state.provisioningState, "Succeeded");
    });

    it("by Location", async () => {
      const at = "/results/1";
      accepted({ location: `${bench.arm.endpoint}${at}`, "retry-after-ms": "1" }, 202);
      bench.arm.fault("GET", hostId, { status: 404 });
      bench.arm.fault(
        "GET",
        at,
        { status: 202, headers: { "retry-after-ms": "1" } },
        { status: 200, body: { id: hostId } },
      );
      done();
      assert.equal((await bench.create("network:BastionHost", host)).id, hostId);
    });

    it("by the resource's own provisioning state", async () => {
      accepted({ "retry-after-ms": "1" });
      bench.arm.fault("GET", hostId, { status: 404 });
      done();
      assert.equal((await bench.create("network:BastionHost", host)).state.provisioningState, "Succeeded");
    });

    it("and keeps the state of a resource whose creation failed, so that the next up continues with it", async () => {
      const at = "/operations/2";
      accepted({ "azure-asyncoperation": `${bench.arm.endpoint}${at}`, "retry-after-ms": "1" });
      bench.arm.fault("GET", hostId, { status: 404 });
      const error = { code: "AllocationFailed", message: "No capacity." };
      bench.arm.fault("GET", at, { status: 200, body: { status: "Failed", error } });
      bench.arm.hold({ id: hostId, properties: { provisioningState: "Failed" } });
      await assert.rejects(bench.create("network:BastionHost", host), (failure: unknown) => {
        assert.ok(failure instanceof InitFailedError);
        assert.equal(failure.message, 'Status=200 Code="AllocationFailed" Message="No capacity."');
        assert.equal(failure.id, hostId);
        assert.deepEqual(failure.state, { provisioningState: "Failed", azureApiVersion: "2024-05-01" });
        assert.deepEqual(failure.inputs, host);
        return true;
      });
    });

    it("until the engine cancels, and then keeps what is there", async () => {
      accepted({ "azure-asyncoperation": `${bench.arm.endpoint}/operations/3`, "retry-after": "600" });
      bench.arm.fault("GET", hostId, { status: 404 });
      bench.arm.hold({ id: hostId, properties: { provisioningState: "Updating" } });
      const controller = new AbortController();
      const running = bench.plugin.create(
        { urn: urn("network:BastionHost"), inputs: host, preview: false },
        { ...bench.context, signal: controller.signal },
      );
      while (!bench.arm.seen.some(({ method }) => method === "PUT"))
        await new Promise((resolve) => setTimeout(resolve, 5));
      setTimeout(() => {
        controller.abort();
      }, 50);
      await assert.rejects(running, (failure: unknown) => {
        assert.ok(failure instanceof InitFailedError);
        assert.equal(failure.state?.provisioningState, "Updating");
        return true;
      });
    });

    it("of a deletion that the spec marks as one", async () => {
      bench.arm.fault("DELETE", hostId, {
        status: 202,
        headers: { location: `${bench.arm.endpoint}/results/2`, "retry-after-ms": "1" },
      });
      bench.arm.fault("GET", "/results/2", { status: 202, headers: { "retry-after-ms": "1" } }, { status: 204 });
      await bench.delete("network:BastionHost", hostId);
      assert.deepEqual(bench.requests(), [`DELETE ${hostId}`, "GET /results/2", "GET /results/2"]);
    });
  });

  it("does not wait for another deletion, even if Azure accepts it for later", async () => {
    const id = `${group}/providers/Microsoft.Storage/storageAccounts/sa`;
    bench.arm.fault("DELETE", id, { status: 202, headers: { location: `${bench.arm.endpoint}/results/3` } });
    await bench.delete("storage:StorageAccount", id);
    assert.deepEqual(bench.requests(), [`DELETE ${id}`]);
  });

  describe("repeats a request", () => {
    const refusals: [
      string,
      ...(Parameters<FakeArm["fault"]> extends [string, string, ...infer Rest] ? Rest : never),
    ][] = [
      ["429 with Retry-After", { status: 429, headers: { "retry-after": "0" } }],
      ["500", { status: 500 }, { status: 503 }],
      ["a dropped connection", "drop"],
      [
        "409 of another operation",
        { status: 409, body: { error: { code: "AnotherOperationInProgress", message: "" } } },
        { status: 409, body: { error: { code: "StorageAccountOperationInProgress", message: "" } } },
      ],
      ["401 after the control plane changed its keys", { status: 401 }],
    ];
    for (const [name, ...faults] of refusals) {
      it(`after ${name}`, async () => {
        bench.arm.fault("PUT", hostId, ...faults);
        await bench.create("network:BastionHost", host);
        assert.equal(bench.arm.seen.filter(({ method }) => method === "PUT").length, faults.length + 1);
      });
    }

    it("three times at most, and then fails with Azure's error", async () => {
      const busy = { status: 500, body: { error: { code: "InternalServerError", message: "Sorry." } } };
      bench.arm.fault("PUT", hostId, busy, busy, busy, busy);
      await assert.rejects(bench.create("network:BastionHost", host), {
        message: 'Status=500 Code="InternalServerError" Message="Sorry."',
      });
      assert.equal(bench.arm.seen.filter(({ method }) => method === "PUT").length, 4);
    });

    it("not after an ordinary conflict", async () => {
      bench.arm.fault("PUT", hostId, { status: 409, body: { error: { code: "Conflict", message: "In use." } } });
      await assert.rejects(bench.create("network:BastionHost", host), {
        message: 'Status=409 Code="Conflict" Message="In use."',
      });
    });
  });

  it("sends a thousand requests over a bounded number of sockets, with one token", async () => {
    const writes = Array.from({ length: 1000 }, (_, index) =>
      bench.create("network:VirtualNetwork", { ...vnet, virtualNetworkName: `v${index}` }),
    );
    assert.equal((await Promise.all(writes)).length, 1000);
    assert.equal(bench.arm.tokens, 1);
    assert.ok(bench.arm.sockets <= 64, `${bench.arm.sockets} sockets`);
  });
});
