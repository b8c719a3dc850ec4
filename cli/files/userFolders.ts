/** The platform's folders for a program's files of one user. */
import envPaths from "env-paths";
import { programName } from "../programName.ts";

/** On Linux per the XDG base directory specification; `~/Library` on macOS, `%LOCALAPPDATA%` on Windows. */
export const userFolders = envPaths(programName, { suffix: "" });
