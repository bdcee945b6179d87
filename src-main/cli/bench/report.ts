/** What a benchmark reports, and the file that gathers the reports of several runs. */
import { readFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { z } from 'zod';
import { problem } from '@shared/problems/problem';
import type { Context } from '../context';
import { systemReason } from '../document-file';
import { Refusal } from '../outcome';
import { measureNames } from './measures';
import { benchNetworks, benchPrecisions, peerFrameworks } from './networks';

const values = z.array(z.number());
const row = {
  network: z.string(),
  precision: z.enum(benchPrecisions),
  measure: z.enum(measureNames),
  unit: z.string(),
};

/** What a framework reached in one measure. */
const result = z.object({
  ...row,
  framework: z.enum(['layerloom', ...peerFrameworks]),
  batch: z.number(),
  /** Ours: the median over processes. A peer: the best process of its best variant. */
  value: z.number(),
  variant: z.string(),
  /** Of every variant, process by process. */
  processes: z.array(z.object({ variant: z.string(), values })),
  /** Trained parameters. */
  params: z.number(),
  /** Of the epoch; absent elsewhere. */
  images: z.number().optional(),
  samplesPerSecond: z.number().optional(),
  msPerStep: z.number().optional(),
});
export type Result = z.infer<typeof result>;

/** Ours beside a peer's, measured in turns in the same run. */
const comparison = z.object({
  ...row,
  peer: z.enum(peerFrameworks),
  variant: z.string(),
  ours: z.number(),
  theirs: z.number(),
  /** Above 1 we are faster, or take less. */
  ratio: z.number(),
  target: z.number().nullable(),
  isMet: z.boolean().nullable(),
});
export type Comparison = z.infer<typeof comparison>;

const missing = z.object({ what: z.string(), reason: z.string() });
export type Missing = z.infer<typeof missing>;

const report = z.object({
  machine: z.object({
    processor: z.string(),
    cores: z.number(),
    memoryBytes: z.number(),
    device: z.string(),
    /** By name: layerloom, node, tensorflow of ours, and the peers'. */
    versions: z.record(z.string(), z.string()),
  }),
  results: z.array(result).readonly(),
  comparisons: z.array(comparison).readonly(),
  missing: z.array(missing).readonly(),
});
export type Report = z.infer<typeof report>;
export type Machine = Report['machine'];

/** This machine; `device` and `versions` are those of the engine and the peers. */
export function machineOf(device: string, versions: Machine['versions']): Machine {
  const all = cpus();
  const processor = all[0]?.model.trim() ?? '';
  return { processor, cores: all.length, memoryBytes: totalmem(), device, versions };
}

/** The rows of `newer`, and those of `older` that it has not measured again; what either could not measure. */
export function mergeReports(older: Report, newer: Report): Report {
  const isNew = new Set([...newer.results.map(resultKey), ...newer.comparisons.map(comparisonKey)]);
  return {
    machine: newer.machine,
    results: inOrder([...older.results.filter((each) => !isNew.has(resultKey(each))), ...newer.results]),
    comparisons: inOrder([
      ...older.comparisons.filter((each) => !isNew.has(comparisonKey(each))),
      ...newer.comparisons,
    ]),
    missing: [...older.missing, ...newer.missing],
  };
}

/** By network, precision and measure, so that measuring one of them again moves no other row. */
function inOrder<T extends Pick<Result, 'network' | 'precision' | 'measure'>>(rows: readonly T[]): T[] {
  const rankOf = ({ network, precision, measure }: T) => [
    benchNetworks.findIndex(({ id }) => id === network),
    benchPrecisions.indexOf(precision),
    measureNames.indexOf(measure),
  ];
  return [...rows].sort((a, b) => {
    const ranks = rankOf(b);
    return rankOf(a)
      .map((rank, index) => rank - (ranks[index] ?? 0))
      .reduce((first, next) => first || next, 0);
  });
}

function resultKey({ network, precision, measure, framework }: Result): string {
  return ['result', network, precision, measure, framework].join(' ');
}

function comparisonKey({ network, precision, measure, peer }: Comparison): string {
  return ['comparison', network, precision, measure, peer].join(' ');
}

/** As a file: one row per line, so that versions can be compared, and figures to six digits. */
export function serialiseReport({ machine, results, comparisons, missing: absent }: Report): string {
  const line = (value: unknown) => JSON.stringify(value, (_, each: unknown) => rounded(each));
  const list = (name: string, rows: readonly unknown[]) =>
    rows.length === 0 ? `"${name}": []` : `"${name}": [\n${rows.map(line).join(',\n')}\n]`;
  const parts = [
    `"machine": ${line(machine)}`,
    list('results', results),
    list('comparisons', comparisons),
    list('missing', absent),
  ];
  return `{\n${parts.join(',\n')}\n}\n`;
}

function rounded(value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;
}

/** The report of a file, or undefined where there is no file; another kind of file ends the command. */
export async function readReport(context: Context, path: string): Promise<Report | undefined> {
  try {
    return parseReport(await readFile(path, 'utf8'));
  } catch (error) {
    const reason = systemReason(error);
    if (reason === 'ENOENT') return undefined;
    if (reason !== undefined) throw new Refusal([problem('file/cannot-read', { path, reason })]);
    throw context.misuse('notReport', { option: '--output', path });
  }
}

/** Throws where the text is no report. */
export function parseReport(text: string): Report {
  return report.parse(JSON.parse(text));
}
