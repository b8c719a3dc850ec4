import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { engineVersion, versionProblem, yamlHostVersion } from "../../../sandbox/engine/version.ts";

const projectFile = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

describe("the engine's version", () => {
  it("is the same in the Go module and in the npm package that downloads it", () => {
    const goModule = projectFile("sandbox/engine/go.mod");
    const { devDependencies } = JSON.parse(projectFile("sandbox/package.json")) as {
      devDependencies: Record<string, string>;
    };
    assert.match(goModule, new RegExp(`github.com/pulumi/pulumi/pkg/v3 v${engineVersion}\\n`));
    assert.match(goModule, new RegExp(`github.com/pulumi/pulumi/sdk/v3 v${engineVersion} `));
    assert.equal(devDependencies.pulumi, engineVersion);
  });

  it("goes with a language host for YAML that the Go module pins", () => {
    assert.match(
      projectFile("sandbox/engine/go.mod"),
      new RegExp(`github.com/pulumi/pulumi-yaml v${yamlHostVersion}\n`),
    );
  });

  for (const [answer, problem] of [
    ["v3.259.0", undefined],
    ["3.259.1-dev.1+abc", undefined],
    ["v3.258.9", "version v3.258.9 is older than 3.259.0"],
    ["v4.0.0", "version v4.0.0 is another major version than 3.259.0"],
    ["", 'it does not tell its version ("")'],
  ] as const) {
    it(`${problem === undefined ? "accepts" : "refuses"} an engine that answers ${JSON.stringify(answer)}`, () => {
      assert.equal(versionProblem(answer), problem);
    });
  }
});
