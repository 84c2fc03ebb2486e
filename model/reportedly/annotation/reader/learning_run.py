"""Training the teacher: passes over packed articles, resumable at any checkpoint (PyTorch)."""

from __future__ import annotations

import json
import os
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

from reportedly.annotation.reader.corpus import Arrays, inventory
from reportedly.annotation.reader.learning import (
    Placed,
    Teacher,
    batch_of,
    losses,
    marks_of,
    windows_of,
)

Say = Callable[[str], None]


@dataclass(frozen=True)
class Recipe:
    """How the teacher is trained. `shares` weigh the losses of the heads; `fade` the rate from layer to layer below."""

    passes: int = 4
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
    shares: dict[str, float] = field(
        default_factory=lambda: {
            "answers": 0.12, "support": 0.3, "pointer": 0.2, "antecedent": 0.2,
            "words": 1.0, "tags": 0.5, "hedges": 1.0, "voice": 0.1,
        }
    )  # fmt: skip


class Run:
    """A training run in a folder: what it has learnt so far, and how to go on.

    Parameters
    ----------
    folder
        Keeps ``latest.pt`` (all that a run needs to go on), and ``pass-N.pt`` (weights after a pass).
    encoder
        Folder of the pretrained encoder.
    sets
        Packed articles by name; all are read in each pass.
    recipe, device, say
        How, where, and who hears of it.
    """

    def __init__(
        self,
        folder: Path,
        encoder: Path,
        sets: Sequence[Arrays],
        recipe: Recipe,
        device: torch.device,
        say: Say,
    ) -> None:
        self.folder, self.sets, self.recipe, self.device, self.say = folder, sets, recipe, device, say
        torch.set_num_threads(recipe.threads)
        torch.manual_seed(recipe.seed)
        self.marks = marks_of(encoder / "vocab.txt")
        self.teacher = new_teacher(encoder, recipe).to(device)
        self.optimiser = torch.optim.AdamW(self._groups(), fused=True)
        self.average = {n: p.detach().clone() for n, p in self.teacher.named_parameters()}
        self.done, self.at, self.step = 0, 0, 0
        self.total = 0
        folder.mkdir(parents=True, exist_ok=True)
        self._resume()

    def _groups(self) -> list[dict[str, Any]]:
        """Return the parameters in groups: heads at their rate, the encoder's layers slower the lower they are."""
        recipe, groups = self.recipe, defaultdict(list)
        layers = self.teacher.encoder.config.num_hidden_layers
        for name, parameter in self.teacher.named_parameters():
            if "pooler" in name:
                parameter.requires_grad_(False)
                continue
            depth = 0
            if name.startswith("encoder."):
                part = name.split(".")
                depth = layers - int(part[3]) if part[2] == "layer" else layers + 1
            decayed = parameter.ndim > 1
            groups[depth, decayed].append(parameter)
        return [
            {
                "params": parameters,
                "top": recipe.head_rate if depth == 0 else recipe.rate * recipe.fade ** (depth - 1),
                "weight_decay": recipe.decay if decayed else 0.0,
            }
            for (depth, decayed), parameters in groups.items()
        ]

    def passes(self, after: Callable[[int, Teacher], None]) -> None:
        """Train pass by pass; `after` is given each pass's number and the averaged teacher."""
        while self.done < self.recipe.passes:
            self._one_pass()
            self.done, self.at = self.done + 1, 0
            self._save()
            with self.averaged():
                weights = {n: w.half() for n, w in self.teacher.state_dict().items()}
                _write(self.folder / f"pass-{self.done}.pt", {"weights": weights, "about": self.about()})
                after(self.done, self.teacher)

    def about(self) -> dict[str, Any]:
        """Return what a checkpoint says of itself."""
        return {
            "passes": self.done,
            "recipe": asdict(self.recipe),
            "labels": inventory(),
        }

    def averaged(self) -> _Swapped:
        """Return a context in which the teacher has its averaged weights."""
        return _Swapped(self.teacher, self.average)

    def batches(self, number: int) -> list[tuple[int, list[Placed]]]:
        """Return the batches of a pass: windows cut anew, those of one length together, in an order of its own."""
        rng = np.random.default_rng([self.recipe.seed, number])
        found: list[tuple[int, list[Placed]]] = []
        for which, packed in enumerate(self.sets):
            part = self.recipe.parts[which]
            articles = [n for n in range(len(packed["ids"])) if n % part == number % part]
            placed = windows_of(packed, self.marks, rng, articles)
            size = np.array([len(one.laid.ids) for one in placed]) + rng.random(len(placed)) * 12
            order = np.argsort(size, kind="stable")
            for low in range(0, len(order), self.recipe.batch):
                found.append((which, [placed[i] for i in order[low : low + self.recipe.batch]]))
        return [found[i] for i in rng.permutation(len(found))]

    def _one_pass(self) -> None:
        batches = self.batches(self.done)
        if not self.total:
            self.total = len(batches) * self.recipe.passes
        self.teacher.train()
        began, saved, pieces = time.monotonic(), time.monotonic(), 0
        sums: dict[str, float] = defaultdict(float)
        first = self.at
        for self.at in range(first, len(batches)):
            which, chosen = batches[self.at]
            parts = self._learn(self.sets[which], chosen)
            pieces += sum(len(one.laid.ids) for one in chosen)
            for name, value in parts.items():
                sums[name] = 0.98 * sums[name] + 0.02 * value
            if self.at % 50 == 49:
                spent = time.monotonic() - began
                shown = " ".join(f"{n} {v / (1 - 0.98 ** (self.at + 1 - first)):.3f}" for n, v in sums.items())
                self.say(f"pass {self.done + 1} batch {self.at + 1}/{len(batches)} {spent:.0f} s {pieces / spent:.0f} pieces/s {shown}")
            if time.monotonic() - saved > 300:
                self.at += 1
                self._save()
                saved = time.monotonic()
        spent = time.monotonic() - began
        self.say(f"pass {self.done + 1}: {pieces} pieces in {spent:.0f} s, {pieces / max(spent, 1e-9):.0f} pieces/s")

    def _learn(self, packed: Arrays, chosen: Sequence[Placed]) -> dict[str, float]:
        """Follow the gradient of one batch; return its losses."""
        batch = batch_of(packed, chosen).to(self.device)
        answers = self.teacher(batch, half=self.recipe.half)
        parts = losses(answers, batch, packed)
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
        keep = min(self.recipe.average, (1 + self.step) / (10 + self.step))
        if self.step % 4 == 0:
            with torch.no_grad():
                own = [p.detach() for _, p in self.teacher.named_parameters()]
                torch._foreach_lerp_(list(self.average.values()), own, 1 - keep**4)
        return {name: float(value.detach()) for name, value in parts.items()}

    def _save(self) -> None:
        """Write all that the run needs to go on."""
        state = {
            "teacher": self.teacher.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "average": self.average,
            "random": torch.get_rng_state(),
            "place": (self.done, self.at, self.step, self.total),
            "about": self.about(),
        }
        _write(self.folder / "latest.pt", state)

    def _resume(self) -> None:
        """Go on where ``latest.pt`` stopped, if there is one of the same recipe."""
        file = self.folder / "latest.pt"
        if not file.is_file():
            return
        state = torch.load(file, map_location=self.device, weights_only=True)
        if json.dumps(state["about"]["recipe"]) != json.dumps(asdict(self.recipe)):
            self.say(f"{file} was trained by another recipe: begun anew")
            return
        self.teacher.load_state_dict(state["teacher"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.average = state["average"]
        torch.set_rng_state(state["random"].cpu())
        self.done, self.at, self.step, self.total = state["place"]
        self.say(f"resumed after {self.done} passes and {self.at} batches")


class _Swapped:
    """Gives a network other weights for a while."""

    def __init__(self, network: Teacher, weights: dict[str, torch.Tensor]) -> None:
        self.network, self.weights = network, weights

    def __enter__(self) -> None:
        self.own = {n: p.detach().clone() for n, p in self.network.named_parameters()}
        self._give(self.weights)

    def __exit__(self, *_: object) -> None:
        self._give(self.own)

    def _give(self, weights: dict[str, torch.Tensor]) -> None:
        with torch.no_grad():
            for name, parameter in self.network.named_parameters():
                parameter.copy_(weights[name])


def new_teacher(encoder: Path, recipe: Recipe) -> Teacher:
    """Return a teacher whose encoder is pretrained and whose heads are new."""
    from transformers import AutoModel  # noqa: PLC0415
    from transformers.utils import logging  # noqa: PLC0415

    logging.disable_progress_bar()
    model = AutoModel.from_pretrained(
        encoder, attn_implementation="eager", attention_probs_dropout_prob=0.0
    )
    return Teacher(model, recipe.dropout)


def load_teacher(file: Path, encoder: Path) -> Teacher:
    """Return the teacher of a ``pass-N.pt``."""
    state = torch.load(file, map_location="cpu", weights_only=True)
    teacher = new_teacher(encoder, Recipe())
    teacher.load_state_dict({n: w.float() if w.is_floating_point() else w for n, w in state["weights"].items()})
    return teacher


def _write(file: Path, state: dict[str, Any]) -> None:
    """Write a checkpoint whole or not at all."""
    torch.save(state, file.with_suffix(".part"))
    os.replace(file.with_suffix(".part"), file)
