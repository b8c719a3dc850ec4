import "@kusto/language-service-next/bridge.js";
import "@kusto/language-service-next/Kusto.Language.Bridge.js";

type SyntaxNode = Kusto.Language.Syntax.SyntaxNode;

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
