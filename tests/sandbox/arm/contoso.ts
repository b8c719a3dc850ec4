import { ArmError } from "../../../sandbox/arm/armError.ts";
import type { JsonObject } from "../../../sandbox/arm/json.ts";
import type { TypeRules } from "../../../sandbox/arm/typeRules.ts";
import { rulesOf, scopeTypes, shapeOf, startTestPlane, type Answer, type TestPlane } from "./plane.ts";

/** Shelves with boxes in them; labels stand on anything and outlive it. */
const contoso: TypeRules[] = [
  rulesOf("Contoso.Store/shelves", {
    patch: { of: "body", completion: "sync" },
    shape: shapeOf({
      sku: { kind: "object", members: { name: { kind: "string", oneOf: ["Small", "Large"] } } },
      properties: {
        kind: "object",
        members: {
          height: { kind: "integer", min: 1, max: 9 },
          note: { kind: "string" },
          code: { kind: "string", secret: true },
          state: { kind: "string", readOnly: true },
        },
      },
    }),
    check: ({ body }) => {
      if ((body.properties as JsonObject | undefined)?.note === "refuse")
        throw new ArmError(409, "ShelfRefused", "No.", { target: "note" });
    },
    complete: ({ body }) => ({
      body: { ...body, properties: { ...(body.properties as JsonObject), state: "Standing" } },
    }),
    afterPut: ({ store, body }, { id }) => {
      const note = (body.properties as JsonObject | undefined)?.note;
      if (note === "with box")
        store.put({ id: `${id}/boxes/inline`, type: "Contoso.Store/shelves/boxes", name: "inline", body: {} });
      if (note === "fails after") {
        store.put({ id: `${id}/boxes/inline`, type: "Contoso.Store/shelves/boxes", name: "inline", body: {} });
        throw new ArmError(500, "ShelfBroke", "It broke.");
      }
    },
    actions: {
      weigh: ({ body }) => ({ status: 200, body: { weight: 7, asked: body } }),
      sweep: () => ({ status: 202, longRunning: true, body: { swept: true } }),
    },
    listView: ({ body }) => ({ ...body, short: true }),
    expand: { contents: ({ id }, reader) => ({ boxes: reader.childrenOf(id).length }) },
    reads: { view: ({ resource }) => ({ seen: resource.name }) },
    providerActions: { checkName: ({ body }) => ({ status: 200, body: { available: body.name !== "taken" } }) },
  }),
  rulesOf("Contoso.Store/shelves/boxes", {
    scope: "child",
    location: "none",
    checkDelete: ({ existing }) => {
      if (existing.name === "glued") throw new ArmError(409, "BoxGlued", "The box is glued.");
    },
  }),
  rulesOf("Contoso.Store/places/drawers", {
    scope: "child",
    location: "none",
    listedAs: ["Contoso.Store/drawers"],
    createdStatus: 200,
  }),
  rulesOf("Contoso.Store/labels", { scope: "extension", location: "none", outlivesParent: true }),
  rulesOf("Contoso.Store/settings", {
    scope: "subscription",
    location: "none",
    delete: "forbidden",
    impliedNames: () => ["default"],
    implied: (id) => ({ id, type: "Contoso.Store/settings", name: "default", body: { properties: { on: false } } }),
  }),
];

export interface Contoso extends TestPlane {
  /** `/subscriptions/.../resourceGroups/Attic` */
  readonly group: string;
  /** Where the shelves of the group are. */
  readonly shelves: string;
  put(id: string, body?: JsonObject): Promise<Answer>;
}

/** A control plane with a group `Attic` for shelves. */
export async function startContoso(): Promise<Contoso> {
  const plane = await startTestPlane([...scopeTypes(), ...contoso]);
  const group = `${plane.subscription}/resourceGroups/Attic`;
  const put: Contoso["put"] = (id, body = { location: "westeurope" }) => plane.send("PUT", id, body);
  await put(group);
  return { ...plane, group, shelves: `${group}/providers/Contoso.Store/shelves`, put };
}

/** The names of what a list holds. */
export function names({ body }: Answer): unknown[] {
  return (body.value as JsonObject[]).map(({ name }) => name);
}
