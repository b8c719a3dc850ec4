/** The manifest of a package as it is published: npm has no form of it beside the one that a clone works with. */

/** What this reads of a package.json; everything else is kept. */
export interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

/**
 * In a clone `exports` leads to the TypeScript, which Node runs there. It strips no types below node_modules, so a published package has
 * the compiled files, in `dist`. npm does not apply `publishConfig.exports`.
 */
export function publishedManifest({ exports, ...manifest }: Manifest): object {
  const compiled = Object.fromEntries(Object.entries(exports).map(([path, file]) => [path, compiledEntry(file)]));
  const main = compiled["."];
  // `main` and `types` are for tools that do not read `exports`, such as TypeScript with `moduleResolution: node10`.
  const entry = typeof main === "object" ? { main: main.default, types: main.types } : {};
  return { ...manifest, ...entry, exports: compiled, scripts: undefined };
}

function compiledEntry(file: string): string | { types: string; default: string } {
  const [, path] = /^\.\/(.+)\.ts$/.exec(file) ?? [];
  return path === undefined ? file : { types: `./dist/${path}.d.ts`, default: `./dist/${path}.js` };
}
