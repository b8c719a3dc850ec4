/** Where the clone's manifest is while a package is packed, in the folder of the package. */
export const keptManifest = "package.clone.json";
