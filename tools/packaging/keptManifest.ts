/** Name of the clone's manifest while a package is packed, in the folder of the package. */
export const keptManifest = "package.clone.json";
