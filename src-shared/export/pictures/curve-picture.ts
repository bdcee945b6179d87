/** A picture of a run's curves as SVG: loss above, accuracy below. */
import { exportedTexts } from '../../texts/exported';
import { formatText } from '../../texts/format';
import type { Locale } from '../../texts/text';
import type { ExportOrigin } from '../model';
import { type Axis, axis, tickText } from './axis';
import { type Curves, type Point, runCurves } from './run-curves';
import { element, number, type Picture, picture, text, textWidth } from './svg-text';
import { type PictureTheme, pictureThemes } from './theme';

const WIDTH = 760;
const PLOT = { left: 64, right: 24, top: 40, bottom: 40, height: 220 } as const;
const PANEL = PLOT.top + PLOT.height + PLOT.bottom;

interface CurvePictureOptions {
  readonly name: string;
  readonly locale: Locale;
  readonly theme: keyof typeof pictureThemes;
  readonly hasBackground: boolean;
}

export function curvePicture(
  origin: Extract<ExportOrigin, { kind: 'run' }>,
  { name, locale, theme: themeName, hasBackground }: CurvePictureOptions,
): Picture {
  const theme: PictureTheme = pictureThemes[themeName];
  const panels = (['loss', 'accuracy'] as const).map((of, index) =>
    element(
      'g',
      { transform: `translate(0,${index * PANEL})` },
      drawPanel(of, runCurves(origin, of), theme, locale),
    ),
  );
  const background = hasBackground ? { background: theme.background } : {};
  return picture({ width: WIDTH, height: 2 * PANEL, title: name, ...background }, panels);
}

/** Places of values in the plot. */
interface Scales {
  readonly x: (step: number) => number;
  readonly y: (value: number) => number;
}

function drawPanel(of: 'loss' | 'accuracy', curves: Curves, theme: PictureTheme, locale: Locale): string {
  const all = [...curves.raw, ...curves.test];
  const steps = axis(0, Math.max(1, ...all.map(([step]) => step)), 8);
  const values = of === 'accuracy' ? axis(0, 1, 5) : axis(0, highest(curves), 5);
  const scales: Scales = {
    x: (step) =>
      PLOT.left + ((step - steps.min) / (steps.max - steps.min)) * (WIDTH - PLOT.left - PLOT.right),
    y: (value) => PLOT.top + PLOT.height * (1 - (value - values.min) / (values.max - values.min)),
  };
  return [
    text(PLOT.left, 24, formatText(exportedTexts[of], locale), { size: 14, weight: 600, fill: theme.text }),
    legend(theme, locale),
    ...drawAxes(steps, values, scales, theme, of === 'accuracy'),
    line(curves.raw, scales, { stroke: theme.train, 'stroke-width': 1, 'stroke-opacity': 0.3 }),
    line(curves.smooth, scales, { stroke: theme.train, 'stroke-width': 2 }),
    line(curves.test, scales, { stroke: theme.test, 'stroke-width': 2, 'stroke-dasharray': '6 4' }),
    ...curves.test.map(([step, value]) =>
      element('circle', { cx: scales.x(step), cy: scales.y(value), r: 3.5, fill: theme.test }),
    ),
    text(WIDTH - PLOT.right, PANEL - 8, formatText(exportedTexts.step, locale), {
      ...{ size: 11, fill: theme.dim, anchor: 'end' },
    }),
  ].join('\n');
}

/** A few steps at the beginning may be far above all others: the smoothed curve and the test decide. */
function highest({ smooth, test }: Curves): number {
  const top = Math.max(0, ...smooth.map(([, value]) => value), ...test.map(([, value]) => value));
  return top > 0 ? top * 1.05 : 1;
}

function drawAxes(
  steps: Axis,
  values: Axis,
  { x, y }: Scales,
  theme: PictureTheme,
  areShares: boolean,
): readonly string[] {
  const shown = (value: number) => (areShares ? `${tickText(value * 100)} %` : tickText(value));
  const bottom = PLOT.top + PLOT.height;
  return [
    ...values.ticks.map(
      (value) =>
        element('path', {
          ...{ d: `M${PLOT.left},${number(y(value))}H${WIDTH - PLOT.right}`, stroke: theme.line },
        }) + text(PLOT.left - 8, y(value) + 4, shown(value), { size: 11, fill: theme.dim, anchor: 'end' }),
    ),
    ...steps.ticks.map((step) =>
      text(x(step), bottom + 18, tickText(step), { size: 11, fill: theme.dim, anchor: 'middle' }),
    ),
  ];
}

/** Points outside the plot are cut off at its edge. */
function line(
  points: readonly Point[],
  { x, y }: Scales,
  style: Readonly<Record<string, string | number>>,
): string {
  if (points.length === 0) return '';
  const inside = (value: number) => Math.max(PLOT.top, y(value));
  const places = points.map(([step, value]) => `${number(x(step))},${number(inside(value))}`);
  return element('polyline', {
    points: places.join(' '),
    fill: 'none',
    'stroke-linejoin': 'round',
    ...style,
  });
}

function legend(theme: PictureTheme, locale: Locale): string {
  const entries = [
    { label: formatText(exportedTexts.training, locale), stroke: theme.train, dash: undefined },
    { label: formatText(exportedTexts.test, locale), stroke: theme.test, dash: '6 4' },
  ];
  let x = WIDTH - PLOT.right;
  const drawn = entries.reverse().map(({ label, stroke, dash }) => {
    x -= textWidth(label, 12) + 34;
    const mark = element('path', {
      d: `M${number(x)},20h22`,
      stroke,
      'stroke-width': 2,
      'stroke-dasharray': dash,
    });
    return mark + text(x + 28, 24, label, { size: 12, fill: theme.dim });
  });
  return drawn.join('');
}
