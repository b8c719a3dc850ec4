/** A strip with the number of sessions over the whole range. Dragging selects the stretch that the timeline shows. */
import { afterPause, found, oncePerFrame } from "./dom.ts";
import { drawGaps } from "./drawLanes.ts";
import type { Stretch } from "./model.ts";
import { readPalette, type Palette } from "./palette.ts";
import type { State, Store } from "./state.ts";
import { verdicts } from "./verdicts.ts";

const height = 56;
const binWidth = 4;
/** A drag shorter than this many pixels is a click, which moves the window there. */
const clickSlack = 4;

/** Number of sessions that began in each bin: all of them, and those with findings. */
interface Bins {
  readonly all: Uint32Array;
  readonly findings: Uint32Array;
}

export class Overview {
  readonly #store: Store;
  readonly #gaps: readonly Stretch[];
  readonly #canvas = found("overview", HTMLCanvasElement);
  readonly #draw = oncePerFrame(() => {
    this.#drawNow();
  });
  readonly #settle: () => void;
  #palette: Palette = readPalette();
  #width = 0;
  #bins: Bins = { all: new Uint32Array(), findings: new Uint32Array() };

  constructor(store: Store, gaps: readonly Stretch[]) {
    this.#store = store;
    this.#gaps = gaps;
    this.#settle = afterPause(150, () => {
      store.settleWindow();
    });
    new ResizeObserver(() => {
      this.#resize();
    }).observe(this.#canvas);
    store.listen((state, change) => {
      if (change === "rows") this.#bins = binsOf(state, this.#binCount());
      this.#draw();
    });
    this.#listen();
    this.#resize();
  }

  repaint(): void {
    this.#palette = readPalette();
    this.#drawNow();
  }

  #binCount(): number {
    return Math.max(1, Math.floor(this.#width / binWidth));
  }

  #resize(): void {
    const width = this.#canvas.clientWidth;
    const ratio = window.devicePixelRatio;
    this.#width = width;
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    this.#canvas.getContext("2d")?.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#bins = binsOf(this.#store.state, this.#binCount());
    this.#drawNow();
  }

  #drawNow(): void {
    const context = this.#canvas.getContext("2d");
    if (context === null || this.#width === 0) return;
    const { window, range } = this.#store.state;
    const [palette, width] = [this.#palette, this.#width];
    context.fillStyle = palette.surface;
    context.fillRect(0, 0, width, height);
    drawGaps(context, { gaps: this.#gaps, window: range, gutter: 0, width, palette }, 0, height);
    const most = this.#bins.all.reduce((one, other) => Math.max(one, other), 1);
    const binPixels = width / this.#bins.all.length;
    for (const [counts, colour] of [
      [this.#bins.all, palette.grantEdge] as const,
      [this.#bins.findings, palette.verdict[verdicts.findIndex(({ name }) => name === "bypassed")]] as const,
    ]) {
      context.fillStyle = colour ?? palette.text;
      counts.forEach((count, index) => {
        if (count === 0) return;
        // Square root, so that a single session is visible beside a thousand.
        const long = Math.max(2, Math.sqrt(count / most) * (height - 8));
        context.fillRect(index * binPixels, height - long, Math.max(1, binPixels - 1), long);
      });
    }
    const scale = width / (range.to - range.from);
    const [left, right] = [(window.from - range.from) * scale, (window.to - range.from) * scale];
    context.fillStyle = palette.gap;
    context.globalAlpha = 0.35;
    context.fillRect(0, 0, left, height);
    context.fillRect(right, 0, width - right, height);
    context.globalAlpha = 1;
    context.strokeStyle = palette.accent;
    context.lineWidth = 2;
    context.strokeRect(Math.max(1, left), 1, Math.max(2, Math.min(width - 1, right) - Math.max(1, left)), height - 2);
  }

  #listen(): void {
    let begin: number | undefined;
    this.#canvas.addEventListener("pointerdown", (event) => {
      begin = event.offsetX;
      this.#canvas.setPointerCapture(event.pointerId);
    });
    this.#canvas.addEventListener("pointermove", ({ offsetX }) => {
      if (begin !== undefined && Math.abs(offsetX - begin) > clickSlack) {
        this.#show(this.#timeAt(Math.min(begin, offsetX)), this.#timeAt(Math.max(begin, offsetX)));
      }
    });
    this.#canvas.addEventListener("pointerup", ({ offsetX }) => {
      if (begin !== undefined && Math.abs(offsetX - begin) <= clickSlack) {
        const { window } = this.#store.state;
        const half = (window.to - window.from) / 2;
        this.#show(this.#timeAt(offsetX) - half, this.#timeAt(offsetX) + half);
      }
      begin = undefined;
    });
  }

  #show(from: number, to: number): void {
    const { range } = this.#store.state;
    this.#store.setWindow({ from: Math.max(range.from, from), to: Math.min(range.to, Math.max(to, from + 10_000)) });
    this.#settle();
  }

  #timeAt(x: number): number {
    const { range } = this.#store.state;
    return range.from + (Math.max(0, Math.min(this.#width, x)) / this.#width) * (range.to - range.from);
  }
}

function binsOf({ model, kept, range }: State, count: number): Bins {
  const bins = { all: new Uint32Array(count), findings: new Uint32Array(count) };
  const scale = count / (range.to - range.from);
  for (const row of kept) {
    const bin = Math.max(0, Math.min(count - 1, Math.floor(((model.start[row] ?? 0) - range.from) * scale)));
    bins.all[bin] = (bins.all[bin] ?? 0) + 1;
    if (verdicts[model.verdict[row] ?? -1]?.isFinding === true) bins.findings[bin] = (bins.findings[bin] ?? 0) + 1;
  }
  return bins;
}
