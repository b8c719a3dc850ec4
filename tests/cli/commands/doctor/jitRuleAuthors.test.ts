import assert from "node:assert/strict";
import { doctorOptions } from "../../../../cli/commands/doctor/options.ts";
import { runDoctor } from "../../../../cli/commands/doctor/doctor.ts";
import type { JsonObject } from "../../../../sandbox/arm/json.ts";
import { AccessBench, given } from "../../accessBench.ts";
import { JitBench } from "../jit/jitBench.ts";
import { forSuite } from "../../../held.ts";

const network = "2024-05-01";

/** With the sandbox's control plane and its activity log. */
describe("doctor reads who wrote a rule under Defender's name", () => {
  const azure = forSuite(() => AccessBench.start());
  const jit = new JitBench(azure);
  let nsgId: string;
  before(() => {
    const { plane, path } = azure.bench;
    nsgId = path.nsgId;
    for (const name of ["vm-app", "vm-two"]) {
      const nic = plane.store.get(path.nicId.replace("vm-app", name))!;
      const virtualMachine = { id: path.vmId.replace("vm-app", name) };
      const properties = { ...(nic.body.properties as JsonObject), virtualMachine };
      plane.store.put({ ...nic, body: { ...nic.body, properties } });
    }
  });

  async function examine(): Promise<{ code: string; message: string }[]> {
    const io = azure.io();
    await runDoctor(
      given(doctorOptions, { json: true, only: "orphaned-rules", wholeSubscription: true }),
      io,
      azure.open,
    );
    return (JSON.parse(io.written.stdout) as { findings: { code: string; message: string }[] }).findings;
  }

  const codes = async () => (await examine()).map(({ code }) => code);
  const write = (id: string, properties: JsonObject) => azure.bench.plane.send("PUT", id, network, { properties });
  const remove = (id: string) => azure.bench.plane.send("DELETE", id, network);

  it("and passes one that Defender wrote for a request", async () => {
    assert.equal((await jit.request({ for: 3_600_000 }, "vm-app")).exitCode, 0);
    assert.deepEqual(await examine(), []);
  });

  it("and reports one that somebody added, widened, or wrote again", async () => {
    const { body } = await azure.bench.plane.send("GET", `${nsgId}/securityRules`, network);
    const rules = (body as { value: { id: string; properties: JsonObject }[] }).value;
    const own = rules.find(({ id, properties }) => id.includes("JITRule") && properties.access === "Allow")!;
    const forged = `${nsgId}/securityRules/MicrosoftDefenderForCloud-JITRule-temp`;
    await write(forged, { ...own.properties, priority: 105, sourceAddressPrefix: "Internet" });
    const [added] = await examine();
    assert.equal(added?.code, "jit-rule-wider");
    assert.match(added.message, /: source Internet\. Requested: .* Written by .+ at .+, by the activity log\.$/);
    await remove(forged);
    for (const more of [
      { sourceAddressPrefix: "*" },
      { destinationPortRange: "0-65535" },
      { destinationAddressPrefix: "*" },
    ] as JsonObject[]) {
      await write(own.id, { ...own.properties, ...more });
      assert.deepEqual(await codes(), ["jit-rule-wider"], JSON.stringify(more));
    }
    await write(own.id, own.properties);
    assert.deepEqual(await codes(), ["jit-rule-not-defenders"]);
    await remove(own.id);
    assert.deepEqual(await codes(), []);
  });

  it("and says so where the log may not be read", async () => {
    assert.equal((await jit.request({ for: 3_600_000 }, "vm-app")).exitCode, 0);
    await azure.fault({ kind: "status", status: 403, path: "eventtypes", code: "AuthorizationFailed", message: "No." });
    const findings = await examine();
    await azure.bench.plane.admin("DELETE", "/sandbox/faults");
    assert.deepEqual(
      findings.map(({ code, message }) => [code, message]),
      [["permission-denied", "Not checked: this needs Microsoft.Insights/eventtypes/values/read. Azure says: No."]],
    );
  });
});
