/** How a sliding window gives its output size, written out for one node: `⌊(28 − 5 + 4 + 1) / 1⌋ = 28`. */
import type { Padding } from '@shared/ir/shape';
import { paddingAlong, windowCount } from '@shared/ir/shape';
import type { Shape } from '@shared/ir/types';
import type { NodeDefinition } from '@shared/nodes/define';
import { parseParams } from '@shared/params/fields';
import type { Json, JsonObject } from '@shared/util/json';
import { isJsonObject } from '@shared/util/json';

export interface AxisFormula {
  readonly axis: 'height' | 'width';
  readonly formula: string;
}

/** One line per axis, or a single one where both are alike; none for nodes without a window. */
export function windowFormulas(
  definition: NodeDefinition,
  raw: JsonObject,
  input: Shape | undefined,
): readonly AxisFormula[] {
  const values: Readonly<Record<string, Json>> = parseParams(definition.params, raw).values;
  const window = pairOf(values['kernelSize'] ?? values['poolSize']);
  const strides = pairOf(values['strides']);
  const padding = paddingOf(values['padding']);
  const [height, width] = input ?? [];
  if (!window || !strides || !padding || height === undefined || width === undefined) return [];
  const formulas = [
    { axis: 'height', formula: formulaOf(height, window[0], strides[0], padding, 'height') },
    { axis: 'width', formula: formulaOf(width, window[1], strides[1], padding, 'width') },
  ] as const;
  return formulas[0].formula === formulas[1].formula ? [formulas[0]] : formulas;
}

function formulaOf(
  size: number,
  window: number,
  stride: number,
  padding: Padding,
  axis: 'height' | 'width',
): string {
  const [before, after] = paddingAlong(size, window, stride, padding, axis);
  const padded = before + after;
  const count = windowCount(size, window, stride, padded);
  const term = padded === 0 ? '' : ` + ${before === after ? padded : `${before} + ${after}`}`;
  return `⌊(${size} − ${window}${term} + ${stride}) / ${stride}⌋ = ${count}`;
}

function pairOf(value: Json | undefined): readonly [number, number] | undefined {
  if (!Array.isArray(value)) return undefined;
  const [first, second] = value as readonly Json[];
  return typeof first === 'number' && typeof second === 'number' ? [first, second] : undefined;
}

function paddingOf(value: Json | undefined): Padding | undefined {
  if (value === 'same' || value === 'valid') return value;
  if (value === undefined || !isJsonObject(value)) return undefined;
  const { top, bottom, left, right } = value;
  const isNumber = (side: Json | undefined): side is number => typeof side === 'number';
  return isNumber(top) && isNumber(bottom) && isNumber(left) && isNumber(right)
    ? { top, bottom, left, right }
    : undefined;
}
