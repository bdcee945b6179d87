/** The fixed rest of the script: processes, order of images, metrics, checkpoints, loop and options. */

/** Which process this is, on which device; torchrun says so in the environment. */
export const processCode = `class Process:
    """This process among those that train together."""

    def __init__(self, device):
        self.rank = int(os.environ.get("RANK", 0))
        self.count = int(os.environ.get("WORLD_SIZE", 1))
        self.local_rank = int(os.environ.get("LOCAL_RANK", 0))
        has_gpu = torch.cuda.is_available() if device == "auto" else device == "cuda"
        self.device = torch.device("cuda", self.local_rank) if has_gpu else torch.device("cpu")
        if has_gpu:
            torch.cuda.set_device(self.device)
        if self.count > 1:
            dist.init_process_group("nccl" if has_gpu else "gloo")

    @property
    def is_first(self):
        return self.rank == 0

    def sum(self, values):
        """Of all processes together."""
        if self.count > 1:
            dist.all_reduce(values)
        return values

    def wait(self):
        """Until all processes are here."""
        if self.count > 1:
            dist.barrier()

    def share(self, value):
        """What the first process has, for all."""
        box = [value]
        if self.count > 1:
            dist.broadcast_object_list(box, 0)
        return box[0]

    def agree(self, model):
        """Statistics of batch normalisation become those of the first process."""
        if self.count > 1:
            for buffer in model.buffers():
                dist.broadcast(buffer, 0)

    def leave(self):
        if self.count > 1:
            dist.destroy_process_group()`;

/** The order in which Layerloom trains: the same images in the same batches. */
export const orderCode = `class Random:
    """sfc32 (Chris Doty-Humphrey): the same keys give the same numbers as in Layerloom."""

    def __init__(self, *keys):
        state = 0x9E3779B9
        for key in keys:
            state = self.mix(state ^ self.mix(key + len(keys)))
        self.a, self.b, self.c = state, self.mix(state + 1), self.mix(state + 2)
        self.counter = 1
        for _ in range(15):
            self.next()

    @staticmethod
    def mix(key):
        key &= 0xFFFFFFFF
        key = ((key ^ key >> 16) * 0x85EBCA6B) & 0xFFFFFFFF
        key = ((key ^ key >> 13) * 0xC2B2AE35) & 0xFFFFFFFF
        return key ^ key >> 16

    def next(self):
        """From 0 to 2^32 - 1."""
        result = (self.a + self.b + self.counter) & 0xFFFFFFFF
        self.counter = (self.counter + 1) & 0xFFFFFFFF
        self.a = self.b ^ self.b >> 9
        self.b = (self.c + (self.c << 3)) & 0xFFFFFFFF
        turned = (self.c << 21 | self.c >> 11) & 0xFFFFFFFF
        self.c = (turned + result) & 0xFFFFFFFF
        return result

    def below(self, limit):
        """From 0 to limit - 1, all equally likely."""
        complete = 2**32 - 2**32 % limit
        value = self.next()
        while value >= complete:
            value = self.next()
        return value % limit

    def permutation(self, length):
        """The numbers from 0 to length - 1 in random order."""
        order = [0] * length
        for index in range(1, length):
            other = self.below(index + 1)
            order[index] = order[other]
            order[other] = index
        return order


class ShardedSampler:
    """The images of one process in every step.

    A batch is the same however many processes there are: each takes every count-th image
    of it. A last batch with fewer than \`minimum\` images for a process is left out.
    """

    def __init__(self, available, limit, process, minimum):
        self.seed, self.batch_size = SETTINGS["seed"], SETTINGS["batchSize"]
        self.chosen = Random(self.seed, 0).permutation(available)[:limit]
        self.process = process
        if self.batch_size < process.count * minimum:
            raise SystemExit(f"{process.count} processes need a batch of {minimum} images each")
        if self.batch_size > len(self.chosen):
            raise SystemExit(f"a batch has {self.batch_size} images, there are {len(self.chosen)}")
        rest = len(self.chosen) % self.batch_size
        has_rest = rest >= process.count * minimum
        self.steps = len(self.chosen) // self.batch_size + (1 if has_rest else 0)
        self.samples = len(self.chosen) - (0 if has_rest else rest)

    def batches(self, epoch):
        """Indices for this process, and how many images the whole batch has."""
        places = Random(self.seed, epoch).permutation(len(self.chosen))
        order = torch.tensor([self.chosen[place] for place in places])[: self.samples]
        for batch in order.split(self.batch_size):
            yield batch[self.process.rank :: self.process.count], len(batch)`;

