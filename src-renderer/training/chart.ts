/** Live curves on a canvas: uPlot in the colours of the theme, drawn at most once a frame. */
import uPlot from 'uplot';

export interface ChartData {
  readonly steps: number[];
  readonly raw: number[];
  readonly smooth: number[];
  readonly test: (number | null)[];
  /** Learning rates; empty where there is nothing to see. */
  readonly rates: number[];
}

export interface Chart {
  /** Keeps the newest data and draws it with the next frame. */
  show(data: ChartData): void;
  resize(width: number, height: number): void;
  /** After a change of theme or language. */
  redraw(): void;
  destroy(): void;
}

export interface ChartOptions {
  readonly element: HTMLElement;
  /** Short: along the vertical axis. */
  readonly formatAxis: (value: number) => string;
  /** Fixed range of the vertical axis, or undefined to fit the data from zero. */
  readonly range: readonly [number, number] | undefined;
  /** The step under the pointer, or undefined when it left. */
  readonly onhover: (index: number | undefined) => void;
}

export function createChart(options: ChartOptions): Chart {
  const plot = new uPlot(plotOptions(options), [[], [], [], [], []], options.element);
  let frame: number | undefined;
  return {
    show({ steps, raw, smooth, test, rates }) {
      if (frame !== undefined) cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => {
        frame = undefined;
        plot.setData([steps, raw, smooth, test, rates]);
      });
    },
    resize: (width, height) => plot.setSize({ width, height }),
    redraw: () => plot.redraw(false, true),
    destroy() {
      if (frame !== undefined) cancelAnimationFrame(frame);
      plot.destroy();
    },
  };
}

function plotOptions({ element, formatAxis, range, onhover }: ChartOptions): uPlot.Options {
  const colour = (name: string) => getComputedStyle(element).getPropertyValue(name).trim();
  const axis = {
    stroke: () => colour('--dim'),
    font: `11px ${colour('--sans')}`,
    ticks: { show: false },
    grid: { stroke: () => colour('--line'), width: 1 },
  };
  const fade = () => `color-mix(in srgb, ${colour('--train')} 30%, transparent)`;
  return {
    width: Math.max(120, element.clientWidth),
    height: Math.max(60, element.clientHeight),
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { show: false }, y: false },
    scales: scalesOf(range),
    axes: [
      { ...axis, size: 24, space: 70 },
      { ...axis, size: 46, space: 34, values: (_plot, values) => values.map((value) => formatAxis(value)) },
    ],
    series: [
      {},
      { stroke: fade, width: 1, points: { show: false } },
      { stroke: () => colour('--train'), width: 2, points: { show: false } },
      {
        stroke: () => colour('--test'),
        width: 2,
        dash: [6, 4],
        spanGaps: true,
        points: { show: true, size: 7, fill: () => colour('--test') },
      },
      { scale: 'rate', stroke: () => colour('--faint'), width: 1, dash: [2, 3], points: { show: false } },
    ],
    hooks: {
      setCursor: [(plot) => onhover(plot.cursor.idx ?? undefined)],
    },
  };
}

function scalesOf(range: ChartOptions['range']): uPlot.Scales {
  return {
    x: { time: false },
    y: { range: (_plot, _min, max) => rangeOf(range, max) },
    // Its own scale without an axis: what matters is its course, and the legend has the number.
    rate: { range: (_plot, _min, max) => rangeOf(undefined, max) },
  };
}

/** From zero to a little above the highest value, so that the curve does not jump with every new minimum. */
function rangeOf(range: readonly [number, number] | undefined, max: number | null): [number, number] {
  if (range !== undefined) return [range[0], range[1]];
  return [0, max === null || !Number.isFinite(max) || max <= 0 ? 1 : max * 1.05];
}
