/** The graph of an ONNX file, prepared: who makes and who reads each value, and which values are known numbers. */
import { type FileModel, type FileNode, type FileTensor, type FileValue, isDefaultDomain } from '../../formats/onnx/read';
import { transposed } from '../../export/onnx/layout';
import { elementsPerSample } from '../../ir/shape';
import { MAX_IMPORT_BYTES } from '../format';
import { type ExternalFiles, type Floats, floatsOf, numbersOf } from './constants';

/** Values of weights that are made anew, transposed ones and those of nodes each: a file can name one tensor many times. */
export const MAX_ELEMENTS = MAX_IMPORT_BYTES / 4;

export class FileGraph {
  readonly model: FileModel;
  /** Sizes that the file tells of values, by their names. */
  readonly described: ReadonlyMap<string, FileValue['dims']>;
  #turned = 0;
  readonly #files: ExternalFiles;
  readonly #tensors = new Map<string, FileTensor>();
  readonly #producers = new Map<string, FileNode>();
  readonly #readers = new Map<string, FileNode[]>();
  readonly #floats = new Map<string, Floats | undefined>();

  constructor(model: FileModel, files: ExternalFiles) {
    this.model = model;
    this.#files = files;
    for (const tensor of model.tensors) this.#tensors.set(tensor.name, tensor);
    for (const node of model.nodes) {
      for (const output of node.outputs) if (output !== '') this.#producers.set(output, node);
      for (const input of new Set(node.inputs)) {
        const readers = this.#readers.get(input);
        if (readers === undefined) this.#readers.set(input, [node]);
        else readers.push(node);
      }
      const tensor = node.op === 'Constant' ? node.attributes.get('value')?.tensor : undefined;
      if (tensor !== undefined) this.#tensors.set(node.outputs[0] ?? '', tensor);
    }
    this.described = new Map(model.values.map(({ name, dims }) => [name, dims]));
    // In the order of the file, so that a long chain of copies is no deep recursion later.
    for (const { op, outputs } of model.nodes) {
      if (op === 'Identity' || op === 'Transpose') this.floats(outputs[0] ?? '');
    }
  }

  producer(value: string): FileNode | undefined {
    return this.#producers.get(value);
  }

  /** The only node that reads the value; undefined where there are several, or the network gives it. */
  onlyReader(value: string): FileNode | undefined {
    const readers = this.#readers.get(value) ?? [];
    const isOutput = this.model.outputs.some(({ name }) => name === value);
    return readers.length === 1 && !isOutput ? readers[0] : undefined;
  }

  readers(value: string): readonly FileNode[] {
    return this.#readers.get(value) ?? [];
  }

  /** float32 that does not depend on the input; a transposed or copied constant is one. */
  floats(value: string): Floats | undefined {
    if (!this.#floats.has(value)) {
      // Against circles: what is asked for again while it is worked out is not known.
      this.#floats.set(value, undefined);
      this.#floats.set(value, this.#findFloats(value));
    }
    return this.#floats.get(value);
  }

  #findFloats(value: string): Floats | undefined {
    const tensor = this.#tensors.get(value);
    if (tensor !== undefined) return floatsOf(tensor, this.#files);
    const node = this.#producers.get(value);
    if (node === undefined || !isDefaultDomain(node.domain)) return undefined;
    if (node.op === 'Identity') return this.floats(node.inputs[0] ?? '');
    if (node.op !== 'Transpose') return undefined;
    const given = this.floats(node.inputs[0] ?? '');
    const order = node.attributes.get('perm')?.ints ?? given?.dims.map((_, axis) => axis).reverse();
    if (given === undefined || order === undefined) return undefined;
    this.#turned += given.values.length;
    if (this.#turned > MAX_ELEMENTS) return undefined;
    const isOrder = [...order].sort((a, b) => a - b).every((axis, i) => axis === i);
    return isOrder && order.length === given.dims.length ? transposed(given, order) : undefined;
  }

  /** Whole numbers or a few floats that stand in the file; `network.ts` adds those that follow from shapes. */
  numbers(value: string): readonly number[] | undefined {
    const tensor = this.#tensors.get(value);
    if (tensor !== undefined) return numbersOf(tensor, this.#files);
    const node = this.#producers.get(value);
    if (node?.op !== 'Constant') return undefined;
    const single = node.attributes.get('value_int');
    return node.attributes.get('value_ints')?.ints ?? (single && [single.int]);
  }

  /** Whether the value stands in the file, whatever its type. */
  isConstant(value: string): boolean {
    return this.#tensors.has(value) || this.#producers.get(value)?.op === 'Constant';
  }

  /** The one value of a constant with one element. */
  scalar(value: string): number | undefined {
    const floats = this.floats(value);
    return floats && elementsPerSample(floats.dims) === 1 ? floats.values[0] : undefined;
  }
}

/** The input that is not the constant, with the constant: of Add and Mul in either order. */
export function operands(
  node: FileNode,
  constantOf: (value: string) => number | undefined,
): { readonly value: string; readonly constant: number } | undefined {
  const [first = '', second = ''] = node.inputs;
  const [a, b] = [constantOf(first), constantOf(second)];
  if (b !== undefined && a === undefined) return { value: first, constant: b };
  const isEitherWay = node.op === 'Add' || node.op === 'Mul';
  return isEitherWay && a !== undefined && b === undefined ? { value: second, constant: a } : undefined;
}
