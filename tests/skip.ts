/**
 * Skips a test, or from a `before` hook all tests of its suite, and keeps the reason in the title: mocha has no other place for it,
 * and the list of skipped tests at the end of a run shows the titles.
 */
export function skip(context: Mocha.Context, reason: string): never {
  const { test } = context;
  const isHook = test !== undefined && "type" in test && test.type === "hook";
  const skipped = isHook ? test.parent : test;
  if (skipped !== undefined) {
    skipped.title += ` [skipped: ${reason}]`;
  }
  return context.skip();
}
