/** What the flat program takes of `@pulumi/random`, in the form of its root import. */
export { RandomPassword } from "@pulumi/random/randomPassword.js";
export { RandomString } from "@pulumi/random/randomString.js";
