import assert from "node:assert/strict";
import { RequestFailure } from "../../../components/shared/armRequest.ts";
import type { ArmClient } from "../../../components/shared/armClient.ts";
import { ensureContainer } from "../../../components/audit-archive/logContainer.ts";

const containerId =
  "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/audit/blobServices/default/containers/insights-activity-logs";

describe("a container that Azure Monitor may have created", () => {
  async function ensure(answer: (method: string) => Promise<unknown>): Promise<unknown[]> {
    const sent: unknown[] = [];
    const arm: ArmClient = {
      send(method, path, content) {
        sent.push(content === undefined ? [method, path] : [method, path, content.body]);
        return answer(method);
      },
    };
    await ensureContainer({ containerId }, arm);
    return sent;
  }
  const failure = (status: number) => Promise.reject(new RequestFailure(`answered ${status}`, { status }));
  const get = ["GET", `${containerId}?api-version=2024-01-01`];

  it("stays as it is when it is there", async () => {
    assert.deepEqual(await ensure(() => Promise.resolve({})), [get]);
  });

  it("is created, private, when it is missing", async () => {
    assert.deepEqual(await ensure((method) => (method === "GET" ? failure(404) : Promise.resolve({}))), [
      get,
      ["PUT", `${containerId}?api-version=2024-01-01`, { properties: { publicAccess: "None" } }],
    ]);
  });

  it("is an error when Azure does not tell", async () => {
    await assert.rejects(
      ensure(() => failure(403)),
      { message: "answered 403" },
    );
  });
});
