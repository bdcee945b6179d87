/** Dense: every output sees every input. */
import { invariant } from '../../util/assert';
import { success } from '../../util/result';
import { addBias, kernelFields, kernelSpec, unitsField } from '../common-fields';
import { defineNode } from '../define';
import { expectVector } from '../windows';

export default defineNode({
  type: 'Dense',
  category: 'dense',
  title: { en: 'Dense', 'zh-CN': '全连接' },
  doc: {
    en: 'Multiplies the input vector by a matrix of weights: every output value sees every input value.',
    'zh-CN': '输入向量乘以权重矩阵：每个输出值都与每个输入值相关。',
  },
  params: { units: unitsField, ...kernelFields },
  inputs: { kind: 'single' },
  hasOutput: true,
  sizedBy: 'units',
  summary: ({ units }) => `${units}`,
  infer({ units }, [input]) {
    const vector = expectVector(input);
    return vector.ok ? success([units]) : vector;
  },
  lower({ b, params, inputs: [x] }) {
    invariant(x, 'Dense is lowered without an input');
    const features = x.dims[1];
    invariant(features, 'Dense needs to know its features');
    const kernel = b.weight(kernelSpec(params, [features, params.units]));
    return addBias(b, b.op('MatMul', [x, kernel], { transposeA: false, transposeB: false }), params);
  },
  examples: [
    { inputs: [[12]], params: { units: 5 } },
    { inputs: [[3]], params: { units: 2, useBias: false, kernelInitializer: 'heUniform' } },
    { inputs: [[3]], params: { units: 4, isTrainable: false } },
  ],
});
