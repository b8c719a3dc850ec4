/**
 * Runs what may leave a rejected promise behind that nobody handles. Pulumi's inline server listens for these until its program has
 * ended; one that comes a moment later, as that of a lost call may, would end the whole process.
 * @throws the error of `run`, else the first rejection.
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
