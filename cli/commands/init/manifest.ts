/** The `package.json` of a project: the packages that its program and pipelines use. */
import { packageVersion } from "../../version.ts";
import { manifestFile, readSource } from "./sources.ts";

interface Manifest {
  readonly engines: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** Packages in addition to those that the program imports. */
const tools = ["bastion-trail", "@bastion-trail/bootstrap", "@bastion-trail/policies"];
const checks = ["@types/node", "typescript"];

/** All packages of this repository have the same version. */
export function projectManifest() {
  const root = JSON.parse(readSource(manifestFile)) as Manifest;
  const own = `^${packageVersion()}`;
  const imported = Object.entries(root.dependencies).map(
    ([name, range]) => [name, name.startsWith("@bastion-trail/") ? own : range] as const,
  );
  return {
    private: true,
    type: "module",
    engines: root.engines,
    scripts: { typecheck: "tsc --noEmit" },
    dependencies: sorted([...imported, ...tools.map((name) => [name, own] as const)]),
    devDependencies: sorted(Object.entries(root.devDependencies).filter(([name]) => checks.includes(name))),
  };
}

function sorted(entries: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
