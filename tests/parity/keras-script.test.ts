/** Keras training scripts, run: the same steps as ours from the same weights, lines like ours, files that come back. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileDocument } from '@shared/compile/compile';
import type { GraphDocument } from '@shared/document/types';
import { matchWeights } from '@shared/import/match-weights';
import { readWeights } from '@shared/import/read-weights';
import { templateOf } from '@shared/templates';
import { learningRateAt } from '@shared/training/learning-rate';
import { parseTraining } from '@shared/training/settings';
import { required } from '@shared/util/assert';
import type { JsonObject } from '@shared/util/json';
import { probeCapabilities } from '../../src-main/engine/runtime/probe';
import { float32, int32, type Runtime } from '../../src-main/engine/runtime/runtime';
import { cpuRuntime, expectOk, ProgramSession } from '../engine/graph-session';
import { exampleModels } from '../shared/export/examples';
import { randomInput } from '../shared/export/random-weights';
import { exportedBytes, imported } from '../shared/import/round-trip';
import { smallTemplates } from '../shared/small-templates';
import { type Lines, readLines } from './metric-lines';
import { openPeers, PEERS_TIMEOUT, runPython } from './peer-python';
import { smallData, writeIdx } from './small-data';

const IMAGES = 24;
const EPOCHS = 3;
const data = smallData(IMAGES, 5);
const folder = mkdtempSync(join(tmpdir(), 'layerloom-keras-script-'));
let python = '';
let runtime: Runtime;

beforeAll(async () => {
  const peers = await openPeers();
  if ('missing' in peers) throw new Error(`No script was run: ${peers.missing}.`);
  ({ python } = peers);
  runtime = await cpuRuntime();
  writeIdx(join(folder, 'data'), data);
}, PEERS_TIMEOUT);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** All images in one batch: their order does not matter. */
function trained(id: string, training: JsonObject): GraphDocument {
  const document = required(templateOf(id), id).create({});
  const settings = { dataset: 'mnist', epochs: EPOCHS, batchSize: IMAGES, seed: 3 };
  return { ...document, training: { ...document.training, ...settings, ...training } };
}

interface Ran extends Lines {
  readonly output: string;
}

/** The script of the document, begun with the weights that `randomInput` makes. */
async function run(name: string, document: GraphDocument, output = `${name}.keras`): Promise<Ran> {
  const path = (file: string) => join(folder, file);
  const input = randomInput(document, `${name}.py`);
  writeFileSync(path(`${name}.py`), exportedBytes('keras-script', input));
  writeFileSync(path(`${name}-initial.keras`), exportedBytes('keras', input));
  const options = [
    '--data',
    path('data'),
    '--weights',
    path(`${name}-initial.keras`),
    '--output',
    path(output),
  ];
  const printed = await runPython(python, [path(`${name}.py`), ...options]);
  return { ...readLines(printed), output: path(output) };
}

/** Loss of each step, and of the test images after each. */
async function ours(document: GraphDocument) {
  // Kernels in 16 bits are there on every processor; where they are slow, they are not offered.
  const capabilities = { ...(await probeCapabilities(runtime)), bfloat16: true, float16: true };
  const program = expectOk(compileDocument(document, capabilities));
  const { weights } = randomInput(document);
  const { settings } = parseTraining(document.training);
  const session = await ProgramSession.open(runtime, program, data.images, data.labels);
  for (const { name, dims, assign } of program.variables) {
    const given = weights.get(name);
    if (given !== undefined) await session.assign(assign, float32(given.values, [...dims]));
  }
  const all = Array.from({ length: IMAGES }, (_, index) => index);
  const [losses, tested]: [number[], number[]] = [[], []];
  for (let step = 0; step < EPOCHS; step++) {
    const rate = learningRateAt(settings, { stepsPerEpoch: 1, totalSteps: EPOCHS }, step);
    losses.push((await session.step(all, step, rate))[0]);
    const [figures] = await session.call(program.functions.evaluate, { indices: int32(all) });
    tested.push((figures?.[0] ?? NaN) / IMAGES);
  }
  session.session.dispose();
  return { losses, tested };
}

