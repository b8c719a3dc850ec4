/** Where the engine enters. Plain JavaScript, so that what Node compiles of the program is kept from the first file on. */
import { start } from "@bastion-trail/program/start";

export default () => start(() => import("./index.ts"));
