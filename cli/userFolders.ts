/** Where the platform keeps a program's files for a person. */
import envPaths from "env-paths";
import { programName } from "./programName.ts";

/** On Linux by the XDG base directory specification; `~/Library` on macOS, `%LOCALAPPDATA%` on Windows. */
export const userFolders = envPaths(programName, { suffix: "" });
