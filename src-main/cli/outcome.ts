/** How a command ends: an exit code, and the problems that led to it. */
import type { Problem } from '@shared/problems/problem';

/** 0 done, 1 it failed while running, 2 the request or a file is wrong. */
export type ExitCode = 0 | 1 | 2;

/** Problems of the machine or of a running engine; all others are mistakes in the request or in a file. */
const whileRunning = new Set([
  'data/missing',
  'data/bad-file',
  'file/cannot-write',
  'export/check-differs',
  'export/check-failed',
]);

/** Ends a command from wherever it stands; `cli.ts` reports the problems and exits with the code. */
export class Refusal extends Error {
  readonly problems: readonly Problem[];
  readonly exitCode: ExitCode;

  constructor(problems: readonly Problem[], exitCode: ExitCode = exitCodeOf(problems)) {
    super(problems.map(({ code }) => code).join(', '));
    this.problems = problems;
    this.exitCode = exitCode;
  }
}

function exitCodeOf(problems: readonly Problem[]): ExitCode {
  return problems.every(({ code }) => whileRunning.has(code) || isEngineFault(code)) ? 1 : 2;
}

function isEngineFault(code: string): boolean {
  return (
    code.startsWith('ipc/') ||
    code.startsWith('run/engine-') ||
    code === 'run/out-of-memory' ||
    code === 'run/loss-not-finite'
  );
}

/** The value of a result, or the end of the command. */
export function valueOrRefusal<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Problem },
): T {
  if (!result.ok) throw new Refusal([result.error]);
  return result.value;
}
