/**
 * The pack's entry in a clone. Pulumi loads it as a CommonJS module, so it is plain JavaScript and awaits nothing at its top; the rules are
 * TypeScript, which Node runs. The published package starts with what this imports, compiled.
 */
import "./serve.ts";
