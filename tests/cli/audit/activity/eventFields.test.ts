import assert from "node:assert/strict";
import {
  activityColumns,
  eventFieldNames,
  eventFields,
  eventObjects,
} from "../../../../cli/audit/activity/eventFields.ts";
import { workspaceTables } from "../../../../sandbox/query/workspaceTables.ts";

describe("the facts of an event of the activity log", () => {
  it("stand in columns that Microsoft documents, each asked for once", () => {
    const documented = workspaceTables.AzureActivity!;
    assert.deepEqual(
      activityColumns.filter((column) => !Object.hasOwn(documented, column)),
      [],
    );
    assert.equal(new Set(activityColumns).size, activityColumns.length);
  });

  it("stand in members of the event, or of an object that is known", () => {
    const heads = eventFieldNames.flatMap((name) => eventFields[name].places.map((place) => place.split(".")));
    const objects = heads.filter(({ length }) => length > 1).map(([head = ""]) => head);
    assert.deepEqual(new Set(objects), new Set(Object.keys(eventObjects)));
  });
});
