/** Entry point for the engine, in a clone and in the published package, which holds the compiled program. */
import { start } from "@bastion-trail/program/start";

export default () => start(() => import("@bastion-trail/bootstrap"));
