import assert from "node:assert/strict";
import { grantLives } from "../../../cli/audit/trail/grantLives.ts";
import type { RequestFacts } from "../../../cli/audit/trail/requestFacts.ts";
import { requestsFor } from "../../../cli/sources/requestsFor.ts";

const idOf = (name: string): string =>
  `/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/${name}`;
const hour = (at: number): string => `2026-05-04T${String(at).padStart(2, "0")}:00:00.000Z`;

/** A request for an hour. */
function request(at: number, ...names: (string | null)[]): RequestFacts {
  const vms = names.map((name) => ({
    id: name === null ? null : idOf(name),
    name: name ?? "",
    ports: [{ number: 22, source: null, until: hour(at + 3), durationSeconds: 10_800 }],
  }));
  const by = "ada@example.com";
  return {
    ...{ id: `${at}`, by, caller: by, people: [by], at: hour(at) },
    ...{ reason: null, correlationId: `c${at}`, callerIp: null, vms },
  };
}

describe("the requests for a VM", () => {
  const idsFor = (vm: string, ...requests: RequestFacts[]): string[] => requestsFor(vm, requests).map(({ id }) => id);

  it("are those that name it, by name or ARM id in any case", () => {
    const requests = [request(1, "web"), request(2, "db"), request(3, "app")];
    assert.deepEqual(idsFor("WEB", ...requests), ["1"]);
    assert.deepEqual(idsFor(idOf("WEB"), ...requests), ["1"]);
    assert.deepEqual(idsFor("other", ...requests), []);
  });

  it("are also those that may be for it, because they do not name all VMs", () => {
    assert.deepEqual(idsFor("web", request(1, "db"), request(2, null)), ["2"]);
  });

  it("are also those that may have replaced a part of them", () => {
    const requests = [request(1, "web", "db"), request(2, "DB"), request(3, "db", "app"), request(4, "app")];
    assert.deepEqual(idsFor("web", ...requests), ["1", "2", "3"]);
    const grants = (asked: readonly RequestFacts[]) =>
      grantLives(asked, [], Date.parse(hour(20)), new Set()).filter((grant) => grant.request.id === "1");
    assert.deepEqual(grants(requestsFor("web", requests)), grants(requests));
    assert.deepEqual(
      grants(requests).map(({ vmName, endedBy }) => [vmName, endedBy]),
      [
        ["web", "expired"],
        ["db", "replaced"],
      ],
    );
  });
});
