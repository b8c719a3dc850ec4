/** Why a file or folder cannot be read, keyed by the error's code (Node, "Common system errors"). */
const problems: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  ENOENT: "it does not exist, or is a symbolic link to something that does not",
  ELOOP: "its symbolic links form a loop",
  ENAMETOOLONG: "its name is too long",
  EISDIR: "it is a folder",
};

/**
 * Explains why a file or folder cannot be read, as a part of a sentence.
 * @throws the error itself if it is not an error of the file system.
 */
export function fileProblem(error: unknown): string {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") {
    throw error;
  }
  return problems[error.code] ?? error.message;
}

/** Like {@link fileProblem}, as a whole sentence. */
export function cannotRead(error: unknown): string {
  return `Cannot be read: ${fileProblem(error)}.`;
}
