/** Levels as classes: blocks of one form share a class, and what differs among them becomes its arguments. */
import { BLOCK_TYPE } from '../../document/blocks';
import { required } from '../../util/assert';
import type { Json } from '../../util/json';
import { pythonIdentifiers } from '../identifiers';
import { forwardOf, type Forward } from './forward';
import { type Candidate, expressionFor, type Found } from './arguments';
import { type Argument, type Call, isCall, type Literal, sameLiteral } from './python';
import type { TorchBlock, TorchLevel, TorchMember } from './structure';

export interface Attribute {
  readonly name: string;
  readonly call: Call;
  readonly isFrozen: boolean;
}

/** A level before it shares anything. */
interface Instance {
  readonly level: TorchLevel;
  readonly attributes: readonly Attribute[];
  readonly forward: Forward;
  /** Parameters of the block, by which arguments are named. */
  readonly params: readonly (readonly [string, Literal])[];
}

export interface TorchClass {
  readonly id: number;
  /** What the block is called, before names are made unique. */
  readonly base: string;
  /** The same in words: the user's own, unless it is built in. */
  readonly title: string;
  readonly isBuiltIn: boolean;
  readonly forward: Forward;
  readonly attributes: readonly Attribute[];
  /** Names of the constructor's arguments. */
  readonly parameters: readonly string[];
  /** By leaf in order: text that stands for it instead of the literal. */
  readonly texts: readonly (string | undefined)[];
  /** Of built-in parameters, where all blocks of the class agree: tells it from others of that name. */
  readonly constants: ReadonlyMap<string, Literal>;
}

export interface TorchClasses {
  /** What stands inside comes first. */
  readonly classes: readonly TorchClass[];
  readonly network: Pick<TorchClass, 'attributes' | 'forward'>;
}

export function classesOf(network: TorchLevel): TorchClasses {
  const builder = new ClassBuilder();
  builder.addBlocks(network);
  const { attributes, forward } = builder.instance(network, []);
  return { classes: builder.classes, network: { attributes, forward } };
}

class ClassBuilder {
  readonly classes: TorchClass[] = [];
  readonly #calls = new Map<TorchLevel, Call>();

  /** Inner blocks first: their calls are part of what is outside. */
  addBlocks(network: TorchLevel): void {
    const found = roundsIn(network);
    const heights = [...new Set(found.map(({ height }) => height))].sort((a, b) => a - b);
    for (const height of heights) {
      const clusters = new Map<string, { block: TorchBlock; instance: Instance }[]>();
      for (const { block, level } of found.filter((each) => each.height === height)) {
        const instance = this.instance(level, paramsOf(block));
        const key = JSON.stringify([block.block.type, block.block.params['block'] ?? '', formOf(instance)]);
        clusters.set(key, [...(clusters.get(key) ?? []), { block, instance }]);
      }
      for (const members of clusters.values()) this.#addClass(members);
    }
  }

  instance(level: TorchLevel, params: Instance['params']): Instance {
    const [first, ...others] = level.ports;
    const parameters =
      others.length === 0 && first !== undefined
        ? ['x']
        : pythonIdentifiers(
            level.ports.map((name) => ({ name, path: 'x' })),
            ['y', 'torch', 'nn'],
          );
    const attributes = level.members.flatMap((member) => this.#attributes(member));
    return { level, attributes, params, forward: forwardOf(level, parameters) };
  }

  #attributes(member: TorchMember): readonly Attribute[] {
    if (member.kind === 'block') {
      const [first, ...others] = member.rounds.map((round) => required(this.#calls.get(round), 'a class'));
      const call = required(first, 'a round');
      const args = [call, ...others].map((value, index): Argument => ({
        ...{ name: String(index), value },
        isPositional: true,
      }));
      const own: Call = others.length === 0 ? call : { callee: 'nn.Sequential', args };
      return [{ name: member.attribute, call: own, isFrozen: false }];
    }
    const { translation, attributes, attribute, layer } = member;
    if (translation.kind !== 'modules') return [];
    const isFrozen = layer.weights.some(
      ({ role, isTrainable }) => !isTrainable && !role.startsWith('moving'),
    );
    return translation.stages.map(({ call }, index) => {
      const name = required(attributes[index], 'an attribute');
      return { name, call, isFrozen: isFrozen && name === attribute };
    });
  }

  #addClass(members: readonly { readonly block: TorchBlock; readonly instance: Instance }[]): void {
    const instances = members.map(({ instance }) => instance);
    const { block, instance: first } = required(members[0], 'a block');
    const { type, definition } = block.block;
    const isBuiltIn = type !== BLOCK_TYPE;
    const candidates = candidatesOf(instances);
    const leaves = instances.map(({ attributes }) =>
      attributes.flatMap(({ name, call }) => leavesOf(call, name)),
    );
    const names = new NameBook(candidates);
    const texts = required(leaves[0], 'leaves').map(({ name }, position) => {
      const values = leaves.map((each) => required(each[position], 'a leaf').value);
      if (values.every((value) => sameLiteral(value, values[0]))) return undefined;
      return names.textFor(name, values);
    });
    const id = this.classes.length;
    const parameters = names.parameters;
    this.classes.push({
      ...{ id, texts, parameters: parameters.map(({ name }) => name) },
      base: isBuiltIn ? type : definition.title.en,
      ...{ title: definition.title.en, isBuiltIn },
      forward: first.forward,
      attributes: first.attributes,
      constants: constantsOf(instances),
    });
    instances.forEach(({ level }, index) => {
      const args = parameters.map(({ name, values, isTuple }): Argument => ({
        name,
        value: required(values[index], name),
        isPositional: name === 'in_channels' || name === 'in_features',
        ...(isTuple && { keepsTuple: true }),
      }));
      this.#calls.set(level, { callee: { classId: id }, args });
    });
  }
}

interface FoundRound {
  readonly block: TorchBlock;
  readonly level: TorchLevel;
  readonly height: number;
}

/** Every round of every block, and how many levels lie in it. */
function roundsIn({ members }: TorchLevel): readonly FoundRound[] {
  return members.flatMap((member) => {
    if (member.kind === 'layer') return [];
    return member.rounds.flatMap((level): readonly FoundRound[] => {
      const inner = roundsIn(level);
      const height = 1 + Math.max(0, ...inner.map((each) => each.height));
      return [...inner, { block: member, level, height }];
    });
  });
}

const hidden = new Set(['block', 'repeat']);

function paramsOf({ block }: TorchBlock): Instance['params'] {
  const names = Object.keys(block.params).filter((name) => !hidden.has(name));
  const safe = pythonIdentifiers(names.map((name) => ({ name: spaced(name), path: 'value' })));
  return names.flatMap((name, index): Instance['params'] => {
    const value = literalOf(block.params[name]);
    return value === undefined ? [] : [[required(safe[index], name), value]];
  });
}

/** `growthRate` as words. */
const spaced = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1 $2');

function literalOf(value: Json | undefined): Literal | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value) && value.every((each) => typeof each === 'number')) return value;
  return undefined;
}

