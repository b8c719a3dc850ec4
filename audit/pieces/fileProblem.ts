/** Why a file or folder cannot be read, by the error's code (Node, "Common system errors"). */
const problems: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  ENOENT: "it does not exist, or is a link to something that does not",
  ELOOP: "its symbolic links lead in a circle",
  ENAMETOOLONG: "its name is too long",
  EISDIR: "it is a folder",
};

/**
 * Says in a sentence that a file or folder cannot be read, and why.
 * @throws whatever is not an error of the file system.
 */
export function fileProblem(error: unknown): string {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") {
    throw error;
  }
  return `It cannot be read: ${problems[error.code] ?? error.message}.`;
}
