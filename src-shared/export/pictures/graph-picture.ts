/** A picture of the graph as SVG, with its texts as texts: sharp at any size. */
import type { ParamsOf } from '../../params/field';
import { bool } from '../../params/fields';
import { problem, type Problem } from '../../problems/problem';
import { failure, type Result, success } from '../../util/result';
import type { DrawingInput } from '../model';
import { boxSize, type BoxScene, type FrameScene, graphScene, type WireScene } from './graph-scene';
import { element, type Picture, picture, text, textWidth } from './svg-text';
import { mono, type PictureTheme, pictureThemes, themeField } from './theme';

const MARGIN = 32;
/** From the corner of a box to its texts, and to its two baselines. */
const inner = { left: 14, right: 10, first: 22, second: 42 } as const;

export const graphPictureOptions = {
  theme: themeField,
  hasBackground: bool({
    default: true,
    label: { en: 'Background', 'zh-CN': '背景' },
    doc: { en: 'Off for a transparent picture.', 'zh-CN': '关闭则为透明图片。' },
  }),
  showsShapes: bool({
    default: true,
    label: { en: 'Shapes', 'zh-CN': '形状' },
    doc: { en: 'Sizes of what flows, along the wires.', 'zh-CN': '在连线旁标出数据的尺寸。' },
  }),
};

type GraphPictureOptions = ParamsOf<typeof graphPictureOptions>;

/** Of the whole graph, or of the selected nodes. */
export function graphPicture(
  { document, selection, name, locale }: DrawingInput,
  { theme: themeName, hasBackground, showsShapes }: GraphPictureOptions,
): Result<Picture, readonly Problem[]> {
  const scene = graphScene(document, selection && new Set(selection), locale);
  if (scene.boxes.length === 0) return failure([problem('export/nothing-drawn')]);
  const theme: PictureTheme = pictureThemes[themeName];
  const reach = reachOf(scene);
  const moved = element(
    'g',
    { transform: `translate(${MARGIN - reach.x},${MARGIN - reach.y})` },
    [
      '',
      ...scene.frames.map((frame) => drawFrame(frame, theme)),
      ...scene.wires.map(({ path }) =>
        element('path', { d: path, fill: 'none', stroke: theme.wire, 'stroke-width': 2 }),
      ),
      ...(showsShapes ? scene.wires.map((wire) => drawShape(wire, theme)) : []),
      ...scene.boxes.map((box) => drawBox(box, theme)),
      '',
    ].join('\n'),
  );
  const size = { width: reach.width + 2 * MARGIN, height: reach.height + 2 * MARGIN };
  const background = hasBackground ? { background: theme.background } : {};
  return success(picture({ ...size, title: name, ...background }, [moved]));
}

/** The smallest rectangle around everything, in whole pixels. */
function reachOf({ boxes, wires, frames }: ReturnType<typeof graphScene>): FrameScene {
  const corners = [
    ...boxes.flatMap(({ x, y }) => [
      { x, y },
      { x: x + boxSize.width, y: y + boxSize.height },
    ]),
    ...frames.flatMap(({ x, y, width, height }) => [
      { x, y },
      { x: x + width, y: y + height },
    ]),
    ...wires.flatMap((wire) => [
      ...wire.corners,
      { ...wire.label, x: wire.label.x + textWidth(wire.shape, 11) },
    ]),
  ];
  // Not by spreading: thousands of corners are too many arguments.
  const range = (pick: (corner: { x: number; y: number }) => number): readonly [number, number] =>
    corners.reduce<readonly [number, number]>(
      ([low, high], corner) => [
        Math.min(low, Math.floor(pick(corner))),
        Math.max(high, Math.ceil(pick(corner))),
      ],
      [Infinity, -Infinity],
    );
  const [left, right] = range(({ x }) => x);
  const [top, bottom] = range(({ y }) => y);
  return { x: left, y: top, width: right - left, height: bottom - top, title: '' };
}

function drawFrame({ x, y, width, height, title }: FrameScene, theme: PictureTheme): string {
  const colour = theme.categories.blocks;
  const box = { x, y, width, height, rx: 14 };
  return [
    element('rect', { ...box, fill: colour, 'fill-opacity': 0.07 }),
    element('rect', {
      ...box,
      fill: 'none',
      stroke: theme.lineStrong,
      'stroke-width': 1.5,
      'stroke-dasharray': '5 4',
    }),
    text(x + 14, y + 22, title, { size: 13, weight: 600, fill: theme.text, room: width - 28 }),
  ].join('');
}

function drawShape({ label, shape }: WireScene, theme: PictureTheme): string {
  if (shape === '') return '';
  return text(label.x, label.y, shape, { size: 11, fill: theme.dim, family: mono, halo: theme.background });
}

function drawBox(box: BoxScene, theme: PictureTheme): string {
  const { x, y } = box;
  const outline = { ...boxSize, rx: 9, fill: theme.box };
  const stroke = box.hasError ? theme.bad : theme.line;
  const sheets = box.isBlock ? [6, 3] : [];
  return element(
    'g',
    {},
    [
      ...sheets.map((by) => element('rect', { x: x + by, y: y + by, ...outline, stroke: theme.lineStrong })),
      element('rect', { x, y, ...outline, stroke }),
      element('rect', {
        ...{ x: x + 4, y: y + 7, width: 4, height: boxSize.height - 14, rx: 2 },
        fill: box.category === undefined ? theme.bad : theme.categories[box.category],
      }),
      ...boxTexts(box, theme),
      ...[...box.inputs, ...(box.output ? [box.output] : [])].map((port) =>
        element('circle', {
          cx: port.x,
          cy: port.y,
          r: 4.5,
          fill: theme.box,
          stroke: theme.wire,
          'stroke-width': 2,
        }),
      ),
    ].join(''),
  );
}

/** Name and type above, values and shape below: the right one is whole, the left one gets what is left. */
function boxTexts({ x, y, name, title, summary, shape }: BoxScene, theme: PictureTheme): readonly string[] {
  const [left, right] = [x + inner.left, x + boxSize.width - inner.right];
  const room = right - left;
  const nameRoom = Math.min(textWidth(name, 13, true) + 1, room * 0.7);
  const shapeRoom = textWidth(shape, 11) * 1.05 + 8;
  return [
    text(left, y + inner.first, name, { size: 13, weight: 600, fill: theme.text, room: nameRoom }),
    text(right, y + inner.first, title, {
      size: 11,
      fill: theme.faint,
      anchor: 'end',
      room: room - nameRoom - 8,
    }),
    text(left, y + inner.second, summary, { size: 12, fill: theme.dim, room: room - shapeRoom }),
    text(right, y + inner.second, shape, { size: 11, fill: theme.text, family: mono, anchor: 'end' }),
  ];
}
