/** `layerloom doctor`: what this machine trains on, what is missing and how to get it. */
import { datasets } from '@shared/datasets';
import type { Reply } from '@shared/ipc/contract';
import type { EngineContract } from '@shared/ipc/engine.contract';
import { formatProblem } from '@shared/problems/format';
import { type Problem, problem } from '@shared/problems/problem';
import { gpuAbsenceTexts } from '@shared/run/gpu-absence';
import { outputTexts as texts } from '@shared/texts/cli';
import type { Precision } from '@shared/training/precision';
import { trainingSchema } from '@shared/training/schema';
import type { Command } from '../command';
import type { Context } from '../context';
import { datasetDirectories, withEngine } from '../engine-link';
import { type ExitCode, Refusal } from '../outcome';
import { formatTable } from '../table';

/** Exit code 1 where nothing can be trained at all; missing data sets are told, but are no failure. */
export const doctorCommand: Command = {
  syntax: { command: 'doctor', options: { json: {}, help: { short: 'h' } }, positionals: [] },
  run: async (context, args): Promise<ExitCode> => {
    const { runtime, problems } = await examineRuntime(context);
    const folders = datasetDirectories();
    const absent = datasets.filter(({ id }) => !Object.hasOwn(folders, id));
    const found = [
      ...problems,
      ...absent.map(({ title }) => problem('data/missing', { dataset: context.text(title) })),
    ];
    const report = {
      layerloom: context.options.version,
      node: process.version,
      runtime: runtime?.runtime ?? null,
      version: runtime?.tensorflowVersion ?? null,
      tfjsVersion: runtime?.tfjsVersion ?? null,
      device: runtime?.device ?? null,
      gpuAbsence: runtime?.gpuAbsence ?? null,
      precisions: runtime?.precisions ?? [],
      datasets: datasets.map(({ id }) => ({ id, folder: folders[id] ?? null })),
      missing: found.map((each) => ({ code: each.code, ...formatProblem(each, context.locale) })),
    };
    if (args.has('json')) context.printJson(report);
    else print(context, report);
    return runtime ? 0 : 1;
  },
};

async function examineRuntime(
  context: Context,
): Promise<{ runtime: Reply<EngineContract, 'describe'> | null; problems: readonly Problem[] }> {
  try {
    const runtime = await withEngine(context, { runDirectory: null, device: 'auto' }, (engine) =>
      engine.call('describe', {}),
    );
    return { runtime, problems: [] };
  } catch (error) {
    if (error instanceof Refusal) return { runtime: null, problems: error.problems };
    throw error;
  }
}

interface Report {
  readonly layerloom: string;
  readonly node: string;
  readonly runtime: string | null;
  readonly version: string | null;
  readonly device: string | null;
  readonly gpuAbsence: string | null;
  readonly precisions: readonly Precision[];
  readonly datasets: readonly { readonly id: string; readonly folder: string | null }[];
  readonly missing: readonly { readonly message: string; readonly hint: string }[];
}

function print(context: Context, report: Report): void {
  const absent = context.text(texts.missing);
  const absence = Object.entries(gpuAbsenceTexts).find(([code]) => code === report.gpuAbsence)?.[1];
  const rows = [
    ['Layerloom', report.layerloom],
    ['Node', report.node],
    [context.text(texts.runtime), report.runtime ?? absent],
    ['TensorFlow', report.version ?? absent],
    [context.text(texts.device), report.device ?? absent],
    ...(absence === undefined ? [] : [['GPU', context.text(absence)]]),
    [context.text(trainingSchema.precision.label), report.precisions.join(', ') || absent],
    ...report.datasets.map(({ id, folder }) => [
      `${context.text(texts.datasetHeading)} ${id}`,
      folder ?? absent,
    ]),
  ];
  for (const line of formatTable(rows, ['left', 'left'])) context.print(line);
  context.print();
  if (report.missing.length === 0) context.print(context.text(texts.nothingMissing));
  for (const { message, hint } of report.missing) context.print(`${message} ${hint}`);
}
