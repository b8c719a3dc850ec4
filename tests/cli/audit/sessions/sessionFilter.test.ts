import assert from "node:assert/strict";
import type { SessionFilter } from "../../../../cli/audit/records/types.ts";
import { foldFolder } from "../../../../cli/audit/sessions/foldFolder.ts";
import { blobRecord, lines } from "../auditLines.ts";
import { now, at, fold } from "./folding.ts";

describe("filters", () => {
  const records = [
    blobRecord({ tunnelId: "t1", userEmail: "Anna@Contoso.com", userName: "root" }),
    blobRecord(
      { tunnelId: "t2", userEmail: "ben@contoso.com", protocol: "rdp", clientIpAddress: "2001:db8::7", message: "Login Failed",
        targetResourceId: "/subscriptions/S/resourceGroups/APP/providers/Microsoft.Compute/virtualMachines/db-1" },
      { time: at("10:10:00") },
    ),
    blobRecord(
      { tunnelId: "t3", userEmail: "cleo@contoso.com", clientIpAddress: "198.51.100.4", sessionEndTime: at("10:25:00") },
      { time: at("10:20:00"), resourceId: "/subscriptions/OTHER/resourceGroups/HUB/providers/Microsoft.Network/bastionHosts/BAS2" },
    ),
  ]; // prettier-ignore
  const kept: [filter: SessionFilter, tunnels: string][] = [
    [{}, "t1 t2 t3"],
    [{ user: "anna@contoso.COM" }, "t1"],
    [{ user: "ROOT" }, "t1"],
    [{ user: "anna" }, ""],
    [{ user: "'; DROP TABLE parts; --" }, ""],
    [{ user: "ben_contoso.com#EXT#@fabrikam.onmicrosoft.com" }, "t2"],
    [{ vm: "DB-1" }, "t2"],
    [{ vm: "/SUBSCRIPTIONS/s/RESOURCEGROUPS/app/PROVIDERS/Microsoft.Compute/virtualMachines/DB-1" }, "t2"],
    [{ vm: "B-1" }, ""],
    [{ vm: "app/DB-1" }, "t2"],
    [{ vm: "pp/db-1" }, ""],
    [{ vm: "APP/db-1", withNeighbours: { afterMs: 0 } }, "t1 t2 t3"],
    [{ to: new Date(at("10:10:00")), withNeighbours: { afterMs: 600_000 } }, "t1 t2"],
    [{ ip: "203.0.113.7" }, "t1"],
    [{ ip: "198.51.100.0/24" }, "t3"],
    [{ ip: "2001:0db8:0::/64" }, "t2"],
    [{ ip: "2001:db8:0:0::7" }, "t2"],
    [{ protocol: "RDP" }, "t2"],
    [{ outcome: "failed" }, "t2"],
    [{ outcome: "connected" }, "t1 t3"],
    [{ tunnel: "T3" }, "t3"],
    [{ tunnel: "T" }, "t1 t2 t3"],
    [{ tunnel: "3" }, ""],
    [{ tunnel: 't3"' }, ""],
    [{ to: new Date(at("10:10:00")) }, "t1"],
    [{ from: new Date(at("10:25:00")) }, "t1 t3"],
    [{ from: new Date(at("10:25:01")) }, "t1"],
    [{ from: new Date(at("10:05:00")), to: new Date(at("10:15:00")) }, "t2"],
    [{ user: "ben@contoso.com", protocol: "ssh" }, ""],
    [{ bastion: "/subscriptions/s/resourcegroups/hub/providers/microsoft.network/bastionhosts/bas" }, "t1 t2"],
    [{ bastion: "/SUBSCRIPTIONS/other" }, "t3"],
    [{ bastion: "/subscriptions/oth" }, ""],
    [{ bastion: "/subscriptions/other/resourceGroups/HUB/providers/Microsoft.Network/bastionHosts/BAS" }, ""],
  ];
  for (const [filter, tunnels] of kept) {
    it(`keep ${tunnels || "nothing"} for ${JSON.stringify(filter)}`, async () => {
      const { sessions, coverage } = await fold([lines(...records)], filter);
      assert.equal(sessions.map(({ tunnelId }) => tunnelId).join(" "), tunnels);
      // The records of other hosts do not count, as in an archive, which has a folder for each host.
      assert.equal(coverage.recordsRead, filter.bastion === undefined ? records.length : sessions.length);
    });
  }

  it("know a guest by the account in the home tenant, and by that in any other", async () => {
    const guest = [lines(blobRecord({ userEmail: "Ada_Smith_contoso.com#EXT#@fabrikam.onmicrosoft.com" }))];
    const count = async (user: string): Promise<number> => (await fold(guest, { user })).sessions.length;
    assert.equal(await count("ada_smith@contoso.com"), 1);
    assert.equal(await count("ada_smith_contoso.com#ext#@tailspin.onmicrosoft.com"), 1);
    assert.equal(await count("live.com#ada_smith@contoso.com"), 1);
    assert.equal(await count("smith@contoso.com"), 0);
    assert.equal(await count("ada_smith@contoso.co"), 0);
  });

  it("know a name as the log has it, whatever letters JavaScript and DuckDB make small in different ways", async () => {
    for (const user of ["\u0130lker@contoso.com", "\u039f\u0394\u039f\u03a3@contoso.com"]) {
      const { sessions } = await fold([lines(blobRecord({ userEmail: user }))], { user });
      assert.deepEqual(
        sessions.map(({ person }) => person),
        [user],
      );
    }
  });

  it("know a person whom a token calls by who signs in", async () => {
    const found = await fold([lines(blobRecord({ userEmail: "live.com#Ada@outlook.com" }))], {
      user: "ada@outlook.com",
    });
    assert.deepEqual(
      found.sessions.map(({ person }) => person),
      ["live.com#Ada@outlook.com"],
    );
  });

  it("compare with the whole session, not with single records", async () => {
    const both = [blobRecord({ protocol: "ssh" }), blobRecord({ protocol: "rdp" }, { time: at("10:00:01") })];
    assert.equal((await fold([lines(...both)], { protocol: "ssh" })).sessions.length, 1);
    assert.equal((await fold([lines(...both)], { protocol: "rdp" })).sessions.length, 0);
  });

  it("refuse an invalid address before anything is read", async () => {
    await assert.rejects(foldFolder({ files: ["none.json"], filter: { ip: "10.0.0.x" }, now }), {
      name: "RangeError",
      message: "'10.0.0.x' is neither an IP address nor a range such as 203.0.113.0/24.",
    });
  });
});
