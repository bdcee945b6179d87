/** The network as Python: one function for each kind of block, and one that builds the model. */
import { required } from '../../util/assert';
import type { KerasNetwork } from '../keras/network';
import type { ExportModel } from '../model';
import { docText, pythonCall, pythonValue } from '../python/syntax';
import { type BlockFunction, type Functions, functionsOf, slotsOf } from './functions';
import { policyOf } from './precision-code';
import { type LayerPiece, type Level, type Piece, type Source, topLevel } from './pieces';

/** Where the code stands: how a slot is written there, and what names begin with. */
interface Scope {
  readonly functions: Functions;
  readonly level: Level;
  /** The argument that fills a slot; undefined for the value itself. */
  readonly argumentAt: (slot: number) => string | undefined;
  /** What a port is called. */
  readonly portName: (port: string) => string;
}

/** Definitions of functions, two lines apart. `reserved` are names that the rest of the script uses. */
export function modelCode(model: ExportModel, network: KerasNetwork, reserved: readonly string[]): string {
  const level = topLevel(model, network.layers);
  const functions = functionsOf(level, reserved);
  const blocks = functions.all.map((each) => functionCode(each, functions));
  const scope: Scope = { functions, level, argumentAt: () => undefined, portName: (port) => port };
  const { lines, value } = statements(scope);
  const output = required(
    network.layers.find(({ name }) => name === network.output),
    'the output layer',
  );
  const activation = required(output.config['activation'], 'the activation of the output');
  const isMixed = policyOf(model.settings.precision) !== undefined;
  const args = [
    pythonValue(activation),
    `name=${pythonValue(network.output)}`,
    ...(isMixed ? ["dtype='float32'"] : []),
  ];
  const end = pythonCall('outputs = layers.Activation', args, { after: `(${value})`, depth: 1 });
  const shape = pythonValue([...model.input.outputShape]);
  const build = [
    'def build_model():',
    '    """The network; it takes images from 0 to 1 and ends in predictions."""',
    `    inputs = keras.Input(shape=${shape}, name=${pythonValue(network.input)})`,
    ...lines,
    ...end,
    '    return keras.Model(inputs, outputs)',
  ];
  return [...blocks, build.join('\n')].join('\n\n\n');
}

function functionCode({ name, level, parameters }: BlockFunction, functions: Functions): string {
  const bySlot = new Map(parameters.flatMap((each) => each.slots.map((slot) => [slot, each.name] as const)));
  const isSingle = level.ports.length === 1;
  const scope: Scope = {
    ...{ functions, level },
    argumentAt: (slot) => bySlot.get(slot),
    portName: (port) => (isSingle ? 'inputs' : port),
  };
  const { lines, value } = statements(scope);
  const own = [...level.ports.map(scope.portName), 'name', ...parameters.map((each) => each.name)];
  const title = `    """${docText(level.title)}."""`;
  const head = pythonCall(`def ${name}`, own, { after: ':' });
  return [...head, title, ...lines, `    return ${value}`].join('\n');
}

/** One statement for each piece; `x` is a value that only the next one takes. */
function statements(scope: Scope): { readonly lines: readonly string[]; readonly value: string } {
  const { level, portName } = scope;
  const names = level.pieces.map((piece, index) => (isPassedOn(level, index) ? 'x' : piece.variable));
  const written = (source: Source): string =>
    source.kind === 'port' ? portName(source.port) : required(names[source.index], 'a value');
  let slot = 0;
  const lines = level.pieces.flatMap((piece, index) => {
    const first = slot;
    slot += slotsOf(piece).length;
    const inputs = piece.inputs.map(written);
    return pieceLines(scope, piece, { target: required(names[index], 'a value'), inputs, first });
  });
  const value = level.output < 0 ? portName(level.ports[0] ?? 'inputs') : names[level.output];
  return { lines, value: required(value, 'the value of a block') };
}

function isPassedOn({ pieces, output }: Level, index: number): boolean {
  const readers = pieces.flatMap(({ inputs }, reader) =>
    inputs.filter((source) => source.kind === 'piece' && source.index === index).map(() => reader),
  );
  if (index === output) return readers.length === 0 && index === pieces.length - 1;
  return readers.length === 1 && readers[0] === index + 1;
}

interface Place {
  readonly target: string;
  readonly inputs: readonly string[];
  /** Number of the piece's first slot. */
  readonly first: number;
}

function pieceLines(scope: Scope, piece: Piece, { target, inputs, first }: Place): readonly string[] {
  const { name, isBelow } = piece.label;
  const ownName = isBelow ? below(name) : (scope.argumentAt(first) ?? pythonValue(name));
  const next = first + (isBelow ? 0 : 1);
  if (piece.kind === 'layer') {
    const args = [...layerArguments(scope, piece, next), `name=${ownName}`];
    const [only = ''] = inputs;
    const taken = inputs.length === 1 && !takesList(piece.className) ? only : `[${inputs.join(', ')}]`;
    const call = `${target} = layers.${piece.className}`;
    return pythonCall(call, args, { after: `(${taken})`, depth: 1 });
  }
  const { name: called, parameters } = scope.functions.of(piece.level);
  const values = piece.level.pieces.flatMap(slotsOf);
  const args = parameters.map(({ name: parameter, slots }) => {
    const slot = required(slots[0], 'a slot');
    const value = scope.argumentAt(next + slot) ?? required(values[slot], 'a value').text;
    return `${parameter}=${value}`;
  });
  return pythonCall(`${target} = ${called}`, [...inputs, ownName, ...args], { depth: 1 });
}

/** Layers that merge take a list, of one value too. */
const merging = new Set(['Add', 'Average', 'Maximum', 'Multiply', 'Concatenate']);
const takesList = (className: string): boolean => merging.has(className);

function layerArguments(scope: Scope, piece: LayerPiece, first: number): readonly string[] {
  return piece.arguments.flatMap(({ keyword, text, isDefault }, index) => {
    const argument = scope.argumentAt(first + index);
    return argument === undefined && isDefault ? [] : [`${keyword}=${argument ?? text}`];
  });
}

/** Names of Keras layers are letters, digits, `_`, `.` and `-`: nothing that ends a string or begins a field. */
function below(name: string): string {
  return `f${pythonValue(`{name}_${name}`)}`;
}
