// The tables of docs/performance.md from docs/performance.json, the report that `layerloom bench` gathered.

/**
 * @typedef {object} Row
 * @property {string} network
 * @property {string} precision
 * @property {string} measure
 *
 * @typedef {Row & {framework: string, value: number, batch: number, variant: string}} Result
 * @typedef {Row & {peer: string, theirs: number, variant: string, ratio: number, target: number | null}} Comparison
 * @typedef {{processor: string, cores: number, device: string, versions: Record<string, string>}} Machine
 * @typedef {{machine: Machine, results: readonly Result[], comparisons: readonly Comparison[]}} Report
 */

const BEGIN = '<!-- tables of docs/performance.json, written by npm run bench -->';
const END = '<!-- end of the tables -->';

/** Columns, as the report calls them; tfjs-layers knows no bf16. */
const columns = [
  ...['layerloom', 'tfjs-layers', 'keras', 'pytorch'].map((framework) => ({ precision: 'fp32', framework })),
  ...['layerloom', 'keras', 'pytorch'].map((framework) => ({ precision: 'bf16', framework })),
];

/** @type {Record<string, string>} */
const titles = { layerloom: 'Layerloom', 'tfjs-layers': 'tfjs-layers', keras: 'Keras', pytorch: 'PyTorch' };

/** @param {number} value */
const digits = (value) => (value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0));
/** @param {number} value */
const imagesPerSecond = (value) => `${Number(value.toPrecision(3)).toLocaleString('en-US')}/s`;
/** @param {number} value */
const mebibytes = (value) => `${(value / 2 ** 20).toFixed(0)} MiB`;

/** @type {readonly {measure: string, title: string, cell: (value: number, batch: number) => string}[]} */
const tables = [
  {
    measure: 'step',
    title: 'Training step',
    cell: (value, batch) => `${digits((batch * 1000) / value)} ms`,
  },
  { measure: 'epoch', title: 'Epoch, images per second', cell: imagesPerSecond },
  { measure: 'plainEpoch', title: 'Epoch without augmentation, images per second', cell: imagesPerSecond },
  { measure: 'memory', title: 'Peak memory of training on one batch', cell: mebibytes },
  { measure: 'epochMemory', title: 'Peak memory of training epochs', cell: mebibytes },
  { measure: 'inference', title: 'Evaluation, images per second', cell: imagesPerSecond },
  { measure: 'firstStep', title: 'Time to the first step', cell: (value) => `${value.toFixed(2)} s` },
];

/**
 * The page with its tables replaced. @param {string} page @param {Report} report @returns {string}
 */
export function withTables(page, report) {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`the page has no "${BEGIN}" ... "${END}"`);
  return `${before}${BEGIN}\n\n${tablesOf(report)}\n\n${END}${after}`;
}

/** @param {Report} report */
function tablesOf({ machine, results, comparisons }) {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  const where = `${machine.cores} cores of ${machine.processor}, ${machine.device}; ${versions.join(', ')}.`;
  const sections = tables.flatMap(({ measure, title, cell }) => {
    const rows = tableOf(
      results.filter((each) => each.measure === measure),
      comparisons.filter((each) => each.measure === measure),
      cell,
    );
    return rows.length === 0 ? [] : [`### ${title}\n\n${markdown(rows)}`];
  });
  return [where, ...sections].join('\n\n');
}

/**
 * @param {readonly Result[]} results @param {readonly Comparison[]} comparisons
 * @param {(value: number, batch: number) => string} cell @returns {string[][]}
 */
function tableOf(results, comparisons, cell) {
  const networks = [...new Set(results.map(({ network }) => network))];
  const used = columns.filter(({ precision, framework }) =>
    results.some((each) => each.precision === precision && each.framework === framework),
  );
  return networks
    .map((network, index) => {
      const cells = used.map(({ precision, framework }) => {
        const isHere = (/** @type {Row} */ each) => each.network === network && each.precision === precision;
        const result = results.find((each) => isHere(each) && each.framework === framework);
        const comparison = comparisons.find((each) => isHere(each) && each.peer === framework);
        if (!result) return '';
        const figure = cell(comparison?.theirs ?? result.value, result.batch);
        return comparison ? `${figure}, ${verdict(comparison)}` : figure;
      });
      const batch = results.find((each) => each.network === network)?.batch;
      const row = [`${network}, batch ${batch}`, ...cells];
      return index > 0 ? [row] : [headings(used), row];
    })
    .flat();
}

/** @param {readonly {precision: string, framework: string}[]} used */
function headings(used) {
  return ['network', ...used.map(({ precision, framework }) => `${precision}: ${titles[framework]}`)];
}

/** The ratio beside its target; missed ones stand out. @param {Comparison} comparison */
function verdict({ ratio, target }) {
  const times = `${ratio.toFixed(2)}×`;
  if (target === null) return times;
  return ratio >= target ? `${times} ≥ ${target}` : `**${times} < ${target}**`;
}

/** @param {readonly (readonly string[])[]} rows heading first */
function markdown(rows) {
  const [heading = [], ...body] = rows;
  return [heading, heading.map(() => '---'), ...body].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
