/** The text of model.py: helper classes, a class for each kind of block, and the network. */
import { required } from '../../util/assert';
import { commentText } from '../literals';
import type { ExportModel } from '../model';
import { classNames } from './class-names';
import { type Attribute, classesOf, type TorchClass, type TorchClasses } from './classes';
import { helperClasses } from './helpers';
import { type Call, brokenCall, indented, isCall, LINE_WIDTH, pythonLiteral, sameLiteral } from './python';
import { torchStructure } from './structure';

/** The class of the whole network. */
export const NETWORK = 'Network';

const reservedNames = [NETWORK, ...helperClasses.keys(), 'nn', 'torch', 'Tensor', 'Exception', 'Object'];

/** Readable, and the same for the same network. */
export function modelFile(model: ExportModel, version: string): string {
  const { classes, network } = classesOf(torchStructure(model));
  const names = classNames(classes, reservedNames);
  const helpers = usedHelpers({ classes, network });
  const parts = [
    ...helpers,
    ...classes.map((each, index) => blockClass(each, required(names[index], 'a name'), names)),
    networkClass(network, names),
  ];
  return `${heading(model, version)}\n\n\n${parts.join('\n\n\n')}\n`;
}

const predictions = {
  softmax: 'softmax over them makes probabilities',
  sigmoid: 'a sigmoid of each makes its probability',
  identity: 'the largest is the answer',
} as const;

function heading({ name, input, classes, outputActivation }: ExportModel, version: string): string {
  const [height, width, channels] = input.outputShape;
  return `# ${commentText(name)}
"""A network drawn with Layerloom ${version}.

Input: float32 images [n, ${channels}, ${height}, ${width}] (channels first), bytes 0..255 times 1/255.
Output: float32 logits [n, ${classes}]; ${predictions[outputActivation]}.

    from safetensors.torch import load_file

    model = ${NETWORK}()
    model.load_state_dict(load_file("weights.safetensors"))
    model.eval()
"""

import torch
from torch import nn`;
}

function usedHelpers({ classes, network }: TorchClasses): readonly string[] {
  const callees = [...classes, network].flatMap(({ attributes }) =>
    attributes.flatMap(({ call }) => calleesOf(call)),
  );
  return [...helperClasses].flatMap(([name, source]) => (callees.includes(name) ? [source] : []));
}

function calleesOf({ callee, args }: Call): readonly string[] {
  const inner = args.flatMap(({ value }) => (isCall(value) ? calleesOf(value) : []));
  return typeof callee === 'string' ? [callee, ...inner] : inner;
}

function blockClass(own: TorchClass, name: string, names: readonly string[]): string {
  const { title, isBuiltIn, parameters, attributes, forward, texts } = own;
  const writer = new CallWriter(names, texts);
  return [
    // What the user typed must not come into a docstring.
    ...(isBuiltIn ? [] : [`# ${commentText(title)}`]),
    `class ${name}(nn.Module):`,
    ...(isBuiltIn ? [...indented([`"""${title}."""`], 1), ''] : []),
    ...constructor(parameters, attributes, writer),
    ...forwardMethod(forward),
  ].join('\n');
}

function networkClass({ attributes, forward }: TorchClasses['network'], names: readonly string[]): string {
  return [
    `class ${NETWORK}(nn.Module):`,
    ...constructor([], attributes, new CallWriter(names, [])),
    ...forwardMethod(forward),
  ].join('\n');
}

function constructor(
  parameters: readonly string[],
  attributes: readonly Attribute[],
  writer: CallWriter,
): readonly string[] {
  if (attributes.length === 0) return [];
  const lines = attributes.flatMap(({ name, call, isFrozen }) => [
    ...writer.assignment(`self.${name} = `, call),
    ...(isFrozen ? indented([`self.${name}.requires_grad_(False)  # frozen`], 2) : []),
  ]);
  const head = brokenCall('def __init__', ['self', ...parameters], ':', 1);
  return [...head, ...indented(['super().__init__()'], 2), ...lines, ''];
}

function forwardMethod({ parameters, lines }: TorchClass['forward']): readonly string[] {
  const body = lines.flatMap((line) => brokenStatement(line));
  return [...brokenCall('def forward', ['self', ...parameters], ':', 1), ...body];
}

/** Statements are kept short; one of many operands is broken within parentheses. */
function brokenStatement(line: string): readonly string[] {
  const [whole = line] = indented([line], 2);
  if (whole.length <= LINE_WIDTH) return [whole];
  const [, head = '', values = '', tail = ''] = /^(.*torch\.cat)\(\((.*)\), (dim=1\).*)$/.exec(line) ?? [];
  if (head === '') return [whole];
  return indented([`${head}(`, `    (${values}),`, `    ${tail.replace(/\)/, '\n        )')}`], 2).flatMap(
    (text) => text.split('\n'),
  );
}

/** Writes constructor calls with arguments of the class in the place of values. */
class CallWriter {
  readonly #names: readonly string[];
  readonly #texts: TorchClass['texts'];
  #leaf = 0;

  constructor(names: readonly string[], texts: TorchClass['texts']) {
    this.#names = names;
    this.#texts = texts;
  }

  assignment(head: string, call: Call): readonly string[] {
    const { callee, args } = this.#parts(call);
    return brokenCall(`${head}${callee}`, args, '', 2);
  }

  #parts({ callee, args }: Call): { readonly callee: string; readonly args: readonly string[] } {
    const written = args.flatMap(({ name, value, default: standard, isPositional, keepsTuple }) => {
      if (isCall(value)) {
        const inner = this.#parts(value);
        return [`${inner.callee}(${inner.args.join(', ')})`];
      }
      const text = this.#texts[this.#leaf++];
      if (text === undefined && sameLiteral(value, standard)) return [];
      const shown = text ?? pythonLiteral(value, keepsTuple);
      return [isPositional ? shown : `${name}=${shown}`];
    });
    const name = typeof callee === 'string' ? callee : required(this.#names[callee.classId], 'a class name');
    const [first] = written;
    const isRepeated = callee === 'nn.Sequential' && written.every((each) => each === first);
    return { callee: name, args: isRepeated ? [`*(${first} for _ in range(${written.length}))`] : written };
  }
}
