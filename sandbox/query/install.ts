/** `npm run sandbox:chdb`: installs the engines of the sandbox's workspace queries; chDB only if no Python has it. */
import { ensureEnvironment } from "../pythonEnvironment.ts";
import { chdbEnvironment, duckdbKqlEnvironment, findPython, versionOf } from "./python.ts";

try {
  const python = (await findPython()) ?? ensureEnvironment(chdbEnvironment);
  console.log(`${python} has chdb ${(await versionOf(python)) ?? "of an unknown version"}.`);
  console.log(`${ensureEnvironment(duckdbKqlEnvironment)} has duckdb-kql.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
