import { nameOf, scopeOf } from "../../ids.ts";
import { resourceType } from "../../resourceType.ts";
import { categoriesOf, requireCategories } from "./categories.ts";

const type = "Microsoft.Insights/diagnosticSettingsCategories";

/** The categories that a resource can export. Azure computes them; they cannot be written. */
export default resourceType({
  type,
  model: "monitor:DiagnosticSettingsCategoryResource",
  sdk: "monitor.DiagnosticSetting",
  scope: "extension",
  name: { pattern: /^[A-Za-z]+$/, code: "BadRequest", message: (name) => `Category '${name}' is not supported.` },
  location: "none",
  put: "forbidden",
  delete: "forbidden",
  impliedNames(scope, reader) {
    requireCategories(scope);
    const { logs, metrics } = categoriesOf(reader.get(scope));
    return [...logs, ...metrics];
  },
  implied(id, reader) {
    const known = categoriesOf(reader.get(scopeOf(id)));
    const name = nameOf(id);
    const same = (other: string): boolean => other.toLowerCase() === name.toLowerCase();
    const [log, metric] = [known.logs.find(same), known.metrics.find(same)];
    if (log !== undefined) {
      const properties = { categoryType: "Logs", categoryGroups: [...known.groups] };
      return { id, type, name: log, body: { properties } };
    }
    const properties = { categoryType: "Metrics", categoryGroups: [] };
    return metric === undefined ? undefined : { id, type, name: metric, body: { properties } };
  },
});
