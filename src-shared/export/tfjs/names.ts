/** Names of layers and operations for TensorFlow.js: ASCII, and none that every JavaScript object has. */
import { plainNames } from '../identifiers';
import type { NameLayers } from '../keras/network';

/** tfjs-layers asks `name in {}`: a layer called `constructor` would be taken for one that is already there. */
const onEveryObject = Object.getOwnPropertyNames(Object.prototype);

export const tfjsNames: NameLayers = (nodes) => plainNames(nodes, onEveryObject);
