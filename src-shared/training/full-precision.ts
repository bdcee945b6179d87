/** Trained networks in float32: their weights are, whatever they were trained in. */
import type { GraphDocument } from '../document/types';
import type { Capabilities } from '../ir/capabilities';
import { isPossible } from './precision';
import { parseTraining } from './settings';

/** Exported models compute so. */
export function inFullPrecision(document: GraphDocument): GraphDocument {
  return { ...document, training: { ...document.training, precision: 'fp32' } };
}

/** As it was trained where the device can do that, so that figures are the run's own. */
export function inPossiblePrecision(document: GraphDocument, capabilities: Capabilities): GraphDocument {
  const { precision } = parseTraining(document.training).settings;
  return isPossible(precision, capabilities) ? document : inFullPrecision(document);
}
