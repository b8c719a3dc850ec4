import { nameOf } from "../../azure/read.ts";
import type { Column } from "../../reporters/rows.ts";
import type { PricedPart } from "./priced.ts";

export const costColumns: readonly Column<PricedPart>[] = [
  { key: "part", value: ({ part }) => part },
  { key: "resource", value: ({ resource }) => resource, short: ({ resource }) => nameOf(resource) },
  { key: "region", value: ({ region }) => region, leaveOut: 4 },
  { key: "meter", value: ({ meter }) => meter },
  { key: "quantity", type: "number", value: ({ quantity }) => quantity, leaveOut: 2 },
  { key: "unit", value: ({ unit }) => unit, leaveOut: 3 },
  { key: "price", type: "number", value: ({ price }) => price, leaveOut: 1 },
  {
    key: "month",
    type: "number",
    title: "A MONTH",
    value: ({ month }) => month,
    short: ({ month }) => month?.toFixed(2),
  },
];
