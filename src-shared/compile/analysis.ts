/** What is known about a document while it is drawn: shapes, cost and mistakes, per node and in total. */
import type { Shape } from '../ir/types';
import type { Problem } from '../problems/problem';

export interface NodeAnalysis {
  /** By port; absent where the wire or the shape before it is missing. */
  readonly inputShapes: Readonly<Record<string, Shape>>;
  readonly outputShape?: Shape;
  /** All weights, moving statistics included. */
  readonly params: number;
  readonly trainableParams: number;
  /** Multiply-adds of convolutions and dense layers for one sample, without bias. */
  readonly macs: number;
  /** Bytes kept for the gradient, for one sample. */
  readonly activationBytes: number;
  /** Height and width in input pixels that one output value sees; absent after flattening. */
  readonly receptiveField?: readonly [number, number];
  readonly problems: readonly Problem[];
  /** What a block consists of, in the order in which data goes through it; absent for other nodes. */
  readonly children?: readonly PartAnalysis[];
}

/** A part of a block. Those that have no inputs yet, and those that do not lead to the output, are left out. */
export interface PartAnalysis {
  /** Its id inside the block; problems name it as `part`. */
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly outputShape?: Shape;
  readonly params: number;
  readonly trainableParams: number;
  readonly macs: number;
  readonly activationBytes: number;
  readonly children?: readonly PartAnalysis[];
}

export interface AnalysisTotals {
  readonly params: number;
  readonly trainableParams: number;
  readonly macs: number;
  readonly activationBytes: number;
}

export interface Analysis {
  readonly nodes: Readonly<Record<string, NodeAnalysis>>;
  /** Nodes in an order in which every input comes first; those on a cycle are left out. */
  readonly order: readonly string[];
  /** All problems, those of nodes included; a graph with an error cannot be trained. */
  readonly problems: readonly Problem[];
  readonly totals: AnalysisTotals;
  /** Input and output of the whole network, where they are known. */
  readonly input?: Shape;
  readonly output?: Shape;
  /** The smallest batch that can be trained; above 1 `node` is why, called `name`. */
  readonly minimumBatch: { readonly size: number; readonly node?: string; readonly name?: string };
}
