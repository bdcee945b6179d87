/** Every fix that is offered mends what it is offered for, and says what it does. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyse } from '@shared/compile/analyse';
import type { Shape } from '@shared/ir/types';
import { fixTexts } from '@shared/problems/fixes';
import { formatFix } from '@shared/problems/format';
import type { Problem } from '@shared/problems/problem';
import { locales } from '@shared/texts/text';
import { required } from '@shared/util/assert';
import type { JsonObject } from '@shared/util/json';
import { Sketch } from '../sketch';

const mergeTypes = ['Add', 'Concatenate', 'Multiply', 'Average', 'Maximum'] as const;

/** A document in which nodes of the given shapes meet. */
function meeting(type: string, shapes: readonly Shape[]): { sketch: Sketch; merge: string } {
  const sketch = new Sketch();
  const images = sketch.add('Input', { shape: [40, 24, 3] });
  const values = sketch.add('Flatten', {}, images);
  const sources = shapes.map((shape) => {
    const size = shape.reduce((product, each) => product * each, 1);
    const dense = sketch.add('Dense', { units: size }, values);
    return shape.length === 1 ? dense : sketch.add('Reshape', { targetShape: shape }, dense);
  });
  return { sketch, merge: sketch.add(type, {}, ...sources) };
}

function problemsOf(sketch: Sketch, merge: string): readonly Problem[] {
  return analyse(sketch.document).nodes[merge]?.problems.filter(({ severity }) => severity === 'error') ?? [];
}

/** Applies each fix to a copy of the document; nothing may be wrong at that port afterwards, nor with what came. */
function expectMended({ document }: Sketch, merge: string, { port, fixes = [] }: Problem): void {
  for (const { code, commands } of fixes) {
    const mended = new Sketch(document);
    for (const command of commands) mended.run(command);
    const { nodes } = analyse(mended.document);
    const added = Object.keys(nodes).filter((id) => !document.nodes[id]);
    expect(added.length, code).toBeGreaterThan(0);
    const left = nodes[merge]?.problems.filter((each) => each.port === port) ?? [];
    expect(left, code).toEqual([]);
    for (const id of added) {
      const errors = nodes[id]?.problems.filter((each) => each.code !== 'graph/no-output-node');
      expect(errors, `${code}: ${id}`).toEqual([]);
      expect(nodes[id]?.outputShape, `${code}: ${id}`).toBeDefined();
    }
  }
}

const codesOf = (problem: Problem | undefined) => problem?.fixes?.map(({ code }) => code);

describe('merges', () => {
  it.each<readonly [string, Shape, Shape, readonly string[]]>([
    ['Add', [8, 8, 4], [8, 8, 6], ['fix/convolution']],
    ['Add', [4, 4, 8], [8, 8, 6], ['fix/strided-convolution', 'fix/pooling', 'fix/cropping']],
    ['Add', [4, 4, 8], [7, 8, 8], ['fix/strided-convolution', 'fix/pooling', 'fix/cropping']],
    ['Add', [8, 8, 4], [6, 7, 4], ['fix/padding']],
    ['Add', [8, 6, 4], [7, 7, 4], ['fix/padding-and-cropping']],
    ['Add', [8, 8, 4], [4, 2, 6], ['fix/upsampling', 'fix/padding']],
    ['Concatenate', [8, 8, 4], [6, 6, 9], ['fix/padding']],
    ['Concatenate', [4, 4, 4], [8, 8, 9], ['fix/strided-convolution', 'fix/pooling', 'fix/cropping']],
    ['Add', [5], [7], ['fix/dense']],
    ['Concatenate', [5], [4, 4, 6], ['fix/flatten', 'fix/global-pooling']],
    ['Add', [6], [4, 4, 6], ['fix/global-pooling', 'fix/global-pooling-and-dense']],
    ['Multiply', [8, 8, 4], [8, 8, 6], ['fix/convolution']],
  ])('%s of %j and %j: %j', (type, first, second, expected) => {
    const { sketch, merge } = meeting(type, [first, second]);
    const [found, ...others] = problemsOf(sketch, merge);
    expect(others).toEqual([]);
    expect(codesOf(found)).toEqual(expected);
    expectMended(sketch, merge, required(found, 'a mismatch'));
  });

  it('mends whatever meets, one port after another', () => {
    const size = fc.integer({ min: 1, max: 24 });
    const shape = fc.oneof(
      { weight: 5, arbitrary: fc.tuple(size, size, fc.integer({ min: 1, max: 6 })) },
      fc.tuple(size),
    );
    const shapes = fc.array(shape, { minLength: 2, maxLength: 3 });
    fc.assert(
      fc.property(fc.constantFrom(...mergeTypes), shapes, (type, given) => {
        const { sketch, merge } = meeting(type, given);
        for (const found of problemsOf(sketch, merge)) {
          const isImage = (given[0]?.length ?? 0) === 3;
          const brought = given[Number(found.port?.slice(2))] ?? [];
          // Only a vector where an image should be has no simple remedy.
          if (!isImage || brought.length === 3) expect(found.fixes?.length ?? 0).toBeGreaterThan(0);
          expectMended(sketch, merge, found);
        }
      }),
      { numRuns: 200, seed: 5 },
    );
  });

  it('puts new nodes between those that it joins', () => {
    const { sketch, merge } = meeting('Add', [
      [8, 8, 4],
      [6, 6, 5],
    ]);
    sketch.run({ kind: 'moveNodes', positions: { reshape_2: { x: 0, y: 30 }, [merge]: { x: 300, y: 0 } } });
    const [padding] = problemsOf(sketch, merge)[0]?.fixes ?? [];
    for (const command of padding?.commands ?? []) sketch.run(command);
    const { nodes } = sketch.document;
    expect(nodes['zero_padding2d_1']?.position).toEqual({ x: 100, y: 20 });
    expect(nodes['conv2d_1']?.position).toEqual({ x: 200, y: 10 });
  });
});

