/** What a spare engine does while nobody needs it: a training of one step, so that the first real one finds all warm. */
import { compileDocument } from '@shared/compile/compile';
import type { Program } from '@shared/compile/program';
import { elementsPerSample } from '@shared/ir/shape';
import { templateOf } from '@shared/templates';
import { required } from '@shared/util/assert';
import { Network } from './network';
import { breathe } from './run/run';
import { probeCapabilities } from './runtime/probe';
import type { Runtime } from './runtime/runtime';

/** Small, with each kind of layer that most networks begin with. */
const TEMPLATE = 'lenet';
const IMAGES = 8;

/**
 * Probes the runtime, compiles, loads and trains for a step, in parts of some 100 ms; between them it stops when it is
 * not `isSpare` any more. Nothing is left of it; on a GPU, whose memory it would keep from a run beside it, it does nothing.
 */
export async function rehearse(runtime: Runtime, isSpare: () => boolean): Promise<void> {
  if (runtime.describe().gpuAbsence === undefined) return;
  const capabilities = await probeCapabilities(runtime);
  await breathe();
  if (!isSpare()) return;
  const document = required(templateOf(TEMPLATE), TEMPLATE).create();
  const compiled = compileDocument(document, capabilities);
  await breathe();
  if (!compiled.ok || !isSpare()) return;
  const network = await Network.load(runtime, compiled.value);
  if (!network.ok) return;
  try {
    await trainOnce(network.value, isSpare);
  } finally {
    network.value.dispose();
  }
}

async function trainOnce(network: Network, isSpare: () => boolean): Promise<void> {
  await breathe();
  if (!isSpare()) return;
  const initialised = await network.initialize(0);
  const fed = await network.feedData('train', blankImages(network.program));
  await breathe();
  if (!initialised.ok || !fed.ok || !isSpare()) return;
  await network.trainStep(
    Int32Array.from({ length: IMAGES }, (_, index) => index),
    0,
    0,
    0,
  );
}

function blankImages({ input }: Program) {
  const images = new Uint8Array(IMAGES * elementsPerSample(input));
  return { count: IMAGES, images, labels: new Int32Array(IMAGES) };
}
