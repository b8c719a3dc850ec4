import type { CDPSession, Page } from "playwright-core";

/** What this reads of an event of a trace (Chromium, Trace Event Format). Times are microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  /** Of the thread's own clock: without the time in which another process had its processor. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

const categories = ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline", "__metadata"];
/** Pixels down, and back up again, and down. */
const distances = [-4000, 4000, -4000];
/** Pixels a second: as fast as one reads nothing and looks for something. */
const speed = 1500;

/**
 * Scrolls an element as a mouse wheel does.
 * @returns milliseconds that the page's main thread worked for each frame, whatever it did: script, style, layout, paint.
 */
export async function frameTimes(page: Page, selector: string): Promise<number[]> {
  const scroller = page.locator(selector);
  await scroller.scrollIntoViewIfNeeded();
  const box = await scroller.boundingBox();
  if (box === null) throw new Error(`${selector} is not in the page.`);
  const session = await page.context().newCDPSession(page);
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const events = await traced(session, async () => {
    for (const yDistance of distances) {
      await session.send("Input.synthesizeScrollGesture", { x, y, yDistance, speed, gestureSourceType: "mouse" });
    }
  });
  await session.detach();
  return workOfFrames(events);
}

async function traced(session: CDPSession, run: () => Promise<void>): Promise<TraceEvent[]> {
  const events: TraceEvent[] = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await session.send("Tracing.start", { traceConfig: { includedCategories: categories, excludedCategories: ["*"] } });
  await run();
  const isComplete = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
  await session.send("Tracing.end");
  await isComplete;
  return events;
}

/** A frame ends with its commit; what the thread did since the one before belongs to it. */
function workOfFrames(events: readonly TraceEvent[]): number[] {
  const threads = events.filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain");
  const frames = threads.map(({ pid, tid }) => {
    const own = events.filter((event) => event.pid === pid && event.tid === tid);
    const commits = own.filter(({ name }) => name === "Commit").map(({ ts }) => ts);
    const work = commits.sort((one, other) => one - other).map(() => 0);
    for (const { name, ts, tdur = 0 } of own) {
      const frame = name === "RunTask" ? commits.findIndex((commit) => commit >= ts) : -1;
      if (frame !== -1) work[frame] = (work[frame] ?? 0) + tdur / 1000;
    }
    // What came before the first commit is not a frame's.
    return work.slice(1);
  });
  // The page's own renderer is the one that drew.
  const [most = []] = frames.sort((one, other) => other.length - one.length);
  if (most.length < 20) throw new Error(`Only ${most.length} frames were drawn while the page scrolled.`);
  return most;
}
