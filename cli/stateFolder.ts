/** Where the CLI keeps what must not be lost. */
import { join } from "node:path";
import type { Environment } from "./io.ts";
import { userFolders } from "./userFolders.ts";

/** `BASTION_TRAIL_STATE`, or the person's data folder of this program. */
export function stateFolder({ BASTION_TRAIL_STATE: given = "" }: Environment): string {
  return given === "" ? userFolders.data : given;
}

/** The file that profiles are in. */
export function profilesFile(env: Environment): string {
  return join(stateFolder(env), "profiles", "profiles.json");
}
