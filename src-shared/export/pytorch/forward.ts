/** The body of `forward`: values in few variables, what belongs together in one line. */
import { required } from '../../util/assert';
import type { LocalSource } from '../model';
import { LINE_WIDTH } from './python';
import type { TorchLevel, TorchMember } from './structure';

/** Text with values in it: a number stands for the value of that statement, below zero for an input port. */
type Piece = string | number;

interface Draft {
  readonly pieces: readonly Piece[];
  /** Calls of modules in it. */
  readonly calls: number;
  /** A convolution, dense layer or block is among them: a line has one. */
  readonly isHeavy: boolean;
  readonly isOperator: boolean;
}

/** Longest text of an operand that is written where it is used. */
const SHORT_OPERAND = 32;
/** What stands around an expression: two indents, `return` or a variable. */
const MARGIN = 20;

const heavyTypes = new Set(['Conv2D', 'Conv2DTranspose', 'DepthwiseConv2D', 'SeparableConv2D', 'Dense']);

export interface Forward {
  /** Without `self`: `x`, or a name for each of several ports. */
  readonly parameters: readonly string[];
  readonly lines: readonly string[];
}

export function forwardOf(level: TorchLevel, parameters: readonly string[]): Forward {
  const writer = new StatementWriter(level);
  return { parameters, lines: nameValues(writer.statements(), parameters) };
}

class StatementWriter {
  readonly #level: TorchLevel;
  readonly #uses = new Map<string, number>();
  /** Values that a merge takes. */
  readonly #merged = new Set<string>();
  readonly #drafts = new Map<string, Draft>();
  readonly #statements: (readonly Piece[])[] = [];

  constructor(level: TorchLevel) {
    this.#level = level;
    for (const { sources } of level.members) {
      for (const source of sources) this.#count(keyOf(source));
      if (sources.length > 1) for (const source of sources) this.#merged.add(keyOf(source));
    }
    this.#count(level.output);
  }

  /** The last one is returned. */
  statements(): readonly (readonly Piece[])[] {
    for (const member of this.#level.members) this.#add(member);
    const last = required(this.#drafts.get(this.#level.output), 'the output');
    return [...this.#statements, last.pieces];
  }

  #count(key: string): void {
    this.#uses.set(key, (this.#uses.get(key) ?? 0) + 1);
  }

  #add(member: TorchMember): void {
    const draft = member.kind === 'block' ? this.#calls(member, [member.attribute]) : this.#layer(member);
    const isShared = (this.#uses.get(member.id) ?? 0) > 1;
    // A branch is written to its end before the next one begins.
    const isBranch = this.#merged.has(member.id) && !isShort(draft);
    this.#drafts.set(member.id, isShared || isBranch ? this.#stored(draft) : draft);
  }

  #layer(member: Extract<TorchMember, { kind: 'layer' }>): Draft {
    const { translation, sources, attributes } = member;
    if (translation.kind !== 'expression') return this.#calls(member, attributes);
    const [only, ...others] = sources;
    // A merge of one value is that value; of several, the others count.
    if (only !== undefined && others.length === 0 && translation.write(['x']) === 'x')
      return this.#draft(only);
    const operands = sources.map((source) => this.#operand(source));
    // Placeholders that no expression holds, to be taken apart again.
    const text = translation.write(operands.map((_, index) => `\u0000${index}\u0000`));
    const pieces = text.split('\u0000').flatMap((piece, index): readonly Piece[] => {
      return index % 2 === 0 ? [piece] : required(operands[Number(piece)], 'an operand').pieces;
    });
    const calls = operands.reduce((sum, each) => sum + each.calls, 0);
    return {
      pieces: pieces.filter((piece) => piece !== ''),
      calls,
      isHeavy: operands.some((each) => each.isHeavy),
      isOperator: !text.startsWith('torch.'),
    };
  }

  /** Operands of expressions are variables, or one short call. */
  #operand(source: LocalSource): Draft {
    const draft = this.#draft(source);
    return isShort(draft) ? draft : this.#stored(draft);
  }

  /** `self.b(self.a(x))`; blocks may take several values. */
  #calls(member: TorchMember, attributes: readonly string[]): Draft {
    const isHeavy = member.kind === 'block' || heavyTypes.has(member.layer.type);
    const given = member.sources.map((source) => {
      const draft = this.#draft(source);
      const width = lengthOf(draft.pieces) + attributes.join('self.()').length;
      const isTooMuch = (isHeavy && draft.isHeavy) || width + MARGIN > LINE_WIDTH - SHORT_OPERAND / 2;
      return isTooMuch || (member.sources.length > 1 && draft.calls > 0) ? this.#stored(draft) : draft;
    });
    const joined = given.flatMap(({ pieces }, index) => (index === 0 ? pieces : [', ', ...pieces]));
    const pieces = attributes.reduce<readonly Piece[]>(
      (inner, attribute) => [`self.${attribute}(`, ...inner, ')'],
      joined,
    );
    const calls = given.reduce((sum, each) => sum + each.calls, attributes.length);
    return { pieces, calls, isHeavy: isHeavy || given.some((each) => each.isHeavy), isOperator: false };
  }

