import { chdbEnvironment, duckdbKqlEnvironment, findDuckdbKql, findPython } from "../sandbox/query/python.ts";
import { ensureEnvironment, type PythonEnvironment } from "../sandbox/pythonEnvironment.ts";

/** Installs what the tests of workspace queries need, where Python 3 is there. Without it they are skipped. */
export async function mochaGlobalSetup(): Promise<void> {
  if (process.env.PYTHON === undefined && (await findPython()) === undefined) install(chdbEnvironment);
  if ((await findDuckdbKql()) === undefined) install(duckdbKqlEnvironment);
}

function install(environment: PythonEnvironment): void {
  try {
    ensureEnvironment(environment);
  } catch (error) {
    const names = Object.keys(environment.packages).join(", ");
    console.error(`warning: ${names} cannot be installed: ${error instanceof Error ? error.message : String(error)}`);
  }
}
