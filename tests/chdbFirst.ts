import { chdbEnvironment, findPython } from "../sandbox/query/python.ts";
import { ensureEnvironment } from "../tools/pythonEnvironment.ts";

/** Installs what the tests of workspace queries need, where Python 3 is there. Without it they are skipped. */
export async function mochaGlobalSetup(): Promise<void> {
  if (process.env.PYTHON !== undefined || (await findPython()) !== undefined) {
    return;
  }
  try {
    ensureEnvironment(chdbEnvironment);
  } catch (error) {
    console.error(`warning: chdb is not installed: ${error instanceof Error ? error.message : String(error)}`);
  }
}