  #draft(source: LocalSource): Draft {
    if (source.kind === 'node') return required(this.#drafts.get(source.id), source.id);
    const port = this.#level.ports.indexOf(source.port);
    return { pieces: [-1 - port], calls: 0, isHeavy: false, isOperator: false };
  }

  /** The value in a variable of its own. */
  #stored(draft: Draft): Draft {
    const [piece, ...others] = draft.pieces;
    if (typeof piece === 'number' && others.length === 0) return draft;
    this.#statements.push(draft.pieces);
    return { pieces: [this.#statements.length - 1], calls: 0, isHeavy: false, isOperator: false };
  }
}

function isShort({ calls, pieces, isOperator }: Draft): boolean {
  return calls <= 1 && lengthOf(pieces) <= SHORT_OPERAND && !isOperator;
}

const keyOf = (source: LocalSource): string => (source.kind === 'node' ? source.id : `\u0000${source.port}`);

function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce<number>((sum, piece) => sum + (typeof piece === 'string' ? piece.length : 2), 0);
}

/** A value takes the variable of one that is not read any more; where there is only one value, it is `x`. */
function nameValues(
  statements: readonly (readonly Piece[])[],
  parameters: readonly string[],
): readonly string[] {
  const lastUse = new Map<number, number>();
  statements.forEach((pieces, index) => {
    for (const piece of pieces) if (typeof piece === 'number') lastUse.set(piece, index);
  });
  const names = new Map<number, string>(parameters.map((name, port) => [-1 - port, name]));
  const inUse = new Set(parameters);
  const fresh: string[] = [];
  const last = statements.length - 1;
  const lines = statements.map((pieces, index) => {
    const read = [...new Set(pieces.filter((piece) => typeof piece === 'number'))];
    const text = pieces
      .map((piece) => (typeof piece === 'number' ? (names.get(piece) ?? '') : piece))
      .join('');
    if (index === last) return `return ${text}`;
    const freed = read.filter((value) => lastUse.get(value) === index).map((value) => names.get(value) ?? '');
    for (const name of freed) inUse.delete(name);
    const free = freed.find((each) => fresh.includes(each));
    const name = inUse.size === 0 ? 'x' : (free ?? nextName(inUse, fresh));
    inUse.add(name);
    names.set(index, name);
    return `${name} = ${text}`;
  });
  return fresh.length > 1 ? lines : lines.map((line) => line.replaceAll(/\by1\b/g, 'y'));
}

/** `y1`, `y2`, ...: the first that is free. */
function nextName(inUse: ReadonlySet<string>, fresh: string[]): string {
  const free = fresh.find((name) => !inUse.has(name));
  if (free !== undefined) return free;
  const name = `y${fresh.length + 1}`;
  fresh.push(name);
  return name;
}
