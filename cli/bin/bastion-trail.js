#!/usr/bin/env node
// Plain JavaScript, so that an old Node reaches the error message, and Node need not strip types in a package.
import { existsSync } from "node:fs";
import * as nodeModule from "node:module";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`error: This is Node ${process.versions.node}. Run bastion-trail with Node 22.18 or newer.\n`);
  process.exit(2);
}

// NO_COLOR is the stronger one here. Node would let FORCE_COLOR win, and warn about it in every call.
if (process.env.NO_COLOR) delete process.env.FORCE_COLOR;

// A clone runs its sources. The package has compiled files, because Node strips no types below node_modules.
const sources = new URL("../main.ts", import.meta.url);
const isClone = existsSync(sources);

// Half of the start time is compilation. The folder is as protected as the code; one in /tmp could be someone else's.
const compiled = isClone ? "../../node_modules/.cache/bastion-trail/" : "../../.cache/bastion-trail/";
nodeModule.enableCompileCache(new URL(compiled, import.meta.url).pathname);

await import(isClone ? sources.href : new URL("../dist/main.js", import.meta.url).href);
