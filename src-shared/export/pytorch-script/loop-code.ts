/** The training loop in Python, and what may be said on its command line. */
import type { PrecisionParts } from './precision-code';

/** Steps, epochs and evaluation. */
export function trainerCode(parts: PrecisionParts): string {
  const whole = [beginCode(parts), resumeCode(parts), epochsCode(parts), epochCode];
  return [...whole, stepCode(parts), evaluateCode(parts)].join('\n\n');
}

/** The forward pass, as float32 at its end whatever it computes in. */
function logitsOf({ isMixed }: PrecisionParts, network: string, images: string): string {
  return isMixed ? `logits_of(${network}, ${images})` : `${network}(${images})`;
}

function beginCode({ isScaled }: PrecisionParts): string {
  return `class Trainer:
    """Trains the network on the images of this process, in step with the others."""

    def __init__(self, options, process):
        self.process, self.run = process, options.output
        train, test = load_splits(options.data)
        self.images, self.labels = self.placed(*train)
        self.test_images, self.test_labels = self.placed(*test)
        self.sampler = ShardedSampler(len(self.labels), options.limit, process)
        self.total_steps = SETTINGS["epochs"] * self.sampler.steps
        torch.manual_seed(SETTINGS["seed"])
        self.model = Network()
        initialise(self.model)
        if options.weights:
            load_weights(options.weights, self.model)
        if options.sync_batch_norm:
            self.model = nn.SyncBatchNorm.convert_sync_batchnorm(self.model)
        self.model.to(process.device)
        self.optimizer = make_optimizer(self.model)${isScaled ? makeScaler : ''}
        self.epoch, self.step = 0, 0`;
}

function resumeCode({ isScaled }: PrecisionParts): string {
  return `    def placed(self, images, labels):
        return images.to(self.process.device), labels.to(self.process.device)

    def resume(self):
        """Goes on after the newest checkpoint, which only the first process has to see."""
        path = newest_checkpoint(self.run) if self.process.is_first else None
        state = None
        if path is not None:
            progress = load_checkpoint(path, self.model, self.optimizer${isScaled ? ', self.scaler' : ''})
            state = (*progress, self.optimizer.state_dict()${isScaled ? ', self.scaler.state_dict()' : ''})
        state = self.process.share(state)
        if state is None:
            return False
        self.epoch, self.step, slots${isScaled ? ', scaling' : ''} = state
        self.optimizer.load_state_dict(slots)${isScaled ? loadScaler : ''}
        return True`;
}

function epochsCode({ isScaled }: PrecisionParts): string {
  return `    def train(self, recorder):
        network = self.model
        if self.process.count > 1:
            devices = [self.process.device] if self.process.device.type == "cuda" else None
            network = DistributedDataParallel(self.model, device_ids=devices)
        while self.epoch < SETTINGS["epochs"]:
            record = self.train_epoch(network, self.epoch + 1, recorder)
            self.epoch += 1
            recorder.tell("epoch", **record)
            if self.process.is_first:
                file = save_checkpoint(
                    self.run, self.model, self.optimizer, self.epoch, self.step${isScaled ? ', self.scaler' : ''}
                )
                recorder.tell("checkpoint", epoch=self.epoch, file=file)
            self.process.wait()
        recorder.tell("done")`;
}

const epochCode = `    def train_epoch(self, network, epoch, recorder):
        begin = time.perf_counter()
        sums = torch.zeros(1 + len(COUNTED), dtype=torch.float64)
        for indices, whole in self.sampler.batches(epoch):
            figures = self.train_step(network, indices, whole)
            values = dict(zip(["loss", *COUNTED], figures.tolist()))
            recorder.tell("step", step=self.step, epoch=epoch, **values)
            if not math.isfinite(values["loss"]):
                arguments = {"value": str(values["loss"]), "step": self.step}
                recorder.tell("error", code="run/loss-not-finite", args=arguments)
                raise SystemExit(1)
            sums += figures * whole
            self.step += 1
        seconds = time.perf_counter() - begin
        trained = dict(zip(["loss", *COUNTED], (sums / self.sampler.samples).tolist()))
        tested = dict(zip(["valLoss", *VAL_COUNTED], self.evaluate().tolist()))
        rate = learning_rate(self.step - 1, self.sampler.steps, self.total_steps)
        return {
            "epoch": epoch,
            **trained,
            **tested,
            "learningRate": rate,
            "seconds": seconds,
            "samplesPerSecond": self.sampler.samples / seconds,
        }`;

