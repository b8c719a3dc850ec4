import assert from "node:assert/strict";
import debuggable from "@pulumi/pulumi/runtime/debuggable.js";
import { dropPromiseTraces } from "../../program/promiseTraces.ts";

/** The SDK's module, which declares no types. */
const sdk = debuggable as unknown as {
  debuggablePromise: (promise: Promise<unknown>, context: unknown) => Promise<unknown>;
  debugPromiseLeaks: boolean;
};

/** A promise with what the SDK notes on it. */
type Noted = Promise<unknown> & { readonly _debugCtx: unknown; readonly _debugStackTrace: string };

function noted(): Noted {
  const promise = Promise.resolve();
  void sdk.debuggablePromise(promise, "a context");
  return promise as unknown as Noted;
}

describe("the stack traces that the SDK takes of promises", () => {
  const { debuggablePromise } = sdk;
  afterEach(() => {
    Object.assign(sdk, { debuggablePromise, debugPromiseLeaks: false });
  });

  it("are taken by this version of the SDK", () => {
    assert.match(noted()._debugStackTrace, /^Error\n +at .*debuggablePromise /);
  });

  it("are not taken by the program", () => {
    const limit = Error.stackTraceLimit;
    dropPromiseTraces();
    const { _debugCtx, _debugStackTrace } = noted();
    assert.deepEqual({ _debugCtx, _debugStackTrace }, { _debugCtx: "a context", _debugStackTrace: "Error" });
    assert.equal(Error.stackTraceLimit, limit);
  });

  it("are taken by the program if leaked promises are to be shown", () => {
    sdk.debugPromiseLeaks = true;
    dropPromiseTraces();
    assert.match(noted()._debugStackTrace, /^Error\n +at .*debuggablePromise /);
  });
});
