/** Data sets that are read before the network is there. */
import { describe, expect, it } from 'vitest';
import { required } from '@shared/util/assert';
import { datasetOf } from '@shared/datasets';
import { EarlyReading } from '../../src-main/engine/data/early-reading';
import { loadSplit } from '../../src-main/engine/data/load';
import { datasetDirectories, lenetDocument } from './support';

const mnist = required(datasetOf('mnist'), 'mnist');
const directory = datasetDirectories['mnist'];

describe('early reading', () => {
  it('hands out what loading gives, once', async () => {
    const reading = new EarlyReading({ ...datasetDirectories });
    reading.begin(lenetDocument({ dataset: 'mnist' }));
    const begun = reading.load(mnist, 'test');
    expect(await begun).toEqual(await loadSplit(mnist, 'test', directory));
    expect(reading.load(mnist, 'test')).not.toBe(begun);
  });

  it('reads what was not begun, and what was forgotten', async () => {
    const reading = new EarlyReading({ ...datasetDirectories });
    reading.begin(lenetDocument({ dataset: 'mnist' }));
    reading.forget();
    expect((await reading.load(mnist, 'test')).ok).toBe(true);
  });

  it.each(['', '{', lenetDocument({ dataset: 'no such' }), lenetDocument({ dataset: '/a/folder' })])(
    'begins nothing for %j',
    async (text) => {
      const reading = new EarlyReading({});
      reading.begin(text);
      // Nothing was begun for another data set either, so this is read from where nothing is.
      expect(await reading.load(mnist, 'train')).toMatchObject({
        ok: false,
        error: { code: 'data/missing' },
      });
    },
  );
});
