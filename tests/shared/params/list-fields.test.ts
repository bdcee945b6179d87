/** Fields of lists of free length: what they take, and what they refuse. */
import { describe, expect, it } from 'vitest';
import { kernel, nestedDims, shape } from '@shared/params/list-fields';

const texts = { label: { en: 'List', 'zh-CN': '列表' }, doc: { en: 'A list.', 'zh-CN': '列表。' } };

describe('shape', () => {
  const field = shape({ default: [-1], max: 100, ...texts });

  it.each([[[7]], [[-1]], [[7, 7, 100]], [[7, -1, 2]]])('takes %j', (value) => {
    expect(field.parse(value)).toEqual({ ok: true, value });
  });

  it.each([
    [[]],
    [[2, 3]],
    [[1, 2, 3, 4]],
    [[0]],
    [[101]],
    [[-2]],
    [[1.5]],
    [[-1, -1, 2]],
    ['7'],
    [7],
    [null],
    [['7']],
  ])('refuses %j', (value) =>
    expect(field.parse(value)).toMatchObject({ error: { code: 'param/not-shape', args: { max: 100 } } }),
  );
});

describe('kernel', () => {
  const field = kernel({ default: [[1]], max: 6, ...texts });

  it.each([
    [[[1, -1]]],
    [[[0.5], [2]]],
    [
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
    [[[[[1, 2]]]]],
  ])('takes %j', (value) => expect(field.parse(value)).toEqual({ ok: true, value }));

  it.each([
    [[]],
    [[[]]],
    [[1, 2]],
    [[[1], [1, 2]]],
    [[[1, '2']]],
    [[[NaN]]],
    [[[Infinity]]],
    [[[[1]]]],
    [[[[[[1]]]]]],
    [[[1, 2, 3, 4, 5, 6, 7]]],
    ['1 -1'],
    [{}],
    [undefined],
  ])('refuses %j', (value) =>
    expect(field.parse(value)).toMatchObject({ error: { code: 'param/not-kernel' } }),
  );
});

it('nestedDims gives the sizes, outermost first', () => {
  expect(nestedDims(3)).toEqual([]);
  expect(nestedDims([[[1, 2]], [[3, 4]]])).toEqual([2, 1, 2]);
  expect(nestedDims([[1], 2])).toBeUndefined();
});
