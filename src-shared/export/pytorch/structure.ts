/** The network as modules inside modules: attributes with harmless names, blocks as levels of their own. */
import { BLOCK_TYPE } from '../../document/blocks';
import type { Shape } from '../../ir/types';
import { copyOf } from '../../nodes/repeat';
import { required } from '../../util/assert';
import { pythonIdentifiers } from '../identifiers';
import type { ExportBlock, ExportLayer, ExportModel, ExportNode, LocalSource } from '../model';
import { featureOrders } from './feature-order';
import { torchTable } from './table';
import type { TranslateContext, Translation } from './translation';

interface MemberBase {
  readonly id: string;
  /** Of the module that bears the node's name; what the state dict calls it. */
  readonly attribute: string;
  readonly sources: readonly LocalSource[];
}

export interface TorchLayer extends MemberBase {
  readonly kind: 'layer';
  readonly layer: ExportLayer;
  readonly translation: Translation;
  /** One for each stage of the translation. */
  readonly attributes: readonly string[];
}

export interface TorchBlock extends MemberBase {
  readonly kind: 'block';
  readonly block: ExportBlock;
  /** Several where the block repeats: each takes what the one before gives. */
  readonly rounds: readonly [TorchLevel, ...TorchLevel[]];
}

export type TorchMember = TorchLayer | TorchBlock;

/** What becomes one class: members in an order in which every input comes first. */
export interface TorchLevel {
  readonly ports: readonly string[];
  /** Of each port. */
  readonly inputShapes: readonly Shape[];
  readonly members: readonly TorchMember[];
  /** Id of the member whose value it gives. */
  readonly output: string;
}

/** Attributes and methods of every module of PyTorch 2, which a name on the canvas must not hide. */
const moduleWords =
  'add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches eval extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict modules mtia named_buffers named_children named_modules named_parameters parameters register_backward_hook register_buffer register_forward_hook register_forward_pre_hook register_full_backward_hook register_full_backward_pre_hook register_load_state_dict_post_hook register_load_state_dict_pre_hook register_module register_parameter register_state_dict_post_hook register_state_dict_pre_hook requires_grad_ set_extra_state set_submodule share_memory state_dict t_destination to to_empty train training type xpu zero_grad'.split(
    ' ',
  );

/** What a level is made of. */
interface Part {
  readonly node: ExportNode;
  readonly id: string;
  readonly name: string;
  readonly sources: readonly LocalSource[];
}

interface LevelParts {
  readonly ports: readonly string[];
  readonly inputShapes: readonly Shape[];
  readonly parts: readonly Part[];
  readonly output: string;
}

type TranslateLayer = (layer: ExportLayer) => Translation;

/** The whole network; its one port is `in`. */
export function torchStructure(model: ExportModel): TorchLevel {
  const orders = featureOrders(model);
  const parts = model.nodes.map((node): Part => {
    const isInput = node.id === model.input.id;
    const { id, localName: name } = node;
    const enter: LocalSource = { kind: 'port', port: 'in' };
    return { node, id, name, sources: isInput ? [enter] : sourcesOf(node) };
  });
  const { outputShape } = model.input;
  return levelOf({ ports: ['in'], inputShapes: [outputShape], parts, output: model.output.id }, (layer) =>
    translationOf(layer, required(orders.get(layer.path), layer.path)),
  );
}

/** What stands for a layer. Input and Output are the ends of `forward`. */
export function translationOf(layer: ExportLayer, context: TranslateContext): Translation {
  const { type } = layer;
  if (type === 'Input' || type === 'Output') return { kind: 'expression', write: ([x = 'x']) => x };
  const translate = Object.hasOwn(torchTable, type) ? torchTable[type] : undefined;
  const issue = { code: 'export/layer-unsupported', args: { target: 'PyTorch' } } as const;
  return translate?.(layer, context) ?? { kind: 'refused', issue };
}

const sourcesOf = ({ inputs }: ExportNode): readonly LocalSource[] => inputs.map(({ source }) => source);

