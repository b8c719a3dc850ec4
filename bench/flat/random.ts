/** The parts of `@pulumi/random` that the flat program uses, in the form of its root import. */
export { RandomPassword } from "@pulumi/random/randomPassword.js";
export { RandomString } from "@pulumi/random/randomString.js";