const cosine = { schedule: 'cosine', warmupEpochs: 1, finalShare: 0.1 };
const steps = { schedule: 'step', decayEpochs: 1, decayFactor: 0.5 };
const classWeights = [0.5, 1, 2, 1, 1, 0.25, 1, 3, 1, 1];
const cases: readonly (readonly [string, JsonObject])[] = [
  ['sgd', { optimizer: 'sgd', learningRate: 0.1, weightDecay: 0.02, ...steps }],
  ['momentum', { optimizer: 'momentum', learningRate: 0.05, momentum: 0.8, ...steps }],
  ['nesterov', { optimizer: 'nesterov', learningRate: 0.05, weightDecay: 0.01, ...cosine }],
  ['adam', { optimizer: 'adam', learningRate: 0.002, labelSmoothing: 0.1, classWeights, ...cosine }],
  ['adamw', { optimizer: 'adamw', learningRate: 0.002, weightDecay: 0.5, loss: 'binaryCrossEntropy' }],
  ['adam in bf16', { optimizer: 'adam', learningRate: 0.001, precision: 'bf16', ...cosine }],
  ['momentum in fp16', { optimizer: 'momentum', learningRate: 0.02, precision: 'fp16', ...steps }],
  ['rmsprop', { optimizer: 'rmsprop', learningRate: 0.001, loss: 'meanSquaredError', k: 3 }],
];

/** Digits to which losses agree; 16 bits have three, and what is rounded when differs. */
const digitsOf = ({ precision = 'fp32' }: JsonObject): number => (precision === 'fp32' ? 4 : 2);

describe.each(cases)('LeNet under %s', (name, training) => {
  it(
    'takes the same steps, tells of them as we do, and what it keeps comes back',
    { timeout: 300_000 },
    async () => {
      const document = trained('lenet', training);
      const { events, steps: told, epochs, output } = await run(name, document);
      const own = await ours(document);
      const perEpoch = Array.from({ length: EPOCHS }, () => ['step', 'epoch', 'checkpoint']).flat();
      expect(events).toEqual(['start', ...perEpoch, 'done']);
      const digits = digitsOf(training);
      told.forEach(({ loss }, step) =>
        expect(loss / required(own.losses[step], 'a loss')).toBeCloseTo(1, digits),
      );
      epochs.forEach(({ valLoss }, step) =>
        expect(valLoss / required(own.tested[step], 'a loss')).toBeCloseTo(1, digits),
      );
      const { report, tensors } = await imported('trained.keras', readFileSync(output));
      expect(report.filter(({ outcome }) => outcome !== 'taken')).toEqual([]);
      expect(tensors).toHaveLength(randomInput(document).weights.size);
    },
  );
});

it(
  'networks of blocks begin with the same loss, and files of weights alone fit the graph',
  { timeout: 300_000 },
  async () => {
    const document = trained('resnet-18', { optimizer: 'sgd', learningRate: 0.01, weightDecay: 0 });
    const { steps: told, output } = await run('resnet', document, 'resnet.weights.h5');
    const { losses } = await ours(document);
    expect(required(told[0], 'a step').loss / required(losses[0], 'a loss')).toBeCloseTo(1, 4);
    const file = {
      name: 'a.weights.h5',
      bytes: new Uint8Array(readFileSync(output)),
      beside: () => Promise.resolve(undefined),
    };
    const { report } = expectOk(matchWeights(document, expectOk(await readWeights(file))));
    expect(report.filter(({ outcome }) => outcome !== 'kept')).toEqual([]);
  },
);

it('random changes of images and typed kernels run', { timeout: 300_000 }, async () => {
  const moves = { randomFlip: 'both', randomCrop: 3, randomBrightness: 0.2 };
  const turns = { randomRotation: 20, randomZoom: 0.2, randomCrop: 2, randomFlip: 'horizontal' };
  for (const [name, changes] of Object.entries({ moves, turns })) {
    const { epochs } = await run(name, trained('lenet-bn', changes));
    expect(epochs).toHaveLength(EPOCHS);
  }
});

/** What breaks out of strings, comments and lines, each of which would leave a file. */
const hostile = [
  `'; open('stolen', 'w') #`,
  `"""\nopen('stolen', 'w')\n"""`,
  `\\'); open('stolen', 'w'); ('`,
  '{open("stolen", "w")}',
  'line\u2028separator\rand\u202Ereversed',
];

it('names that hold code are texts', { timeout: 300_000 }, async () => {
  const document = trained('lenet', { epochs: 1 });
  const nodes = Object.values(document.nodes).map((node, index) => {
    const name = `${hostile[index % hostile.length]} ${index}`;
    return [node.id, { ...node, name }] as const;
  });
  const { events } = await run('hostile', { ...document, nodes: Object.fromEntries(nodes) });
  expect(events.at(-1)).toBe('done');
  expect(existsSync(join(folder, 'stolen')) || existsSync('stolen')).toBe(false);
});

it('every template and every example is Python', { timeout: 300_000 }, async () => {
  const all = [
    ...smallTemplates,
    ...exampleModels.map(({ definition, document }) => ({ name: definition.type, document })),
  ];
  const scripts = all.map(({ name, document }, index) => {
    const path = join(folder, `compiled-${index}-${name}.py`);
    writeFileSync(path, exportedBytes('keras-script', randomInput(document)));
    return path;
  });
  await runPython(python, ['-m', 'py_compile', ...scripts]);
});
