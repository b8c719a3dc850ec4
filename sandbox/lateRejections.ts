/**
 * Runs a function that may leave an unhandled rejection behind. Pulumi's inline server handles rejections until its
 * program has ended; a later one, such as that of a lost call, would end the whole process.
 * @throws the error of `run`, otherwise the first rejection.
 */
export async function withLateRejections(run: () => Promise<void>): Promise<void> {
  const late: unknown[] = [];
  const keep = (reason: unknown): void => {
    late.push(reason);
  };
  process.on("unhandledRejection", keep);
  try {
    await run();
    if (late.length > 0) throw late[0];
  } finally {
    process.off("unhandledRejection", keep);
  }
}
