/** The runtime on the real TensorFlow: feeds, fetches, errors as data, and nothing left behind. */
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRuntime } from '../../src-main/engine/runtime/open-runtime';
import { float32, int32, type Session, uint8 } from '../../src-main/engine/runtime/runtime';
import type { TensorflowRuntime } from '../../src-main/engine/runtime/tensorflow-runtime';
import { smallModel } from './small-model';

const SIZE = 1024;

let runtime: TensorflowRuntime;
let session: Session;

beforeAll(async () => {
  const opened = await openRuntime('cpu');
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  runtime = opened.value;
  session = load();
});

afterAll(() => session.dispose());

function load(): Session {
  const loaded = runtime.load(smallModel(SIZE));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  return loaded.value;
}

const double = (of = session) =>
  of.bind({ feeds: { x: 'x:0' }, fetches: ['double_1/Add:0', 'double_1/Shape:0'] });
const assign = (of = session) => of.bind({ feeds: { value: 'value:0' }, fetches: ['assigned:0'] });
const read = (of = session) => of.bind({ feeds: {}, fetches: ['read:0'] });

describe('the runtime', () => {
  it('says which build of TensorFlow computes on which device', () => {
    const description = runtime.describe();
    expect(description.runtime).toBe('tfjs-node');
    expect(description.tensorflowVersion).toMatch(/^2\.\d+\.\d+/);
    expect(description.device).toMatch(/^CPU: ./);
    expect(description.gpuAbsence).toBe('gpu/not-asked');
  });

  it('leaves no temporary folder behind, loaded or refused', () => {
    const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('layerloom-'));
    const before = folders();
    load().dispose();
    const refused = runtime.load(Uint8Array.of(1, 2, 3));
    expect(refused).toMatchObject({ ok: false, error: { code: 'run/engine-failed' } });
    expect(folders()).toEqual(before);
  });

  it('frees sessions', () => {
    const before = runtime.binding.getNumOfSavedModels();
    const opened = load();
    expect(runtime.binding.getNumOfSavedModels()).toBe(before + 1);
    opened.dispose();
    opened.dispose();
    expect(runtime.binding.getNumOfSavedModels()).toBe(before);
  });
});

describe('a session', () => {
  it.each([1, 7, 64])('runs a batch of %i and brings every fetch in its order', async (batch) => {
    const x = Float32Array.from({ length: batch * 3 }, (_, index) => index - 2);
    const result = await double()({ x: float32(x, [batch, 3]) });
    expect(result).toEqual({ ok: true, value: [x.map((value) => 2 * value), Int32Array.of(batch, 3)] });
  });

  it('takes bytes', async () => {
    const cast = session.bind({ feeds: { pixels: 'pixels:0' }, fetches: ['bytes/Cast:0'] });
    const result = await cast({ pixels: uint8(Uint8Array.of(0, 128, 255), [3]) });
    expect(result).toEqual({ ok: true, value: [Float32Array.of(0, 128, 255)] });
  });

  it('keeps its variables apart from those of another session', async () => {
    const other = load();
    await assign()({ value: float32(new Float32Array(SIZE).fill(1)) });
    await assign(other)({ value: float32(new Float32Array(SIZE).fill(2)) });
    expect(await read()({})).toEqual({ ok: true, value: [new Float32Array(SIZE).fill(1)] });
    expect(await read(other)({})).toEqual({ ok: true, value: [new Float32Array(SIZE).fill(2)] });
    other.dispose();
  });

  it('holds no tensor of ours after 1000 runs, failing ones included', async () => {
    const before = runtime.binding.getNumOfTensors();
    const [run, gather] = [
      double(),
      session.bind({ feeds: { x: 'x:0', rows: 'rows:0' }, fetches: ['gather_1/Gather:0'] }),
    ];
    const x = float32(new Float32Array(12), [4, 3]);
    for (let count = 0; count < 500; count++) {
      await run({ x });
      const refused = await gather({ x, rows: int32([count + 4]) });
      expect(refused.ok).toBe(false);
    }
    expect(runtime.binding.getNumOfTensors()).toBe(before);
  });
});

describe('what goes wrong in TensorFlow', () => {
  it('names the operation and the node', async () => {
    const gather = session.bind({ feeds: { x: 'x:0', rows: 'rows:0' }, fetches: ['gather_1/Gather:0'] });
    const result = await gather({ x: float32(new Float32Array(6), [2, 3]), rows: int32([5]) });
    expect(result).toMatchObject({ ok: false, error: { code: 'run/engine-failed', node: 'gather_1' } });
    if (!result.ok) expect(result.error.args['reason']).toMatch(/^gather_1\/Gather: .*5 is not in \[0, 2\)/);
  });

  it('is told from memory that ran out', async () => {
    const fill = session.bind({ feeds: { dims: 'dims:0' }, fetches: ['fill_1/Sum:0'] });
    const result = await fill({ dims: int32([1 << 15, 1 << 15, 1 << 15, 2]) });
    expect(result).toMatchObject({ ok: false, error: { code: 'run/out-of-memory' } });
    expect((await double()({ x: float32(new Float32Array(3), [1, 3]) })).ok).toBe(true);
  });

  it('covers names that are not in the graph and arrays that do not fill their shape', async () => {
    const unknown = session.bind({ feeds: {}, fetches: ['nothing:0'] });
    expect(await unknown({})).toMatchObject({ error: { code: 'run/engine-failed' } });
    const short = await double()({ x: float32(new Float32Array(4), [2, 3]) });
    expect(short).toMatchObject({ error: { code: 'run/engine-failed' } });
  });
});

describe('a variable assigned from a fed array through DeepCopy', () => {
  it.each([0, 4, 16, 64, 256])(
    'keeps its values when the array changes later (byte offset %i)',
    async (offset) => {
      for (let round = 0; round < 20; round++) {
        const fed = new Float32Array(new ArrayBuffer(offset + SIZE * 4), offset).fill(round);
        await assign()({ value: float32(fed) });
        fed.fill(-1);
        expect(await read()({})).toEqual({ ok: true, value: [new Float32Array(SIZE).fill(round)] });
      }
    },
  );
});
