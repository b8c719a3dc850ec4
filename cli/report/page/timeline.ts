/** The timeline: a canvas as large as the view, redrawn when the user scrolls, moves or zooms. */
import { barsOf, rowAt, type Bars } from "./bars.ts";
import { afterPause, element, found, oncePerFrame } from "./dom.ts";
import { axisHeight, drawLanes, xOf, type Frame } from "./drawLanes.ts";
import { counted, formatTime } from "./format.ts";
import { laneAt, lanesOf, trackHeight, trackTop, type Lane, type Lanes } from "./lanes.ts";
import type { Stretch } from "./model.ts";
import { readPalette, type Palette } from "./palette.ts";
import type { State, Store } from "./state.ts";
import { moved, stepped, windowSteps, zoomed, type WindowStep } from "./timeScale.ts";
import { verdictAt } from "./verdicts.ts";

const gutterWidth = 190;
/** Width in pixels below which the names of VMs are above their tracks. */
const narrow = 640;
const headingHeight = 24;
/** Size of the printed timeline in pixels, which page.css fits to the paper. A low timeline is printed less high. */
const [printedWidth, printedHeight] = [960, 1200];
/** Pixels that a pointer may move during a click. */
const clickSlack = 4;
/** Milliseconds after the last move until the table is updated. */
const settleAfter = 150;

