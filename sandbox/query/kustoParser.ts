import "@kusto/language-service-next/bridge.js";
import "@kusto/language-service-next/Kusto.Language.Bridge.js";
import { semantic, type QueryApiError } from "./apiErrors.ts";
import type { TableSchema } from "./workspaceTables.ts";

/* Microsoft's own parser and semantic analysis of KQL, compiled from C#: the one that the portal's query editor uses. Loading it takes
   seconds. */

/** Returns the parser's diagnostics of a query over these tables, as `<code> <message>`. */
export function diagnosticsOf(kql: string, tables: Readonly<Record<string, TableSchema>>): string[] {
  const diagnostics = analyse(kql, tables).GetDiagnostics();
  return Array.from({ length: diagnostics?.Count ?? 0 }, (_, index) => {
    const { Code, Message } = diagnostics?.getItem(index) ?? {};
    return `${Code ?? ""} ${Message ?? ""}`;
  });
}

/** The parser's codes for a name that no table has, and for a name that is not a table. */
const kinds: Readonly<Record<string, string>> = { KS142: "column or scalar", KS204: "table or column" };

/** Returns the query service's error for the first problem of a query; `undefined` if there is none. */
export function refusalOf(kql: string, tables: Readonly<Record<string, TableSchema>>): QueryApiError | undefined {
  const [first] = diagnosticsOf(kql, tables);
  if (first === undefined) return undefined;
  const [, code = "", name] = /^(KS\d+) The name '([^']+)'/.exec(first) ?? [];
  const kind = kinds[code];
  return kind === undefined
    ? semantic("SEM0000", first)
    : semantic("SEM0100", `Failed to resolve ${kind} expression named '${name ?? ""}'`);
}

function analyse(kql: string, tables: Readonly<Record<string, TableSchema>>): Kusto.Language.KustoCode {
  const symbols = Object.entries(tables).map(([name, schema]) => {
    const columns = Object.entries(schema).map(([column, type]) => `['${column}']:${type}`);
    return present(present(Kusto.Language.Symbols.TableSymbol.From(`(${columns.join(", ")})`)).WithName(name));
  });
  const database = new Kusto.Language.Symbols.DatabaseSymbol.ctor("workspace", symbols);
  const globals = present(present(Kusto.Language.GlobalState.Default).WithDatabase(database));
  return present(Kusto.Language.KustoCode.ParseAndAnalyze(kql, globals));
}

/** The types from C# allow null everywhere. */
function present<Value>(value: Value | null): Value {
  if (value === null) throw new Error("The KQL parser gives nothing.");
  return value;
}
