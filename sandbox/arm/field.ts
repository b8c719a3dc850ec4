/**
 * A member of a body. `readOnly` members are accepted in requests and ignored, as ARM does with members it returned.
 */
export type Field = { readonly readOnly?: boolean; readonly required?: boolean } & (
  | {
      readonly kind: "string";
      readonly oneOf?: readonly string[];
      readonly pattern?: RegExp;
      readonly secret?: boolean;
    }
  | { readonly kind: "integer"; readonly min?: number; readonly max?: number }
  | { readonly kind: "boolean" | "number" }
  | { readonly kind: "list"; readonly of: Field; readonly maxItems?: number }
  | { readonly kind: "map"; readonly of: Field }
  | { readonly kind: "any"; readonly secret?: boolean }
  | ObjectField
);

export interface ObjectField {
  readonly kind: "object";
  readonly members: Readonly<Record<string, Field>>;
  readonly readOnly?: boolean;
  readonly required?: boolean;
}
