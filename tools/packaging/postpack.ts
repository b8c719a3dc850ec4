/** Restores the clone's manifest after the package in the current folder was packed. */
import { existsSync, renameSync } from "node:fs";
import { keptManifest } from "./keptManifest.ts";

if (existsSync(keptManifest)) renameSync(keptManifest, "package.json");
