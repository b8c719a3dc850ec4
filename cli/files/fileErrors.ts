/** The file system's errors, recognised by their codes (Node, "Common system errors"). */

const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "no space is left on the disk",
  EDQUOT: "the disk quota is exceeded",
  ENOTDIR: "a part of the path is not a folder",
  ENAMETOOLONG: "its name is too long",
};

/** Returns why the file system refuses a path, as a part of a sentence; `undefined` for any other error. */
export function diskReason(error: unknown): string | undefined {
  const code = errorCode(error) ?? "";
  // ENOENT: the file system takes no folders, such as /proc. EEXIST: a file, or a link to nothing, has the name.
  const isUncreated = ["ENOENT", "EEXIST"].includes(code) && (error as NodeJS.ErrnoException).syscall === "mkdir";
  return isUncreated ? "the folder cannot be created" : reasons[code];
}

/** Returns the code of an error of Node, such as `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
