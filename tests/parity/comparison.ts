/** Whether two trainings of one network are the same but for rounding, tensor by tensor. */
import { required } from '@shared/util/assert';

/** By name: `losses`, `gradient/WEIGHT` of the first step, `after/WEIGHT`. */
export type Tensors = ReadonlyMap<string, Float32Array>;

/** Relative, of the first step's loss. */
const LOSS_TOLERANCE = 1e-5;
/** Of the largest value of each tensor. */
const TENSOR_TOLERANCE = 1e-4;
/** How many times the peer's float32 may differ from its float64 before the difference counts. */
const ROUNDING = 10;
/**
 * Share of the network's largest gradient. A bias before batch normalisation has a gradient of zero: there is nothing
 * in it but rounding, which has no largest value to be measured by.
 */
const VANISHING = { exact: 1e-12, allowed: 1e-5 };

export interface Comparison {
  /** Tensors within 1e-4 of their largest value. */
  readonly near: number;
  /** Gradients that are zero by the formulas, and their weights: small here too. */
  readonly vanishing: number;
  /** The others, by name: within the peer's own rounding only. */
  readonly rounded: readonly string[];
  /** What differs, in words; empty where both are alike. */
  readonly complaints: readonly string[];
}

/** The tensors whose names begin with `prefix`, by the rest of their names. */
export function within(tensors: Tensors, prefix: string): Tensors {
  const found = [...tensors].filter(([name]) => name.startsWith(prefix));
  return new Map(found.map(([name, values]) => [name.slice(prefix.length), values]));
}

/**
 * `exact` is what the peer finds in double precision. Gradients are compared where `actual` has them. With `isStrict`
 * every tensor has to be near, or zero by the formulas.
 */
export function compare(
  actual: Tensors,
  expected: Tensors,
  exact: Tensors,
  { isStrict }: { readonly isStrict: boolean },
): Comparison {
  const [loss, peerLoss] = [actual, expected].map((each) => required(each.get('losses'), 'losses')[0] ?? NaN);
  const share = Math.abs((loss ?? NaN) / (peerLoss ?? NaN) - 1);
  const complaints = share <= LOSS_TOLERANCE ? [] : [`loss ${loss}, expected ${peerLoss}`];
  const hasGradients = within(actual, 'gradient/').size > 0;
  const names = [...expected.keys()].filter(
    (name) => name.startsWith('after/') || (hasGradients && name.startsWith('gradient/')),
  );
  if (names.length === 0) complaints.push('there is nothing to compare');
  const counts = { near: 0, vanishing: 0 };
  const rounded: string[] = [];
  const isVanishing = vanishingIn(exact);
  for (const name of names) {
    const values = required(expected.get(name), name);
    const distance = difference(actual.get(name), values);
    const allowed = TENSOR_TOLERANCE * largest(values);
    const rounding = isStrict ? 0 : ROUNDING * difference(exact.get(name), values);
    if (distance <= allowed) counts.near += 1;
    else if (isVanishing(name, distance)) counts.vanishing += 1;
    else if (distance <= rounding) rounded.push(`${name} ${(distance / largest(values)).toExponential(1)}`);
    else complaints.push(`${name} differs by ${distance}, allowed ${Math.max(allowed, rounding)}`);
  }
  return { ...counts, rounded, complaints };
}

/** Whether the exact gradient of the tensor's weight is zero, and the distance nothing beside the other gradients. */
function vanishingIn(exact: Tensors): (name: string, distance: number) => boolean {
  const gradients = within(exact, 'gradient/');
  const scale = Math.max(...[...gradients.values()].map(largest));
  return (name, distance) => {
    const gradient = gradients.get(name.slice(name.indexOf('/') + 1));
    if (gradient === undefined || largest(gradient) > VANISHING.exact * scale) return false;
    return distance <= VANISHING.allowed * scale;
  };
}

function largest(values: Float32Array): number {
  return values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
}

/** Largest difference of two elements; NaN where one has none, which is never small enough. */
function difference(actual: Float32Array | undefined, expected: Float32Array): number {
  if (actual?.length !== expected.length) return NaN;
  return expected.reduce((max, value, i) => Math.max(max, Math.abs(value - (actual[i] ?? NaN))), 0);
}
