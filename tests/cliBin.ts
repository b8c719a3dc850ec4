import { join } from "node:path";

/** The CLI as a shell starts it. */
export const cliBin = join(import.meta.dirname, "../cli/bin/bastion-trail.js");
