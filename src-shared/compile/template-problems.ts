/** What is wrong with a template of given options: above all, images that are too small for it. */
import type { GraphDocument } from '../document/types';
import { formatShape } from '../ir/shape';
import { type Problem, problem } from '../problems/problem';
import type { Template, TemplateOptions } from '../templates';
import { analyse } from './analyse';
import type { Analysis } from './analysis';

type Analyse = (document: GraphDocument) => Analysis;

/**
 * The errors of the network that the template makes; where a larger image would mend them, one that says how large.
 * `analyseDocument` may be one that remembers.
 */
export function templateProblems(
  template: Template,
  options: TemplateOptions,
  analyseDocument: Analyse = analyse,
): readonly Problem[] {
  const errors = errorsOf(template, options, analyseDocument);
  const [height = 1, width = 1] = options.input ?? template.input;
  const smallest = errors.length > 0 ? smallestSide(template, options, analyseDocument) : undefined;
  if (smallest === undefined || Math.min(height, width) >= smallest) return errors;
  const sizes = { given: formatShape([height, width]), smallest: formatShape([smallest, smallest]) };
  return [problem('template/input-too-small', sizes)];
}

/** Side of the smallest square image with which nothing is wrong; undefined where the template's own does not help. */
function smallestSide(
  template: Template,
  options: TemplateOptions,
  analyseDocument: Analyse,
): number | undefined {
  const [, , channels = 1] = options.input ?? template.input;
  const isValid = (side: number) =>
    errorsOf(template, { ...options, input: [side, side, channels] }, analyseDocument).length === 0;
  let [invalid, valid] = [0, Math.max(...template.input)];
  if (!isValid(valid)) return undefined;
  while (valid - invalid > 1) {
    const middle = Math.floor((invalid + valid) / 2);
    if (isValid(middle)) valid = middle;
    else invalid = middle;
  }
  return valid;
}

function errorsOf(
  template: Template,
  options: TemplateOptions,
  analyseDocument: Analyse,
): readonly Problem[] {
  return analyseDocument(template.create(options)).problems.filter(({ severity }) => severity === 'error');
}
