/** Writes down what a block consists of: each part with what feeds it and its place. */
import { INPUT_PORT, numberedPort, OUTPUT_PORT } from '../document/ports';
import type { BlockGraph, BlockPart, Endpoint, Wire } from '../document/types';
import { invariant } from '../util/assert';
import type { JsonObject } from '../util/json';

const COLUMN_WIDTH = 250;
const ROW_HEIGHT = 112;

/** What feeds a part where that is the block's own input. */
export const BLOCK_INPUT = 'the input of the block';

/** A block with one input, `in`, that is under construction. Parts are laid out in columns, from top to bottom. */
export class BlockSketch {
  readonly #nodes: BlockPart[] = [];
  readonly #wires: Wire[] = [];
  readonly #inputs: Endpoint[] = [];
  readonly #rows = new Map<string, number>();

  /** Adds a part behind the given one, below it in its column; returns its id. */
  layer(id: string, type: string, params: JsonObject, source: string, column = 0): string {
    this.#feed([id, INPUT_PORT], source);
    return this.#add(id, type, params, [source], column);
  }

  /** Adds a part that joins the given ones, in this order. */
  join(id: string, type: string, sources: readonly string[], column = 0): string {
    sources.forEach((source, index) => this.#feed([id, numberedPort(index)], source));
    return this.#add(id, type, {}, sources, column);
  }

  /** The block whose output is that of the given part. */
  graph(output: string): BlockGraph {
    invariant(this.#rows.has(output), `${output} is no part`);
    return { nodes: this.#nodes, wires: this.#wires, inputs: { [INPUT_PORT]: this.#inputs }, output };
  }

  #feed(to: Endpoint, source: string): void {
    if (source === BLOCK_INPUT) this.#inputs.push(to);
    else this.#wires.push({ from: [source, OUTPUT_PORT], to });
  }

  #add(id: string, type: string, params: JsonObject, sources: readonly string[], column: number): string {
    invariant(!this.#rows.has(id), `two parts are called ${id}`);
    const row = Math.max(...sources.map((source) => (this.#rows.get(source) ?? -1) + 1));
    this.#rows.set(id, row);
    this.#nodes.push({ id, type, position: { x: column * COLUMN_WIDTH, y: row * ROW_HEIGHT }, params });
    return id;
  }
}

/** One pixel on every side: a 3×3 window keeps height and width. */
export const onePixel = { top: 1, bottom: 1, left: 1, right: 1 };
/** The same for a 5×5 window. */
export const twoPixels = { top: 2, bottom: 2, left: 2, right: 2 };

export const relu: JsonObject = { activation: 'relu' };
