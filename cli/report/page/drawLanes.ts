/** Draws the timeline. Each VM has its grants as bands, its rules as outlines and its sessions as bars. */
import { minWidth, type Bars } from "./bars.ts";
import { counted } from "./format.ts";
import { firstLaneBelow, trackHeight, trackTop, type Lane, type Lanes } from "./lanes.ts";
import type { Model, Stretch } from "./model.ts";
import type { Palette } from "./palette.ts";
import { ticksOf } from "./timeScale.ts";
import { verdicts } from "./verdicts.ts";

export interface Frame {
  readonly model: Model;
  readonly lanes: Lanes;
  readonly window: Stretch;
  readonly palette: Palette;
  /** The bars of a lane for this window and width. */
  readonly barsOf: (lane: Lane) => readonly Bars[];
  /** Times in which a log has a gap or may still get records. */
  readonly gaps: readonly Stretch[];
  /** Width of the canvas in CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly scrollTop: number;
  /** Width of the space beside the lanes for their names, in pixels; 0 if the names are above the tracks. */
  readonly gutter: number;
  readonly heading: number;
  readonly selected: number | undefined;
}

export const axisHeight = 28;
/** Heights of a bar. Sessions with a finding have a taller one. */
const [tall, low] = [14, 8];
/** Minimum width in pixels at which a requested rule gets an outline. */
const outlined = 8;
const font = "12px system-ui, sans-serif";

export function xOf({ window, width, gutter }: Pick<Frame, "window" | "width" | "gutter">): (time: number) => number {
  const scale = (width - gutter) / (window.to - window.from);
  return (time) => gutter + (time - window.from) * scale;
}

export function drawLanes(context: CanvasRenderingContext2D, frame: Frame): void {
  const { width, height, palette, lanes, scrollTop } = frame;
  context.fillStyle = palette.surface;
  context.fillRect(0, 0, width, height);
  context.font = font;
  context.textBaseline = "middle";
  drawGaps(context, frame, axisHeight, height);
  const ticks = drawTicks(context, frame);
  for (let index = firstLaneBelow(lanes, scrollTop); index < lanes.lanes.length; index += 1) {
    const lane = lanes.lanes[index];
    if (lane === undefined || lane.top - scrollTop + axisHeight > height) break;
    context.save();
    context.translate(0, lane.top - scrollTop + axisHeight);
    drawLane(context, frame, lane);
    context.restore();
  }
  drawAxis(context, frame, ticks);
}

/** Hatches a gap, so that it is not mistaken for a grant. */
export function drawGaps(
  context: CanvasRenderingContext2D,
  frame: Pick<Frame, "gaps" | "window" | "gutter" | "width" | "palette">,
  top: number,
  bottom: number,
): void {
  const { gaps, window, gutter, width, palette } = frame;
  const toX = xOf(frame);
  context.strokeStyle = palette.gap;
  context.lineWidth = 1;
  for (const { from, to } of gaps) {
    if (to < window.from || from > window.to) continue;
    const [left, right] = [Math.max(gutter, toX(from)), Math.min(width, toX(to))];
    context.save();
    context.beginPath();
    context.rect(left, top, Math.max(2, right - left), bottom - top);
    context.clip();
    context.beginPath();
    for (let x = left - (bottom - top); x < right; x += 7) {
      context.moveTo(x, bottom);
      context.lineTo(x + bottom - top, top);
    }
    context.stroke();
    context.restore();
  }
}

interface Mark {
  readonly x: number;
  readonly label: string;
}

function drawTicks(context: CanvasRenderingContext2D, frame: Frame): Mark[] {
  const { window, width, gutter, height, palette } = frame;
  const toX = xOf(frame);
  const ticks = ticksOf(window, Math.floor((width - gutter) / 84)).map(({ time, label }) => ({ x: toX(time), label }));
  context.fillStyle = palette.line;
  for (const { x } of ticks) context.fillRect(Math.round(x), axisHeight, 1, height - axisHeight);
  return ticks;
}

function drawAxis(context: CanvasRenderingContext2D, { width, gutter, palette }: Frame, ticks: readonly Mark[]): void {
  context.fillStyle = palette.surface;
  context.fillRect(0, 0, width, axisHeight);
  context.fillStyle = palette.line;
  context.fillRect(0, axisHeight - 1, width, 1);
  context.fillStyle = palette.muted;
  context.textAlign = "left";
  for (const { x, label } of ticks) {
    if (x + 4 + context.measureText(label).width < width && x >= gutter) context.fillText(label, x + 4, axisHeight / 2);
    context.fillRect(Math.round(x), axisHeight - 8, 1, 8);
  }
  if (gutter > 0) context.fillText("VM", 12, axisHeight / 2);
}

function drawLane(context: CanvasRenderingContext2D, frame: Frame, lane: Lane): void {
  const { width, gutter, palette } = frame;
  const toX = xOf(frame);
  context.fillStyle = palette.line;
  context.fillRect(0, lane.height - 1, width, 1);
  context.save();
  context.beginPath();
  context.rect(gutter, 0, width - gutter, lane.height);
  context.clip();
  drawGrants(context, frame, lane, toX);
  drawRules(context, frame, lane, toX, false);
  const bars = frame.barsOf(lane);
  for (const verdict of drawingOrder) {
    const own = bars[verdict];
    if (own !== undefined) drawBars(context, frame, verdict, own);
  }
  drawRules(context, frame, lane, toX, true);
  drawSelected(context, frame, lane, toX);
  context.restore();
  drawName(context, frame, lane);
}

