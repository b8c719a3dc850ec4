/** Why a file or folder cannot be read, by the error's code (Node, "Common system errors"). */
const problems: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  ENOENT: "it does not exist, or is a symbolic link to something that does not",
  ELOOP: "its symbolic links form a loop",
  ENAMETOOLONG: "its name is too long",
  EISDIR: "it is a folder",
};

/**
 * Says why a file or folder cannot be read, as a part of a sentence.
 * @throws whatever is not an error of the file system.
 */
export function fileProblem(error: unknown): string {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") {
    throw error;
  }
  return problems[error.code] ?? error.message;
}

/** The same as a sentence. */
export function cannotRead(error: unknown): string {
  return `Cannot be read: ${fileProblem(error)}.`;
}
