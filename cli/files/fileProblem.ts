import { diskReason, errorCode } from "./fileErrors.ts";

/** Why a file or folder cannot be read, beside the reasons for which it also cannot be written. */
const problems: Readonly<Record<string, string>> = {
  ENOENT: "it does not exist, or is a symbolic link to something that does not",
  ELOOP: "its symbolic links form a loop",
  EISDIR: "it is a folder",
  ENOTDIR: "it is not a folder",
};

/**
 * Explains why a file or folder cannot be read, as a part of a sentence.
 * @throws the error itself if it is not an error of the file system.
 */
export function fileProblem(error: unknown): string {
  const code = errorCode(error);
  if (code === undefined) throw error;
  return problems[code] ?? diskReason(error) ?? (error as Error).message;
}

/** Like {@link fileProblem}, as a whole sentence. */
export function cannotRead(error: unknown): string {
  return `Cannot be read: ${fileProblem(error)}.`;
}
