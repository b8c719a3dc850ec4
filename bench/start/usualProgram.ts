import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Program } from "./programProcess.ts";

/** As written by `pulumi new azure-typescript`. */
const tsconfig = {
  compilerOptions: {
    strict: true,
    outDir: "bin",
    target: "es2022",
    module: "nodenext",
    moduleResolution: "nodenext",
    sourceMap: true,
    experimentalDecorators: true,
    pretty: true,
    noFallthroughCasesInSwitch: true,
    noImplicitReturns: true,
    forceConsistentCasingInFileNames: true,
  },
  files: ["index.ts"],
};

/** Replaces imports by the usual root imports of the SDKs, and by paths without a suffix, as in CommonJS. */
const usualImports: readonly (readonly [RegExp, string])[] = [
  [/"\.\/azureNative\.ts"/, '"@pulumi/azure-native"'],
  [/"\.\/random\.ts"/, '"@pulumi/random"'],
  [/"@bastion-trail\/program\/(\w+)"/g, '"../../program/$1"'],
  [/(from "\..*)\.ts"/g, '$1"'],
];

/**
 * Writes the flat program the usual way: as a CommonJS project that imports the whole of each SDK and is compiled by
 * ts-node. Only its imports differ from the flat program.
 *
 * @param repository the project's folder.
 * @returns the program, below `.cache`, where it finds the project's node_modules.
 */
export function writeUsualProgram(repository: string): Program {
  const folder = join(repository, ".cache", "bench-usual");
  const flat = join(folder, "bench", "flat");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(flat, { recursive: true });
  cpSync(join(repository, "program", "inTurn.ts"), join(folder, "program", "inTurn.ts"));
  const replaced = ["azureNative.ts", "random.ts", "withoutVersionAliases.ts"];
  for (const file of readdirSync(join(repository, "bench", "flat"))) {
    if (!replaced.includes(file)) {
      writeFileSync(join(flat, file), toUsualImports(readFileSync(join(repository, "bench", "flat", file), "utf8")));
    }
  }
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(tsconfig, null, 2));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "usual", private: true }));
  // Pulumi runs what a CommonJS module exports as a whole, not its default export (@pulumi/pulumi, cmd/run/run.ts).
  const file = join(folder, "index.ts");
  writeFileSync(file, 'import flat from "./bench/flat/program";\n\nexport = flat;\n');
  return { file, folder, tsNode: true };
}

/** Replaces the imports in a file of the flat program by the usual ones. */
export function toUsualImports(source: string): string {
  return usualImports.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), source);
}
