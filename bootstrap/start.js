/** Where the engine enters, in a clone and in the published package, which has the program compiled. */
import { start } from "@bastion-trail/program/start";

export default () => start(() => import("@bastion-trail/bootstrap"));
