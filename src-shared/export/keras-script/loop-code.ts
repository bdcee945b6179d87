/** The training loop of the script, its lines of metrics, and its command line. */

export interface LoopParts {
  readonly hasTypedKernels: boolean;
  readonly hasClassWeights: boolean;
  readonly hasTopK: boolean;
  /** Of mixed precision. */
  readonly policy: string | undefined;
}

/** Defines what is left, and calls it. */
export function loopCode({ hasTypedKernels, hasClassWeights, hasTopK, policy }: LoopParts): string {
  const figures = hasTopK ? "('loss', 'accuracy', 'topK')" : "('loss', 'accuracy')";
  const train = [prepareCode(hasTopK, policy), stepsCode(hasClassWeights), epochEndCode(hasTopK)].join('\n');
  const parts = [`FIGURES = ${figures}`, recordCode, train, argumentsCode, mainCode(hasTypedKernels, policy)];
  return parts.join('\n\n\n');
}

const recordCode = `def tell(event, **values):
    """One line of metrics; JSON has no word for what is no number."""
    for key, value in values.items():
        if isinstance(value, float):
            values[key] = float(f'{value:.9g}') if math.isfinite(value) else None
    print(json.dumps({'event': event, **values}, separators=(',', ':')), flush=True)


def start_record(steps_per_epoch, train_samples, test_samples):
    """What the run is asked to do, and on what."""
    backend = keras.backend.backend()
    version = getattr(sys.modules.get(backend), '__version__', '')
    return {
        **SETTINGS,
        'totalSteps': SETTINGS['epochs'] * steps_per_epoch,
        'stepsPerEpoch': steps_per_epoch,
        'trainSamples': train_samples,
        'testSamples': test_samples,
        'runtime': f'keras {keras.__version__}, {backend} {version}'.strip(),
        'tensorflowVersion': version if backend == 'tensorflow' else '',
        'device': os.environ.get('CUDA_VISIBLE_DEVICES', 'auto'),
    }


def save(model, path):
    """Beside the file, then renamed: an interrupted run leaves the last whole one."""
    ending = '.weights.h5' if path.name.endswith('.weights.h5') else '.keras'
    part = path.with_name(f'{path.name}.part{ending}')
    if ending == '.keras':
        model.save(part)
    else:
        model.save_weights(part)
    part.replace(path)`;

/** Head of `train`: data, and the model as Keras trains it. */
function prepareCode(hasTopK: boolean, policy: string | undefined): string {
  const topK = hasTopK
    ? `
        keras.metrics.TopKCategoricalAccuracy(SETTINGS['k'], name='topK'),`
    : '';
  return `def train(model, arguments):
    """Epochs of steps, each epoch with its figures over the test images."""
    (train_images, train_labels), (test_images, test_labels) = load_splits(arguments.data)
    test_images, test_labels = test_images[: arguments.test_limit], test_labels[: arguments.test_limit]
    chosen = np.random.default_rng([SETTINGS['seed'], 0]).permutation(len(train_labels))[: arguments.limit]
    batch_size = SETTINGS['batchSize']
    starts = [
        begin
        for begin in range(0, len(chosen), batch_size)
        if min(batch_size, len(chosen) - begin) >= MINIMUM_BATCH
    ]
    total_steps = SETTINGS['epochs'] * len(starts)
${policy === undefined ? logits : mixedLogits}
    optimizer = make_optimizer(model.trainable_variables)
    metrics = [
        keras.metrics.CategoricalAccuracy(name='accuracy'),${topK}
    ]
    logits_model.compile(
        optimizer, make_loss('sum_over_batch_size'), metrics=metrics, jit_compile=arguments.jit
    )
    tell('start', **start_record(len(starts), len(chosen), len(test_labels)))`;
}

const logits = `    # The loss takes the values before the last activation.
    logits_model = keras.Model(model.inputs[0], model.layers[-1].input)`;

const mixedLogits = `    # The loss takes the values before the last activation, as float32.
    logits = layers.Activation('linear', dtype='float32')(model.layers[-1].input)
    logits_model = keras.Model(model.inputs[0], logits)`;

