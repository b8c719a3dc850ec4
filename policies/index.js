/**
 * Entry point of the pack in a clone. Pulumi loads it as a CommonJS module, so it is plain JavaScript without top-level
 * await; the rules are TypeScript, which Node runs. The published package starts with the compiled form of what this
 * imports.
 */
import "./serve.ts";