export class Timeline {
  readonly #store: Store;
  readonly #gaps: readonly Stretch[];
  readonly #scroller = found("lanes", HTMLElement);
  readonly #spacer = element("div", { class: "lanes-spacer" });
  readonly #canvas = element("canvas", { "aria-hidden": "true" });
  readonly #context: CanvasRenderingContext2D;
  readonly #hint = found("hint", HTMLElement);
  readonly #draw = oncePerFrame(() => {
    this.drawNow();
  });
  readonly #settle: () => void;
  #palette: Palette = readPalette();
  #lanes: Lanes = { lanes: [], height: 0 };
  #width = 0;
  #height = 0;
  #isPrinting = false;
  /** Bars cached while the user scrolls. */
  #bars = new Map<Lane, readonly Bars[]>();

  /** @param gaps stretches to hatch. */
  constructor(store: Store, gaps: readonly Stretch[]) {
    this.#store = store;
    this.#gaps = gaps;
    const context = this.#canvas.getContext("2d", { alpha: false });
    if (context === null) throw new Error("The browser cannot draw on a canvas.");
    this.#context = context;
    this.#settle = afterPause(settleAfter, () => {
      store.settleWindow();
    });
    this.#spacer.append(this.#canvas);
    this.#scroller.append(this.#spacer);
    this.#scroller.addEventListener("scroll", this.#draw, { passive: true });
    new ResizeObserver(() => {
      this.#resize();
    }).observe(this.#scroller);
    this.#listenToPointer();
    this.#scroller.addEventListener("keydown", (event) => {
      this.#onKey(event);
    });
    for (const button of document.querySelectorAll<HTMLElement>("[data-move]")) {
      button.addEventListener("click", () => {
        this.#move(windowSteps.find((step) => step === button.dataset.move) ?? "whole");
      });
    }
    store.listen((state, change) => {
      if (change === "rows") this.#layOut(state);
      if (change === "window") this.#bars.clear();
      if (change === "selected") this.#reveal(state.selected);
      this.#draw();
    });
    this.#resize();
  }

  /** Reads the colours again, and adapts to the size of the printed page. */
  repaint(isPrinting: boolean): void {
    this.#palette = readPalette();
    this.#isPrinting = isPrinting;
    this.#scroller.classList.toggle("printing", isPrinting);
    this.#resize();
    const { lanes } = this.#lanes;
    const rest = isPrinting ? lanes.filter(({ top, height }) => top + height > printedHeight - axisHeight).length : 0;
    found("lanes-rest", HTMLElement).textContent =
      rest === 0 ? "" : `${counted(rest, "further VM")} not drawn: filter to choose which are.`;
  }

  drawNow(): void {
    if (this.#width > 0) drawLanes(this.#context, this.#frame());
  }

  #frame(): Frame {
    const { model, window, selected } = this.#store.state;
    const isNarrow = this.#width < narrow;
    const gutter = isNarrow ? 0 : gutterWidth;
    const toX = xOf({ window, width: this.#width, gutter });
    return {
      model,
      barsOf: (lane) => {
        const bars = this.#bars.get(lane) ?? barsOf(model, lane, window, toX);
        this.#bars.set(lane, bars);
        return bars;
      },
      lanes: this.#lanes,
      window,
      palette: this.#palette,
      gaps: this.#gaps,
      width: this.#width,
      height: this.#height,
      scrollTop: this.#isPrinting ? 0 : this.#scroller.scrollTop,
      gutter,
      heading: isNarrow ? headingHeight : 0,
      selected,
    };
  }

  #layOut({ model, kept, filter }: State): void {
    this.#bars.clear();
    const isWhole = kept.length === model.count && filter.vm === "";
    this.#lanes = lanesOf(model, kept, isWhole, this.#width < narrow ? headingHeight : 0);
    this.#spacer.style.height = `${this.#lanes.height + axisHeight}px`;
  }

  #resize(): void {
    this.#width = this.#isPrinting ? printedWidth : this.#scroller.clientWidth;
    this.#layOut(this.#store.state);
    const whole = this.#lanes.height + axisHeight;
    this.#height = this.#isPrinting ? Math.min(whole, printedHeight) : this.#scroller.clientHeight;
    const ratio = this.#isPrinting ? 2 : window.devicePixelRatio;
    this.#canvas.width = Math.round(this.#width * ratio);
    this.#canvas.height = Math.round(this.#height * ratio);
    this.#canvas.style.width = `${this.#width}px`;
    this.#canvas.style.height = `${this.#height}px`;
    this.#context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.drawNow();
  }

  #setWindow(next: Stretch): void {
    this.#store.setWindow(next);
    this.#settle();
  }

  #move(step: WindowStep): void {
    const { window, range } = this.#store.state;
    this.#setWindow(stepped(window, step, range));
  }

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moves: Readonly<Record<string, WindowStep>> = {
      ArrowLeft: "earlier",
      ArrowRight: "later",
      "+": "in",
      "=": "in",
      "-": "out",
      "0": "whole",
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    this.#move(move);
  }

  #listenToPointer(): void {
    let pressed: { x: number; window: Stretch; isDrag: boolean } | undefined;
    this.#canvas.addEventListener("pointerdown", (event) => {
      if (event.button === 0) pressed = { x: event.offsetX, window: this.#store.state.window, isDrag: false };
    });
    this.#canvas.addEventListener("pointermove", (event) => {
      if (pressed === undefined) {
        this.#showHint(event);
        return;
      }
      const distance = event.offsetX - pressed.x;
      if (!pressed.isDrag && Math.abs(distance) <= clickSlack) return;
      if (!pressed.isDrag) this.#canvas.setPointerCapture(event.pointerId);
      pressed.isDrag = true;
      this.#hint.hidden = true;
      const { gutter } = this.#frame();
      const perPixel = (pressed.window.to - pressed.window.from) / (this.#width - gutter);
      this.#setWindow(moved(pressed.window, -distance * perPixel, this.#store.state.range));
    });
    this.#canvas.addEventListener("pointerup", (event) => {
      if (pressed?.isDrag === false) this.#store.select(this.#rowAt(event.offsetX, event.offsetY));
      pressed = undefined;
    });
    this.#canvas.addEventListener("pointercancel", () => {
      pressed = undefined;
    });
    this.#canvas.addEventListener("pointerleave", () => {
      this.#hint.hidden = true;
    });
    const onWheel = (event: WheelEvent): void => {
      if (!event.ctrlKey && !event.shiftKey) return;
      event.preventDefault();
      const { window, range } = this.#store.state;
      const { gutter } = this.#frame();
      const length = window.to - window.from;
      const around = window.from + (Math.max(0, event.offsetX - gutter) / (this.#width - gutter)) * length;
      const by = event.deltaY === 0 ? event.deltaX : event.deltaY;
      this.#setWindow(
        event.ctrlKey
          ? zoomed(window, Math.exp(by / 300), around, range)
          : moved(window, (by / this.#width) * length, range),
      );
    };
    this.#scroller.addEventListener("wheel", onWheel, { passive: false });
  }

  #rowAt(x: number, y: number): number | undefined {
    const frame = this.#frame();
    const below = y - axisHeight + frame.scrollTop;
    const lane = y < axisHeight || x < frame.gutter ? undefined : laneAt(this.#lanes, below);
    if (lane === undefined) return undefined;
    const track = Math.floor((below - lane.top - trackTop(0, frame.heading)) / trackHeight);
    return rowAt(frame.model, lane, frame.window, { track, x }, xOf(frame));
  }

  #showHint({ offsetX, offsetY }: PointerEvent): void {
    const row = this.#rowAt(offsetX, offsetY);
    this.#hint.hidden = row === undefined;
    this.#canvas.style.cursor = row === undefined ? "grab" : "pointer";
    if (row === undefined) return;
    const { model } = this.#store.state;
    const who = model.text(row, "person") ?? model.text(row, "account") ?? "person unknown";
    this.#hint.textContent = `${verdictAt(model.verdict[row]).name} · ${who} · ${formatTime(model.start[row] ?? 0)}`;
    const place = Math.min(offsetX + 12, Math.max(0, this.#width - this.#hint.offsetWidth - 8));
    this.#hint.style.transform = `translate(${place}px, ${offsetY + 16}px)`;
  }

  /** Scrolls and moves to a session's lane and time. */
  #reveal(row: number | undefined): void {
    if (row === undefined) return;
    const lane = this.#lanes.lanes.find(({ rows }) => rows.includes(row));
    if (lane === undefined) return;
    const { scrollTop, clientHeight } = this.#scroller;
    if (lane.top < scrollTop || lane.top + lane.height > scrollTop + clientHeight - axisHeight) {
      this.#scroller.scrollTop = Math.max(0, lane.top - (clientHeight - lane.height) / 2);
    }
    const { model, window, range } = this.#store.state;
    const [start, end] = [model.start[row] ?? 0, model.end[row] ?? 0];
    if (end < window.from || start > window.to) {
      this.#setWindow(moved(window, (start + end) / 2 - (window.from + window.to) / 2, range));
    }
  }
}
