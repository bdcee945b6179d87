/** What a run tells and keeps, in Python: lines of metrics and checkpoints. */
import type { PrecisionParts } from './precision-code';

/** What a run tells, and what it keeps. */
export function recordCode(parts: PrecisionParts): string {
  return [recorderCode, savingCode(parts), findingCode, loadingCode(parts), trimmingCode].join('\n\n\n');
}

const recorderCode = `class Recorder:
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
    return {name: value.contiguous() for name, value in state.items() if value.is_floating_point()}`;

function savingCode({ isScaled }: PrecisionParts): string {
  return `def save_checkpoint(run, model, optimizer, epoch, step${isScaled ? ', scaler' : ''}):
    """Weights under their names, and the optimiser's values as NAME/VALUE behind them."""
    tensors = weights_of(model)
    for name, parameter in model.named_parameters():
        for key, value in optimizer.state.get(parameter, {}).items():
            if torch.is_tensor(value):
                tensors[f"{name}/{key}"] = value.contiguous()
    counters = {"epoch": str(epoch), "step": str(step), "seed": str(SETTINGS["seed"])}${isScaled ? keepScaler : ''}
    file = f"checkpoints/epoch-{epoch}.safetensors"
    metadata = {"format": "pt", **counters}
    write_atomically(run / file, lambda path: save_file(tensors, path, metadata))
    weights = weights_of(model)
    write_atomically(
        run / "weights.safetensors", lambda path: save_file(weights, path, metadata)
    )
    return file`;
}

const findingCode = `def load_weights(path, model):
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
    return max(found)[1] if found else None`;

function loadingCode({ isScaled }: PrecisionParts): string {
  return `def load_checkpoint(path, model, optimizer${isScaled ? ', scaler' : ''}):
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
        counters = file.metadata()${isScaled ? takeScaler : ''}
    return int(counters["epoch"]), int(counters["step"])`;
}

const trimmingCode = `def trim_metrics(path, epoch, step):
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

const keepScaler = `
    counters["lossScaling"] = json.dumps(scaler.state_dict())`;

const takeScaler = `
    scaler.load_state_dict(json.loads(counters["lossScaling"]))`;