/** What a run tells, and what it keeps. */
export const recordCode = `class Recorder:
    """Tells what happens, one JSON object in a line; the first process alone does."""

    def __init__(self, path, process):
        self.file = open(path, "a", encoding="utf-8") if process.is_first else None

    def tell(self, event, **values):
        if self.file is None:
            return
        for name, value in values.items():
            if isinstance(value, float):
                values[name] = float(f"{value:.9g}") if math.isfinite(value) else None
        line = json.dumps({"event": event, **values}, separators=(",", ":"))
        print(line, flush=True)
        self.file.write(f"{line}\\n")
        self.file.flush()


def write_atomically(path, write):
    """A name only ever stands for a whole file."""
    temporary = path.with_name(f"{path.name}.tmp")
    write(temporary)
    with open(temporary, "rb+") as file:
        os.fsync(file.fileno())
    os.replace(temporary, path)


def weights_of(model):
    """The state dict without counters, which nothing here needs."""
    state = model.state_dict()
    return {name: value.contiguous() for name, value in state.items() if value.is_floating_point()}


def save_checkpoint(run, model, optimizer, epoch, step):
    """Weights under their names, and the optimiser's values as NAME/VALUE behind them."""
    tensors = weights_of(model)
    for name, parameter in model.named_parameters():
        for key, value in optimizer.state.get(parameter, {}).items():
            if torch.is_tensor(value):
                tensors[f"{name}/{key}"] = value.contiguous()
    counters = {"epoch": str(epoch), "step": str(step), "seed": str(SETTINGS["seed"])}
    file = f"checkpoints/epoch-{epoch}.safetensors"
    metadata = {"format": "pt", **counters}
    write_atomically(run / file, lambda path: save_file(tensors, path, metadata))
    weights = weights_of(model)
    write_atomically(
        run / "weights.safetensors", lambda path: save_file(weights, path, metadata)
    )
    return file


def load_weights(path, model):
    """Weights of an export or of a checkpoint."""
    tensors = {name: value for name, value in load_file(path).items() if "/" not in name}
    missing, unexpected = model.load_state_dict(tensors, strict=False)
    missing = [name for name in missing if not name.endswith("num_batches_tracked")]
    if missing or unexpected:
        raise SystemExit(f"{path} belongs to another network: {missing[:3] + unexpected[:3]}")


def newest_checkpoint(run):
    """Its path; None where there is none."""
    found = []
    for path in (run / "checkpoints").glob("epoch-*.safetensors"):
        number = path.stem.removeprefix("epoch-")
        if number.isdigit():
            found.append((int(number), path))
    return max(found)[1] if found else None


def load_checkpoint(path, model, optimizer):
    """Weights and the optimiser's values; gives the epochs and steps that were done."""
    load_weights(path, model)
    parameters = dict(model.named_parameters())
    for name, value in load_file(path).items():
        owner, slash, key = name.rpartition("/")
        if slash and owner in parameters:
            # Counters stay where PyTorch wants them.
            parameter = parameters[owner]
            kept = value if value.dim() == 0 else value.to(parameter.device)
            optimizer.state[parameter][key] = kept
    with safe_open(path, framework="pt") as file:
        counters = file.metadata()
    return int(counters["epoch"]), int(counters["step"])


def trim_metrics(path, epoch, step):
    """Takes lines back that will be written again."""
    kept = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            record = json.loads(line)
        except json.JSONDecodeError:
            continue
        is_step = record["event"] == "step" and record["step"] < step
        is_epoch = record["event"] in ("epoch", "checkpoint") and record["epoch"] <= epoch
        if is_step or is_epoch or record["event"] in ("start", "resume", "warning"):
            kept.append(f"{line}\\n")
    write_atomically(path, lambda temporary: temporary.write_text("".join(kept), "utf-8"))`;

export interface LoopParts {
  readonly hasClassWeights: boolean;
  /** Smallest batch that a process can train on. */
  readonly minimumBatch: number;
  readonly canDownload: boolean;
}

