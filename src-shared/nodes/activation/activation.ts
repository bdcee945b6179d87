/** Activation: one function applied to every value. */
import type { LayerBuilder } from '../../ir/builder';
import type { TensorRef } from '../../ir/types';
import { choice, float } from '../../params/fields';
import type { Text } from '../../texts/text';
import { invariant, required } from '../../util/assert';
import { success } from '../../util/result';
import { defineNode } from '../define';

interface ActivationFunction {
  readonly label: Text;
  lower(b: LayerBuilder, x: TensorRef, slope: number): TensorRef;
}

/** x * sigmoid(x) (Elfwing et al., 2017). */
function silu(b: LayerBuilder, x: TensorRef): TensorRef {
  return b.op('Mul', [x, b.op('Sigmoid', [x], {})], {});
}

/** x * (1 + erf(x / sqrt 2)) / 2, the exact form (Hendrycks and Gimpel, 2016). */
function gelu(b: LayerBuilder, x: TensorRef): TensorRef {
  const erf = b.op('Erf', [b.op('Mul', [x, b.float(Math.SQRT1_2)], {})], {});
  const half = b.op('Mul', [x, b.float(0.5)], {});
  return b.op('Mul', [half, b.op('AddV2', [erf, b.float(1)], {})], {});
}

const functions = {
  relu: { label: { en: 'ReLU', 'zh-CN': 'ReLU' }, lower: (b, x) => b.op('Relu', [x], {}) },
  sigmoid: { label: { en: 'Sigmoid', 'zh-CN': 'Sigmoid' }, lower: (b, x) => b.op('Sigmoid', [x], {}) },
  tanh: { label: { en: 'Tanh', 'zh-CN': 'Tanh' }, lower: (b, x) => b.op('Tanh', [x], {}) },
  leakyRelu: {
    label: { en: 'Leaky ReLU', 'zh-CN': 'Leaky ReLU' },
    lower: (b, x, alpha) => b.op('LeakyRelu', [x], { alpha }),
  },
  silu: { label: { en: 'SiLU', 'zh-CN': 'SiLU' }, lower: silu },
  gelu: { label: { en: 'GELU', 'zh-CN': 'GELU' }, lower: gelu },
} as const satisfies Record<string, ActivationFunction>;

type FunctionName = keyof typeof functions;
const names = Object.keys(functions).filter((name): name is FunctionName => Object.hasOwn(functions, name));
const functionOf: Readonly<Record<FunctionName, ActivationFunction>> = functions;

export default defineNode({
  type: 'Activation',
  category: 'activation',
  title: { en: 'Activation', 'zh-CN': '激活函数' },
  doc: {
    en: 'Applies one function to every value. Without it, layers in a row would only be one linear layer.',
    'zh-CN': '对每个值施加同一函数。没有它，多层网络等同于一个线性层。',
  },
  params: {
    activation: choice({
      default: 'relu',
      choices: names.map((value) => ({ value, label: functions[value].label })),
      label: { en: 'Function', 'zh-CN': '函数' },
      doc: { en: 'Which function is applied.', 'zh-CN': '所施加的函数。' },
    }),
    negativeSlope: float({
      default: 0.01,
      min: 0,
      max: 1,
      step: 0.01,
      label: { en: 'Negative slope', 'zh-CN': '负半轴斜率' },
      doc: { en: 'Slope of Leaky ReLU left of zero.', 'zh-CN': 'Leaky ReLU 在零点左侧的斜率。' },
      isRelevant: ({ activation }) => activation === 'leakyRelu',
    }),
  },
  inputs: { kind: 'single' },
  hasOutput: true,
  summary: ({ activation }, locale) => functions[activation].label[locale],
  infer: (_, [input]) => success(required(input, 'the input of Activation')),
  lower({ b, params: { activation, negativeSlope }, inputs: [x] }) {
    invariant(x, 'Activation is lowered without an input');
    return functionOf[activation].lower(b, x, negativeSlope);
  },
  examples: [
    ...names.map((activation) => ({ inputs: [[4, 4, 3]], params: { activation } })),
    { inputs: [[7]], params: { activation: 'leakyRelu', negativeSlope: 0.2 } },
  ],
});
