// docs/results.md from docs/results.json: what was measured, run by run.

/**
 * @typedef {object} ResultRecord
 * @property {string} name
 * @property {string} template
 * @property {string} dataset
 * @property {readonly number[]} input what the network works on, after scaling
 * @property {number} trainImages
 * @property {number} testImages
 * @property {number} epochs
 * @property {string} optimizer
 * @property {number} learningRate
 * @property {number} batch
 * @property {number} seed
 * @property {number} accuracy of the last epoch, on the test images
 * @property {number} minutes of the whole command, start, evaluation after every epoch and checkpoints included
 * @property {string} machine
 * @property {readonly string[]} commands
 */

const introduction = `# Results

Every row is one run from the command line, with the accuracy after its last epoch, none picked. Networks learn from the
training images of the data set, or from the first so many of them after the seeded shuffle where fewer are named, and
are tested on all images of the published test split, which they never learn from. The input is what the network works
on: its first layer scales the images of 28×28 to it. \`npm run results\` makes all rows anew, \`npm run results NAME...\`
those named, and keeps the others; their settings stand in \`scripts/results/runs.mjs\`. Minutes are those of the whole
command on a machine that had other work to do, too: an upper bound, and no benchmark (docs/performance.md has those).
`;

/** @param {readonly ResultRecord[]} records */
export function resultsMarkdown(records) {
  const headings = [
    'name',
    'network',
    'input',
    'data set',
    'images',
    'epochs',
    'optimiser',
    'batch',
    'seed',
    'test accuracy',
    'minutes',
    'machine',
  ];
  const machines = [...new Set(records.map(({ machine }) => machine))];
  const rows = records.map((record) => [...cells(record), String(machines.indexOf(record.machine) + 1)]);
  const table = [headings, headings.map(() => '---'), ...rows];
  const commands = records.map(({ name, commands: lines }) => `# ${name}\n${lines.join('\n')}`);
  return [
    introduction,
    `${table.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`,
    `Machines:\n\n${machines.map((machine, index) => `${index + 1}. ${machine}`).join('\n')}\n`,
    `## Commands\n`,
    `\`\`\`sh\n${commands.join('\n\n')}\n\`\`\`\n`,
  ].join('\n');
}

/** @param {ResultRecord} record @returns {string[]} */
function cells(record) {
  return [
    record.name,
    record.template,
    record.input.join('×'),
    record.dataset,
    `${count(record.trainImages)} / ${count(record.testImages)}`,
    String(record.epochs),
    `${record.optimizer} ${record.learningRate}`,
    String(record.batch),
    String(record.seed),
    record.accuracy.toFixed(4),
    record.minutes.toFixed(1),
  ];
}

/** @param {number} value */
const count = (value) => value.toLocaleString('en-US');
