import assert from "node:assert/strict";
import { isoSeconds } from "../../../cli/azure/isoSeconds.ts";
import { grantsOf } from "../../../cli/azure/jitGrants.ts";
import type { RequestedPort } from "../../../cli/azure/jitPolicies.ts";

const now = new Date("2026-05-04T10:00:00Z");
const vm = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/web";
const port = (more: Partial<RequestedPort>): RequestedPort => ({
  vm,
  port: 22,
  source: "10.0.0.0/26",
  end: "2026-05-04T11:00:00Z",
  status: "Initiated",
  statusReason: "UserRequested",
  ...more,
});
const policy = (...ports: RequestedPort[]) => ({
  id: "/policy",
  name: "web-jit",
  vms: [],
  requests: ports.map((one, index) => ({
    start: `2026-05-04T0${index + 1}:00:00Z`,
    requestor: "ada@example.com",
    justification: "why",
    ports: [one],
  })),
});
const states = (...ports: RequestedPort[]) =>
  grantsOf(policy(...ports), now)
    .reverse()
    .map(({ state }) => state);

describe("the state of a JIT request", () => {
  it("is active until its end", () => {
    assert.deepEqual(
      states(port({}), port({ end: "2026-05-04T10:00:00Z" }), port({ end: "2026-05-04T10:00:00.001Z" })),
      ["active", "expired", "active"],
    );
  });

  it("counts whatever is not revoked, as Azure's own example spells it", () => {
    assert.deepEqual(states(port({ status: "Initiating" }), port({ status: null }), port({ status: "INITIATED" })), [
      "active",
      "active",
      "active",
    ]);
  });

  it("is unknown if the end cannot be read, unless it was revoked", () => {
    const end = "soon";
    assert.deepEqual(states(port({ end }), port({ end, status: "Revoked", statusReason: "Expired" })), [
      "unknown",
      "expired",
    ]);
  });

  it("says why it was revoked", () => {
    const revoked = (statusReason: string | null) => port({ status: "Revoked", statusReason });
    assert.deepEqual(
      states(revoked("Expired"), revoked("NewerRequestInitiated"), revoked("UserRequested"), revoked(null)),
      ["expired", "replaced", "revoked", "revoked"],
    );
  });

  it("has the newest request first, and times in one form", () => {
    assert.deepEqual(grantsOf(policy(port({}), port({ end: "2026-05-04T12:00:00.1234567Z" })), now), [
      {
        state: "active",
        vm,
        vmName: "web",
        port: 22,
        source: "10.0.0.0/26",
        requestor: "ada@example.com",
        reason: "why",
        start: "2026-05-04T02:00:00.000Z",
        end: "2026-05-04T12:00:00.123Z",
        policy: "/policy",
      },
      {
        state: "active",
        vm,
        vmName: "web",
        port: 22,
        source: "10.0.0.0/26",
        requestor: "ada@example.com",
        reason: "why",
        start: "2026-05-04T01:00:00.000Z",
        end: "2026-05-04T11:00:00.000Z",
        policy: "/policy",
      },
    ]);
  });
});

describe("a policy's longest duration", () => {
  it("is read in seconds", () => {
    assert.deepEqual(["PT3H", "P1D", "PT5M", "P1DT2H3M4S", "PT0.5S"].map(isoSeconds), [10_800, 86_400, 300, 93_784, 0]);
  });

  it("is unknown if it is not a duration, or has no fixed length", () => {
    assert.deepEqual(["", "P", "PT", "3h", "P1M", "P1DT"].map(isoSeconds), Array(6).fill(undefined));
  });
});
