import type { EngineEvent, PolicyEvent, StepEventMetadata } from "@pulumi/pulumi/automation/index.js";
import { type Changes, toChanges } from "./changes.ts";
import { changedResource, type ChangedResource } from "./changedResource.ts";
import type { ProgressStep } from "./progress.ts";

/** A resource that the engine could not create, and why. */
export interface FailedCreate {
  readonly metadata: StepEventMetadata;
  /** The provider's messages. */
  readonly reasons: readonly string[];
}

const verbs: Readonly<Record<string, string>> = {
  create: "creating",
  "create-replacement": "replacing",
  update: "updating",
  delete: "deleting",
  "delete-replaced": "deleting",
  refresh: "reading",
};

/** Follows one run of the engine: shows its progress, and keeps its results. */
export class RunEvents {
  readonly #step: ProgressStep;
  readonly #errors: string[] = [];
  readonly #warnings = new Set<string>();
  readonly #current = new Map<string, string>();
  readonly #reasons = new Map<string, string[]>();
  readonly #failedCreates: StepEventMetadata[] = [];
  readonly #changed: ChangedResource[] = [];
  #done = 0;
  #changes: Changes | undefined;

  constructor(step: ProgressStep) {
    this.#step = step;
  }

  /** The counts of the engine's summary; `undefined` until it arrives. */
  get changes(): Changes | undefined {
    return this.#changes;
  }

  /** The resources that the run changes or would change, in the order of its steps. */
  get changed(): readonly ChangedResource[] {
    return this.#changed;
  }

  get warnings(): readonly string[] {
    return [...this.#warnings];
  }

  /** The engine's error diagnostics, each once, without JavaScript stack traces. */
  get errors(): readonly string[] {
    // The engine's closing message adds nothing to the errors before it.
    return this.#errors.length > 1
      ? this.#errors.filter((line) => !/^(update|preview) failed$/.test(line))
      : this.#errors;
  }

  get failedCreates(): readonly FailedCreate[] {
    return this.#failedCreates.map((metadata) => ({ metadata, reasons: this.#reasons.get(metadata.urn) ?? [] }));
  }

  take(event: EngineEvent): void {
    const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent, policyEvent, summaryEvent } = event;
    if (resourcePreEvent !== undefined) {
      const { op, urn } = resourcePreEvent.metadata;
      const changed = changedResource(resourcePreEvent.metadata);
      if (changed !== undefined) this.#changed.push(changed);
      const verb = verbs[op];
      if (verb !== undefined) {
        this.#current.set(urn, `${verb} ${resourceLabel(urn)}`);
        this.#show();
      }
    }
    const ended = (resOutputsEvent ?? resOpFailedEvent)?.metadata;
    if (ended !== undefined && ended.op !== "same") {
      this.#current.delete(ended.urn);
      this.#done += 1;
      this.#show();
    }
    if (resOpFailedEvent?.metadata.op === "create" || resOpFailedEvent?.metadata.op === "create-replacement") {
      this.#failedCreates.push(resOpFailedEvent.metadata);
    }
    if (diagnosticEvent !== undefined && diagnosticEvent.ephemeral !== true) {
      const message = plainMessage(diagnosticEvent.message);
      const about = diagnosticEvent.urn === undefined ? "" : resourceLabel(diagnosticEvent.urn);
      // Errors of this project's components already name their subject: `AuditArchive "archive": ...`.
      const namesSubject = /^[A-Z]\w+ "[^"]+"(?::| has \d+ problems:)/.test(message);
      const line = about === "" || about.startsWith("Stack ") || namesSubject ? message : `${about}: ${message}`;
      if (diagnosticEvent.severity === "error") {
        const { urn = "" } = diagnosticEvent;
        this.#reasons.set(urn, [...(this.#reasons.get(urn) ?? []), message]);
        if (!this.#errors.includes(line)) this.#errors.push(line);
      } else if (diagnosticEvent.severity === "warning") {
        this.#warnings.add(line);
      }
    }
    if (policyEvent !== undefined) this.#takePolicy(policyEvent);
    if (summaryEvent !== undefined) this.#changes = toChanges(summaryEvent.resourceChanges);
  }

  #takePolicy({ policyName, enforcementLevel, message, resourceUrn }: PolicyEvent): void {
    const about = resourceUrn === undefined ? "" : `${resourceLabel(resourceUrn)}: `;
    // The engine prints the policy's description on separate lines before the violation.
    const found = plainMessage(message).split("\n").at(-1) ?? "";
    const line = `${about}${found} (policy ${policyName})`;
    if (enforcementLevel === "mandatory") this.#errors.push(line);
    else this.#warnings.add(line);
  }

  #show(): void {
    const latest = [...this.#current.values()].at(-1);
    this.#step.update(`${this.#done} resources done${latest === undefined ? "" : `, ${latest}`}`);
  }
}

/** Returns the label of a URN, such as `BastionHost bastion`. */
export function resourceLabel(urn: string): string {
  const [, , types = "", name = ""] = urn.split("::");
  const type = types.split("$").at(-1)?.split(":").at(-1) ?? types;
  return `${type} ${name}`;
}

/**
 * Returns a diagnostic in readable form: without color tags, JavaScript stack frames, and the wrapper around a single
 * error.
 */
export function plainMessage(message: string): string {
  return (
    message
      .replaceAll(/<\{%.*?%\}>/g, "")
      .split("\n")
      .filter((line) => !/^\s+at /.test(line))
      .join("\n")
      .replace(/^Unhandled exception: (?:\w*Error: )?/, "")
      // The SDK adds such a prefix for each output that contains the refused value.
      .replace(/^(?:error serializing property "[^"]*": )+/, "")
      .replace(/^1 error occurred:\s+\* /, "")
      .replace(/^(?:Preview failed: )?before hook "[^"]*" failed: /, "")
      .trim()
  );
}
