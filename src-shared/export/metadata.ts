/** What every export says of itself, in English, for formats that take texts by key. */
import { describeInput, type ExportInput } from './model';

/** Producer, what goes in and what comes out, and where the weights come from. JSON where a value is a list. */
export function describeModel({ model, origin, layerloomVersion }: ExportInput): Record<string, string> {
  return {
    producer: `Layerloom ${layerloomVersion}`,
    model: model.name,
    input: describeInput(model),
    input_shape: JSON.stringify(model.input.outputShape),
    output: describeOutput(model),
    classes: JSON.stringify(model.data.classNames),
    weights: describeOrigin(origin),
  };
}

const outputs = {
  softmax: 'one probability per class, which add up to 1 (softmax)',
  sigmoid: 'one probability per class, each by itself (sigmoid)',
  identity: 'one value per class, the largest is the answer',
} as const;

/** What the network says of each class, after what the loss has for a last activation. */
function describeOutput({ outputActivation }: ExportInput['model']): string {
  return outputs[outputActivation];
}

function describeOrigin(origin: ExportInput['origin']): string {
  if (origin.kind === 'initial') return `initial values, seed ${origin.seed}, not trained`;
  return `trained for ${origin.epochs} epochs, ${origin.steps} steps`;
}