it('an image before a dense layer is offered Flatten or global pooling', () => {
  const sketch = new Sketch();
  const dense = sketch.add('Dense', { units: 3 }, sketch.add('Input', {}));
  const [found] = problemsOf(sketch, dense);
  expect(codesOf(found)).toEqual(['fix/flatten', 'fix/global-pooling']);
  expectMended(sketch, dense, required(found, 'a problem'));
});

describe('a kernel that is typed in', () => {
  const typedIn = (params: JsonObject) => {
    const sketch = new Sketch();
    const images = sketch.add('Input', { shape: [6, 8, 1] });
    return { sketch, id: sketch.add('Conv2D', { kernelInitializer: 'custom', ...params }, images) };
  };

  it('of another size than the layer has offers to make the layer fit', () => {
    const { sketch, id } = typedIn({ filters: 2 });
    const [found] = problemsOf(sketch, id);
    expect(found).toMatchObject({ code: 'shape/kernel-values', param: 'kernelValues' });
    expect(codesOf(found)).toEqual(['fix/kernel-size']);
    for (const command of found?.fixes?.[0]?.commands ?? []) sketch.run(command);
    expect(analyse(sketch.document).nodes[id]).toMatchObject({ outputShape: [6, 7, 2], problems: [] });
  });

  it('that would still not fit offers nothing', () => {
    const rows = typedIn({ kernelValues: Array.from({ length: 9 }, () => [1, 2]) });
    expect(codesOf(problemsOf(rows.sketch, rows.id)[0])).toBeUndefined();
    const whole = typedIn({ filters: 3, kernelValues: [[[[1, 2]]]] });
    expect(codesOf(problemsOf(whole.sketch, whole.id)[0])).toBeUndefined();
  });
});

describe('texts', () => {
  it.each(Object.keys(fixTexts).filter((code): code is keyof typeof fixTexts => code in fixTexts))(
    '%s in both languages',
    (code) => {
      const args = {
        filters: 8,
        strides: '2',
        window: '2×2',
        factor: '2',
        padding: '1,1,0,0',
        cropping: '1,1,0,0',
        units: 10,
        name: 'stage 2',
        size: '1×2',
        classes: 12,
      };
      // It chooses the words, and is not one of them.
      const chosen = { ...args, param: 'units' };
      const [en, zh] = locales.map((locale) => formatFix({ code, args: chosen, commands: [] }, locale));
      expect(en).toMatch(/^(Insert|Make|Set) /);
      expect(zh).toMatch(/^(插入|打包|把)/);
      for (const value of Object.values(args).map(String))
        expect(zh?.includes(value)).toBe(en?.includes(value));
    },
  );

  it('names a 1×1 convolution only where one is inserted', () => {
    const fix = (filters: string | number) =>
      formatFix({ code: 'fix/padding', args: { padding: '1,1,1,1', filters }, commands: [] }, 'en');
    expect(fix('none')).toBe('Insert zero padding of 1,1,1,1 pixels');
    expect(fix(8)).toBe('Insert zero padding of 1,1,1,1 pixels and a 1×1 convolution with 8 filters');
  });
});
