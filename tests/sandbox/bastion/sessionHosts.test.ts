import assert from "node:assert/strict";
import type { JsonObject } from "../../../sandbox/arm/json.ts";
import type { ConnectResult } from "../../../sandbox/bastion/sessionModel.ts";
import type { AuditPlane } from "../auditPlane.ts";
import { putVm, versions } from "../auditResources.ts";
import { ada, minute, SessionBench, table } from "./sessionFixture.ts";
import { refusalOf } from "../arm/plane.ts";
import { putResource, ruleProperties } from "../auditFixture.ts";

describe("a session through Bastion", () => {
  let bench: SessionBench;
  afterEach(async () => {
    await bench.plane.remove();
  });

  it("is refused by a recording host until it has a valid SAS URL", async () => {
    bench = await SessionBench.start({ sku: "Premium", host: { enableSessionRecording: true } });
    await bench.request();
    const refused = { outcome: "refused", reason: "Cannot connect to session without valid SAS URL" };
    assert.deepEqual(await bench.connect(), refused);
    const post = (sasUrl: string): ReturnType<AuditPlane["send"]> =>
      bench.plane.send("POST", `${bench.path.bastionId}/setsessionrecordingsasurl`, "2023-09-01", { sasUrl });
    const base = "https://strec.blob.core.windows.net/recordings?sv=2024-11-04&sig=x";
    assert.equal(
      refusalOf(await post(`${base}&sp=rl&se=2099-01-01`)),
      "400 InvalidSasUrl: sasUrl must be the https URL of a blob container with a SAS that allows read, create, write and list (sp=rcwl).",
    );
    assert.equal((await post(`${base}&sp=rcwl&se=2020-01-01`)).status, 200);
    assert.deepEqual(await bench.connect(), refused, "the SAS has run out");
    assert.equal((await post(`${base}&sp=rcwl&se=2099-01-01`)).status, 200);
    assert.equal((await bench.connect()).outcome, "connected");
  });

  it("is one VM's at a time on a Developer host, which comes from Azure's platform address", async () => {
    bench = await SessionBench.start({ sku: "Developer" });
    putVm(bench.plane, "vm-two", `${bench.path.virtualNetworkId}/subnets/snet-vm`, "10.0.1.5");
    const properties = ruleProperties({
      protocol: "Tcp",
      sourceAddressPrefix: "168.63.129.16",
      destinationPortRange: "22",
    });
    for (const nsg of [bench.path.nsgId, bench.path.nsgId.replace("vm-app", "vm-two")]) {
      putResource(bench.plane.store, `${nsg}/securityRules/AllowBastion`, { properties });
    }
    assert.equal((await bench.connect()).outcome, "connected");
    assert.deepEqual(await bench.connect({ vm: "vm-two" }), {
      outcome: "refused",
      reason: `The Developer SKU connects to one virtual machine at a time; a session to '${bench.path.vmId}' is open.`,
    });
  });

  it("is refused once the scale units are full", async () => {
    bench = await SessionBench.start({ host: { scaleUnits: 1 } });
    await bench.request();
    for (let count = 0; count < 40; count++) assert.equal((await bench.connect()).outcome, "connected");
    assert.deepEqual(await bench.connect(), {
      outcome: "refused",
      reason: "The Bastion host 'bas-main' has 40 ssh sessions open, as many as its scale units take.",
    });
  });

  describe("by a shareable link", () => {
    let link: string;
    const putHost = (enableShareableLink: boolean): void => {
      const { store } = bench.plane;
      const host = store.get(bench.path.bastionId)!;
      const properties = { ...(host.body.properties as JsonObject), enableShareableLink };
      store.put({ ...host, body: { ...host.body, properties } });
    };
    beforeEach(async () => {
      bench = await SessionBench.start({ host: { enableShareableLink: true } });
      await bench.putSetting();
      const vms = [{ vm: { id: bench.path.vmId } }];
      const { body } = await bench.plane.send(
        "POST",
        `${bench.path.bastionId}/createShareableLinks`,
        versions.bastion,
        { vms },
      );
      link = (body.value as { bsl: string }[])[0]!.bsl;
    });

    it("is under the rules on the VM like every other", async () => {
      const { outcome, rule } = (await bench.plane.sessions.connect({ link })) as Extract<
        ConnectResult,
        { outcome: "refused" }
      >;
      const [denyRule] = bench.plane.store.childrenOf(bench.path.nsgId);
      assert.deepEqual([outcome, rule], ["refused", denyRule?.name]);
    });

    it("leaves records without an account of Entra", async () => {
      await bench.request();
      const result = await bench.plane.sessions.connect({ link, minutes: 5 });
      assert.ok(result.outcome === "connected");
      assert.equal(result.session?.user, undefined);
      assert.deepEqual(bench.plane.sessions.list(), [result.session]);
      const [record] = await bench.archived(result.blobPath);
      const { userName, resourceType, ...others } = record?.properties as JsonObject;
      assert.deepEqual([userName, resourceType, "userEmail" in others], ["azureuser", "BSL", false]);
      await bench.plane.clock.advance(6 * minute);
      await bench.plane.router.settle();
      assert.deepEqual(
        (await bench.rows(table)).map((row) => [row.UserName, row.ResourceType, "UserEmail" in row]),
        [
          ["azureuser", "BSL", false],
          ["azureuser", "BSL", false],
        ],
      );
    });

    it("needs the name of an account on a VM that has none by default", async () => {
      await bench.request();
      const { store } = bench.plane;
      const vm = store.get(bench.path.vmId)!;
      const properties = { ...(vm.body.properties as JsonObject), osProfile: {} };
      store.put({ ...vm, body: { ...vm.body, properties } });
      await assert.rejects(bench.plane.sessions.connect({ link }), {
        code: "InvalidParameter",
        message: "account is missing, and 'vm-app' has none by default.",
      });
      const { outcome } = await bench.plane.sessions.connect({ link, account: "root" });
      assert.equal(outcome, "connected");
    });

    it("is not to be had by a link that is unknown, or of a host that has links off by now", async () => {
      await bench.request();
      const other = link.replace(/[0-9a-f]{4}$/, "none");
      await assert.rejects(bench.plane.sessions.connect({ link: other }), {
        code: "ResourceNotFound",
        message: `Shareable link '${other}' not found.`,
      });
      putHost(false);
      await assert.rejects(bench.plane.sessions.connect({ link }), {
        code: "BadRequest",
        message: `Shareable links are not enabled on Bastion host ${bench.path.bastionId}.`,
      });
    });
  });

  describe("asked for at the sandbox's own endpoint", () => {
    beforeEach(async () => {
      bench = await SessionBench.start();
      await bench.putSetting();
    });

    it("answers what connect answers, and shows sessions and tables", async () => {
      await bench.request();
      const { status, body } = await bench.plane.admin("POST", "/sandbox/connect", {
        vm: "vm-app",
        user: ada,
        minutes: 5,
      });
      assert.deepEqual([status, body.outcome], [200, "connected"]);
      const { body: listed } = await bench.plane.admin("GET", "/sandbox/sessions");
      assert.deepEqual(listed.sessions, [body.session]);
      const { body: read } = await bench.plane.admin("GET", `/sandbox/tables?workspace=log-audit&table=${table}`);
      assert.equal((read.rows as JsonObject[]).length, 1);
    });

    it("refuses bad input, naming everything that is wrong", async () => {
      const body = { user: "ada", protocol: "telnet", minutes: 0, speed: 1 };
      const link = "https://127.0.0.1:8443/api/shareable-url/none";
      assert.equal(
        refusalOf(await bench.plane.admin("POST", "/sandbox/connect", body)),
        '400 InvalidParameter: The connect request is invalid: vm is missing; it must be the name or ARM id of a virtual machine. user is "ada"; it must be an Entra account such as ada@example.com. protocol is "telnet"; it must be ssh or rdp. minutes is 0; it must be a number of minutes above 0 and up to 10080. speed is not known; known are vm, user, link, account, protocol, minutes, wrongPassword.',
      );
      assert.equal(
        refusalOf(await bench.plane.admin("POST", "/sandbox/connect", { vm: "vm-app", user: ada, link })),
        "400 InvalidParameter: The connect request is invalid: vm cannot be given with link. user cannot be given with link.",
      );
      assert.equal(
        refusalOf(await bench.plane.admin("POST", "/sandbox/connect", { vm: "vm-none", user: ada })),
        "404 ResourceNotFound: VM 'vm-none' not found. The subscription has: vm-app.",
      );
      assert.equal(
        refusalOf(await bench.plane.admin("GET", "/sandbox/tables?workspace=none&table=T")),
        "404 ResourceNotFound: Workspace 'none' not found. The subscription has: log-audit.",
      );
    });
  });
});
