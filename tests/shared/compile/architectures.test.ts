/** The templates against figures that PyTorch gave: every stage's shape and parameters. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { analyse } from '@shared/compile/analyse';
import { templateOf } from '@shared/templates';
import { required } from '@shared/util/assert';

const stage = z.object({ layer: z.string(), out: z.array(z.number()), params: z.number() });
const network = z.object({ input: z.array(z.number()), params: z.number(), stages: z.array(stage) });
const reference = z
  .object({ networks: z.record(z.string(), z.unknown()) })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, '../../reference/architectures.json'), 'utf8')));

/** PyTorch writes [channels, height, width]. */
function channelsLast(shape: readonly number[]): readonly number[] {
  const [channels, ...rest] = shape;
  return rest.length === 0 ? shape : [...rest, required(channels, 'channels')];
}

describe.each([
  ['lenet', 'LeNet'],
  ['lenet-bn', 'LeNet with batch normalization'],
])('%s', (id, name) => {
  const expected = network.parse(reference.networks[name]);
  const analysis = analyse(required(templateOf(id), id).create());
  const layers = analysis.order.filter((node) => node !== 'input_1' && node !== 'output_1');

  it('has no problems', () => expect(analysis.problems).toEqual([]));

  it('has the reference shapes and parameters, stage by stage', () => {
    const stages = layers.map((node) => analysis.nodes[node]);
    expect(stages.map((each) => [each?.outputShape, each?.trainableParams])).toEqual(
      expected.stages.map(({ out, params }) => [channelsLast(out), params]),
    );
  });

  it('has the reference total', () => {
    expect(analysis.input).toEqual(channelsLast(expected.input));
    expect(analysis.totals.trainableParams).toBe(expected.params);
  });
});
