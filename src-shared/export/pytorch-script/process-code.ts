/** Processes that train together, and how they share the images, in Python. */
import { randomCode } from '../python/random-code';

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
export const orderCode = `${randomCode}


class ShardedSampler:
    """The images of one process in every step.

    A batch is the same however many processes there are: each takes every count-th image
    of it. A last batch that is too small for all of them is left out.
    """

    def __init__(self, available, limit, process):
        self.seed, self.batch_size = SETTINGS["seed"], SETTINGS["batchSize"]
        self.chosen = Random(self.seed, 0).permutation(available)[:limit]
        self.process = process
        smallest = process.count * MINIMUM_BATCH
        if self.batch_size < smallest:
            raise SystemExit(f"so many processes need batches of {smallest} images or more")
        if self.batch_size > len(self.chosen):
            raise SystemExit(f"a batch has {self.batch_size} images, there are {len(self.chosen)}")
        rest = len(self.chosen) % self.batch_size
        has_rest = rest >= smallest
        self.steps = len(self.chosen) // self.batch_size + (1 if has_rest else 0)
        self.samples = len(self.chosen) - (0 if has_rest else rest)

    def batches(self, epoch):
        """Indices for this process, and how many images the whole batch has."""
        places = Random(self.seed, epoch).permutation(len(self.chosen))
        order = torch.tensor([self.chosen[place] for place in places])[: self.samples]
        for batch in order.split(self.batch_size):
            yield batch[self.process.rank :: self.process.count], len(batch)`;
