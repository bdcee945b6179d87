/** Runs in a utility process: changes arrays after they were fed, and tells whether the session's values changed. */
import { compileDocument } from '@shared/compile/compile';
import { templateOf } from '@shared/templates';
import type { Result } from '@shared/util/result';
import { Network } from '../../../src-main/engine/network';
import { openRuntime } from '../../../src-main/engine/runtime/open-runtime';

export interface ProbeReport {
  readonly variables: number;
  /** Names of variables whose values are not those that they were given. */
  readonly changedVariables: string[];
  /** Losses over the fed images before and after their array was overwritten. */
  readonly losses: readonly [before: number, after: number];
}

function must<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

async function probe(): Promise<ProbeReport> {
  const document = templateOf('lenet-bn')?.create();
  if (!document) throw new Error('there is no template lenet-bn');
  const network = must(await Network.load(must(await openRuntime('cpu')), must(compileDocument(document))));
  must(await network.initialize(1));
  return { ...(await probeVariables(network)), losses: await probeImages(network) };
}

async function probeVariables(
  network: Network,
): Promise<Pick<ProbeReport, 'variables' | 'changedVariables'>> {
  const expected = new Map<string, Float32Array>();
  for (const [index, { name, dims }] of network.program.variables.entries()) {
    const length = dims.reduce((product, size) => product * size, 1);
    const values = Float32Array.from({ length }, (_, place) => index + place / length);
    expected.set(name, values);
    // An array of its own at offset 0: the kind whose memory a variable takes over in Electron.
    const fed = new Float32Array(values);
    must(await network.write(name, fed));
    fed.fill(Number.NaN);
  }
  const read = must(await network.read());
  const changedVariables = read.flatMap(({ name, values }) =>
    values.every((value, i) => value === expected.get(name)?.[i]) ? [] : [name],
  );
  return { variables: read.length, changedVariables };
}

async function probeImages(network: Network): Promise<[number, number]> {
  must(await network.initialize(1));
  const images = Uint8Array.from({ length: 64 * 784 }, (_, index) => (index * 7919) % 256);
  const labels = Int32Array.from({ length: 64 }, (_, index) => index % 10);
  const indices = Int32Array.from({ length: 64 }, (_, index) => index);
  must(await network.feedData('test', { count: 64, images, labels }));
  const before = must(await network.evaluate(indices));
  images.fill(255);
  labels.fill(0);
  return [before.loss, must(await network.evaluate(indices)).loss];
}

process.parentPort.postMessage(await probe());
