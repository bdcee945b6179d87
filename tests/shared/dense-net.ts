/** DenseNet (Huang et al., 2016) layer by layer, as large as wanted: a document of hundreds of plain nodes. */
import { emptyDocument } from '@shared/document/create';
import { countIds, nextId } from '@shared/document/ids';
import { compareKeys } from '@shared/document/record';
import { type DocumentNode, type GraphDocument, type Wire, wireKey } from '@shared/document/types';
import type { JsonObject } from '@shared/util/json';

/** Layers of the dense blocks of DenseNet-121: 429 nodes. */
export const denseNet121 = [6, 12, 24, 16] as const;

const GROWTH = 32;
const STEM_FILTERS = 64;
const ROW_HEIGHT = 112;
const COLUMN_WIDTH = 250;

/** As in torchvision: bottlenecks of 4 * 32 filters, convolutions without bias, growth 32, transitions that halve. */
export function denseNet(layers: readonly number[]): GraphDocument {
  const sketch = new DenseSketch();
  let last = stem(sketch);
  let channels = STEM_FILTERS;
  layers.forEach((count, block) => {
    sketch.nextColumn();
    for (let layer = 0; layer < count; layer++) last = denseLayer(sketch, last);
    channels += count * GROWTH;
    if (block + 1 === layers.length) return;
    channels /= 2;
    last = sketch.chain([...normalized, conv(channels, 1), ['AveragePooling2D', {}]], last);
  });
  const head: readonly Layer[] = [
    ...normalized,
    ['GlobalAveragePooling2D', {}],
    ['Dense', { units: 1000 }],
    ['Output', {}],
  ];
  sketch.chain(head, last);
  return sketch.document({ optimizer: 'adam', batchSize: 32 });
}

type Layer = readonly [type: string, params: JsonObject];

const normalized: readonly Layer[] = [
  ['BatchNormalization', {}],
  ['Activation', { activation: 'relu' }],
];

function conv(filters: number, size: number, strides = 1): Layer {
  const pixels = (size - 1) / 2;
  const padding = pixels === 0 ? 'valid' : { top: pixels, bottom: pixels, left: pixels, right: pixels };
  const params = { filters, kernelSize: [size, size], strides: [strides, strides], padding, useBias: false };
  return ['Conv2D', params];
}

function stem(sketch: DenseSketch): string {
  const input = sketch.add('Input', { shape: [224, 224, 3] });
  const padding = { top: 1, bottom: 1, left: 1, right: 1 };
  const pool: Layer = ['MaxPooling2D', { poolSize: [3, 3], strides: [2, 2], padding }];
  return sketch.chain([conv(STEM_FILTERS, 7, 2), ...normalized, pool], input);
}

function denseLayer(sketch: DenseSketch, input: string): string {
  const layers = [...normalized, conv(4 * GROWTH, 1), ...normalized, conv(GROWTH, 3)];
  return sketch.add('Concatenate', {}, input, sketch.chain(layers, input));
}

/** Collects nodes and wires; drawing by commands would take seconds for a thousand nodes. */
class DenseSketch {
  readonly #nodes: DocumentNode[] = [];
  readonly #wires: Wire[] = [];
  #lastIds: GraphDocument['lastIds'] = {};
  #column = 0;
  #row = 0;

  add(type: string, params: JsonObject, ...sources: readonly string[]): string {
    const id = nextId(this.#lastIds, type);
    this.#lastIds = countIds(this.#lastIds, [id]);
    const position = { x: this.#column * COLUMN_WIDTH, y: this.#row++ * ROW_HEIGHT };
    this.#nodes.push({ id, type, name: id, position, params });
    sources.forEach((source, i) =>
      this.#wires.push({ from: [source, 'out'], to: [id, sources.length > 1 ? `in${i}` : 'in'] }),
    );
    if (type === 'Concatenate' && this.#row > 20) this.nextColumn();
    return id;
  }

  chain(layers: readonly Layer[], input: string): string {
    return layers.reduce((source, [type, params]) => this.add(type, params, source), input);
  }

  nextColumn(): void {
    this.#column += 1;
    this.#row = 0;
  }

  document(training: JsonObject): GraphDocument {
    const nodes = [...this.#nodes].sort((a, b) => compareKeys(a.id, b.id));
    const wires = this.#wires
      .map((wire) => [wireKey(wire.to), wire] as const)
      .sort(([a], [b]) => compareKeys(a, b));
    return {
      ...emptyDocument(),
      nodes: Object.fromEntries(nodes.map((node) => [node.id, node])),
      wires: Object.fromEntries(wires),
      training,
      lastIds: this.#lastIds,
    };
  }
}