/** Findings are drawn last, over the rest. */
const drawingOrder = [...verdicts.keys()].sort((one, other) => rank(one) - rank(other));

function rank(verdict: number): number {
  return verdicts[verdict]?.isFinding === true ? 1 : 0;
}

function drawGrants(
  context: CanvasRenderingContext2D,
  { model, palette, heading, window }: Frame,
  { grants, height }: Lane,
  toX: (time: number) => number,
): void {
  for (const index of grants) {
    const grant = model.grants[index];
    if (grant === undefined || grant.to < window.from || grant.from > window.to) continue;
    const left = toX(grant.from);
    const width = Math.max(minWidth, toX(grant.to) - left);
    context.fillStyle = palette.grant;
    context.fillRect(left, heading + 2, width, height - heading - 5);
    context.fillStyle = palette.grantEdge;
    context.fillRect(left, heading + 2, width, 2);
  }
}

/** Draws requested rules as a thin outline below the sessions, others as a strong dashed one above them. */
function drawRules(
  context: CanvasRenderingContext2D,
  { model, palette, heading, window, width: right }: Frame,
  { rules, height }: Lane,
  toX: (time: number) => number,
  isFinding: boolean,
): void {
  context.strokeStyle = isFinding ? palette.ruleFinding : palette.rule;
  context.lineWidth = isFinding ? 2 : 1;
  context.setLineDash(isFinding ? [6, 3] : []);
  for (const index of rules) {
    const rule = model.rules[index];
    if (rule === undefined || rule.to < window.from || rule.from > window.to) continue;
    if ((model.data.rules[index]?.kind !== "requested") !== isFinding) continue;
    const left = Math.max(-10, toX(rule.from));
    const width = Math.min(right + 10, toX(rule.to)) - left;
    // A narrower outline would be all edges and hide the grant below it.
    if (!isFinding && width < outlined) continue;
    context.strokeRect(left + 0.5, heading + 2.5, Math.max(minWidth, width - 1), height - heading - 6);
  }
  context.setLineDash([]);
}

function drawBars(
  context: CanvasRenderingContext2D,
  { palette, heading }: Frame,
  verdict: number,
  { x, width, track }: Bars,
): void {
  const colour = palette.verdict[verdict] ?? palette.text;
  const isHollow = verdicts[verdict]?.name === "unknown";
  const height = rank(verdict) === 1 ? tall : low;
  const middle = (index: number): number => trackTop(track[index] ?? 0, heading) + trackHeight / 2;
  context.fillStyle = isHollow ? palette.surface : colour;
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  for (let index = 0; index < x.length; index += 1) {
    const [left, long, top] = [x[index] ?? 0, width[index] ?? 0, middle(index) - height / 2];
    context.fillRect(left, top, long, height);
    if (isHollow) context.strokeRect(left + 0.75, top + 0.75, Math.max(1, long - 1.5), height - 1.5);
  }
  if (height !== tall) return;
  context.fillStyle = palette.onVerdict[verdict] ?? palette.surface;
  context.textAlign = "left";
  for (let index = 0; index < x.length; index += 1) {
    if ((width[index] ?? 0) >= 15) {
      context.fillText(verdicts[verdict]?.letter ?? "", Math.max(0, x[index] ?? 0) + 4, middle(index) + 0.5);
    }
  }
}

function drawSelected(
  context: CanvasRenderingContext2D,
  { model, selected, palette, heading }: Frame,
  lane: Lane,
  toX: (time: number) => number,
): void {
  const index = selected === undefined ? -1 : lane.rows.indexOf(selected);
  if (index === -1 || selected === undefined) return;
  const left = toX(model.start[selected] ?? 0);
  const width = Math.max(minWidth, toX(model.end[selected] ?? 0) - left);
  context.strokeStyle = palette.accent;
  context.lineWidth = 2;
  context.strokeRect(left - 2, trackTop(lane.tracks[index] ?? 0, heading), width + 4, trackHeight);
}

/** Draws the VM's name and number of sessions: on two lines beside the tracks, or on one line above them. */
function drawName(
  context: CanvasRenderingContext2D,
  { palette, gutter, width, heading }: Frame,
  { name, rows, height }: Lane,
): void {
  const count = counted(rows.length, "session");
  const isBeside = gutter > 0;
  const middle = isBeside ? (height - 1) / 2 : heading / 2 + 3;
  context.textAlign = "left";
  context.fillStyle = palette.text;
  context.font = `600 ${font}`;
  const text = fitted(context, name, isBeside ? gutter - 20 : width * 0.6);
  context.fillText(text, 12, isBeside ? middle - 7 : middle);
  const right = context.measureText(text).width + 22;
  context.font = font;
  context.fillStyle = palette.muted;
  context.fillText(count, isBeside ? 12 : right, isBeside ? middle + 8 : middle);
}

function fitted(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  let kept = text.slice(0, 40);
  while (kept.length > 1 && context.measureText(`${kept}…`).width > room) kept = kept.slice(0, -1);
  return `${kept}…`;
}
