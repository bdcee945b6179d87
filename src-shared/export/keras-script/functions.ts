/** Blocks as Python functions: those that do the same share one, and what they differ in becomes its arguments. */
import { pythonIdentifiers } from '../identifiers';
import { pythonValue } from '../python/syntax';
import { required } from '../../util/assert';
import { codeWords, type Label, type Level, type Piece } from './pieces';

/** A value of a block that other blocks of the same form may have otherwise. */
interface Slot {
  readonly keyword: string;
  readonly variable: string;
  readonly text: string;
}

/** An argument of a function: the slots that it fills. */
export interface Parameter {
  readonly name: string;
  /** Numbers of the slots, in the order of the function's pieces. */
  readonly slots: readonly number[];
}

/** One for all levels of the same form. */
export interface BlockFunction {
  readonly name: string;
  /** One of the levels. */
  readonly level: Level;
  readonly parameters: readonly Parameter[];
}

export interface Functions {
  /** Every function after those that it calls. */
  readonly all: readonly BlockFunction[];
  of(level: Level): BlockFunction;
}

/** Names of layers that do not follow the block's name are values like others. */
const NAME = 'layer_name';

/** What two levels must have in common to share a function. */
function formOf({ title, ports, pieces, output }: Level): string {
  const forms = pieces.map((piece) => {
    const { variable, inputs, label } = piece;
    const common = [variable, inputs, label.isBelow ? label.name : null];
    return piece.kind === 'block'
      ? [...common, formOf(piece.level)]
      : [...common, piece.className, piece.arguments.map(({ keyword }) => keyword)];
  });
  return JSON.stringify([title, ports, forms, output]);
}

/** The name where it is no name below that of the block, then the arguments. */
export function slotsOf(piece: Piece): readonly Slot[] {
  const { variable, label } = piece;
  const own = slotOfLabel(variable, label);
  if (piece.kind === 'layer') {
    return [...own, ...piece.arguments.map(({ keyword, text }) => ({ keyword, text, variable }))];
  }
  return [...own, ...piece.level.pieces.flatMap(slotsOf)];
}

function slotOfLabel(variable: string, { name, isBelow }: Label): readonly Slot[] {
  return isBelow ? [] : [{ keyword: NAME, variable, text: pythonValue(name) }];
}

/** The functions of every block in the network. */
export function functionsOf(network: Level, reserved: readonly string[]): Functions {
  const forms = new Map<Level, string>();
  const byForm = new Map<string, Level[]>();
  const words = new Set([...codeWords, ...reserved]);
  const collect = ({ pieces }: Level): void => {
    for (const piece of pieces) {
      words.add(piece.variable);
      if (piece.kind === 'layer') continue;
      collect(piece.level);
      const form = formOf(piece.level);
      forms.set(piece.level, form);
      byForm.set(form, [...(byForm.get(form) ?? []), piece.level]);
    }
  };
  collect(network);
  const groups = [...byForm];
  const names = pythonIdentifiers(
    groups.map(([, levels]) => ({ name: levels[0]?.title ?? '', path: 'block' })),
    words,
  );
  const found = new Map<string, BlockFunction>();
  const of = (level: Level) => required(found.get(forms.get(level) ?? ''), 'the function of a block');
  // Inner blocks were met before those around them.
  groups.forEach(([form, levels], index) => {
    const level = required(levels[0], 'a block of that form');
    const name = required(names[index], 'the name of a function');
    found.set(form, { name, level, parameters: parametersOf(levels, of) });
  });
  return { all: [...found.values()], of };
}

/** Slots that are not the same in all levels; those that are always equal and mean the same are one argument. */
function parametersOf(levels: readonly Level[], of: Functions['of']): readonly Parameter[] {
  const [first] = levels;
  if (first === undefined) return [];
  const values = levels.map(({ pieces }) => pieces.flatMap(slotsOf).map(({ text }) => text));
  const byColumn = new Map<string, OpenSlot & { readonly slots: number[] }>();
  for (const slot of openSlots(first, of)) {
    const column = values.map((row) => required(row[slot.index], 'a value of a block'));
    if (new Set(column).size === 1) continue;
    const key = JSON.stringify([slot.keyword, column]);
    const same = byColumn.get(key);
    if (same === undefined) byColumn.set(key, { ...slot, slots: [slot.index] });
    else same.slots.push(slot.index);
  }
  const groups = [...byColumn.values()];
  const isAlone = ({ keyword }: OpenSlot) => groups.filter((each) => each.keyword === keyword).length === 1;
  const names = pythonIdentifiers(
    groups.map((group) => ({
      name: isAlone(group) ? group.keyword : `${group.variable} ${group.keyword}`,
      path: 'value',
    })),
    [...codeWords, ...first.ports, ...first.pieces.map(({ variable }) => variable)],
  );
  return groups.map(({ slots }, index) => ({ name: required(names[index], 'an argument'), slots }));
}

interface OpenSlot {
  readonly index: number;
  readonly keyword: string;
  readonly variable: string;
}

/** The slots of layers, and of inner blocks those that their functions take, each once. */
function openSlots({ pieces }: Level, of: Functions['of']): readonly OpenSlot[] {
  let next = 0;
  return pieces.flatMap((piece): readonly OpenSlot[] => {
    const begin = next;
    const slots = slotsOf(piece);
    next += slots.length;
    if (piece.kind === 'layer') return slots.map((slot, index) => ({ ...slot, index: begin + index }));
    const own = slotOfLabel(piece.variable, piece.label);
    const named = own.map((slot, index) => ({ ...slot, index: begin + index }));
    const inner = of(piece.level).parameters.map(({ name, slots: filled }) => ({
      ...{ keyword: name, variable: piece.variable },
      index: begin + own.length + required(filled[0], 'a slot'),
    }));
    return [...named, ...inner];
  });
}
