"""Export the teacher for scoring: NumPy arrays, matrices in bytes, a vocabulary without rare pieces (needs PyTorch)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from reportedly.annotation.reader.encoder import Encoder, in_bytes
from reportedly.annotation.reader.learning.articles import encoder_folder
from reportedly.annotation.reader.learning.fitting import load_teacher
from reportedly.annotation.reader.learning.network import Teacher
from reportedly.annotation.reader.windows import MARK_PIECES
from reportedly.annotation.reader.word_pieces import WordPieces
from reportedly.datamodel.arrays import Arrays

PIECES = 24_000
"""The number of pieces that are kept, the most frequent ones."""

_LINEAR = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "o": "attention.output.dense", "in": "intermediate.dense", "out": "output.dense",
}  # fmt: skip
_NORMS = {"norm1": "attention.output.LayerNorm", "norm2": "output.LayerNorm"}
_HEADS = {
    **{n: f"pieces.{n}" for n in ("tags", "words", "hedges", "voice")},
    "answers": "sentences.answers", "support": "sentences.support",
    "asks": "pointer.asks", "replies": "pointer.answers", "own": "pointer.own",
}  # fmt: skip


def exported(files: Sequence[Path], texts: Iterable[str], pieces: int = PIECES) -> list[Encoder]:
    """Return the teachers in `files` as encoders that need only NumPy, with the most frequent `pieces` of `texts`."""
    names = (encoder_folder() / "vocab.txt").read_text(encoding="utf-8").splitlines()
    kept = commonest(names, texts, pieces)
    encoders = []
    for file in files:
        arrays = weights_of(load_teacher(file))
        arrays["words"] = arrays["words"][kept]
        encoders.append(Encoder(tuple(names[n] for n in kept), packed(arrays)))
    return encoders


def commonest(names: Sequence[str], texts: Iterable[str], pieces: int) -> list[int]:
    """Return the sorted numbers of the marks, of all single letters, and of the most frequent other pieces."""
    cutter = WordPieces(names)
    seen = Counter(number for text in texts for number in cutter.cut(text)[0])
    always = [n for n, name in enumerate(names) if len(name.removeprefix("##")) == 1]
    always += [names.index(name) for name in (*MARK_PIECES, "[UNK]")]
    common = sorted(seen, key=lambda number: (-seen[number], number))
    chosen = dict.fromkeys([*always, *common])
    return sorted(list(chosen)[: max(pieces, len(set(always)))])


def weights_of(teacher: Teacher) -> Arrays:
    """Return the weights of a teacher by the names of :class:`~reportedly.annotation.reader.encoder.Encoder`."""
    state = {name: tensor.float().cpu().numpy() for name, tensor in teacher.state_dict().items()}
    embeddings = "encoder.embeddings"
    arrays = {
        "words": state[f"{embeddings}.word_embeddings.weight"],
        "places": state[f"{embeddings}.position_embeddings.weight"],
        "types": state[f"{embeddings}.token_type_embeddings.weight"],
        **_both("norm", state, f"{embeddings}.LayerNorm"),
    }
    layers = sum(name.endswith("attention.self.query.weight") for name in state)
    for layer in range(layers):
        at = f"encoder.encoder.layer.{layer}"
        for name, place in _LINEAR.items():
            arrays[f"{layer}.{name}"] = state[f"{at}.{place}.weight"].T
            arrays[f"{layer}.{name}.b"] = state[f"{at}.{place}.bias"]
        for name, place in _NORMS.items():
            arrays |= _both(f"{layer}.{name}", state, f"{at}.{place}")
    for name, place in _HEADS.items():
        arrays |= {f"{name}.w": state[f"{place}.weight"].T, f"{name}.b": state[f"{place}.bias"]}
    return arrays


def _both(name: str, state: Mapping[str, np.ndarray], place: str) -> Arrays:
    return {f"{name}.w": state[f"{place}.weight"], f"{name}.b": state[f"{place}.bias"]}


def packed(arrays: Arrays) -> Arrays:
    """Return weights as they are stored: the layers' matrices and the pieces' vectors in bytes, all else in half precision."""
    kept: Arrays = {}
    for name, array in arrays.items():
        if name == "words":
            kept[name], kept[f"{name}.scale"] = in_bytes(array, axis=1)
        elif name.rsplit(".", 1)[-1] in _LINEAR:
            kept[name], kept[f"{name}.scale"] = in_bytes(array)
        else:
            kept[name] = array.astype(np.float16)
    return kept
