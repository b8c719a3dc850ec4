/**
 * Data flows one way: what a package may import stands in its own package.json, and it imports another package by that one's name. No
 * import, of a value or a type, runs in a circle.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";

const manifestIn = (folder) => JSON.parse(readFileSync(new URL(`${folder}/package.json`, import.meta.url), "utf8"));
const root = manifestIn(".");
const folders = root.workspaces;
const manifests = folders.map(manifestIn);
/** Projects of their own, which a user copies. */
const examples = readdirSync(new URL("examples", import.meta.url))
  .map((name) => `examples/${name}`)
  .filter((folder) => existsSync(new URL(`${folder}/package.json`, import.meta.url)));
/** The program is the root's own package. Its devDependencies are those of the tests and tools. */
const importers = [
  { path: "^index\\.ts$", named: root.dependencies },
  ...manifests.map(({ dependencies, devDependencies }, index) => ({
    path: `^${folders[index]}/`,
    named: { ...dependencies, ...devDependencies },
  })),
  ...examples.map((folder) => ({ path: `^${folder}/`, named: manifestIn(folder).dependencies })),
];

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    { name: "no-circle", severity: "error", from: {}, to: { circular: true } },
    { name: "found", severity: "error", from: {}, to: { couldNotResolve: true } },
    ...importers.map(({ path, named }) => ({
      name: "named-in-package-json",
      comment: "What a package uses, of this repository and of others, stands in its own package.json.",
      severity: "error",
      from: { path },
      to: {
        path: ["^node_modules/", ...folders.map((folder) => `^${folder}/`)],
        pathNot: [
          path,
          ...Object.keys(named).flatMap((name) => {
            const own = manifests.findIndex((manifest) => manifest.name === name);
            return own === -1 ? [`^node_modules/(?:@types/)?${name}/`] : [`^${folders[own]}/`];
          }),
        ],
      },
    })),
    {
      name: "by-its-name",
      comment: "Another package is imported by its name, never by a path into its folder.",
      severity: "error",
      from: { path: `^(${folders.join("|")}|examples)/` },
      to: {
        path: `^(?:${folders.join("|")})/`,
        pathNot: "^$1/",
        dependencyTypes: ["local"],
        dependencyTypesNot: ["aliased-workspace"],
      },
    },
    {
      name: "no-tools",
      comment: "Tools and tests are of the repository alone: no package needs them.",
      severity: "error",
      from: { path: `^(${folders.join("|")}|examples)/` },
      to: { path: "^(?:tools|tests)/" },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(?:core|components|policies|bootstrap|program|cli)/dist/" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
};
