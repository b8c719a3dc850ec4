#!/usr/bin/env node
// Plain JavaScript: an old Node gets as far as the message, and a package can be run where Node strips no types.
import { existsSync } from "node:fs";
import * as nodeModule from "node:module";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`error: This is Node ${process.versions.node}. Run bastion-trail with Node 22.18 or newer.\n`);
  process.exit(2);
}

// A clone runs its sources; the package has them compiled, because Node strips no types below node_modules.
const sources = new URL("../main.ts", import.meta.url);
const isClone = existsSync(sources);

// Half of a start is compiling. The folder is as protected as the code itself; one in /tmp could be someone else's.
const compiled = isClone ? "../../node_modules/.cache/bastion-trail/" : "../../.cache/bastion-trail/";
nodeModule.enableCompileCache(new URL(compiled, import.meta.url).pathname);

await import(isClone ? sources.href : new URL("../dist/main.js", import.meta.url).href);
