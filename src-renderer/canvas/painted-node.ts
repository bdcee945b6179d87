/** One node of a large network, painted: near in all that its element shows, farther away its name, from afar its colour. */
import type { Box } from '@shared/layout/box';
import type { FlowNode } from './flow-items';
import type { LayerView } from './layer-view';
import type { Drawing, Palette } from './overview-drawing';
import { boxOf, nearFrom } from './shown-nodes';

/** Names are drawn from this zoom on, in pixels of the screen. */
const nameZoom = 0.2;
const nameHeight = 9;
/** As LayerNode.svelte draws its box and the bar in it. */
const corner = 9;
const bar = { left: 4, top: 7, width: 4 } as const;
/** Its two lines of text: where they begin, end and stand, and the width of the mark beside the name. */
const lines = { left: 15, right: 11, top: 22, bottom: 40, gap: 6, mark: 20 } as const;

/** In the document's coordinates. An element that comes to stand in the same place covers it. */
export function drawNode(node: FlowNode, drawing: Drawing): void {
  const { context, palette, zoom } = drawing;
  const { view } = node.data;
  const mark = node.selected ? '--accent' : view.severity === 'error' ? '--bad' : view.severity && '--warn';
  const isNear = zoom >= nearFrom;
  context.strokeStyle = palette.of(mark ?? (isNear ? '--line' : '--line-strong'));
  context.lineWidth = isNear ? 1 : (mark === undefined ? 0.6 : mark === '--warn' ? 1 : 2) / zoom;
  const box = boxOf(node);
  if (zoom < nameZoom) {
    drawFar(palette.category(view.category), box, drawing);
    return;
  }
  drawBox(palette.category(view.category), box, drawing);
  if (isNear) drawTexts(view, box, drawing);
  else drawName(view.shortName, box, drawing);
}

function drawFar(colour: string, { x, y, width, height }: Box, { context, palette, zoom }: Drawing): void {
  context.fillStyle = palette.of('--raised');
  context.fillRect(x, y, width, height);
  context.fillStyle = colour;
  context.fillRect(x, y, Math.max(8, 3 / zoom), height);
  context.globalAlpha = 0.35;
  context.fillRect(x, y, width, height);
  context.globalAlpha = 1;
  context.strokeRect(x, y, width, height);
}

function drawBox(colour: string, { x, y, width, height }: Box, { context, palette, zoom }: Drawing): void {
  const inset = 1 / zoom;
  context.fillStyle = palette.of('--raised');
  context.beginPath();
  context.roundRect(x + inset, y + inset, width - 2 * inset, height - 2 * inset, corner);
  context.fill();
  context.stroke();
  context.fillStyle = colour;
  context.fillRect(x + bar.left, y + bar.top, Math.max(bar.width, 3 / zoom), height - 2 * bar.top);
}

/** In one size whatever the zoom, so that it can be read. */
function drawName(name: string, box: Box, { context, palette, zoom }: Drawing): void {
  context.save();
  context.translate(box.x + bar.left + 9 / zoom, box.y + box.height / 2);
  context.scale(1 / zoom, 1 / zoom);
  context.fillStyle = palette.of('--text');
  context.font = `${nameHeight}px ${palette.of('--sans')}`;
  context.textBaseline = 'middle';
  context.fillText(shortened(name, (box.width - bar.left) * zoom - 13, context), 0, 0);
  context.restore();
}

/** The element's two lines, as large as there. */
function drawTexts(view: LayerView, { x, y, width }: Box, { context, palette }: Drawing): void {
  const [left, right] = [x + lines.left, x + width - lines.right];
  context.textBaseline = 'alphabetic';
  const write = (text: string, style: TextStyle, from: number, room: number, atBottom: boolean): number => {
    context.fillStyle = palette.of(style.colour);
    context.font = fontOf(style, palette);
    const fitting = shortened(text, room, context);
    const taken = context.measureText(fitting).width;
    context.textAlign = from === right ? 'right' : 'left';
    context.fillText(fitting, from, y + (atBottom ? lines.bottom : lines.top));
    return taken;
  };
  const whole = right - left;
  const marked = view.severity === undefined ? 0 : lines.mark;
  const name = write(view.shortName, styles.name, left, whole * 0.7, false);
  const room = whole - name - marked - lines.gap;
  if (room > lines.mark) write(view.title, styles.type, right, room, false);
  const shape = write(view.shape ?? '?', styles.shape, right, whole, true);
  const summary = view.summary === '' ? (view.parts ?? '') : view.summary;
  write(summary, styles.summary, left, whole - shape - lines.gap, true);
  context.textAlign = 'left';
}

interface TextStyle {
  readonly font: string;
  readonly family: '--sans' | '--mono';
  readonly colour: string;
}

const styles = {
  name: { font: '600 13px', family: '--sans', colour: '--text' },
  type: { font: '11px', family: '--sans', colour: '--faint' },
  summary: { font: '12px', family: '--sans', colour: '--dim' },
  shape: { font: '11px', family: '--mono', colour: '--text' },
} as const satisfies Record<string, TextStyle>;

function fontOf({ font, family }: TextStyle, palette: Palette): string {
  return `${font} ${palette.of(family)}`;
}

function shortened(text: string, room: number, context: CanvasRenderingContext2D): string {
  const { width } = context.measureText(text);
  if (width <= room) return text;
  const fitting = Math.max(1, Math.floor((text.length * room) / width) - 2);
  return `${text.slice(0, fitting)}…`;
}
