/** Runs a peer's program and reads the line of figures that it ends with. */
import { spawn } from 'node:child_process';
import { z } from 'zod';
import { failure, type Result, success } from '@shared/util/result';

/** A peer that takes longer hangs. */
const PATIENCE_MS = 15 * 60_000;
/** Characters of its output that are kept. */
const MAX_OUTPUT = 100_000;

const milliseconds = z.array(z.number().positive()).min(1);
const bytes = z.number().positive();
const count = z.number().int().positive();

export const stepFigures = z.object({
  params: count,
  stepMs: milliseconds,
  inferenceMs: milliseconds,
  /** Milliseconds since 1970. */
  firstStepAt: z.number(),
  peakBytes: bytes,
});
export const epochFigures = z.object({ params: count, epochMs: milliseconds, peakBytes: bytes });
export const peerVersions = z.record(z.string(), z.string());

export interface PeerAnswer<T> {
  readonly figures: T;
  /** When its process was started, in milliseconds since 1970. */
  readonly startedAt: number;
}

/** The program's figures, or why there are none, in its own words. */
export async function askPeer<T>(
  command: string,
  args: readonly string[],
  schema: z.ZodType<T>,
): Promise<Result<PeerAnswer<T>, string>> {
  const startedAt = Date.now();
  const { code, output, error } = await runProgram(command, args);
  if (code !== 0) return failure(lastWords(error) || `exit code ${String(code)}`);
  const figures = parseFigures(output, schema);
  return figures.ok ? success({ figures: figures.value, startedAt }) : figures;
}

/** The last line that is JSON; libraries may print what they like before it. */
export function parseFigures<T>(output: string, schema: z.ZodType<T>): Result<T, string> {
  const line = output
    .split('\n')
    .map((each) => each.trim())
    .findLast((each) => each.startsWith('{'));
  if (line === undefined) return failure('it printed no figures');
  try {
    const parsed = schema.safeParse(JSON.parse(line));
    return parsed.success ? success(parsed.data) : failure(`its figures are not as expected: ${line}`);
  } catch {
    return failure(`its figures are not JSON: ${line}`);
  }
}

/** The line of a traceback that says what went wrong. */
export function lastWords(error: string): string {
  const lines = error
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.findLast((line) => /^\w*(Error|Exception)\b/.test(line)) ?? lines.at(-1) ?? '';
}

interface Ended {
  readonly code: number | string | null;
  readonly output: string;
  readonly error: string;
}

function runProgram(command: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      // Python would write its bytecode beside the programs.
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: PATIENCE_MS,
      killSignal: 'SIGKILL',
    });
    let [output, error] = ['', ''];
    child.stdout.on('data', (bytes: Buffer) => (output = `${output}${bytes.toString()}`.slice(-MAX_OUTPUT)));
    child.stderr.on('data', (bytes: Buffer) => (error = `${error}${bytes.toString()}`.slice(-MAX_OUTPUT)));
    child.once('error', ({ message }) => resolve({ code: null, output, error: message }));
    child.once('close', (code, signal) => resolve({ code: code ?? signal, output, error }));
  });
}
