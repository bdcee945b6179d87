/** Images that are too small for a template: said so, with the size that is enough. */
import { describe, expect, it } from 'vitest';
import { analyse } from '@shared/compile/analyse';
import { templateProblems } from '@shared/compile/template-problems';
import { templateOf, templates } from '@shared/templates';
import { required } from '@shared/util/assert';

const isValid = (id: string, side: number) =>
  !analyse(required(templateOf(id), id).create({ input: [side, side, 3] })).problems.some(
    ({ severity }) => severity === 'error',
  );

describe('a template', () => {
  // By hand from the last pooling backwards: five halvings want 32; AlexNet's three 3×3 poolings of stride 2 want 3 <- 7
  // <- 15 of its first convolution, which is 4 * 14 + 11 less its padding of 2.
  it.each([
    ['vgg-11', [28, 28, 1], '32×32'],
    ['vgg-19', [31, 47, 2], '32×32'],
    ['alexnet', [28, 28, 1], '65×65'],
    ['densenet', [28, 28, 1], '29×29'],
  ] as const)('%s of %j needs at least %s', (id, input, smallest) => {
    const given = `${input[0]}×${input[1]}`;
    expect(templateProblems(required(templateOf(id), id), { input, classes: 1000 })).toEqual([
      { code: 'template/input-too-small', severity: 'error', args: { given, smallest } },
    ]);
  });

  it.each(templates.map(({ id }) => id))('%s has no problem with its own size, nor with more', (id) => {
    const template = required(templateOf(id), id);
    expect(templateProblems(template, {})).toEqual([]);
    expect(templateProblems(template, { input: [224, 224, 3], classes: 1000 })).toEqual([]);
  });

  it.each(templates.map(({ id }) => id))(
    '%s works with the size that is named, and with none below',
    (id) => {
      const [found] = templateProblems(required(templateOf(id), id), { input: [1, 1, 3] });
      const named = found?.args['smallest'];
      const smallest = typeof named === 'string' ? Number(named.split('×')[0]) : 1;
      const sides = Array.from({ length: 20 }, (_, i) => smallest - 10 + i).filter((side) => side > 0);
      expect(sides.filter((side) => isValid(id, side))).toEqual(sides.filter((side) => side >= smallest));
    },
  );

  it('keeps the mistakes that no larger image mends', () => {
    const [found] = templateProblems(required(templateOf('lenet'), 'lenet'), { classes: 0 });
    expect(found?.code).toBe('param/out-of-range');
  });
});
