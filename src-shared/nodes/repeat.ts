/** A block several times in a row: copies of its parts, each fed by the copy before it. */
import { OUTPUT_PORT } from '../document/ports';
import type { BlockGraph, Endpoint } from '../document/types';
import { invariant, required } from '../util/assert';

/** Room between one copy and the next. */
const GAP = 112;

/** The first copy keeps its ids; `.` occurs in no id that a user's node may have. */
function copyId(part: string, round: number): string {
  return round === 1 ? part : `${part}.${round}`;
}

/** Which copy a part belongs to, counted from 1, and what it is a copy of. */
export function copyOf(part: string): { readonly part: string; readonly round: number } {
  const dot = part.lastIndexOf('.');
  return dot === -1 ? { part, round: 1 } : { part: part.slice(0, dot), round: Number(part.slice(dot + 1)) };
}

/** The graph `times` times in a row; it must have one input port. */
export function repeatGraph(graph: BlockGraph, times: number): BlockGraph {
  const [port, ...others] = Object.keys(graph.inputs);
  invariant(port !== undefined && others.length === 0, 'only a block with one input can be repeated');
  const ends = required(graph.inputs[port], 'the input');
  const height = Math.max(0, ...graph.nodes.map(({ position }) => position.y)) + GAP;
  const rounds = Array.from({ length: times }, (_, index) => index + 1);
  const at = ([part, name]: Endpoint, round: number): Endpoint => [copyId(part, round), name];
  const joints = rounds.slice(1).flatMap((round) =>
    ends.map((end) => ({
      from: at([graph.output, OUTPUT_PORT], round - 1),
      to: at(end, round),
    })),
  );
  return {
    ...graph,
    nodes: rounds.flatMap((round) =>
      graph.nodes.map(({ id, position: { x, y }, ...part }) => ({
        ...part,
        id: copyId(id, round),
        position: { x, y: y + (round - 1) * height },
      })),
    ),
    wires: [
      ...rounds.flatMap((round) =>
        graph.wires.map((wire) => ({ ...wire, from: at(wire.from, round), to: at(wire.to, round) })),
      ),
      ...joints,
    ],
    output: copyId(graph.output, times),
  };
}
