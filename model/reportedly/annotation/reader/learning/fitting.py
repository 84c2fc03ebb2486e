"""Train the teacher: passes over packed articles, resumable at any checkpoint (needs PyTorch)."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from reportedly.annotation.reader.learning.articles import encoder_folder, inventory, keep
from reportedly.annotation.reader.learning.network import (
    PlacedWindow,
    Teacher,
    batch_of,
    losses,
    marks_of,
    read,
    windows_of,
)
from reportedly.corpora.leaks import Log
from reportedly.datamodel.arrays import Arrays
from reportedly.datamodel.whole_files import whole_file
from reportedly.errors import InvalidRequest

Checkpoint = dict[str, Any]

_SAVED_EVERY = 300
"""Seconds between checkpoints within a pass."""

_SAID_EVERY = 50
"""Batches between lines about the losses."""

_AVERAGED_EVERY = 4
"""Steps between updates of the averaged weights."""

READ = ("dev", "tune", "polnear_dev")
"""Sets that are read after each pass; the readings are stored."""


@dataclass(frozen=True)
class Recipe:
    """How the teacher is trained.

    `rate` is the learning rate of the encoder's last layer, and each layer below has `fade` times its upper one's;
    rates rise over the first share `warm` of all steps and fall to 0. `average` is the decay of the averaged
    weights per step. A pass reads one article in ``parts[n]`` of the n-th set, different ones each time. `shares`
    weight the losses of the heads. `half` computes in bfloat16. From the weights after pass `branched`, `branches`
    further runs with other seeds are trained, and the teacher is the mean of all their weights (Wortsman et al. 2022,
    "Model soups").
    """

    passes: int = 6
    batch: int = 8
    rate: float = 1.5e-4
    head_rate: float = 1e-3
    fade: float = 0.9
    decay: float = 0.01
    warm: float = 0.08
    clip: float = 1.0
    dropout: float = 0.1
    average: float = 0.998
    parts: tuple[int, ...] = (1, 2)
    threads: int = 2
    seed: int = 0
    half: bool = True
    branches: int = 2
    branched: int = 3
    shares: dict[str, float] = field(
        default_factory=lambda: {
            "answers": 0.12, "support": 0.3, "pointer": 0.2, "antecedent": 0.2,
            "words": 1.0, "tags": 0.5, "hedges": 2.0, "voice": 0.1,
        }
    )  # fmt: skip


def train_teacher(
    sets: dict[str, Arrays], folder: Path, recipe: Recipe, device: str, say: Log, *, tune: bool
) -> Path:
    """Train the teacher in `folder`, resuming if it was stopped; after each pass it reads the sets in ``READ``.

    With `tune` the articles that choose thresholds are held out; without it the teacher learns from them too. Returns
    the file of the weights.
    """
    names = ["train", "polnear"] + ([] if tune else ["tune"])
    chosen = [sets[name] for name in names]
    run = Run(folder, chosen, recipe, device_of(device), say)
    run.passes(lambda number: _read_and_keep(run, sets, f"read-{number}"))
    files = [folder / f"pass-{recipe.passes}.pt"]
    for number in range(1, recipe.branches + 1):
        own = replace(recipe, seed=recipe.seed + number)
        branch = Run(folder / f"branch-{number}", chosen, own, run.device, say)
        branch.start_from(folder / f"pass-{recipe.branched}.pt", recipe.branched)
        branch.passes(lambda _: None)
        files.append(branch.folder / f"pass-{recipe.passes}.pt")
    whole = folder / "teacher.pt"
    _write(whole, {"weights": mean_weights(files), "about": run.about()})
    run.teacher = load_teacher(whole).to(run.device)
    _read_and_keep(run, sets, "read")
    return whole


def train_apart(
    sets: dict[str, Arrays],
    folder: Path,
    left_out: frozenset[str],
    *,
    passes: int,
    seed: int,
    device: str,
    say: Log,
) -> None:
    """Train a teacher in `folder` without the training articles `left_out`; each pass reads a quarter of PolNeAR."""
    recipe = Recipe(passes=passes, seed=seed, parts=(1, 4), branches=0)
    chosen = [sets["train"], sets["polnear"]]
    run = Run(folder, chosen, recipe, device_of(device), say, left_out)
    run.passes(lambda _: None)


def _read_and_keep(run: Run, sets: dict[str, Arrays], name: str) -> None:
    """Write what the teacher of a run reads in the sets in ``READ``."""
    for part in READ:
        found = read(run.teacher, sets[part], run.marks, run.device)
        keep(run.folder / f"{name}-{part}.npz", found)


def mean_weights(files: Sequence[Path]) -> Checkpoint:
    """Return the mean of the weights in several checkpoints, in half precision like theirs."""
    states = [torch.load(file, map_location="cpu", weights_only=True)["weights"] for file in files]
    return {
        name: torch.stack([state[name].float() for state in states]).mean(dim=0).half()
        if first.is_floating_point()
        else first
        for name, first in states[0].items()
    }


def device_of(name: str) -> torch.device:
    """Return the device of this name; ``auto`` is a GPU if there is one.

    Raises
    ------
    InvalidRequest
        When a GPU is asked for and there is none.
    """
    there = torch.cuda.is_available()
    if name == "cuda" and not there:
        raise InvalidRequest("--device cuda: PyTorch finds no GPU; expected cpu or auto")
    return torch.device("cuda" if there and name != "cpu" else "cpu")


class Run:
    """A training run in a folder, which can be stopped and resumed.

    Parameters
    ----------
    folder
        Keeps ``latest.pt`` (all that a run needs to go on), and ``pass-N.pt`` (averaged weights after a pass).
    sets
        Packed articles; ``recipe.parts`` says how much of each a pass reads.
    recipe, device, say
        How to train, on which device, and what prints progress.
    left_out
        The articles from which it does not learn.

    Raises
    ------
    InvalidRequest
        When the folder holds a run with another recipe.
    """

    def __init__(
        self,
        folder: Path,
        sets: Sequence[Arrays],
        recipe: Recipe,
        device: torch.device,
        say: Log,
        left_out: frozenset[str] = frozenset(),
    ) -> None:
        self.left_out = left_out
        self.folder, self.sets, self.recipe, self.device, self.say = (
            folder, sets, recipe, device, say,
        )  # fmt: skip
        torch.set_num_threads(recipe.threads)
        torch.manual_seed(recipe.seed)
        encoder = encoder_folder()
        self.marks = marks_of(encoder / "vocab.txt")
        self.teacher = new_teacher(encoder, recipe.dropout).to(device)
        self.optimiser = torch.optim.AdamW(self._groups(), fused=True)
        self.average = {n: p.detach().clone() for n, p in self.teacher.named_parameters()}
        self.done, self.at, self.step, self.total = 0, 0, 0, 0
        self.saved = time.monotonic()
        folder.mkdir(parents=True, exist_ok=True)
        self._resume()

    def _groups(self) -> list[dict[str, Any]]:
        """Return the parameters in groups: heads at their rate, the encoder's layers at lower rates the deeper they are."""
        groups: dict[tuple[int, bool], list[Any]] = defaultdict(list)
        layers = self.teacher.encoder.config.num_hidden_layers
        for name, parameter in self.teacher.named_parameters():
            if "pooler" in name:  # unused parameter
                parameter.requires_grad_(False)
            else:
                groups[_depth(name, layers), parameter.ndim > 1].append(parameter)
        recipe = self.recipe
        return [
            {
                "params": parameters,
                "top": recipe.head_rate if not depth else recipe.rate * recipe.fade ** (depth - 1),
                "weight_decay": recipe.decay if decayed else 0.0,
            }
            for (depth, decayed), parameters in groups.items()
        ]

    def passes(self, after: Callable[[int], None]) -> None:
        """Train pass by pass; call `after` with each pass's number while the teacher has its averaged weights."""
        while self.done < self.recipe.passes:
            self._one_pass()
            self.done, self.at = self.done + 1, 0
            with self.averaged():
                weights = {n: w.half() for n, w in self.teacher.state_dict().items()}
                _write(
                    self.folder / f"pass-{self.done}.pt",
                    {"weights": weights, "about": self.about()},
                )
                after(self.done)
            self._save()

    def start_from(self, file: Path, passes: int) -> None:
        """Start from another run's weights after `passes` passes; a run that has begun continues instead."""
        if self.step:
            return
        _give(
            self.teacher, torch.load(file, map_location=self.device, weights_only=True)["weights"]
        )
        self.average = {n: p.detach().clone() for n, p in self.teacher.named_parameters()}
        batches = len(self.batches(passes))
        self.done, self.step, self.total = passes, passes * batches, self.recipe.passes * batches

    def about(self) -> dict[str, Any]:
        """Return the description that a checkpoint stores."""
        return {"passes": self.done, "recipe": asdict(self.recipe), "labels": inventory()}

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """Give the teacher its averaged weights inside a `with` block."""
        own = {n: p.detach().clone() for n, p in self.teacher.named_parameters()}
        _give(self.teacher, self.average)
        try:
            yield
        finally:
            _give(self.teacher, own)

    def batches(self, number: int) -> list[tuple[int, list[PlacedWindow]]]:
        """Return the batches of a pass: windows cut again, sorted by length into batches, in a new random order."""
        rng = np.random.default_rng([self.recipe.seed, number])
        found: list[tuple[int, list[PlacedWindow]]] = []
        for which, (packed, part) in enumerate(zip(self.sets, self.recipe.parts, strict=True)):
            articles = [
                n
                for n, name in enumerate(packed["ids"].tolist())
                if n % part == number % part and name not in self.left_out
            ]
            placed = windows_of(packed, self.marks, rng, articles)
            size = np.array([len(one.laid.ids) for one in placed]) + rng.random(len(placed)) * 12
            order, many = np.argsort(size, kind="stable"), self.recipe.batch
            found.extend(
                (which, [placed[i] for i in order[low : low + many]])
                for low in range(0, len(order), many)
            )
        return [found[i] for i in rng.permutation(len(found))]

    def _one_pass(self) -> None:
        """Train on the rest of a pass."""
        batches = self.batches(self.done)
        self.total = self.total or len(batches) * self.recipe.passes
        self.teacher.train()
        pace = _Pace(f"pass {self.done + 1}", len(batches), self.say)
        for which, chosen in batches[self.at :]:
            parts = self._learn(self.sets[which], chosen)
            self.at += 1
            pace.tell(self.at, sum(len(one.laid.ids) for one in chosen), parts)
            if time.monotonic() - self.saved > _SAVED_EVERY:
                self._save()
        pace.finish()

    def _learn(self, packed: Arrays, chosen: Sequence[PlacedWindow]) -> dict[str, float]:
        """Take one gradient step on a batch; return its losses."""
        batch = batch_of(packed, chosen).to(self.device)
        parts = losses(self.teacher(batch, half=self.recipe.half), batch, packed)
        total = sum(self.recipe.shares[name] * value for name, value in parts.items())
        self.optimiser.zero_grad(set_to_none=True)
        total.backward()
        torch.nn.utils.clip_grad_norm_(self.teacher.parameters(), self.recipe.clip)
        self.step += 1
        share = self.step / self.total
        slope = min(1.0, share / self.recipe.warm) * max(0.0, 1 - share)
        for group in self.optimiser.param_groups:
            group["lr"] = group["top"] * slope
        self.optimiser.step()
        if self.step % _AVERAGED_EVERY == 0:
            self._follow()
        return {name: float(value.detach()) for name, value in parts.items()}

    def _follow(self) -> None:
        """Move the averaged weights towards the current ones."""
        kept = min(self.recipe.average, (1 + self.step) / (10 + self.step)) ** _AVERAGED_EVERY
        own = [p.detach() for p in self.teacher.parameters()]
        with torch.no_grad():
            torch._foreach_lerp_(list(self.average.values()), own, 1 - kept)

    def _save(self) -> None:
        """Write everything that the run needs to resume."""
        state = {
            "teacher": self.teacher.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "average": self.average,
            "random": torch.get_rng_state(),
            "place": (self.done, self.at, self.step, self.total),
            "about": self.about(),
        }
        _write(self.folder / "latest.pt", state)
        self.saved = time.monotonic()

    def _resume(self) -> None:
        """Continue from ``latest.pt``, if there is one."""
        file = self.folder / "latest.pt"
        if not file.is_file():
            return
        state = torch.load(file, map_location=self.device, weights_only=True)
        then, now = (json.dumps(r) for r in (state["about"]["recipe"], asdict(self.recipe)))
        if then != now:
            raise InvalidRequest(
                f"{file}: trained with another recipe ({then}); expected {now}: "
                "give another --name, or delete the folder"
            )
        self.teacher.load_state_dict(state["teacher"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.average = state["average"]
        torch.set_rng_state(state["random"].cpu())
        self.done, self.at, self.step, self.total = state["place"]
        self.say(f"resumed after {self.done} passes and {self.at} batches")


class _Pace:
    """Reports the speed of a pass and the running means of its losses."""

    def __init__(self, name: str, batches: int, say: Log) -> None:
        self.name, self.batches, self.say = name, batches, say
        self.began, self.pieces, self.told = time.monotonic(), 0, 0
        self.sums: dict[str, float] = defaultdict(float)

    def tell(self, at: int, pieces: int, parts: dict[str, float]) -> None:
        """Count a batch and its losses."""
        self.pieces, self.told = self.pieces + pieces, self.told + 1
        for name, value in parts.items():
            self.sums[name] += value
        if self.told == _SAID_EVERY:
            means = " ".join(f"{n} {v / self.told:.3f}" for n, v in self.sums.items())
            self.say(f"{self.name} batch {at} of {self.batches}, {self._rate()}: {means}")
            self.sums.clear()
            self.told = 0

    def finish(self) -> None:
        """Report the speed of the pass."""
        self.say(f"{self.name}: {self.pieces} pieces, {self._rate()}")

    def _rate(self) -> str:
        return f"{self.pieces / max(time.monotonic() - self.began, 1e-9):.0f} pieces/s"


def new_teacher(encoder: Path, dropout: float = 0.1) -> Teacher:
    """Return a teacher whose encoder is pretrained and whose heads are new."""
    from transformers import AutoModel  # noqa: PLC0415 - slow to import
    from transformers.utils import logging  # noqa: PLC0415

    logging.disable_progress_bar()
    # dropout of attention takes a third of the time of a step on two cores
    model = AutoModel.from_pretrained(
        encoder, attn_implementation="eager", attention_probs_dropout_prob=0.0
    )
    return Teacher(model, dropout)


def load_teacher(file: Path) -> Teacher:
    """Return the teacher of a ``pass-N.pt``."""
    state = torch.load(file, map_location="cpu", weights_only=True)
    teacher = new_teacher(encoder_folder())
    weights = {n: w.float() if w.is_floating_point() else w for n, w in state["weights"].items()}
    teacher.load_state_dict(weights)
    return teacher


def _depth(name: str, layers: int) -> int:
    """Return how many layers a parameter is below the heads: 0 for them, 1 for the encoder's last layer."""
    if not name.startswith("encoder."):
        return 0
    parts = name.split(".")
    return layers - int(parts[3]) if parts[2] == "layer" else layers + 1


def _give(network: Teacher, weights: Checkpoint) -> None:
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            parameter.copy_(weights[name])


def _write(file: Path, state: Checkpoint) -> None:
    """Write a checkpoint; an interrupted write leaves no partial file."""
    with whole_file(file) as part:
        torch.save(state, part)
