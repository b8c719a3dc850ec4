/** The folder in which the CLI keeps data that must not be lost. */
import { join } from "node:path";
import type { Environment } from "../io.ts";
import { userFolders } from "./userFolders.ts";

/** `BASTION_TRAIL_STATE`, or this program's folder in the user's data folder. */
export function stateFolder({ BASTION_TRAIL_STATE: given = "" }: Environment): string {
  return given === "" ? userFolders.data : given;
}

/** Path of the file with the profiles. */
export function profilesFile(env: Environment): string {
  return join(stateFolder(env), "profiles", "profiles.json");
}
