/** The manifest of a package as published, which npm cannot derive from the one of a clone. */

/** The used fields of a package.json. All others are kept. */
export interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

/**
 * Returns the manifest to publish. In a clone `exports` leads to the TypeScript, which Node runs there. Node strips no
 * types below node_modules, so a published package has compiled files in `dist`. npm does not apply
 * `publishConfig.exports`.
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
