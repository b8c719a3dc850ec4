/** Puts the clone's manifest back once the package in the current folder is packed. */
import { existsSync, renameSync } from "node:fs";
import { keptManifest } from "./keptManifest.ts";

if (existsSync(keptManifest)) renameSync(keptManifest, "package.json");
