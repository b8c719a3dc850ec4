import type { CDPSession, Page } from "playwright-core";

/** The used fields of a trace event (Chromium, Trace Event Format). Times in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  /** By the thread's own clock, which excludes time in which another process had its processor. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

const categories = ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline", "__metadata"];
/** Pixels to scroll: down, back up, and down again. */
const distances = [-4000, 4000, -4000];
/** Pixels per second, as in a search without reading. */
const speed = 1500;

/**
 * Scrolls an element as a mouse wheel does.
 * @returns milliseconds of the page's main thread per frame, for script, style, layout and paint.
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

/** Sums the work per frame. A frame ends with its commit and includes all work since the commit before. */
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
    // Work before the first commit belongs to no frame.
    return work.slice(1);
  });
  // The page's own renderer has the most frames.
  const [most = []] = frames.sort((one, other) => other.length - one.length);
  if (most.length < 20) throw new Error(`Only ${most.length} frames were drawn while the page scrolled.`);
  return most;
}
