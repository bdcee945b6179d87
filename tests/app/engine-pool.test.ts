/** Engine processes: one spare, one in use, none left over. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { runFolder } from '../../src-main/app/engine-configuration';
import { type EngineExit, EnginePool, type EngineProcess } from '../../src-main/app/engine-pool';
import type { EngineConfiguration } from '@shared/ipc/engine.contract';

class FakeProcess implements EngineProcess<string> {
  port: string | undefined;
  isAlive = true;
  configuration: EngineConfiguration | undefined;
  readonly #listeners: ((exitCode: number) => void)[] = [];

  configure(configuration: EngineConfiguration, port: string): void {
    this.configuration = configuration;
    this.port = port;
  }

  kill(): void {
    this.exit(15);
  }

  exit(exitCode: number): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    for (const listener of this.#listeners) listener(exitCode);
  }

  onExit(listener: (exitCode: number) => void): void {
    this.#listeners.push(listener);
  }
}

const configuration = (engine: number): EngineConfiguration => ({
  kind: 'configure',
  runDirectory: `/runs/${engine}`,
  datasetDirectories: {},
  chosenFolders: null,
  device: 'auto',
});

function create() {
  const forked: FakeProcess[] = [];
  const exits: EngineExit[] = [];
  const fork = (): FakeProcess => {
    const process = new FakeProcess();
    forked.push(process);
    return process;
  };
  const pool = new EnginePool({ fork, onExit: (exit) => exits.push(exit), spareDelay: 100 });
  return { pool, forked, exits, alive: () => forked.filter(({ isAlive }) => isAlive).length };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the spare', () => {
  test('is started once, and handed out', () => {
    const { pool, forked } = create();
    pool.warm();
    pool.warm();
    expect(forked).toHaveLength(1);
    expect(pool.open(configuration, 'port')).toBe(1);
    expect(forked).toHaveLength(1);
    expect(forked[0]).toMatchObject({ port: 'port', configuration: { runDirectory: '/runs/1' } });
  });

  test('is replaced a while after it was handed out', () => {
    const { pool, forked } = create();
    pool.open(configuration, 'port');
    vi.advanceTimersByTime(99);
    expect(forked).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(forked).toHaveLength(2);
  });

  test('does not start beside an engine that was asked for before it was there', () => {
    const { pool, forked } = create();
    pool.warmLater(50);
    pool.open(configuration, 'port');
    vi.advanceTimersByTime(99);
    expect(forked).toHaveLength(1);
  });

  test('that has died is not handed out, and nobody is told', () => {
    const { pool, forked, exits } = create();
    pool.warm();
    forked[0]?.exit(1);
    expect(exits).toEqual([]);
    pool.open(configuration, 'port');
    expect(forked).toHaveLength(2);
    expect(forked[1]?.port).toBe('port');
  });
});

describe('an engine in use', () => {
  test('ends when the next is opened, and that was expected', () => {
    const { pool, forked, exits } = create();
    pool.open(configuration, 'a');
    expect(pool.open(configuration, 'b')).toBe(2);
    expect(forked[0]?.isAlive).toBe(false);
    expect(exits).toEqual([{ engine: 1, exitCode: 15, isExpected: true }]);
  });

  test('that dies by itself is a problem with its exit code', () => {
    const { pool, forked, exits } = create();
    pool.open(configuration, 'a');
    forked[0]?.exit(134);
    expect(exits).toMatchObject([
      {
        engine: 1,
        exitCode: 134,
        isExpected: false,
        problem: { code: 'run/engine-died', args: { exitCode: 134 } },
      },
    ]);
    pool.end(1);
    expect(exits).toHaveLength(1);
    expect(pool.open(configuration, 'b')).toBe(2);
  });

  test('is ended by its own id only', () => {
    const { pool, forked } = create();
    pool.open(configuration, 'a');
    pool.end(5);
    expect(forked[0]?.isAlive).toBe(true);
    pool.end(1);
    expect(forked[0]?.isAlive).toBe(false);
  });
});

test('closing the pool ends every process and starts no other', () => {
  const { pool, alive } = create();
  pool.open(configuration, 'a');
  pool.warm();
  expect(alive()).toBe(2);
  pool.close();
  vi.advanceTimersByTime(1000);
  expect(alive()).toBe(0);
});

test('run folders sort by time and differ within a second', () => {
  const now = new Date('2026-03-01T10:20:30.456Z');
  expect(runFolder('/user', now, 1)).toBe('/user/runs/2026-03-01T10-20-30-1');
  expect(runFolder('/user', now, 2)).not.toBe(runFolder('/user', now, 1));
});
