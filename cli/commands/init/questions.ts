/** The questions of `init` on a terminal. They go to stderr, because stdout has only the result. */
import {
  type CANCEL_SYMBOL,
  confirm,
  isCancel,
  select,
  text,
  updateSettings,
  type SelectOptions,
  type TextOptions,
} from "@clack/prompts";
import { Interrupted } from "../../errors.ts";
import type { Io } from "../../io.ts";
import { stackRefusals } from "./refusals.ts";
import { auditedSkus, DefenderPlanMode } from "./choices.ts";
import { pipelineNames, type PipelineName } from "./pipelines.ts";
import { configKeys, problemsOf, vmNamed, type StackNames, type StackValues } from "./stackConfig.ts";

export class Questions {
  readonly #terminal: Pick<TextOptions, "input" | "output" | "signal">;

  constructor({ stdin, stderr, signal }: Io) {
    this.#terminal = { input: stdin, output: stderr, signal };
    // Ctrl+D would close the input, and leave the question without an answer for ever.
    updateSettings({ aliases: { "\x04": "cancel" } });
  }

  async stack(preset: string): Promise<string> {
    const validate = (given = "") => (given === "" ? undefined : stackRefusals(given)[0]?.sentence);
    return this.#text({ message: "Stack", placeholder: preset, defaultValue: preset, validate });
  }

  /** Asks for each missing value. */
  async values(given: StackValues, names: StackNames): Promise<StackValues> {
    const location = given.location ?? (await this.#location(names));
    const namePrefix = given.namePrefix ?? (await this.#namePrefix(names));
    const bastionSku = given.bastionSku ?? (await this.#one("bastionSku", "SKU of the Bastion host", auditedSkus));
    const vms = given.vms ?? (await this.#vms(names));
    const plan = "Defender for Servers Plan 2, which JIT requires";
    const defenderPlan = given.defenderPlan ?? (await this.#one("defenderPlan", plan, Object.values(DefenderPlanMode)));
    return { location, namePrefix, bastionSku, vms, defenderPlan };
  }

  async pipeline(preset: PipelineName): Promise<PipelineName> {
    return this.#select("Pipelines", pipelineNames, preset);
  }

  async agree(message: string): Promise<boolean> {
    return answered(await confirm({ ...this.#terminal, message }));
  }

  async #location(names: StackNames): Promise<string> {
    const validate = (location = "") => reasonAt("location", { location }, names);
    return this.#text({ message: "Azure region, by its short name", placeholder: "westeurope", validate });
  }

  async #namePrefix(names: StackNames): Promise<string | undefined> {
    const placeholder = `${names.project}-${names.stack}`.toLowerCase();
    const validate = (namePrefix = "") => reasonAt("namePrefix", { namePrefix }, names);
    const given = await this.#text({ message: "Start of the names of Azure resources", placeholder, validate });
    return given === "" ? undefined : given;
  }

  async #vms(names: StackNames): Promise<readonly object[] | undefined> {
    const validate = (given = "") => reasonAt("vms", { vms: vmsIn(given) }, names);
    const given = await this.#text({ message: "VMs to create, separated by commas", placeholder: "none", validate });
    const vms = vmsIn(given);
    return vms.length === 0 ? undefined : vms;
  }

  async #one(key: keyof StackValues, message: string, values: readonly string[]): Promise<string> {
    const preset = configKeys.find(({ name }) => name === key)?.fallback;
    return this.#select(message, values, String(preset));
  }

  async #text(options: TextOptions): Promise<string> {
    return answered(await text({ ...this.#terminal, ...options }));
  }

  async #select<Value extends string>(message: string, values: readonly Value[], preset: Value): Promise<Value> {
    const options = values.map((value) => ({ value })) as SelectOptions<Value>["options"];
    return answered(await select<Value>({ ...this.#terminal, message, options, initialValue: preset }));
  }
}

function vmsIn(given: string): readonly object[] {
  return given
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "")
    .map(vmNamed);
}

/** Why a key cannot have a value, if so. */
function reasonAt(key: keyof StackValues, values: StackValues, names: StackNames): string | undefined {
  return problemsOf(values, names).find((problem) => problem.key === key || problem.key.startsWith(`${key}[`))?.reason;
}

function answered<Value>(answer: Value | typeof CANCEL_SYMBOL): Value {
  if (isCancel(answer)) {
    throw new Interrupted("The question was not answered.");
  }
  return answer;
}
