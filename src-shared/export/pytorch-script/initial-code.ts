/** Initial values of weights in Python, drawn as the document has it. */
import { fans, type InitializerName } from '../../ir/initializers';
import type { KernelValues } from '../../params/list-fields';
import { required } from '../../util/assert';
import type { Json } from '../../util/json';
import type { ExportLayer, ExportModel } from '../model';
import { type TorchWeight, torchWeights } from '../pytorch/weight-names';
import conv2d from '../../nodes/convolution/conv2d';
import { kernelLiteral } from '../../nodes/kernel-values';
import { paramsAs } from '../model';
import { pythonDictionary } from './values';

/** Standard deviation of a normal distribution truncated at two of its own. */
const TRUNCATED_DEVIATION = 0.87962566103423978;

/** Defines `initialise(model)`. */
export function initialCode(model: ExportModel): string {
  const layers = new Map(model.layers.map((layer) => [layer.path, layer]));
  const kernels = torchWeights(model)
    .filter(({ role }) => role.toLowerCase().endsWith('kernel'))
    .map((weight) => ({ weight, layer: required(layers.get(weight.path), weight.path) }));
  const drawn = kernels.flatMap(({ weight, layer }) => drawnOtherwise(weight, layer));
  const typed = kernels.flatMap(({ weight, layer }) => typedIn(weight, layer));
  const tables = [
    ...(drawn.length === 0
      ? []
      : [`# How the others start: a distribution and its width.\n${pythonDictionary('INITIAL', drawn)}`]),
    ...(typed.length === 0
      ? []
      : [
          `# Kernels that were typed in: sizes [height, width, in, out] and values.\n${pythonDictionary('TYPED', typed)}`,
        ]),
  ];
  return [...tables, code(drawn.length > 0, typed.length > 0)].join('\n\n');
}

function code(hasDrawn: boolean, hasTyped: boolean): string {
  const drawn = hasDrawn
    ? `
    for name, (distribution, width) in INITIAL.items():
        weight = model.get_parameter(name)
        if distribution == "uniform":
            nn.init.uniform_(weight, -width, width)
        elif distribution == "truncated normal":
            nn.init.trunc_normal_(weight, std=width, a=-2 * width, b=2 * width)
        elif distribution == "normal":
            nn.init.normal_(weight, std=width)
        else:
            nn.init.constant_(weight, width)`
    : '';
  const typed = hasTyped
    ? `
    for name, (sizes, values) in TYPED.items():
        kernel = torch.tensor(values).reshape(sizes).permute(3, 2, 0, 1)
        with torch.no_grad():
            model.get_parameter(name).copy_(kernel)`
    : '';
  return `# What has a kernel.
KERNEL_MODULES = (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)


def initialise(model):
    """Kernels by Glorot and Bengio (2010) where nothing else is asked for, biases zero."""
    for module in model.modules():
        if isinstance(module, KERNEL_MODULES):
            nn.init.xavier_uniform_(module.weight)
            if module.bias is not None:
                nn.init.zeros_(module.bias)${drawn}${typed}`;
}

type Entry = readonly [string, Json];

/** What PyTorch's Glorot uniform does not give: others, and depthwise kernels, whose fans it counts otherwise. */
function drawnOtherwise({ torchName, ownDims, role }: TorchWeight, layer: ExportLayer): readonly Entry[] {
  const name = initializerOf(layer);
  if (name === 'custom') return [];
  const isDepthwise = role === 'depthwiseKernel' || layer.type === 'DepthwiseConv2D';
  if (name === 'glorotUniform' && !isDepthwise) return [];
  const { fanIn, fanOut } = fans(ownDims);
  const deviation = Number(layer.params['kernelStandardDeviation'] ?? 0.05);
  return [[torchName, widths[name]({ fanIn, fanOut, deviation })]];
}

interface Spread {
  readonly fanIn: number;
  readonly fanOut: number;
  readonly deviation: number;
}

const uniform = (variance: number): Json => ['uniform', Math.sqrt(3 * variance)];
const truncated = (variance: number): Json => ['truncated normal', Math.sqrt(variance) / TRUNCATED_DEVIATION];

const widths: Readonly<Record<InitializerName, (spread: Spread) => Json>> = {
  glorotUniform: ({ fanIn, fanOut }) => uniform(2 / (fanIn + fanOut)),
  glorotNormal: ({ fanIn, fanOut }) => truncated(2 / (fanIn + fanOut)),
  heUniform: ({ fanIn }) => uniform(2 / fanIn),
  heNormal: ({ fanIn }) => truncated(2 / fanIn),
  normal: ({ deviation }) => ['normal', deviation],
  zeros: () => ['constant', 0],
  ones: () => ['constant', 1],
};

function initializerOf({ params }: ExportLayer): InitializerName | 'custom' {
  const name = params['kernelInitializer'];
  if (name === 'custom') return name;
  return Object.keys(widths).find((each): each is InitializerName => each === name) ?? 'glorotUniform';
}

function typedIn({ torchName }: TorchWeight, layer: ExportLayer): readonly Entry[] {
  if (layer.type !== 'Conv2D' || initializerOf(layer) !== 'custom') return [];
  const values: KernelValues = paramsAs(conv2d, layer).kernelValues;
  const literal = kernelLiteral(values);
  return [[torchName, [[...literal.dims], [...literal.values].map(Number)]]];
}
