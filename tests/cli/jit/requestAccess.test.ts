import assert from "node:assert/strict";
import type { JitPort } from "../../../cli/azure/jitPolicies.ts";
import { requestAccess } from "../../../cli/jit/requestAccess.ts";
import { FakeArm, type Reply } from "../azure/fakeArm.ts";
import { forSuite } from "../../held.ts";

const hour = 3_600_000;
const [id, vm] = ["/policy", "/virtualMachines/web"];
const end = new Date(Date.now() + hour);
const port: JitPort = { number: 22, protocol: "TCP", sources: ["10.0.0.0/26"], longestSeconds: 10_800 };
const jitVm = { id: vm, name: "web", ports: [port] };
const target = { policy: { id, name: "web-jit", vms: [jitVm], requests: [] }, vm: jitVm, ports: [port] };
const initiation = { vm, ports: [{ number: 22, source: "10.0.0.0/26", end }], justification: "INC-1" };
const lost: Reply = { drop: true };

/** The policy with requests, each with its reason and end. */
const policy = (...requests: (readonly [string, Date])[]): Reply => ({
  body: {
    id,
    name: "web-jit",
    properties: {
      requests: requests.map(([justification, endTimeUtc]) => ({
        startTimeUtc: new Date().toISOString(),
        justification,
        virtualMachines: [
          { id: vm, ports: [{ number: 22, endTimeUtc: endTimeUtc.toISOString(), status: "Initiated" }] },
        ],
      })),
    },
  },
});

describe("a request for access whose answer is lost", () => {
  const arm = forSuite(() => FakeArm.start());
  const send = async (...replies: Reply[]) => {
    arm.reply(...replies);
    const signal = new AbortController().signal;
    await requestAccess(arm.client(), target, initiation, { correlationId: "c-1", signal });
  };
  const sent = () => arm.requests.map(({ method }) => method);

  it("is not sent again if the policy has it", async () => {
    await send(lost, policy(["INC-1", end]));
    assert.deepEqual(sent(), ["POST", "GET"]);
  });

  it("is sent again if the policy does not have it, three times at most", async () => {
    await send(lost, policy(), { status: 503 }, policy(["other", end]), { status: 202, body: {} });
    assert.deepEqual(sent(), ["POST", "GET", "POST", "GET", "POST"]);
    await assert.rejects(send(lost, policy(), lost, policy(), lost, policy()), { name: "AzureFailure" });
    assert.deepEqual(sent(), ["POST", "GET", "POST", "GET", "POST", "GET"]);
  });

  it("is not sent again if somebody has made one meanwhile that ends later", async () => {
    const later = new Date(end.getTime() + hour);
    await assert.rejects(send(lost, policy(["other", later])), { name: "AzureFailure" });
    assert.deepEqual(sent(), ["POST", "GET"]);
  });
});
