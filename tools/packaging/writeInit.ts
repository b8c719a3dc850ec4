/**
 * Adds to the compiled CLI what `init` needs from this repository: the files of a project, and the rules of the
 * program's config. The rules are bundled, because the CLI cannot depend on the program, which brings Pulumi's SDK.
 */
import { cpSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import { copiesFolder, sourcePaths } from "../../cli/commands/init/sources.ts";

for (const path of sourcePaths) cpSync(join("..", path), join("dist", copiesFolder, path));

const { dependencies } = JSON.parse(readFileSync("package.json", "utf8")) as { dependencies: object };

/** Keeps imports of packages, but drops unused imports of Pulumi's packages. */
const packages: Plugin = {
  name: "packages",
  setup(bundle) {
    bundle.onResolve({ filter: /^[^.]/ }, ({ path, kind }) =>
      kind === "entry-point" || path.startsWith("@bastion-trail/")
        ? undefined
        : { path, external: true, sideEffects: false },
    );
  },
};
for (const name of ["choices", "stackConfig"]) {
  const outfile = `dist/commands/init/${name}.js`;
  const { metafile } = await build({
    entryPoints: [`commands/init/${name}.ts`],
    outfile,
    bundle: true,
    allowOverwrite: true,
    platform: "node",
    format: "esm",
    target: "es2024",
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
    metafile: true,
    plugins: [packages],
  });
  const missing = Object.values(metafile.outputs)
    .flatMap(({ imports }) => imports.map(({ path }) => path))
    .filter((path) => !isBuiltin(path) && !Object.hasOwn(dependencies, path));
  if (missing.length > 0) throw new Error(`${outfile} imports what the CLI does not depend on: ${missing.join(", ")}.`);
}