/** Nodes have their names first; what stands beside them must not take one away. */
function levelOf({ parts: given, ...level }: LevelParts, translate: TranslateLayer): TorchLevel {
  const parts = branchByBranch(given, level.output);
  const translations = parts.map(({ node }) => (node.kind === 'layer' ? translate(node) : undefined));
  const attributes = pythonIdentifiers(
    parts.map(({ name, id }) => ({ name, path: id })),
    moduleWords,
  );
  const beside = parts.flatMap(({ id, name }, index) =>
    suffixesOf(translations[index]).map((suffix) => ({ name: `${name} ${suffix}`, path: `${id}_${suffix}` })),
  );
  const further = [...pythonIdentifiers(beside, [...moduleWords, ...attributes])];
  const members = parts.map((part, index): TorchMember => {
    const { node, id, sources } = part;
    const attribute = required(attributes[index], 'an attribute');
    const translation = translations[index];
    if (node.kind === 'block') {
      return { kind: 'block', id, attribute, sources, block: node, rounds: roundsOf(node, translate) };
    }
    const stages = translation?.kind === 'modules' ? translation.stages : [];
    const own = stages.map(({ suffix }) =>
      suffix === undefined ? attribute : required(further.shift(), 'an attribute'),
    );
    return {
      ...{ kind: 'layer', id, attribute, sources, layer: node, attributes: own },
      translation: required(translation, 'a translation'),
    };
  });
  return { ...level, members };
}

/** As one writes it by hand: a branch to its end, then the next one. */
function branchByBranch(parts: readonly Part[], output: string): readonly Part[] {
  const byId = new Map(parts.map((part) => [part.id, part]));
  const placed = new Set<Part>();
  const open: { readonly part: Part; isEntered: boolean }[] = [];
  const enter = (id: string): void => {
    open.push({ part: required(byId.get(id), id), isEntered: false });
  };
  enter(output);
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    if (top.isEntered || placed.has(top.part)) {
      placed.add(top.part);
      open.pop();
      continue;
    }
    top.isEntered = true;
    const sources = top.part.sources.flatMap((source) => (source.kind === 'node' ? [source.id] : []));
    for (const id of sources.reverse()) enter(id);
  }
  return [...placed];
}

function suffixesOf(translation: Translation | undefined): readonly string[] {
  if (translation?.kind !== 'modules') return [];
  return translation.stages.flatMap(({ suffix }) => suffix ?? []);
}

/** The copies of a repeated block, one behind the other; any other block has one. */
function roundsOf(block: ExportBlock, translate: TranslateLayer): TorchBlock['rounds'] {
  const ports = block.inputs.map(({ port }) => port);
  const roundOf = (id: string): number => (block.type === BLOCK_TYPE ? copyOf(id).round : 1);
  const count = Math.max(...block.nodes.map(({ id }) => roundOf(id)));
  const round = (number: number): LevelParts => {
    const nodes = block.nodes.filter(({ id }) => roundOf(id) === number);
    // What comes from the copy before enters as the block's input does.
    const sources = (node: ExportNode): readonly LocalSource[] =>
      sourcesOf(node).map((source) => {
        const isInside = source.kind === 'port' || roundOf(source.id) === number;
        return isInside ? source : { kind: 'port', port: required(ports[0], 'a port') };
      });
    const parts = nodes.map((node): Part => {
      const plain = number === 1 ? node.id : copyOf(node.id).part;
      const name = node.localName === node.id ? plain : node.localName;
      return { node, id: node.id, name, sources: sources(node) };
    });
    const last = number === count ? block.output : outputOf(block, number, roundOf);
    return {
      ports,
      inputShapes: number === 1 ? block.inputShapes : [shapeOf(block, number - 1)],
      parts,
      output: last,
    };
  };
  const shapeOf = ({ nodes }: ExportBlock, number: number): Shape => {
    const id = outputOf(block, number, roundOf);
    return required(
      nodes.find((node) => node.id === id),
      id,
    ).outputShape;
  };
  const made = Array.from({ length: count }, (_, index) => levelOf(round(index + 1), translate));
  const [first, ...others] = made;
  return [required(first, 'a round'), ...others];
}

/** The part of a round that feeds the next one. */
function outputOf({ nodes }: ExportBlock, number: number, roundOf: (id: string) => number): string {
  const sources = nodes
    .filter(({ id }) => roundOf(id) === number + 1)
    .flatMap(sourcesOf)
    .flatMap((source) => (source.kind === 'node' && roundOf(source.id) === number ? [source.id] : []));
  return required(sources[0], `the output of round ${number}`);
}
