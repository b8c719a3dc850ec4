/**
 * Preloaded into a child process: ends it when its parent ends for any reason, so that a killed sandbox leaves no
 * process behind.
 */
process.on("disconnect", () => {
  process.exit(0);
});
// The channel itself must not keep the child running.
process.channel?.unref();
