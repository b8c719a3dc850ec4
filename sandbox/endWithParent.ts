/**
 * Preloaded into a child process: ends it when its parent is gone, however the parent went, so that a killed sandbox
 * leaves no process behind.
 */
process.on("disconnect", () => {
  process.exit(0);
});
// The channel itself must not keep the child alive.
process.channel?.unref();
