/** What stands for a node in PyTorch: modules or an expression, and where its weights lie in them. */
import type { Dims } from '../../ir/types';
import type { WeightRole } from '../../ir/weights';
import { required } from '../../util/assert';
import type { ExportLayer } from '../model';
import type { SupportIssue } from '../target';
import type { Argument, Call, Literal } from './python';

/** One module; those of a node stand one behind another. */
export interface Stage {
  readonly call: Call;
  /** Behind the node's name for what stands before or after the module that bears the name itself. */
  readonly suffix?: string;
}

/** How a weight is turned into PyTorch's: seen as `view`, its axes in another order, then as `dims`. */
export interface Layout {
  readonly view: Dims;
  readonly permutation: readonly number[];
  readonly dims: Dims;
}

/** Where a weight lies: `weight`, or `depthwise.weight` in a module of several. */
export interface StateEntry extends Layout {
  readonly role: WeightRole;
  readonly key: string;
}

export interface Modules {
  readonly kind: 'modules';
  readonly stages: readonly Stage[];
  readonly state: readonly StateEntry[];
}

/** Computed in `forward` without a module. */
export interface Expression {
  readonly kind: 'expression';
  /** Of texts that are names or calls. */
  write(operands: readonly string[]): string;
}

export type Translation = Modules | Expression | { readonly kind: 'refused'; readonly issue: SupportIssue };

/** What a layer is told of the order in which features come in. */
export interface TranslateContext {
  /** Sizes `[height, width, channels]` of the image that was flattened, where its values arrive channel by channel. */
  readonly flattened?: Dims;
  /** Of a Flatten: whether all that comes behind it can take the values channel by channel. */
  readonly isFree: boolean;
}

export type Translate = (layer: ExportLayer, context: TranslateContext) => Translation;

export function modules(stages: readonly Stage[], state: readonly StateEntry[] = []): Modules {
  return { kind: 'modules', stages, state };
}

/** One module without weights. */
export function plain(callee: string, args: readonly Argument[] = []): Modules {
  return modules([{ call: { callee, args } }]);
}

export function positional(name: string, value: Literal): Argument {
  return { name, value, isPositional: true };
}

export function named(name: string, value: Literal, standard?: Literal): Argument {
  return { name, value, ...(standard !== undefined && { default: standard }) };
}

/** Our weight of that role, its axes in another order. */
export function turned(
  layer: ExportLayer,
  role: WeightRole,
  key: string,
  { permutation, view, dims }: { permutation: readonly number[]; view?: Dims; dims?: Dims },
): StateEntry {
  const seen = view ?? weightOf(layer, role).dims;
  const sizes = permutation.map((axis) => required(seen[axis], 'an axis'));
  return { role, key, view: seen, permutation, dims: dims ?? sizes };
}

/** As it is. */
export function direct(layer: ExportLayer, role: WeightRole, key: string): StateEntry {
  const { dims } = weightOf(layer, role);
  return { role, key, view: dims, permutation: dims.map((_, axis) => axis), dims };
}

/** One number for each feature or channel; `flattened` brings features into the order in which they come in. */
export function perFeature(
  layer: ExportLayer,
  role: WeightRole,
  key: string,
  { flattened }: TranslateContext,
): StateEntry {
  if (flattened === undefined) return direct(layer, role, key);
  const { dims } = weightOf(layer, role);
  return turned(layer, role, key, { view: flattened, permutation: [2, 0, 1], dims });
}

export function weightOf(layer: ExportLayer, role: WeightRole): ExportLayer['weights'][number] {
  return required(
    layer.weights.find((weight) => weight.role === role),
    `the ${role} of ${layer.path}`,
  );
}

export function hasBias({ weights }: ExportLayer): boolean {
  return weights.some(({ role }) => role === 'bias');
}
