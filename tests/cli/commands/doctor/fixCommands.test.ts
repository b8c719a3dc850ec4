import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { commands } from "../../../../cli/commands/index.ts";
import { azNameOf, fixCommands, wordsOf } from "./fixCommands.ts";

interface AzCommand {
  readonly options: readonly string[];
  readonly required: readonly (readonly string[])[];
}
const az = JSON.parse(readFileSync(join(import.meta.dirname, "azArguments.json"), "utf8")) as {
  readonly version: string;
  readonly commands: Readonly<Record<string, AzCommand>>;
};

describe("a command that doctor prints", () => {
  for (const { code, command } of fixCommands()) {
    const words = wordsOf(command);
    const options = words.filter((word) => /^-{1,2}[a-z]/i.test(word));

    it(`is whole: ${code}, ${words.slice(0, 4).join(" ")}`, () => {
      assert.doesNotMatch(command, /<[a-z]+>/);
    });

    if (words[0] === "az") {
      it(`is one of the Azure CLI ${az.version}: ${code}, ${azNameOf(words)}`, () => {
        const known = az.commands[azNameOf(words)];
        assert.ok(known !== undefined, `run writeAzArguments.ts for 'az ${azNameOf(words)}'`);
        assert.deepEqual(
          options.filter((option) => !known.options.includes(option)),
          [],
        );
        assert.deepEqual(
          known.required.filter((spellings) => !spellings.some((one) => options.includes(one))),
          [],
        );
        // Without one of these, az asks for the parts of the id that it lacks.
        const isNamed = !known.options.includes("--ids") || options.includes("--ids") || options.includes("--name");
        assert.ok(isNamed, command);
      });
    }

    if (words[0] === "bastion-trail") {
      it(`is one of this CLI: ${code}, ${words.slice(0, 3).join(" ")}`, () => {
        const meant = commands.find(({ name }) => words.slice(1).join(" ").startsWith(`${name} `));
        const flags = Object.values(meant?.options ?? {}).flatMap((option) => option.flags.match(/--[\w-]+/g) ?? []);
        assert.deepEqual(
          options.filter((option) => ![...flags, "--debug"].includes(option)),
          [],
        );
      });
    }
  }

  it("is taken apart as a shell does", () => {
    assert.deepEqual(wordsOf(String.raw`az x --a 'b "c" d' --e "f \"g\"" h\ i '{"j":'\''k'\''}' && l`), [
      ...["az", "x", "--a", 'b "c" d', "--e", 'f "g"', "h i", `{"j":'k'}`, "&&", "l"],
    ]);
  });
});
