/** `layerloom inspect`: shapes, costs and problems of a network. */
import { analyse } from '@shared/compile/analyse';
import type { Analysis, PartAnalysis } from '@shared/compile/analysis';
import type { GraphDocument } from '@shared/document/types';
import { formatShape } from '@shared/ir/shape';
import type { Shape } from '@shared/ir/types';
import { formatProblem } from '@shared/problems/format';
import { outputTexts as texts } from '@shared/texts/cli';
import type { Command } from '../command';
import type { Context } from '../context';
import { readDocument } from '../document-file';
import type { ExitCode } from '../outcome';
import { formatCount, formatTable } from '../table';

/** Exit code 0 whenever the file opens: its problems are the result. */
export const inspectCommand: Command = {
  syntax: { command: 'inspect', options: { json: {}, help: { short: 'h' } }, positionals: ['FILE'] },
  run: async (context, args): Promise<ExitCode> => {
    const document = await readDocument(context, args.positionals[0] ?? '');
    const report = describe(context, document, analyse(document));
    if (args.has('json')) context.printJson(report);
    else print(context, report);
    return 0;
  },
};

interface LayerRow extends Omit<PartAnalysis, 'outputShape' | 'activationBytes' | 'children'> {
  readonly output: Shape | null;
  readonly children?: readonly LayerRow[];
}

type Report = ReturnType<typeof describe>;

function describe(context: Context, document: GraphDocument, analysis: Analysis) {
  const problems = analysis.problems.map((found) => ({
    code: found.code,
    node: found.node ?? null,
    port: found.port ?? null,
    part: found.part ?? null,
    ...formatProblem(found, context.locale),
    severity: found.severity,
  }));
  const layers = layerOrder(document, analysis).flatMap((id) => {
    const node = document.nodes[id];
    const known = analysis.nodes[id];
    if (!node || !known) return [];
    return [layerRow({ ...known, id, type: node.type, name: node.name })];
  });
  const { params, trainableParams, macs } = analysis.totals;
  const { input = null, output = null } = analysis;
  return { input, output, params, trainableParams, macs, problems, layers };
}

/** One row; that of a block has the rows of its parts as `children`. */
function layerRow({
  id,
  type,
  name,
  outputShape,
  params,
  trainableParams,
  macs,
  children,
}: PartAnalysis): LayerRow {
  const row = { id, type, name, output: outputShape ?? null, params, trainableParams, macs };
  return children === undefined ? row : { ...row, children: children.map(layerRow) };
}

/** Inputs first; nodes on a cycle have no such order and come last. */
function layerOrder(document: GraphDocument, { order }: Analysis): string[] {
  const ordered = new Set(order);
  return [...order, ...Object.keys(document.nodes).filter((id) => !ordered.has(id))];
}

function print(context: Context, report: Report): void {
  const shape = (sizes: readonly number[] | null): string => (sizes === null ? '?' : formatShape(sizes));
  const headings = [texts.layer, texts.type, texts.output, texts.parameters, texts.multiplyAdds];
  const rows = [
    headings.map((heading) => context.text(heading)),
    ...report.layers.map(({ name, type, output, params, macs }) => [
      name,
      type,
      shape(output),
      formatCount(params),
      formatCount(macs),
    ]),
    [context.text(texts.total), '', '', formatCount(report.params), formatCount(report.macs)],
  ];
  for (const line of formatTable(rows, ['left', 'left', 'left', 'right', 'right'])) context.print(line);
  context.print(context.text(texts.trainable, { count: formatCount(report.trainableParams) }));
  context.print();
  printProblems(context, report);
}

function printProblems(context: Context, { problems }: Report): void {
  if (problems.length === 0) return context.print(context.text(texts.noProblems));
  context.print(context.text(texts.problems, { count: problems.length }));
  for (const { code, node, port, message, hint } of problems) {
    const place = node === null ? '' : ` ${node}${port === null ? '' : `.${port}`}`;
    context.print(`  [${code}]${place}`);
    context.print(`    ${message}`);
    context.print(`    ${hint}`);
  }
}