/** The epochs of `train`, and the steps of each. */
function stepsCode(hasClassWeights: boolean): string {
  const weights = hasClassWeights
    ? "np.array(SETTINGS['classWeights'], 'float32')[train_labels[batch]]"
    : 'None';
  return `    step = 0
    for epoch in range(1, SETTINGS['epochs'] + 1):
        random = np.random.default_rng([SETTINGS['seed'], epoch])
        order = random.permutation(chosen)
        sums = dict.fromkeys(FIGURES, 0.0)
        samples = 0
        begun = time.perf_counter()
        for begin in starts:
            batch = order[begin : begin + batch_size]
            rate = learning_rate_at(step, len(starts), total_steps)
            optimizer.learning_rate = rate
            # Otherwise the figures of a step would be means over all steps so far.
            logits_model.reset_metrics()
            figures = logits_model.train_on_batch(
                prepare(train_images[batch], random),
                keras.utils.to_categorical(train_labels[batch], CLASSES),
                sample_weight=${weights},
                return_dict=True,
            )
            figures = {name: float(figures[name]) for name in FIGURES}
            tell('step', step=step, epoch=epoch, **figures)
            if not math.isfinite(figures['loss']):
                value = str(figures['loss'])
                tell('error', code='run/loss-not-finite', args={'value': value, 'step': step})
                return 1
            for name, value in figures.items():
                sums[name] += value * len(batch)
            samples += len(batch)
            step += 1`;
}

/** What `train` does after the steps of an epoch, and at its end. */
function epochEndCode(hasTopK: boolean): string {
  const valTopK = hasTopK ? ", 'valTopK': among_first" : '';
  return `        seconds = time.perf_counter() - begun
        val_loss, val_accuracy, among_first = evaluate(logits_model, test_images, test_labels)
        values = {'valLoss': val_loss, 'valAccuracy': float(val_accuracy)${valTopK}}
        tell(
            'epoch',
            epoch=epoch,
            **{name: total / samples for name, total in sums.items()},
            **values,
            learningRate=rate,
            seconds=seconds,
            samplesPerSecond=samples / seconds,
        )
        if arguments.output is not None:
            save(model, arguments.output)
            tell('checkpoint', epoch=epoch, file=str(arguments.output))
    tell('done')
    return 0`;
}

const argumentsCode = `def parse_arguments():
    parser = argparse.ArgumentParser(description='Trains the network; see the head of this file.')
    parser.add_argument('--data', type=Path, required=True, help='folder of the data set')
    parser.add_argument('--output', type=Path, help='.keras or .weights.h5 to keep the network in')
    parser.add_argument('--weights', type=Path, help='.keras or .weights.h5 to begin with')
    parser.add_argument('--epochs', type=int, help='in the place of those of the settings')
    parser.add_argument('--batch-size', type=int, help='in the place of that of the settings')
    parser.add_argument('--learning-rate', type=float, help='in the place of that of the settings')
    parser.add_argument('--seed', type=int, help='in the place of that of the settings')
    parser.add_argument('--limit', type=int, help='train on that many images only')
    parser.add_argument('--test-limit', type=int, help='test on the first images only')
    parser.add_argument('--jit', action='store_true', help='compile with XLA')
    return parser.parse_args()`;

function mainCode(hasTypedKernels: boolean, policy: string | undefined): string {
  const kernels = hasTypedKernels
    ? `
    set_kernels(model)`
    : '';
  const scaled = policy === 'mixed_float16' ? '; with it compile() also scales the loss' : '';
  const precision =
    policy === undefined
      ? ''
      : `    # Weights stay float32${scaled}.
    keras.config.set_dtype_policy('${policy}')
`;
  return `def main():
    arguments = parse_arguments()
    given = {
        'epochs': arguments.epochs,
        'batchSize': arguments.batch_size,
        'learningRate': arguments.learning_rate,
        'seed': arguments.seed,
    }
    SETTINGS.update({name: value for name, value in given.items() if value is not None})
    keras.utils.set_random_seed(SETTINGS['seed'])
${precision}    model = build_model()${kernels}
    if arguments.weights is not None:
        model.load_weights(arguments.weights)
    return train(model, arguments)


if __name__ == '__main__':
    raise SystemExit(main())`;
}
