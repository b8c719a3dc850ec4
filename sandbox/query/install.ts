/** `npm run sandbox:chdb`: installs chDB for the sandbox's workspace queries, unless a Python that has it is at hand. */
import { ensureEnvironment } from "../../tools/pythonEnvironment.ts";
import { chdbEnvironment, findPython, versionOf } from "./python.ts";

try {
  const python = (await findPython()) ?? ensureEnvironment(chdbEnvironment);
  console.log(`${python} has chdb ${(await versionOf(python)) ?? "of an unknown version"}.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
