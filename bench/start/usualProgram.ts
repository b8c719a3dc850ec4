import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Program } from "./programProcess.ts";

/** As `pulumi new azure-typescript` writes it. */
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

/** The SDKs as everybody imports them, and files without a suffix, as CommonJS has it. */
const usualImports: readonly (readonly [RegExp, string])[] = [
  [/"\.\/azureNative\.ts"/, '"@pulumi/azure-native"'],
  [/"\.\/random\.ts"/, '"@pulumi/random"'],
  [/"@bastion-trail\/program\/(\w+)"/g, '"../../program/$1"'],
  [/(from "\..*)\.ts"/g, '$1"'],
];

/**
 * Writes the flat program the usual way: a CommonJS project that imports the whole of each SDK and is compiled by ts-node.
 * Nothing but its imports differs from the flat program.
 *
 * @param repository - the project's folder.
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
  // A CommonJS program is what its module is, not what it exports by default (@pulumi/pulumi, cmd/run/run.ts).
  const file = join(folder, "index.ts");
  writeFileSync(file, 'import flat from "./bench/flat/program";\n\nexport = flat;\n');
  return { file, folder, tsNode: true };
}

/** A file of the flat program with the usual imports. */
export function toUsualImports(source: string): string {
  return usualImports.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), source);
}
