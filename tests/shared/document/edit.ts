/** Small graphs with blocks, drawn command by command. */
import { applyCommand, applyDiff } from '@shared/document/apply';
import type { Command } from '@shared/document/commands';
import { emptyDocument } from '@shared/document/create';
import type { BlockGraph, GraphDocument } from '@shared/document/types';
import { expectSound } from './invariants';

export const add = (type: string, x = 0, y = 0): Command => ({ kind: 'addNode', type, position: { x, y } });
export const connect = (from: string, to: string, port = 'in'): Command => ({
  kind: 'connect',
  from: [from, 'out'],
  to: [to, port],
});
/** Packs the nodes as `stem`. */
export const pack = (nodes: readonly string[], rest: object = {}): Command => ({
  kind: 'packNodes',
  nodes,
  name: 'stem',
  ...rest,
});

/** The document after the commands, sound after each; a refusal fails the test. */
export function edit(document: GraphDocument, ...commands: readonly Command[]): GraphDocument {
  return commands.reduce((current, command) => {
    const result = applyCommand(current, command);
    if (!result.ok) throw new Error(`${command.kind}: ${result.error.code}`);
    const next = applyDiff(current, result.value);
    expectSound(next);
    return next;
  }, document);
}

export const build = (...commands: readonly Command[]) => edit(emptyDocument(), ...commands);

/** Why the command is refused; undefined where it is not. */
export function refusal(document: GraphDocument, command: Command) {
  const result = applyCommand(document, command);
  return result.ok ? undefined : result.error;
}

/** `from > to.port` for every wire. */
export const wiring = ({ wires }: GraphDocument): string[] =>
  Object.values(wires).map(({ from, to }) => `${from[0]} > ${to.join('.')}`);

/** conv > add, with the input around it. */
export const skip: BlockGraph = {
  nodes: [
    { id: 'conv', type: 'Conv2D', position: { x: 0, y: 0 }, params: { filters: 4 } },
    { id: 'sum', type: 'Add', name: 'my sum', position: { x: 10, y: 112 }, params: {} },
  ],
  wires: [{ from: ['conv', 'out'], to: ['sum', 'in0'] }],
  inputs: {
    in: [
      ['conv', 'in'],
      ['sum', 'in1'],
    ],
  },
  output: 'sum',
};
