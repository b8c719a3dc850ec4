import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { openStore, type SandboxStore } from "../../../sandbox/arm/store.ts";
import { forEachTest, temporaryFolder } from "../../held.ts";

const group = "/subscriptions/s/resourceGroups/rg";
const network = `${group}/providers/Microsoft.Network/virtualNetworks/v`;
const subnet = `${network}/subnets/a`;

function resource(
  id: string,
  type: string,
  body = {},
): { id: string; type: string; name: string; body: object & Record<string, never> } {
  return { id, type, name: id.slice(id.lastIndexOf("/") + 1), body };
}

describe("the resource store", () => {
  const directory = forEachTest(temporaryFolder);
  let store: SandboxStore;
  beforeEach(() => {
    store = openStore(directory.path);
    store.put(resource(group, "Microsoft.Resources/resourceGroups"));
    store.put(resource(network, "Microsoft.Network/virtualNetworks"));
    store.put(resource(subnet, "Microsoft.Network/virtualNetworks/subnets"));
    store.put(resource(`${network}2`, "Microsoft.Network/virtualNetworks"));
  });
  afterEach(() => {
    store.close();
  });
  const names = (found: readonly { name: string }[]): string[] => found.map(({ name }) => name).sort();

  it("finds ids and types without regard to case, and keeps the first spelling", () => {
    store.put({
      ...resource(network.toUpperCase(), "MICROSOFT.NETWORK/VIRTUALNETWORKS"),
      body: { location: "westeurope" },
    });
    const found = store.get(network.toLowerCase());
    assert.equal(found?.id, network);
    assert.equal(found.type, "Microsoft.Network/virtualNetworks");
    assert.deepEqual(found.body, { location: "westeurope" });
    assert.deepEqual(names(store.ofType("microsoft.network/VIRTUALNETWORKS")), ["v", "v2"]);
  });

  it("finds what lies below an id, and nothing whose name merely begins alike", () => {
    assert.deepEqual(names(store.childrenOf(network)), ["a"]);
    assert.deepEqual(names(store.childrenOf(group.toUpperCase())), ["a", "v", "v2"]);
    assert.deepEqual(names(store.childrenOf(group, "Microsoft.Network/virtualNetworks")), ["v", "v2"]);
  });

  it("gives each write a new etag, and keeps the time of creation", () => {
    const before = store.get(network);
    const after = store.put(resource(network, "Microsoft.Network/virtualNetworks"));
    assert.notEqual(after.etag, before?.etag);
    assert.equal(after.createdAt, before?.createdAt);
  });

  it("has everything again after it is opened again", () => {
    store.delete(subnet);
    const before = store.all();
    const again = openStore(directory.path);
    try {
      assert.deepEqual(names(again.all()), ["rg", "v", "v2"]);
      assert.deepEqual(
        again.get(network),
        before.find(({ id }) => id === network),
      );
    } finally {
      again.close();
    }
  });

  it("undoes every write of a transaction that fails, in memory and on disk", () => {
    const before = store.all();
    assert.throws(
      () =>
        store.transaction(() => {
          store.delete(subnet);
          store.put({ ...resource(network, "Microsoft.Network/virtualNetworks"), body: { tags: {} } });
          store.put(
            resource(`${group}/providers/Microsoft.Network/virtualNetworks/new`, "Microsoft.Network/virtualNetworks"),
          );
          throw new Error("refused");
        }),
      { message: "refused" },
    );
    const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);
    assert.deepEqual(store.all().sort(byId), before.sort(byId));
    const again = openStore(directory.path);
    assert.deepEqual(again.all().sort(byId), before);
    again.close();
  });

  it("keeps documents beside the resources", () => {
    const documents = store.documents("operations");
    documents.put("b", { status: "InProgress" });
    documents.put("a", { status: "Failed" });
    documents.put("b", { status: "Succeeded" });
    assert.deepEqual(documents.get("b"), { status: "Succeeded" });
    assert.deepEqual(documents.all(), [
      { key: "a", value: { status: "Failed" } },
      { key: "b", value: { status: "Succeeded" } },
    ]);
    documents.delete("a");
    assert.equal(documents.get("a"), undefined);
    assert.deepEqual(store.documents("other").all(), []);
  });

  it("is readable by its owner only: it holds passwords of VMs", () => {
    assert.equal(statSync(join(directory.path, "arm.db")).mode & 0o777, 0o600);
  });

  it("finds the children of each among ten thousand resources", () => {
    store.transaction(() => {
      for (let vm = 0; vm < 1000; vm += 1) {
        const id = `${group}/providers/Microsoft.Compute/virtualMachines/vm${vm}`;
        store.put(resource(id, "Microsoft.Compute/virtualMachines"));
        for (let child = 0; child < 9; child += 1)
          store.put(resource(`${id}/extensions/e${child}`, "Microsoft.Compute/virtualMachines/extensions"));
      }
    });
    for (let vm = 0; vm < 1000; vm += 1) {
      const children = store.childrenOf(
        `${group}/providers/Microsoft.Compute/virtualMachines/vm${vm}`,
        "Microsoft.Compute/virtualMachines/extensions",
      );
      assert.equal(children.length, 9);
    }
  });
});
