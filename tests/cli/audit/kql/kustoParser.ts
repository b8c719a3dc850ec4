import "@kusto/language-service-next/bridge.js";
import "@kusto/language-service-next/Kusto.Language.Bridge.js";
import type { TableSchema } from "../../../../sandbox/query/workspaceTables.ts";

/* Microsoft's own parser and semantic analysis of KQL, compiled from C#: the one that the portal's query editor uses. */

type SyntaxNode = Kusto.Language.Syntax.SyntaxNode;

/** What the parser finds wrong with a query over these tables, as `<code> <message>`. */
export function diagnosticsOf(kql: string, tables: Readonly<Record<string, TableSchema>>): string[] {
  const diagnostics = analyse(kql, tables).GetDiagnostics()!;
  return Array.from({ length: diagnostics.Count }, (_, index) => {
    const { Code, Message } = diagnostics.getItem(index);
    return `${Code ?? ""} ${Message ?? ""}`;
  });
}

/** The values of all string literals in a query, in their order. */
export function stringsOf(kql: string): string[] {
  const values: string[] = [];
  const visit = (node: SyntaxNode): void => {
    if (node.Kind === Kusto.Language.Syntax.SyntaxKind.StringLiteralExpression) {
      values.push((node as unknown as { LiteralValue: string }).LiteralValue);
    }
    for (let index = 0; index < node.ChildCount; index += 1) {
      const child = node.GetChild(index);
      if (child !== null && !child.IsToken) visit(child as SyntaxNode);
    }
  };
  visit(Kusto.Language.KustoCode.Parse(kql)!.Syntax!);
  return values;
}

function analyse(kql: string, tables: Readonly<Record<string, TableSchema>>): Kusto.Language.KustoCode {
  const symbols = Object.entries(tables).map(([name, schema]) => {
    const columns = Object.entries(schema).map(([column, type]) => `['${column}']:${type}`);
    return Kusto.Language.Symbols.TableSymbol.From(`(${columns.join(", ")})`)!.WithName(name)!;
  });
  const database = new Kusto.Language.Symbols.DatabaseSymbol.ctor("workspace", symbols);
  const globals = Kusto.Language.GlobalState.Default!.WithDatabase(database)!;
  return Kusto.Language.KustoCode.ParseAndAnalyze(kql, globals)!;
}
