import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { loadConfig } from "../../../program/config/index.ts";

/** What the config of the stack `dev` of a project is refused with. */
async function refusal(project: string, config: Readonly<Record<string, string>>, secret: readonly string[] = []) {
  await pulumi.runtime.setMocks(
    { newResource: ({ name, inputs }) => ({ id: name, state: inputs as object }), call: () => ({}) },
    project,
    "dev",
    false,
    "organization",
  );
  pulumi.runtime.setAllConfig({ [`${project}:location`]: "westeurope", ...config }, [...secret]);
  return await loadConfig().then(
    () => undefined,
    (error: unknown) => (error as Error).message,
  );
}

describe("a key in the namespace of another project", () => {
  const unknown = (project: string, key: string, value: string) =>
    `The config of stack dev: ${key} is ${value}; unknown key (did you mean ${project}:bastionSku?); the keys of this project start with ${project}:.`;

  it("is refused if it has the name that the docs use, which Pulumi would ignore", async () => {
    assert.equal(
      await refusal("access", { "bastion-trail:bastionSku": "Premium" }),
      unknown("access", "bastion-trail:bastionSku", '"Premium"'),
    );
  });

  it("is refused if the project's name is misspelled", async () => {
    const key = "bastion-trial:bastionSku";
    assert.equal(await refusal("bastion-trail", { [key]: "Premium" }), unknown("bastion-trail", key, '"Premium"'));
    assert.equal(
      await refusal("bastion-trail", { [key]: "Premium" }, [key]),
      unknown("bastion-trail", key, '"[secret]"'),
    );
  });

  it("is accepted if it belongs to a provider or to another program", async () => {
    assert.equal(await refusal("access", { "azure-native:location": "westeurope", "network:tags": "{}" }), undefined);
    assert.equal(await refusal("bastion-trail", { "bastion-trial:colour": "blue" }), undefined);
  });
});
