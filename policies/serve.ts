/** What a published pack starts with; a clone's starts with index.js. */
import { policyPack } from "./pack.ts";

policyPack();