function stepCode(parts: PrecisionParts): string {
  return `    def train_step(self, network, indices, whole):
        """Means over the whole batch, of all processes: loss, then what is counted."""
        self.model.train()
        # Random changes and dropout follow from seed, step and process.
        torch.manual_seed(Random(SETTINGS["seed"], self.step, self.process.rank).next())
        indices = indices.to(self.process.device)
        labels = self.labels[indices]
        logits = ${logitsOf(parts, 'network', 'prepare(self.images[indices])')}
        losses = weighted(losses_of(logits, labels), labels)
        extra = penalty(self.model)
        # Processes average their gradients; each counts for its images in the batch.
        loss = losses.sum() * self.process.count / whole + extra
        set_rate(
            self.optimizer,
            learning_rate(self.step, self.sampler.steps, self.total_steps),
            self.step,
        )
        self.optimizer.zero_grad(set_to_none=True)
${parts.isScaled ? scaledStep : plainStep}
        with torch.no_grad():
            sums = torch.stack([losses.sum(), *counts_of(logits, labels)]).double()
            means = self.process.sum(sums).cpu() / whole
            means[0] += extra.cpu()
        return means`;
}

function evaluateCode(parts: PrecisionParts): string {
  return `    @torch.no_grad()
    def evaluate(self):
        """Means over the test images: the loss alone, then what is counted."""
        self.process.agree(self.model)
        self.model.eval()
        size = max(SETTINGS["batchSize"], min(4 * SETTINGS["batchSize"], 1024))
        count = len(self.test_labels)
        sums = torch.zeros(1 + len(COUNTED), dtype=torch.float64, device=self.process.device)
        own = torch.arange(self.process.rank, count, self.process.count)
        for indices in own.to(self.process.device).split(size):
            labels = self.test_labels[indices]
            logits = ${logitsOf(parts, 'self.model', 'self.test_images[indices].float() / 255')}
            losses = losses_of(logits, labels)
            sums += torch.stack([losses.sum(), *counts_of(logits, labels)]).double()
        return self.process.sum(sums).cpu() / count`;
}

const makeScaler = `
        self.scaler = make_scaler(process.device)`;

const loadScaler = `
        self.scaler.load_state_dict(scaling)`;

const plainStep = `        loss.backward()
        self.optimizer.step()`;

const scaledStep = `        self.scaler.scale(loss).backward()
        self.scaler.step(self.optimizer)
        self.scaler.update()`;

/** The first line, the options, and the whole. */
export function mainCode(parts: PrecisionParts): string {
  return [startCode, wholeCode(parts), callCode].join('\n\n\n');
}

const startCode = `VAL_COUNTED = [f"val{name[0].upper()}{name[1:]}" for name in COUNTED]


def start_record(trainer):
    """Settings and sizes of the run, and what it runs on."""
    return {
        **SETTINGS,
        "totalSteps": trainer.total_steps,
        "stepsPerEpoch": trainer.sampler.steps,
        "trainSamples": len(trainer.sampler.chosen),
        "testSamples": len(trainer.test_labels),
        "runtime": "pytorch",
        "tensorflowVersion": "",
        "torchVersion": torch.__version__,
        "device": str(trainer.process.device),
        "processes": trainer.process.count,
    }


def read_options():
    parser = argparse.ArgumentParser(description="Trains the network of model.py.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the images")
    add_data_options(parser)
    # Not --run, which torchrun would take for its own --run-path.
    parser.add_argument("--output", type=Path, default=Path("run"), help="folder to write to")
    parser.add_argument("--resume", action="store_true", help="go on from its checkpoint")
    parser.add_argument("--weights", type=Path, help="safetensors to begin with")
    parser.add_argument("--epochs", type=int, help="instead of the document's")
    parser.add_argument("--limit", type=int, help="train on that many images only")
    parser.add_argument("--device", choices=["auto", "cpu", "cuda"], default="auto")
    parser.add_argument(
        "--sync-batch-norm",
        action="store_true",
        help="statistics over all processes, on GPUs",
    )
    return parser.parse_args()`;

function wholeCode({ isScaled }: PrecisionParts): string {
  return `def main():
    options = read_options()
    if options.epochs is not None:
        SETTINGS["epochs"] = options.epochs
    if options.output.exists() and any(options.output.iterdir()) and not options.resume:
        raise SystemExit(f"{options.output} is not empty; --resume goes on with it")
    process = Process(options.device)${isScaled ? checkDevice : ''}
    if process.local_rank == 0:
        fetch_data(options)
    process.wait()
    if process.is_first:
        (options.output / "checkpoints").mkdir(parents=True, exist_ok=True)
    process.wait()
    trainer = Trainer(options, process)
    metrics = options.output / "metrics.jsonl"
    is_resumed = options.resume and trainer.resume()
    if process.is_first and is_resumed and metrics.exists():
        trim_metrics(metrics, trainer.epoch, trainer.step)
    elif process.is_first:
        metrics.write_text("", "utf-8")
    recorder = Recorder(metrics, process)
    if is_resumed:
        progress = {"step": trainer.step, "epoch": trainer.epoch}
        length = {"epochs": SETTINGS["epochs"], "totalSteps": trainer.total_steps}
        recorder.tell("resume", **progress, **length)
    else:
        recorder.tell("start", **start_record(trainer))
    trainer.train(recorder)
    process.leave()`;
}

const callCode = `if __name__ == "__main__":
    main()`;

/** Before anything is written. */
const checkDevice = `
    check_device(process.device)`;