/** The training itself, and what may be said on the command line. */
export function loopCode({ hasClassWeights, minimumBatch, canDownload }: LoopParts): string {
  const weights = hasClassWeights
    ? `
        losses = losses * class_weights_of(labels)`
    : '';
  return `class Trainer:
    """Trains the network on the images of this process, in step with the others."""

    def __init__(self, options, process):
        self.process, self.run = process, options.run
        self.images, self.labels = self.load(options.data, "train")
        self.test_images, self.test_labels = self.load(options.data, "test")
        self.sampler = ShardedSampler(len(self.labels), options.limit, process, ${minimumBatch})
        self.total_steps = SETTINGS["epochs"] * self.sampler.steps
        torch.manual_seed(SETTINGS["seed"])
        self.model = Network()
        initialise(self.model)
        if options.weights:
            load_weights(options.weights, self.model)
        if options.sync_batch_norm:
            self.model = nn.SyncBatchNorm.convert_sync_batchnorm(self.model)
        self.model.to(process.device)
        self.optimizer = make_optimizer(self.model)
        self.epoch, self.step = 0, 0

    def load(self, folder, split):
        images, labels = load_split(folder, split)
        return images.to(self.process.device), labels.to(self.process.device)

    def resume(self):
        """Goes on after the newest checkpoint, which only the first process has to see."""
        path = newest_checkpoint(self.run) if self.process.is_first else None
        state = None
        if path is not None:
            progress = load_checkpoint(path, self.model, self.optimizer)
            state = (*progress, self.optimizer.state_dict())
        state = self.process.share(state)
        if state is None:
            return False
        self.epoch, self.step, slots = state
        self.optimizer.load_state_dict(slots)
        return True

    def train(self, recorder):
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
                    self.run, self.model, self.optimizer, self.epoch, self.step
                )
                recorder.tell("checkpoint", epoch=self.epoch, file=file)
            self.process.wait()
        recorder.tell("done")

    def train_epoch(self, network, epoch, recorder):
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
        }

    def train_step(self, network, indices, whole):
        """Means over the whole batch, of all processes: loss, then what is counted."""
        self.model.train()
        # Random changes and dropout follow from seed, step and process.
        torch.manual_seed(Random(SETTINGS["seed"], self.step, self.process.rank).next())
        indices = indices.to(self.process.device)
        labels = self.labels[indices]
        logits = network(prepare(self.images[indices]))
        losses = losses_of(logits, labels)${weights}
        extra = penalty(self.model)
        # Processes average their gradients; each counts for its images in the batch.
        loss = losses.sum() * self.process.count / whole + extra
        set_rate(
            self.optimizer,
            learning_rate(self.step, self.sampler.steps, self.total_steps),
            self.step,
        )
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        with torch.no_grad():
            sums = torch.stack([losses.sum(), *counts_of(logits, labels)]).double()
            means = self.process.sum(sums).cpu() / whole
            means[0] += extra.cpu()
        return means

    @torch.no_grad()
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
            logits = self.model(self.test_images[indices].float() / 255)
            losses = losses_of(logits, labels)
            sums += torch.stack([losses.sum(), *counts_of(logits, labels)]).double()
        return self.process.sum(sums).cpu() / count


VAL_COUNTED = [f"val{name[0].upper()}{name[1:]}" for name in COUNTED]


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
${
  canDownload
    ? `    parser.add_argument("--download", action="store_true", help="fetch what is missing")
`
    : ''
}    parser.add_argument("--run", type=Path, default=Path("run"), help="folder to write to")
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
    return parser.parse_args()


def main():
    options = read_options()
    if options.epochs is not None:
        SETTINGS["epochs"] = options.epochs
    if options.run.exists() and any(options.run.iterdir()) and not options.resume:
        raise SystemExit(f"{options.run} is not empty; --resume goes on with it")
    process = Process(options.device)
${
  canDownload
    ? `    if options.download and process.local_rank == 0:
        download(options.data)
`
    : ''
}    process.wait()
    if process.is_first:
        (options.run / "checkpoints").mkdir(parents=True, exist_ok=True)
    process.wait()
    trainer = Trainer(options, process)
    metrics = options.run / "metrics.jsonl"
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
    process.leave()


if __name__ == "__main__":
    main()`;
}
