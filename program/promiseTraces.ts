import debuggable from "@pulumi/pulumi/runtime/debuggable.js";

/** What this uses of the SDK's module, which declares no types. */
interface Debuggable {
  debuggablePromise: (promise: Promise<unknown>, context: unknown) => Promise<unknown>;
  readonly debugPromiseLeaks: boolean;
}

/**
 * Lets the SDK take no stack traces of promises: it takes one for each of the thousands of promises of a run, and shows them only
 * if `PULUMI_DEBUG_PROMISE_LEAKS` is set. Stack traces of errors and resources stay as they are.
 *
 * It modifies the SDK, and so affects every run of this process.
 */
export function dropPromiseTraces(): void {
  const sdk = debuggable as unknown as Debuggable;
  if (sdk.debugPromiseLeaks) return;
  const { debuggablePromise } = sdk;
  sdk.debuggablePromise = (promise, context) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return debuggablePromise(promise, context);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
}
