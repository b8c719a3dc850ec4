export * from "./archivePath.ts";
export * from "./clouds.ts";
export * from "./kql.ts";
export * from "./kqlText.ts";
export * from "./logQuery.ts";
export * from "./portal.ts";
export * from "./resourceId.ts";
