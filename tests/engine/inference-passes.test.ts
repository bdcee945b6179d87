/** Evaluation and prediction with normalisation folded away, against the plain operations on the real TensorFlow. */
import { beforeAll, describe, expect, it } from 'vitest';
import { compileDocument } from '@shared/compile/compile';
import { encodeSavedModel } from '@shared/compile/graphdef';
import { tunedForInference } from '@shared/compile/passes/processor';
import { prune } from '@shared/compile/prune';
import { GraphBuilder } from '@shared/ir/builder';
import type { Capabilities } from '@shared/ir/capabilities';
import { BATCH } from '@shared/ir/types';
import { templateOf } from '@shared/templates';
import { required } from '@shared/util/assert';
import { probeCapabilities } from '../../src-main/engine/runtime/probe';
import { float32, int32, type Runtime } from '../../src-main/engine/runtime/runtime';
import { expectClose } from './closeness';
import { cpuRuntime, expectOk, GraphSession, ProgramSession, sample, size } from './graph-session';

let runtime: Runtime;
let probed: Capabilities;
beforeAll(async () => {
  runtime = await cpuRuntime();
  probed = await probeCapabilities(runtime);
});

const BATCH_SIZE = 5;

describe('evaluation', () => {
  const open = async (document: Parameters<typeof compileDocument>[0], isProcessor: boolean) => {
    const program = expectOk(compileDocument(document, { ...probed, isProcessor }));
    const labels = Int32Array.from({ length: 8 }, (_, i) => i % program.classes);
    return ProgramSession.open(
      runtime,
      program,
      Uint8Array.from(sample(8 * size(program.input), 11, { low: 0, high: 255 })),
      labels,
    );
  };

  /** The mean loss and the predictions for three images. */
  const evaluated = async (session: ProgramSession) => {
    const { evaluate, predictTest } = session.program.functions;
    const indices = int32(Int32Array.from([1, 2, 5]));
    const [figures] = await session.call(evaluate, { indices });
    const [predictions] = await session.call(predictTest, { indices });
    return Float64Array.from([...(figures?.slice(0, 1) ?? []), ...(predictions ?? [])]);
  };

  it.each(['lenet-bn', 'resnet-18', 'densenet'])('of %s predicts alike', async (template) => {
    const input = template === 'lenet-bn' ? [28, 28, 1] : [32, 32, 1];
    const document = required(templateOf(template), template).create({ input });
    const [plain, tuned] = [await open(document, false), await open(document, true)];
    // Moving statistics leave their initial values.
    for (let step = 0; step < 2; step++) await plain.step([0, 1, 2, 3, 4, 5, 6, 7], step, 0.01);
    const weights = await plain.weights();
    for (const { name, dims, assign } of tuned.program.variables) {
      const values = weights.get(name);
      if (values) await tuned.assign(assign, float32(Float32Array.from(values), dims));
    }
    expectClose([await evaluated(plain), await evaluated(tuned)], 1e-4);
    for (const { session } of [plain, tuned]) session.dispose();
  });

  it.each([
    ['folds normalisation into convolutions', { convolved: true, bias: false }],
    ['folds it past a bias', { convolved: true, bias: true }],
    ['scales and shifts where no convolution stands before it', { convolved: false, bias: false }],
  ])('%s', async (_, { convolved, bias }) => {
    const b = new GraphBuilder();
    const dims = [[BATCH, 5, 5, 4], [3, 3, 4, 4], [4], [4], [4], [4], [4]];
    const inputs = dims.map((each, i) =>
      b.op('Placeholder', [], { dtype: 'float32', dims: each }, { name: `x${i}` }),
    );
    const [x, kernel, shift, gamma, beta, mean, variance] = inputs.map((each) => required(each, 'an input'));
    const values = convolved
      ? b.op('Conv2D', [required(x, 'x'), required(kernel, 'kernel')], {
          strides: [1, 1],
          padding: 'SAME',
        })
      : b.op('Relu', [required(x, 'x')], {});
    const biased = bias ? b.op('BiasAdd', [values, required(shift, 'bias')], {}) : values;
    const statistics = [gamma, beta, mean, variance].map((each) => required(each, 'statistics'));
    const logits = b.op('FusedBatchNormV3', [biased, ...statistics], { epsilon: 1e-3, isTraining: false });
    const tuned = tunedForInference(b.graph, logits);
    const left = prune(tuned.graph, [tuned.logits.operation]).operations.map(({ op }) => op);
    expect(left).not.toContain('FusedBatchNormV3');
    const feeds = inputs.map((ref, i) => {
      const sizes = ref.dims.map((each) => (each === BATCH ? BATCH_SIZE : each));
      // Variances are positive.
      const given = sample(size(sizes), 3 + i, i === 6 ? { low: 0.5, high: 2 } : {});
      return [ref, float32(given, sizes)] as const;
    });
    const found = [];
    for (const { graph, logits: fetched } of [{ graph: b.graph, logits }, tuned]) {
      const session = new GraphSession(expectOk(await runtime.load(encodeSavedModel(graph))));
      found.push(required((await session.run(feeds, [fetched]))[0], 'the output'));
      session.session.dispose();
    }
    expectClose(found);
  });
});
