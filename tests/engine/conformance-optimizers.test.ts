/** Every update rule against its published formula, computed here in double precision. */
import { beforeAll, describe, expect, it } from 'vitest';
import { GraphBuilder } from '@shared/ir/builder';
import { type OptimizerName, optimizerNames, optimizerOf } from '@shared/optimizers';
import { float32, float32Scalar, type Runtime } from '../../src-main/engine/runtime/runtime';
import { cpuRuntime, load, sample } from './graph-session';

const SIZE = 4;
const STEPS = 6;
const RATE = 0.05;
const MOMENTUM = 0.8;

interface State {
  w: number;
  readonly slots: number[];
}
type Formula = (state: State, gradient: number, step: number, weightDecay: number) => void;

const momentumFormula =
  (isNesterov: boolean): Formula =>
  (state, gradient, _, decay) => {
    const g = gradient + decay * state.w;
    state.slots[0] = MOMENTUM * state.slots[0]! + g;
    state.w -= RATE * (isNesterov ? g + MOMENTUM * state.slots[0] : state.slots[0]);
  };

const adamFormula: Formula = (state, g, step) => {
  state.slots[0] = 0.9 * state.slots[0]! + 0.1 * g;
  state.slots[1] = 0.999 * state.slots[1]! + 0.001 * g * g;
  const rate = (RATE * Math.sqrt(1 - 0.999 ** step)) / (1 - 0.9 ** step);
  state.w -= (rate * state.slots[0]) / (Math.sqrt(state.slots[1]) + 1e-7);
};

const formulas: Readonly<Record<OptimizerName, Formula>> = {
  sgd: (state, g, _, decay) => {
    state.w -= RATE * (g + decay * state.w);
  },
  momentum: momentumFormula(false),
  nesterov: momentumFormula(true),
  adam: adamFormula,
  adamw: (state, g, step, decay) => {
    state.w -= RATE * decay * state.w;
    adamFormula(state, g, step, 0);
  },
  rmsprop: (state, g) => {
    state.slots[0] = 0.9 * state.slots[0]! + 0.1 * g * g;
    state.w -= (RATE * g) / Math.sqrt(state.slots[0] + 1e-7);
  },
};

let runtime: Runtime;
beforeAll(async () => {
  runtime = await cpuRuntime();
});

describe.each(optimizerNames)('%s', (name) => {
  const decays = optimizerOf(name).usesWeightDecay ? [0, 0.1] : [0];
  it.each(decays)('follows its formula with weight decay %s', async (weightDecay) => {
    const initial = sample(SIZE, 1);
    const states = Array.from(initial, (w): State => ({ w, slots: [0, 0] }));
    const session = await open(name, weightDecay, initial);
    for (let step = 1; step <= STEPS; step++) {
      const gradient = sample(SIZE, 10 + step);
      states.forEach((state, i) => formulas[name](state, gradient[i] ?? NaN, step, weightDecay));
      const actual = await session(gradient, step);
      actual.forEach((value, i) => expect(value, `step ${step}`).toBeCloseTo(states[i]?.w ?? NaN, 5));
    }
  });
});

/** One variable under the rule; each call applies a gradient and gives the new value. */
async function open(name: OptimizerName, weightDecay: number, initial: Float32Array) {
  const b = new GraphBuilder();
  const rule = optimizerOf(name);
  const variable = b.variable('w', 'float32', [SIZE]);
  const slots = rule.slots.map((slot) => b.variable(slot, 'float32', [SIZE]));
  const placeholder = (id: string, dims: readonly number[]) =>
    b.op('Placeholder', [], { dtype: 'float32', dims }, { name: id });
  const [value, gradient, count, rate] = [
    placeholder('value', [SIZE]),
    placeholder('gradient', [SIZE]),
    placeholder('count', []),
    placeholder('rate', []),
  ];
  const read = b.op('ReadVariableOp', [variable.handle], { dtype: 'float32', dims: [SIZE] });
  const done = rule.update({
    b,
    variable,
    value: read,
    gradient,
    slots,
    learningRate: rate,
    count,
    momentum: MOMENTUM,
    weightDecay,
  });
  const stepped = b.op('Identity', [b.float(0)], {}, { after: [done] });
  const zeros = b.op('Fill', [], { dims: [SIZE], value: 0 });
  const assigned = [
    b.effect('AssignVariableOp', [variable.handle, value], {}),
    ...slots.map(({ handle }) => b.effect('AssignVariableOp', [handle, zeros], {})),
  ];
  const initialized = b.op('Identity', [b.float(0)], {}, { after: assigned.map((each) => each.name) });
  const session = await load(runtime, b);
  await session.run([[value, float32(initial)]], [initialized]);
  return async (values: Float32Array, step: number) => {
    await session.run(
      [
        [gradient, float32(values)],
        [count, float32Scalar(step)],
        [rate, float32Scalar(RATE)],
      ],
      [stepped],
    );
    const [now] = await session.run([], [read]);
    return Array.from(now ?? []);
  };
}
