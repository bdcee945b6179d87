/** What `layerloom bench` is asked to measure. */
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Arguments } from '../arguments';
import type { Context } from '../context';
import { type Task, tasks } from './measures';
import {
  type BenchNetwork,
  benchNetworks,
  type PeerFramework,
  peerFrameworks,
  type BenchPrecision,
  benchPrecisions,
} from './networks';

export interface BenchRequest {
  readonly networks: readonly BenchNetwork[];
  readonly precisions: readonly BenchPrecision[];
  readonly tasks: readonly Task[];
  readonly peers: readonly PeerFramework[];
  /** Python with Keras and PyTorch; absent where none is named. */
  readonly python?: string;
  readonly rounds: number;
  /** A trial of the benchmark itself: one round of few steps, figures that mean little. */
  readonly isQuick: boolean;
  /** File that gathers reports. */
  readonly output?: string;
}

/** Each peer counts with its best median of so many processes. */
const ROUNDS = 5;

export function readBenchRequest(context: Context, args: Arguments): BenchRequest {
  const ids = benchNetworks.map(({ id }) => id);
  const networks = readChoices(context, args, 'networks', ids);
  const isQuick = args.has('quick');
  const python = readPython(context, args);
  const output = args.text('output');
  return {
    networks: benchNetworks.filter(({ id }) => networks.includes(id)),
    precisions: readChoices(context, args, 'precision', benchPrecisions),
    tasks: readChoices(context, args, 'tasks', tasks),
    peers: readChoices(context, args, 'frameworks', peerFrameworks),
    rounds: args.count('rounds') ?? (isQuick ? 1 : ROUNDS),
    isQuick,
    ...(python === undefined ? {} : { python }),
    ...(output === undefined ? {} : { output: resolve(output) }),
  };
}

type ListOption = 'networks' | 'precision' | 'tasks' | 'frameworks';

/** Names with commas between them; all where the option is absent. */
function readChoices<T extends string>(
  context: Context,
  args: Arguments,
  option: ListOption,
  choices: readonly T[],
): readonly T[] {
  const value = args.text(option);
  if (value === undefined) return choices;
  return value.split(',').map((name) => {
    const found = choices.find((each) => each === name.trim());
    if (found === undefined)
      throw context.misuse('notChoice', { option: `--${option}`, value: name, choices: choices.join(', ') });
    return found;
  });
}

/** The folder of a virtual environment or its Python itself, by option or by `LAYERLOOM_PEERS`; `none` names none. */
function readPython(context: Context, args: Arguments): string | undefined {
  const named = args.text('peers') ?? process.env['LAYERLOOM_PEERS'];
  if (!named || named === 'none') return undefined;
  const path = resolve(named);
  const inside = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];
  const candidates = [path, join(path, ...inside)];
  const python = candidates.find((each) => existsSync(each) && statSync(each).isFile());
  if (python === undefined) throw context.misuse('noPython', { option: '--peers', value: named });
  return python;
}
