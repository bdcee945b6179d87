/** Names of generated classes: what the block is called, and what tells it from others of that name. */
import { required } from '../../util/assert';
import { javascriptIdentifiers } from '../identifiers';
import type { TorchClass } from './classes';

/** In the order of the classes; none of `reserved`. */
export function classNames(classes: readonly TorchClass[], reserved: readonly string[]): readonly string[] {
  const wanted = classes.map((each) => ({
    name: `${each.base}${distinction(each, classes)}`,
    path: 'Block',
  }));
  // Words are told apart in `ResidualBlock` too, so that it stays what it is.
  const named = wanted.map(({ name, path }) => ({ name: name.replace(/([a-z0-9])([A-Z])/g, '$1 $2'), path }));
  return javascriptIdentifiers(named, reserved).map((name) => name.charAt(0).toUpperCase() + name.slice(1));
}

/** Empty for the simplest class of a name; for others the one part that it has besides, or a parameter in which it differs. */
function distinction(own: TorchClass, classes: readonly TorchClass[]): string {
  const alike = classes.filter(({ base }) => base === own.base);
  if (alike.length === 1) return '';
  const parameter = [...own.constants].find(([name, value]) => {
    const values = alike.map(({ constants }) => constants.get(name));
    return typeof value === 'number' && new Set(values).size === alike.length && !values.includes(undefined);
  });
  if (parameter !== undefined) return ` ${String(parameter[1])}`;
  const simplest = alike.reduce((least, each) =>
    each.attributes.length < least.attributes.length ? each : least,
  );
  if (own === simplest) return '';
  const known = new Set(simplest.attributes.map(({ name }) => name));
  const further = own.attributes.filter(({ name }) => !known.has(name));
  const isMore = own.attributes.length === known.size + 1 && further.length === 1;
  return isMore ? ` with ${required(further[0], 'an attribute').name}` : '';
}
