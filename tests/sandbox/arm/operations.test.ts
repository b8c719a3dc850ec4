import assert from "node:assert/strict";
import { ArmError } from "../../../sandbox/arm/armError.ts";
import type { JsonObject } from "../../../sandbox/arm/json.ts";
import type { TypeRules } from "../../../sandbox/arm/typeRules.ts";
import { rulesOf, scopeTypes, startTestPlane, text, type Answer } from "./plane.ts";
import { forEachTest } from "../../held.ts";

const hour = 60 * 60 * 1000;
/** Longer than any test takes: what ends, ends because the clock was moved. */
const slow = hour;

/** Nets and what hangs in them: a net in use is not deleted, whoever asks. */
const contoso: TypeRules[] = [
  rulesOf("Contoso.Nets/nets", {
    put: "async",
    delete: "async",
    patch: { of: "body", completion: "async" },
    checkDelete: ({ existing, store }) => {
      const user = store
        .ofType("Contoso.Nets/users")
        .find(({ body }) => (body.properties as JsonObject).net === existing.id);
      if (user !== undefined) throw new ArmError(400, "NetInUse", `${existing.name} is used by ${user.name}.`);
    },
  }),
  rulesOf("Contoso.Nets/users"),
];

describe("a long-running operation", () => {
  const plane = forEachTest(() => startTestPlane([...scopeTypes(), ...contoso], { operationDelayMs: 0 }));
  let nets: string;
  beforeEach(async () => {
    await plane.send("PUT", `${plane.subscription}/resourceGroups/rg`, { location: "westeurope" });
    nets = `${plane.subscription}/resourceGroups/rg/providers/Contoso.Nets/nets`;
  });

  const body = { location: "westeurope", properties: {} };
  const stateOf = async (id: string): Promise<unknown> =>
    ((await plane.send("GET", id)).body.properties as JsonObject).provisioningState;
  const poll = (url: string | undefined): Promise<Answer> => plane.send("GET", text(url));
  const delay = (operationDelayMs: number): Promise<Answer> =>
    plane.admin("POST", "/sandbox/delays", { operationDelayMs });
  const codeOf = (answer: Answer): unknown => (answer.body.error as JsonObject).code;

  it("creates: 201 at once, then InProgress, then Succeeded", async () => {
    await delay(slow);
    const created = await plane.send("PUT", `${nets}/n`, body);
    assert.equal(created.status, 201);
    assert.deepEqual(created.body.properties, { provisioningState: "Creating" });
    assert.equal(created.headers["retry-after"], "0");
    const during = await poll(created.headers["azure-asyncoperation"]);
    assert.deepEqual([during.body.status, during.headers["retry-after"]], ["InProgress", "1"]);
    await plane.clock.advance(slow);
    const after = await poll(created.headers["azure-asyncoperation"]);
    assert.equal(after.body.status, "Succeeded");
    assert.ok(text(after.body.endTime) > text(after.body.startTime));
    assert.equal(await stateOf(`${nets}/n`), "Succeeded");
  });

  it("updates with 200, and is Updating meanwhile", async () => {
    await poll((await plane.send("PUT", `${nets}/n`, body)).headers["azure-asyncoperation"]);
    await delay(slow);
    const updated = await plane.send("PATCH", `${nets}/n`, { tags: { a: "1" } });
    assert.equal(updated.status, 200);
    assert.equal(await stateOf(`${nets}/n`), "Updating");
  });

  it("answers a poll as soon as it ends, so that no client has to sleep", async () => {
    await delay(150);
    const created = await plane.send("PUT", `${nets}/n`, body);
    const { body: status } = await poll(created.headers["azure-asyncoperation"]);
    assert.equal(status.status, "Succeeded");
  });

  it("deletes: 202, the resource is there until it ends, then both ways of polling say so", async () => {
    await poll((await plane.send("PUT", `${nets}/n`, body)).headers["azure-asyncoperation"]);
    await delay(slow);
    const deleted = await plane.send("DELETE", `${nets}/n`);
    assert.equal(deleted.status, 202);
    assert.equal(await stateOf(`${nets}/n`), "Deleting");
    await plane.clock.advance(slow);
    assert.equal((await plane.send("GET", `${nets}/n`)).status, 404);
    assert.equal((await poll(deleted.headers["azure-asyncoperation"])).body.status, "Succeeded");
    assert.equal((await poll(deleted.headers.location)).status, 204);
  });

  it("keeps others off its resource until it ends", async () => {
    await delay(slow);
    const created = await plane.send("PUT", `${nets}/n`, body);
    const operation = String(created.headers["azure-asyncoperation"]).slice(plane.server.endpoint.length);
    const second = await plane.send("PUT", `${nets}/n`, body);
    assert.equal(second.status, 409);
    assert.deepEqual(second.body, {
      error: {
        code: "AnotherOperationInProgress",
        message: `Another operation on this or dependent resource is in progress. To retrieve status of the operation use uri: ${operation}.`,
      },
    });
    assert.equal((await plane.send("DELETE", `${nets}/n`)).status, 409);
    assert.equal((await plane.send("PUT", `${nets}/other`, body)).status, 201);
    await plane.clock.advance(slow);
    assert.equal((await plane.send("PUT", `${nets}/n`, body)).status, 200);
  });

  it("that fails leaves its resource Failed, with the reason", async () => {
    const fault = {
      kind: "failOperation",
      method: "PUT",
      path: "/nets/n$",
      times: 1,
      code: "NoCapacity",
      message: "There is none left.",
    };
    await plane.admin("POST", "/sandbox/faults", fault);
    const created = await plane.send("PUT", `${nets}/n`, body);
    assert.equal(created.status, 201);
    const { body: status } = await poll(created.headers["azure-asyncoperation"]);
    assert.deepEqual([status.status, status.error], ["Failed", { code: "NoCapacity", message: "There is none left." }]);
    assert.equal(await stateOf(`${nets}/n`), "Failed");
    await poll((await plane.send("PUT", `${nets}/n`, body)).headers["azure-asyncoperation"]);
    assert.equal(await stateOf(`${nets}/n`), "Succeeded");
  });

  it("is carried out after a restart", async () => {
    await delay(slow);
    const created = await plane.send("PUT", `${nets}/n`, body);
    await poll((await plane.send("PUT", `${nets}/gone`, body)).headers["azure-asyncoperation"]);
    await plane.clock.advance(slow);
    await plane.send("DELETE", `${nets}/gone`);
    await plane.send("PATCH", `${nets}/n`, { tags: {} });
    Object.assign(plane, await plane.restart());
    assert.equal(await stateOf(`${nets}/n`), "Updating");
    await plane.clock.advance(slow);
    assert.equal(await stateOf(`${nets}/n`), "Succeeded");
    assert.equal((await plane.send("GET", `${nets}/gone`)).status, 404);
    assert.equal((await poll(created.headers["azure-asyncoperation"])).body.status, "Succeeded");
  });

  it("that is unknown is 404", async () => {
    const answer = await plane.send(
      "GET",
      `${plane.subscription}/providers/Contoso.Nets/locations/global/operations/none`,
    );
    assert.deepEqual([answer.status, codeOf(answer)], [404, "NotFound"]);
  });

  it("does not wait for an invalid delay", async () => {
    const answer = await plane.admin("POST", "/sandbox/delays", { operationDelayMs: -1 });
    assert.deepEqual(answer.body, {
      error: {
        code: "InvalidParameter",
        message: '"operationDelayMs" is -1; it must be a whole number of milliseconds from 0 up.',
      },
    });
  });

  describe("on a resource group", () => {
    const group = (): string => `${plane.subscription}/resourceGroups/rg`;
    const users = (): string => `${group()}/providers/Contoso.Nets/users`;
    beforeEach(async () => {
      await poll((await plane.send("PUT", `${nets}/a`, body)).headers["azure-asyncoperation"]);
      await plane.send("PUT", `${users()}/u`, { location: "westeurope", properties: { net: `${nets}/a` } });
    });

    it("deletes everything in it, in the order that its resources allow", async () => {
      const deleted = await plane.send("DELETE", group());
      assert.equal(deleted.status, 202);
      assert.equal((await poll(deleted.headers.location)).status, 204);
      assert.deepEqual(plane.store.all(), []);
    });

    it("takes in nothing new while it is being deleted", async () => {
      await delay(slow);
      await plane.send("DELETE", group());
      const answer = await plane.send("PUT", `${nets}/b`, body);
      assert.equal(answer.status, 409);
      assert.deepEqual(answer.body, {
        error: {
          code: "ResourceGroupBeingDeleted",
          message: "The resource group 'rg' is in deprovisioning state and cannot perform this operation.",
        },
      });
    });

    it("stays, with what cannot go, and names it", async () => {
      const other = `${plane.subscription}/resourceGroups/other`;
      await plane.send("PUT", other, { location: "westeurope" });
      await plane.send("PUT", `${other}/providers/Contoso.Nets/users/outside`, {
        location: "westeurope",
        properties: { net: `${nets}/a` },
      });
      const deleted = await plane.send("DELETE", group(), undefined, {
        "x-ms-correlation-request-id": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
      });
      const answer = await poll(deleted.headers.location);
      assert.equal(answer.status, 409);
      assert.deepEqual(answer.body, {
        error: {
          code: "ResourceGroupDeletionBlocked",
          message: `Deletion of resource group 'rg' failed as resources with identifiers '${nets}/a' could not be deleted. The provisioning state of the resource group will be rolled back. The tracking Id is 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee'. Please check audit logs for more details.`,
          details: [{ code: "NetInUse", message: "a is used by outside." }],
        },
      });
      assert.equal(await stateOf(group()), "Succeeded");
      assert.equal(plane.store.get(`${users()}/u`), undefined);
    });
  });
});
