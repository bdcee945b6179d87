/** `layerloom bench`: the classic networks against tfjs-layers, Keras and PyTorch, in turns. */
import { writeFile } from 'node:fs/promises';
import { problem } from '@shared/problems/problem';
import { benchTexts } from '@shared/texts/bench';
import { runBenchmarks } from '../bench/benchmark';
import { mergeReports, readReport, type Report, serialiseReport } from '../bench/report';
import { readBenchRequest } from '../bench/request';
import { comparisonTable, missingLines } from '../bench/table';
import type { Command } from '../command';
import type { Context } from '../context';
import { systemReason } from '../document-file';
import { type ExitCode, Refusal } from '../outcome';

/** Exit code 1 where something failed while it was measured; missed targets and absent peers are no failure. */
export const benchCommand: Command = {
  syntax: {
    command: 'bench',
    options: {
      networks: { value: 'NAME,...' },
      precision: { value: 'NAME,...' },
      tasks: { value: 'NAME,...' },
      frameworks: { value: 'NAME,...' },
      peers: { value: 'FOLDER' },
      rounds: { value: 'N' },
      quick: {},
      output: { value: 'FILE.json', short: 'o' },
      json: {},
      help: { short: 'h' },
    },
    positionals: [],
  },
  run: async (context, args): Promise<ExitCode> => {
    const request = readBenchRequest(context, args);
    const { output } = request;
    const older = output === undefined ? undefined : await readReport(context, output);
    // What an earlier call could not measure says nothing of this one.
    let gathered = older && { ...older, missing: [] as Report['missing'] };
    const reports: Report[] = [];
    // After each round: a long benchmark that is broken off keeps what it has.
    const save = async (report: Report): Promise<void> => {
      const all = gathered ? mergeReports(gathered, report) : report;
      if (output !== undefined) await writeReport(output, all);
    };
    await runBenchmarks(context, request, {
      onRound: save,
      onReport: async (report) => {
        await save(report);
        gathered = gathered ? mergeReports(gathered, report) : report;
        reports.push(report);
      },
    });
    const report = reports.reduce(joined);
    if (args.has('json')) context.printJson(report);
    else print(context, report, request.isQuick);
    return reports.slice(1).some(({ missing }) => missing.length > 0) ? 1 : 0;
  },
};

function joined(all: Report, next: Report): Report {
  return {
    machine: all.machine,
    results: [...all.results, ...next.results],
    comparisons: [...all.comparisons, ...next.comparisons],
    missing: [...all.missing, ...next.missing],
  };
}

function print(context: Context, { comparisons, missing }: Report, isQuick: boolean): void {
  for (const line of comparisonTable(context, comparisons)) context.print(line);
  context.print();
  context.print(context.text(isQuick ? benchTexts.quickCaption : benchTexts.caption));
  for (const line of missingLines(context, missing)) context.print(line);
}

async function writeReport(path: string, report: Report): Promise<void> {
  try {
    await writeFile(path, serialiseReport(report));
  } catch (error) {
    throw new Refusal([problem('file/cannot-write', { path, reason: systemReason(error) ?? String(error) })]);
  }
}
