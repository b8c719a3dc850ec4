/** Entry point of a published pack; a clone starts with index.js. */
import { policyPack } from "./pack.ts";

policyPack();