/** Everything but the values: what must be equal in a class. */
function formOf({ attributes, forward }: Instance): Json {
  const form = ({ callee, args }: Call): Json => [
    typeof callee === 'string' ? callee : callee.classId,
    args.map(({ name, value }) => [name, isCall(value) ? form(value) : null]),
  ];
  return [
    attributes.map(({ name, call, isFrozen }) => [name, form(call), isFrozen]),
    [...forward.parameters],
    [...forward.lines],
  ];
}

/** Values of a call in order, under names for arguments that are made of them. */
export function leavesOf(
  call: Call,
  prefix: string,
): readonly { readonly name: string; readonly value: Literal }[] {
  return call.args.flatMap(({ name, value }) => {
    const path = `${prefix}_${name}`;
    return isCall(value) ? leavesOf(value, path) : [{ name: path, value }];
  });
}

function candidatesOf(instances: readonly Instance[]): readonly Candidate[] {
  const entering = instances.map(({ level }) => level.inputShapes[0] ?? []);
  const names = required(instances[0], 'an instance').params.map(([name]) => name);
  const own = names.map((name): Candidate => ({
    name,
    values: instances.map(({ params }) => required(params.find((each) => each[0] === name)?.[1], name)),
  }));
  const isImage = entering.every((shape) => shape.length === 3);
  const name = isImage ? 'in_channels' : 'in_features';
  const taken = names.includes(name);
  const input: Candidate = { name, values: entering.map((shape) => shape.at(-1) ?? 0) };
  return taken ? own : [...own, input];
}

function constantsOf(instances: readonly Instance[]): ReadonlyMap<string, Literal> {
  const [first, ...others] = instances;
  const constant = required(first, 'an instance').params.filter(([name, value]) =>
    others.every(({ params }) => sameLiteral(params.find((each) => each[0] === name)?.[1], value)),
  );
  return new Map(constant);
}

interface Parameter extends Candidate {
  readonly isTuple: boolean;
}

/** Arguments of a constructor as they turn out to be needed. */
class NameBook {
  readonly #candidates: readonly Candidate[];
  readonly #used = new Map<string, Parameter>();
  readonly #invented: Candidate[] = [];

  constructor(candidates: readonly Candidate[]) {
    this.#candidates = candidates;
  }

  /** Input first, then the block's own in their order, then what had no name. */
  get parameters(): readonly Parameter[] {
    const rank = ({ name }: Candidate): number => {
      if (name.startsWith('in_')) return -1;
      const own = this.#candidates.findIndex((each) => each.name === name);
      return own === -1 ? this.#candidates.length : own;
    };
    return [...this.#used.values()].sort((a, b) => rank(a) - rank(b));
  }

  textFor(leaf: string, values: readonly Literal[]): string {
    const found: Found =
      expressionFor(values, [...this.#candidates, ...this.#invented]) ?? this.#invent(leaf, values);
    for (const { candidate, isIndexed } of found.uses) {
      const isTuple = isIndexed || this.#used.get(candidate.name)?.isTuple === true;
      this.#used.set(candidate.name, { ...candidate, isTuple });
    }
    return found.text;
  }

  #invent(leaf: string, values: readonly Literal[]): Found {
    const known = [...this.#candidates, ...this.#invented].map(({ name }) => name);
    const [name = leaf] = pythonIdentifiers([{ name: leaf, path: 'value' }], [...known, 'torch', 'nn']);
    const candidate = { name, values };
    this.#invented.push(candidate);
    return { text: name, uses: [{ candidate, isIndexed: false }] };
  }
}
