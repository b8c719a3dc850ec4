import { dayMs } from "../../time.ts";

/** How long a session without an end counts as open after its last record, in milliseconds. */
export const openForMs = dayMs;
