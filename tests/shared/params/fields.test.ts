/** Fields accept exactly what they promise, refuse the rest with its value, and are typed by what they hold. */
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { bool, choice, defaultParams, float, int, padding, parseParams, sizes } from '@shared/params/fields';
import { numbers } from '@shared/params/list-fields';
import type { Field, ParamsOf } from '@shared/params/field';
import { printable } from '@shared/params/printable';

const text = (en: string) => ({ en, 'zh-CN': en });
const texts = { label: text('Label'), doc: text('Doc') };

const schema = {
  filters: int({ ...texts, min: 1, max: 4096, default: 32 }),
  rate: float({ ...texts, min: 0, max: 0.95, step: 0.05, default: 0.5 }),
  useBias: bool({ ...texts, default: true }),
  activation: choice({
    ...texts,
    choices: [
      { value: 'linear', label: text('None') },
      { value: 'relu', label: text('ReLU') },
    ],
    default: 'linear',
  }),
  kernelSize: sizes({ ...texts, min: 1, max: 99, default: [3, 3] }),
  shape: sizes({
    ...texts,
    min: 1,
    max: 1024,
    labels: [text('Height'), text('Width'), text('Channels')],
    default: [28, 28, 1],
  }),
  padding: padding({ ...texts, max: 64, default: 'valid' }),
  weights: numbers({ ...texts, min: 0, max: 10, maxCount: 3, default: [] }),
};

type Key = keyof typeof schema;

const accepted: Record<Key, readonly unknown[]> = {
  filters: [1, 4096, 7],
  rate: [0, 0.95, 0.123],
  useBias: [true, false],
  activation: ['linear', 'relu'],
  kernelSize: [
    [1, 99],
    [5, 3],
  ],
  shape: [
    [1, 1, 1],
    [224, 224, 3],
  ],
  padding: ['same', 'valid', { top: 0, bottom: 64, left: 2, right: 3 }],
  weights: [[], [0.5], [0, 10, 1]],
};

const refused: Record<Key, readonly (readonly [value: unknown, code: string])[]> = {
  weights: [
    [[-1], 'param/not-numbers'],
    [[11], 'param/not-numbers'],
    [[1, 1, 1, 1], 'param/not-numbers'],
    [['1'], 'param/not-numbers'],
    [[NaN], 'param/not-numbers'],
    [1, 'param/not-numbers'],
    ['1, 2', 'param/not-numbers'],
    [null, 'param/not-numbers'],
  ],
  filters: [
    [0, 'param/out-of-range'],
    [4097, 'param/out-of-range'],
    [1.5, 'param/not-integer'],
    ['7', 'param/not-integer'],
    [null, 'param/not-integer'],
    [NaN, 'param/not-integer'],
    [Infinity, 'param/not-integer'],
  ],
  rate: [
    [-0.1, 'param/out-of-range'],
    [1, 'param/out-of-range'],
    [Infinity, 'param/out-of-range'],
    [NaN, 'param/not-number'],
    ['0.5', 'param/not-number'],
  ],
  useBias: [
    [1, 'param/not-boolean'],
    ['true', 'param/not-boolean'],
  ],
  activation: [
    ['Relu', 'param/not-choice'],
    [['relu'], 'param/not-choice'],
  ],
  kernelSize: [
    [3, 'param/not-sizes'],
    [[3], 'param/not-sizes'],
    [[3, 3, 3], 'param/not-sizes'],
    [[3, 0], 'param/not-sizes'],
    [[3, 2.5], 'param/not-sizes'],
    [['3', 3], 'param/not-sizes'],
    [{ 0: 3, 1: 3, length: 2 }, 'param/not-sizes'],
  ],
  shape: [[[28, 28], 'param/not-sizes']],
  padding: [
    ['SAME', 'param/not-padding'],
    [2, 'param/not-padding'],
    [{ top: 1, bottom: 1, left: 1 }, 'param/not-padding'],
    [{ top: 1, bottom: 1, left: 1, right: 65 }, 'param/not-padding'],
    [{ top: 1, bottom: 1, left: 1, right: -1 }, 'param/not-padding'],
    [{ top: 1, bottom: 1, left: 1, right: 1, front: 1 }, 'param/not-padding'],
  ],
};

const keys = Object.keys(schema).filter((key): key is Key => key in schema);

describe.each(keys)('the field %s', (key) => {
  const field: Field = schema[key];

  it.each(accepted[key].map((value) => [value]))('accepts %j as it is', (value) => {
    expect(field.parse(value)).toEqual({ ok: true, value });
  });

  it.each(refused[key])('refuses %j with %s and quotes it', (value, code) => {
    expect(field.parse(value)).toMatchObject({
      ok: false,
      error: { code, args: { value: printable(value) } },
    });
  });

  it('gives back what it accepts and never throws', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const result = field.parse(value);
        if (result.ok) {
          expect(result.value).toEqual(value);
          return;
        }
        const quoted = result.error.args['value'];
        if (typeof quoted !== 'string') throw new Error('the value is not quoted');
        expect([...quoted].length).toBeLessThanOrEqual(60);
      }),
    );
  });
});

describe('parseParams', () => {
  const defaults: ParamsOf<typeof schema> = {
    filters: 32,
    rate: 0.5,
    useBias: true,
    activation: 'linear',
    kernelSize: [3, 3],
    shape: [28, 28, 1],
    padding: 'valid',
    weights: [],
  };

  it('gives the defaults for what is absent', () => {
    expect(parseParams(schema, {})).toEqual({ values: defaults, issues: [], unknown: [] });
    expect(defaultParams(schema)).toEqual(defaults);
  });

  it('collects every issue with its parameter, uses the default there, and names unknown keys', () => {
    const raw = { filters: -1, kernelSize: [5, 5], padding: 'full', groups: 2, constructor: 1 };
    const { values, issues, unknown } = parseParams(schema, raw);
    expect(values).toEqual({ ...defaults, kernelSize: [5, 5] });
    expect(issues).toEqual([
      {
        param: 'filters',
        issue: { code: 'param/out-of-range', args: { param: 'filters', value: '-1', min: 1, max: 4096 } },
      },
      {
        param: 'padding',
        issue: { code: 'param/not-padding', args: { param: 'padding', value: '"full"', max: 64 } },
      },
    ]);
    expect(unknown).toEqual(['groups', 'constructor']);
  });

  it('is typed by the schema', () => {
    const { values } = parseParams(schema, {});
    expectTypeOf(values.activation).toEqualTypeOf<'linear' | 'relu'>();
    expectTypeOf(values.kernelSize).toEqualTypeOf<[number, number]>();
    expectTypeOf(values.shape).toEqualTypeOf<[number, number, number]>();
  });
});

it('a default that its own field refuses is an internal error', () => {
  expect(() => int({ ...texts, min: 1, max: 3, default: 0 })).toThrow('refused by its own field');
});

describe('printable', () => {
  it.each([
    [undefined, 'undefined'],
    [Infinity, 'Infinity'],
    ['a "b"', '"a \\"b\\""'],
    [{ a: [1, null] }, '{"a":[1,null]}'],
  ])('prints %j as %s', (value, printed) => {
    expect(printable(value)).toBe(printed);
  });

  it('cuts at 60 characters without splitting one', () => {
    const printed = printable('🙂'.repeat(100));
    expect([...printed]).toHaveLength(60);
    expect(printed.endsWith('🙂…')).toBe(true);
  });
});
