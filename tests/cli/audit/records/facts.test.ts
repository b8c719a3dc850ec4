import assert from "node:assert/strict";
import { blobRecord, lines, readBack } from "../auditLines.ts";
import { csv, diagnosticsRow, end, ended, joined, read, renamed, snake, tableRow } from "./auditRows.ts";

const records = [blobRecord(), blobRecord(end, { time: ended.time })];
const both = [{ record: readBack }, { record: ended }];

describe("the facts of a record are read", () => {
  for (const [tool, mark] of [
    ["pandas, Power Query and Miller", "."],
    ["bag_unpack of Kusto", "_"],
    ["csvkit", "/"],
    ["another tool", "__"],
  ] as const) {
    it(`from names of members that ${tool} joined by ${mark}`, async () => {
      const rows = records.map((record) => joined(record, mark));
      assert.deepEqual(await read("rows.json", lines(...rows)), both);
      assert.deepEqual(await read("rows.csv", csv(rows)), both);
    });
  }

  it("from joined names with the type of a column, as the HTTP Data Collector API makes them", async () => {
    const row = renamed(joined(blobRecord(), "_"), (key) => (key.startsWith("properties_") ? `${key}_s` : key));
    assert.deepEqual(await read("rows.json", lines(row)), [both[0]]);
  });

  it("from names with words apart", async () => {
    assert.deepEqual(await read("rows.json", lines(...records.map((record) => renamed(record, snake)))), both);
    const rows = [renamed(tableRow(), snake)];
    const words = rows.map((row) => renamed(row, (key) => key.replaceAll("_", " ")));
    const fromTable = [{ record: { ...readBack, category: null } }];
    assert.deepEqual(await read("rows.csv", csv(rows)), fromTable);
    assert.deepEqual(await read("rows.csv", csv(words)), fromTable);
  });

  it("from the column of AzureDiagnostics that has what is beyond 500 columns", async () => {
    const { userEmail_s, tunnelId_g, targetResourceId_s, ...row } = diagnosticsRow();
    for (const further of [
      { userEmail_s, tunnelId_g, targetResourceId_s, Type: "x" },
      { userEmail: userEmail_s, tunnelId: tunnelId_g, targetResourceId: targetResourceId_s },
    ]) {
      assert.deepEqual(await read("rows.json", lines({ ...row, AdditionalFields: further })), [both[0]]);
      const cell = JSON.stringify(further);
      assert.deepEqual(await read("rows.csv", csv([{ ...row, AdditionalFields: cell }])), [both[0]]);
    }
  });

  it("from Azure's own names, if there are others as well", async () => {
    const other = { user_name: "x", "tunnel-id": "y" };
    const { properties, ...members } = blobRecord();
    const row = { ...other, ...members, "properties.userName": "x", properties: { ...other, ...properties } };
    assert.deepEqual(await read("rows.json", lines(row)), [both[0]]);
    const { userName, ...without } = properties;
    const renamedOnly = { ...members, properties: { ...without, userName: null, user_name: userName } };
    assert.deepEqual(await read("rows.json", lines(renamedOnly)), [both[0]]);
  });
});

it("an entry without the name of its log is no record for an address of its client alone", async () => {
  const entry = { time: readBack.time, client_ip: "203.0.113.7", "client.ip": "203.0.113.7", message: "GET /" };
  const reason = "This is not an entry of a known log.";
  assert.deepEqual(await read("access.json", lines(entry)), [{ unreadable: { file: "access.json", line: 1, reason } }]);
});
