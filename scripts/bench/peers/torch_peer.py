"""One training step and whole epochs in PyTorch."""

import contextlib
import os

import torch
from torch.utils.data import DataLoader, Dataset

from images import random_batch, training_images
from measuring import measure_epochs, measure_steps, report
from networks import SIZES
from torch_networks import torch_network

LEARNING_RATE = 0.01


class Trainer:
    """A network with its optimiser, in one precision and one layout."""

    def __init__(self, args):
        torch.set_num_threads(os.cpu_count() or 1)
        self.layout = torch.channels_last if args.channels_last else torch.contiguous_format
        self.model = torch_network(args.network).to(memory_format=self.layout)
        self.optimizer = torch.optim.SGD(self.model.parameters(), LEARNING_RATE)
        self.loss = torch.nn.CrossEntropyLoss()
        self.is_mixed = args.precision == "bf16"

    def precision(self):
        return torch.autocast("cpu", dtype=torch.bfloat16) if self.is_mixed else contextlib.nullcontext()

    def tensors(self, batch) -> tuple[torch.Tensor, torch.Tensor]:
        images, labels = batch
        return torch.from_numpy(images).permute(0, 3, 1, 2).to(memory_format=self.layout), torch.from_numpy(labels)

    def step(self, images: torch.Tensor, labels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Loss and logits of one training step."""
        self.optimizer.zero_grad()
        with self.precision():
            logits = self.model(images)
            loss = self.loss(logits, labels)
        loss.backward()
        self.optimizer.step()
        return loss, logits

    @property
    def parameters(self) -> int:
        return sum(parameter.numel() for parameter in self.model.parameters())


def run_steps(args) -> None:
    trainer = Trainer(args)
    images, labels = trainer.tensors(random_batch(args.batch, SIZES[args.network]))
    others, classes = trainer.tensors(random_batch(args.inference_batch, SIZES[args.network]))

    def infer() -> float:
        trainer.model.eval()
        with torch.inference_mode(), trainer.precision():
            return trainer.loss(trainer.model(others), classes).item()

    figures = measure_steps(lambda: trainer.step(images, labels)[0].item(), infer, args)
    report(trainer.parameters, figures)


class Images(Dataset):
    """Bytes in memory; each image is cast, scaled and augmented when it is asked for."""

    def __init__(self, images, labels, augment: bool):
        self.images = torch.from_numpy(images).permute(0, 3, 1, 2).contiguous()
        self.labels = torch.from_numpy(labels)
        self.augment = augment

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int):
        image = self.images[index].float() / 255
        return (self.augmented(image) if self.augment else image), self.labels[index]

    @staticmethod
    def augmented(image: torch.Tensor) -> torch.Tensor:
        """A flip, and a crop of the image with four pixels around it."""
        height, width = image.shape[1:]
        if torch.rand(()) < 0.5:
            image = image.flip(2)
        top, left = torch.randint(0, 9, (2,)).tolist()
        return torch.nn.functional.pad(image, (4, 4, 4, 4))[:, top : top + height, left : left + width]


def run_epochs(args) -> None:
    trainer = Trainer(args)
    data = Images(*training_images(args.images, args.labels, args.limit, SIZES[args.network]), args.augment)
    loader = DataLoader(
        data, args.batch, shuffle=True, num_workers=args.workers, persistent_workers=args.workers > 0
    )

    def train_epoch() -> float:
        total, right = 0.0, 0
        for images, labels in loader:
            loss, logits = trainer.step(images.to(memory_format=trainer.layout), labels)
            total += loss.item() * len(labels)
            right += int((logits.argmax(1) == labels).sum())
        return total / len(data)

    report(trainer.parameters, measure_epochs(train_epoch, args))
