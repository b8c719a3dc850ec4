import type { EngineEvent, PolicyEvent, StepEventMetadata } from "@pulumi/pulumi/automation/index.js";
import { type Changes, toChanges } from "./changes.ts";
import { changedResource, type ChangedResource } from "./changedResource.ts";
import type { ProgressStep } from "./progress.ts";

/** A resource that the engine could not create, and why. */
export interface FailedCreate {
  readonly metadata: StepEventMetadata;
  /** What the provider said. */
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

/** Follows one run of the engine: shows how far it is, and keeps what it says at its end. */
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

  /** The counts of the engine's summary; `undefined` while there is none. */
  get changes(): Changes | undefined {
    return this.#changes;
  }

  /** What the run changes, or would change, in the order of its steps. */
  get changed(): readonly ChangedResource[] {
    return this.#changed;
  }

  get warnings(): readonly string[] {
    return [...this.#warnings];
  }

  /** The engine's error diagnostics, each once, without the stack of a JavaScript error. */
  get errors(): readonly string[] {
    // The engine's closing words say nothing beside the errors before them.
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
      if (changed !== undefined) {
        this.#changed.push(changed);
      }
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
      // A refusal of this project's components names its subject itself: `AuditArchive "archive": ...`.
      const namesSubject = /^[A-Z]\w+ "[^"]+"(?::| has \d+ problems:)/.test(message);
      const line = about === "" || about.startsWith("Stack ") || namesSubject ? message : `${about}: ${message}`;
      if (diagnosticEvent.severity === "error") {
        const { urn = "" } = diagnosticEvent;
        this.#reasons.set(urn, [...(this.#reasons.get(urn) ?? []), message]);
        if (!this.#errors.includes(line)) {
          this.#errors.push(line);
        }
      } else if (diagnosticEvent.severity === "warning") {
        this.#warnings.add(line);
      }
    }
    if (policyEvent !== undefined) this.#takePolicy(policyEvent);
    if (summaryEvent !== undefined) {
      this.#changes = toChanges(summaryEvent.resourceChanges);
    }
  }

  #takePolicy({ policyName, enforcementLevel, message, resourceUrn }: PolicyEvent): void {
    const about = resourceUrn === undefined ? "" : `${resourceLabel(resourceUrn)}: `;
    // The engine puts the policy's description on lines of its own before what it found.
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

/** `BastionHost bastion` of a URN. */
export function resourceLabel(urn: string): string {
  const [, , types = "", name = ""] = urn.split("::");
  const type = types.split("$").at(-1)?.split(":").at(-1) ?? types;
  return `${type} ${name}`;
}

/** A diagnostic as one reads it: without colour tags, JavaScript stack frames, and the frame around a single error. */
export function plainMessage(message: string): string {
  return (
    message
      .replaceAll(/<\{%.*?%\}>/g, "")
      .split("\n")
      .filter((line) => !/^\s+at /.test(line))
      .join("\n")
      .replace(/^Unhandled exception: (?:\w*Error: )?/, "")
      // The SDK puts one before the message for each output that the refused value is part of.
      .replace(/^(?:error serializing property "[^"]*": )+/, "")
      .replace(/^1 error occurred:\s+\* /, "")
      .replace(/^(?:Preview failed: )?before hook "[^"]*" failed: /, "")
      .trim()
  );
}
