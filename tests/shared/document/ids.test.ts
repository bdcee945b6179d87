/** Ids: Keras's spelling of types, numbers that only go up, and what a file may say about them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countIds, isNodeId, MAX_ID_NUMBER, nextId } from '@shared/document/ids';
import { snakeCase } from '@shared/util/case';

// The default layer names that Keras itself gives (`layer.name` without its number).
it.each([
  ['Input', 'input'],
  ['Conv2D', 'conv2d'],
  ['Conv2DTranspose', 'conv2d_transpose'],
  ['DepthwiseConv2D', 'depthwise_conv2d'],
  ['MaxPooling2D', 'max_pooling2d'],
  ['GlobalAveragePooling2D', 'global_average_pooling2d'],
  ['BatchNormalization', 'batch_normalization'],
  ['ZeroPadding2D', 'zero_padding2d'],
  ['LeakyReLU', 'leaky_re_lu'],
  ['GRUCell', 'gru_cell'],
])('%s is %s', (type, name) => {
  expect(snakeCase(type)).toBe(name);
});

describe('nextId', () => {
  it('is a valid id that was not counted yet, for any type', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (type) => {
        const first = nextId({}, type);
        const second = nextId(countIds({}, [first]), type);
        expect([first, second].filter(isNodeId)).toHaveLength(2);
        expect(second).not.toBe(first);
      }),
    );
  });

  it.each([
    ['卷积', 'node_1'],
    ['', 'node_1'],
    ['2D', 'd_1'],
    ['constructor', 'constructor_1'],
  ])('of the type %j is %s', (type, id) => {
    expect(nextId({}, type)).toBe(id);
  });

  it('goes to another prefix when a file says that the numbers are used up', () => {
    const last = countIds({}, [`add_${MAX_ID_NUMBER}`]);
    expect(nextId(last, 'Add')).toBe('add_v2_1');
    expect(nextId({ ...last, add_v2: MAX_ID_NUMBER }, 'Add')).toBe('add_v3_1');
    const long = 'x'.repeat(90);
    expect(isNodeId(nextId({ [long.slice(0, 54)]: MAX_ID_NUMBER }, long))).toBe(true);
  });
});

describe('countIds', () => {
  it('raises, never lowers, and leaves the object alone where there is nothing to raise', () => {
    const last = { conv2d: 5 };
    expect(countIds(last, ['conv2d_9', 'conv2d_7', 'add_2'])).toEqual({ conv2d: 9, add: 2 });
    expect(countIds(last, ['conv2d_3', 'conv2d', 'conv2d_09', 'conv2d_1000000000'])).toBe(last);
  });
});

it('isNodeId', () => {
  expect(['a', 'a_1', `a${'b'.repeat(63)}`].every(isNodeId)).toBe(true);
  const bad = ['', '_a', '1a', 'A', 'a-b', 'a.b', 'a b', 'é', `a${'b'.repeat(64)}`, 'constructor', 'a\n'];
  expect(bad.filter(isNodeId)).toEqual([]);
});
