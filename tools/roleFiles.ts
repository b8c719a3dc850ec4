/** Generates the role files for `az role definition create` from the roles in core. */
import { roles } from "../core/roles/index.ts";
import { roleFile } from "../core/roles/roleFile.ts";
import { generatedFile } from "./generatedFile.ts";

export const roleFiles = Object.entries(roles).map(([name, role]) =>
  generatedFile(`cli/roles/${name}.json`, () => JSON.stringify(roleFile(role))),
);
