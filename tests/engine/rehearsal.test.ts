/** The training of one step by which a spare engine warms up. */
import { beforeAll, describe, expect, it } from 'vitest';
import { rehearse } from '../../src-main/engine/rehearsal';
import type { Runtime, Session } from '../../src-main/engine/runtime/runtime';
import { cpuRuntime } from './graph-session';

let runtime: Runtime;
beforeAll(async () => {
  runtime = await cpuRuntime();
});

/** The runtime, with notes of sessions that are open and of what they are called for. */
function watched(description = runtime.describe()) {
  const open = new Set<Session>();
  const fetched: string[] = [];
  const watching: Runtime = {
    describe: () => description,
    async load(savedModel) {
      const loaded = await runtime.load(savedModel);
      if (!loaded.ok) return loaded;
      const session: Session = {
        bind(definition) {
          const call = loaded.value.bind(definition);
          return (feeds) => {
            fetched.push(...definition.fetches);
            return call(feeds);
          };
        },
        dispose() {
          open.delete(session);
          loaded.value.dispose();
        },
      };
      open.add(session);
      return { ok: true, value: session };
    },
  };
  return { watching, open, fetched };
}

describe('a rehearsal', () => {
  it('takes a step and leaves nothing behind', async () => {
    const { watching, open, fetched } = watched();
    await rehearse(watching, () => true);
    expect(fetched).toContain('fetch/train:0');
    expect(open.size).toBe(0);
  });

  it('leaves a GPU alone', async () => {
    const { gpuAbsence: _, ...onGpu } = runtime.describe();
    const { watching, fetched } = watched(onGpu);
    await rehearse(watching, () => true);
    expect(fetched).toEqual([]);
  });

  it.each([0, 1, 2, 3])('ends where the engine is wanted, after %i looks', async (looks) => {
    const { watching, open, fetched } = watched();
    let left = looks;
    await rehearse(watching, () => left-- > 0);
    expect(fetched).not.toContain('fetch/train:0');
    expect(open.size).toBe(0);
  });
});
