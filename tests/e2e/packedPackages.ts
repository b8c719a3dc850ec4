/** The published packages, packed from a copy of the clone: packing puts other manifests in place, which other tests must not come upon. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { sourcePaths } from "../../cli/commands/init/sources.ts";

const root = join(import.meta.dirname, "../..");
export const published = ["core", "components", "policies", "program", "bootstrap", "cli"] as const;
export type Published = (typeof published)[number];

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

export class PackedPackages {
  readonly folder = mkdtempSync(join(tmpdir(), "packages-"));
  /** The Node that runs the test comes first, as in a place where only that one is installed. */
  readonly env: NodeJS.ProcessEnv = {
    ...process.env,
    PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
    BASTION_TRAIL_CACHE: join(this.folder, "cache"),
    BASTION_TRAIL_STATE: join(this.folder, "state"),
  };
  readonly clone = join(this.folder, "clone");
  readonly #packed: Readonly<Record<Published, Packed>>;

  constructor() {
    this.#copyClone();
    this.#packed = Object.fromEntries(published.map((name) => [name, this.pack(name)])) as Record<Published, Packed>;
  }

  /** @returns the path of the package's tarball. */
  tarball(name: Published): string {
    return join(this.folder, this.#packed[name].filename);
  }

  /** Paths of the files in a package. */
  paths(name: Published): readonly string[] {
    return this.#packed[name].files.map(({ path }) => path);
  }

  /** Packs a package as it is in the copy. */
  pack(name: Published): Packed {
    const args = ["pack", "--json", "--pack-destination", this.folder];
    const [one] = JSON.parse(this.npm(join(this.clone, name), ...args)) as [Packed];
    return one;
  }

  /** An empty project in which packages are installed from their tarballs. */
  project(name: string, manifest: object, ...packages: string[]): string {
    const path = join(this.folder, name);
    mkdirSync(path);
    writeFileSync(join(path, "package.json"), JSON.stringify({ name, private: true, ...manifest }));
    this.install(path, ...packages);
    return path;
  }

  install(path: string, ...packages: string[]): void {
    this.npm(path, "install", "--prefer-offline", "--no-audit", "--no-fund", ...packages);
  }

  npm(cwd: string, ...args: string[]): string {
    return execFileSync("npm", args, { cwd, env: this.env, encoding: "utf8" });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #copyClone(): void {
    const needed = [...published, "tools", "tsconfig.json", "tsconfig.package.json", "LICENSE", ...sourcePaths];
    for (const name of needed) {
      cpSync(join(root, name), join(this.clone, name), { recursive: true, filter: (path) => !path.endsWith("dist") });
    }
    const modules = join(this.clone, "node_modules");
    mkdirSync(join(modules, "@bastion-trail"), { recursive: true });
    for (const name of readdirSync(join(root, "node_modules"))) {
      if (name !== "@bastion-trail" && name !== "bastion-trail") {
        symlinkSync(join(root, "node_modules", name), join(modules, name));
      }
    }
    // The CLI is what nothing published imports.
    for (const name of published.filter((one) => one !== "cli"))
      symlinkSync(join(this.clone, name), join(modules, "@bastion-trail", name));
  }
}
