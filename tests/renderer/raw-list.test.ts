/** Lists as typed in the inspector: read, shown, and read again. */
import { describe, expect, it } from 'vitest';
import { readList, readRows, showList, showRows } from '../../src-renderer/inspector/raw-list';

describe('sizes', () => {
  it.each([
    ['7, 7, 16', [7, 7, 16]],
    ['7×7×16', [7, 7, 16]],
    [' -1 ', [-1]],
    ['7 × -1 × 16', [7, -1, 16]],
    ['7 x', [7, 'x']],
    ['', ['']],
  ])('%j is %j', (text, value) => {
    expect(readList(text)).toEqual(value);
    expect(readList(showList(value))).toEqual(value);
  });

  it('a value of another kind is shown as it is', () => expect(showList({ a: 1 })).toBe('{"a":1}'));
});

describe('kernels', () => {
  it.each([
    ['1 -1', [[1, -1]]],
    ['[1, -1]', [[1, -1]]],
    ['[]', []],
    [
      '0 1\n2.5, -3e-1',
      [
        [0, 1],
        [2.5, -0.3],
      ],
    ],
    ['[[[[1, 2]]]]', [[[[1, 2]]]]],
    ['1 one', [[1, 'one']]],
    ['[[1,', '[[1,'],
  ])('%j is %j', (text, value) => {
    expect(readRows(text)).toEqual(value);
    expect(readRows(showRows(value))).toEqual(value);
  });

  it('shows rows as lines, and deeper lists as they are written', () => {
    expect(
      showRows([
        [1, -1],
        [0, 2],
      ]),
    ).toBe('1 -1\n0 2');
    expect(showRows([[[[1, 2]]]])).toBe('[[[[1,2]]]]');
  });
});
