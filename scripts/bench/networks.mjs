// npm run bench networks [-- OPTIONS]: `layerloom bench`; with -o docs/performance.json the page's tables too.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { inRepository } from '../bootstrap/paths.mjs';
import { runNodeHere, tool } from '../tools.mjs';
import { withTables } from './networks/page.mjs';

const report = inRepository('docs', 'performance.json');
const page = inRepository('docs', 'performance.md');

const modified = () => (existsSync(report) ? statSync(report).mtimeMs : 0);

const before = modified();
process.exitCode = await runNodeHere([
  inRepository('scripts', 'layerloom.js'),
  'bench',
  ...process.argv.slice(2),
]);
if (modified() > before) {
  writeFileSync(page, withTables(readFileSync(page, 'utf8'), JSON.parse(readFileSync(report, 'utf8'))));
  await runNodeHere([tool('prettier'), '--write', '--log-level', 'warn', page]);
}
