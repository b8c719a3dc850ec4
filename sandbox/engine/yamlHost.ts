import { dirname, join } from "node:path";
import type { Progress } from "../progress.ts";
import { buildFromGo, hasGo } from "./build.ts";
import { builtFolder, isExecutable, onPath } from "./candidates.ts";
import type { Engine } from "./resolve.ts";
import { yamlHostVersion } from "./version.ts";

const executable = process.platform === "win32" ? "pulumi-language-yaml.exe" : "pulumi-language-yaml";

/**
 * Finds Pulumi's language host for YAML: beside the engine, as in a release; on PATH; otherwise builds it from Go,
 * once. It shares much of the engine's code, so the build takes less than a minute after a build of the engine.
 * @returns its folder, for the PATH of an engine.
 * @throws if there is none, and no Go to build it with.
 */
export async function ensureYamlHost(
  engine: Engine,
  progress: Progress,
  environment: NodeJS.ProcessEnv = process.env,
  { hasGo: canBuild, build } = { hasGo, build: buildFromGo },
): Promise<string> {
  const folder = builtFolder("yaml", yamlHostVersion, environment);
  const present = [
    join(dirname(engine.command), executable),
    onPath(environment, executable),
    join(folder, "bin", executable),
  ].find((file) => file !== undefined && isExecutable(file));
  if (present !== undefined) return dirname(present);
  if (!(await canBuild())) {
    throw new Error(
      `No ${executable} beside ${engine.command} or on PATH, and no \`go\` to build it with. ` +
        "Install the Pulumi CLI (https://www.pulumi.com/docs/install/) or Go (https://go.dev/dl/), and run this again.",
    );
  }
  const host = {
    title: `Pulumi's language host for YAML ${yamlHostVersion}`,
    goPackage: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
    variables: { "github.com/pulumi/pulumi-yaml/pkg/version.Version": `v${yamlHostVersion}` },
    folder,
    executable,
  };
  return dirname(await build(host, progress));
}
