/** Data sets that are read before the network is there. */
import { describe, expect, it } from 'vitest';
import { required } from '@shared/util/assert';
import { datasetOf } from '@shared/datasets';
import { EarlyReading } from '../../src-main/engine/data/early-reading';
import { loadSplit } from '../../src-main/engine/data/load';
import { expectOk } from './graph-session';
import { datasetDirectories, lenetDocument } from './support';

const mnist = required(datasetOf('mnist'), 'mnist');

/** What has begun when the data set goes away; nothing that is read afterwards is found. */
function begunBefore(text: string): EarlyReading {
  const directories: Record<string, string> = { ...datasetDirectories };
  const reading = new EarlyReading(directories);
  reading.begin(text);
  delete directories['mnist'];
  return reading;
}

const missing = { ok: false, error: { code: 'data/missing' } };

describe('early reading', () => {
  it('hands out what was begun, as loading gives it, and once', async () => {
    const reading = begunBefore(lenetDocument({ dataset: 'mnist' }));
    const expected = expectOk(await loadSplit(mnist, 'test', datasetDirectories['mnist']));
    const found = expectOk(await reading.load(mnist, 'test'));
    // Millions of bytes, which `toEqual` takes a minute for.
    expect(Buffer.compare(found.images, expected.images)).toBe(0);
    expect({ ...found, images: null }).toEqual({ ...expected, images: null });
    expect(await reading.load(mnist, 'test')).toMatchObject(missing);
  });

  it('lets go of what is forgotten', async () => {
    const reading = begunBefore(lenetDocument({ dataset: 'mnist' }));
    reading.forget();
    expect(await reading.load(mnist, 'test')).toMatchObject(missing);
  });

  it('reads what was not begun', async () => {
    expect((await new EarlyReading(datasetDirectories).load(mnist, 'test')).ok).toBe(true);
  });

  it.each(['', '{', lenetDocument({ dataset: 'no such' }), lenetDocument({ dataset: '/a/folder' })])(
    'begins nothing for %j',
    async (text) => {
      expect(await begunBefore(text).load(mnist, 'test')).toMatchObject(missing);
    },
  );
});
