/** Entry point for the engine. Plain JavaScript, so that Node's compile cache is enabled before it loads the program. */
import { start } from "@bastion-trail/program/start";

export default () => start(() => import("./index.ts"));
