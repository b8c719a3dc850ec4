import * as v from "valibot";
import type { ArmClient } from "./armClient.ts";
import { optionalText, readAs } from "./read.ts";

const workspacesApiVersion = "2023-09-01";

export interface Workspace {
  readonly id: string;
  readonly name: string;
  /** The GUID by which queries address the workspace. */
  readonly customerId: string | null;
}

const workspace = v.object({
  id: v.string(),
  name: v.string(),
  properties: v.nullish(v.object({ customerId: optionalText })),
});

/** @throws ArmError, e.g. `ResourceNotFound`. */
export async function readWorkspace(arm: ArmClient, id: string): Promise<Workspace> {
  const { name, properties } = readAs(workspace, await arm.get(id, workspacesApiVersion), "the workspace");
  return { id, name, customerId: properties?.customerId ?? null };
}
