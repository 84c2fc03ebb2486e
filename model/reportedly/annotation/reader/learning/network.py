"""The teacher: a pretrained encoder with a head for each question of a sentence and of a word piece (PyTorch)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from reportedly.annotation.reader.labels import (
    ANTECEDENT_REACH,
    HEDGES,
    NINE_SUPPORTS,
    POINTER_REACH,
    TAGS,
    WORDS,
    YES_NO,
)
from reportedly.annotation.reader.student import POINTERS
from reportedly.annotation.reader.windows import (
    Laid,
    Marks,
    Window,
    budget_for,
    lay_out_window,
    windows,
)
from reportedly.datamodel.arrays import Arrays
from reportedly.errors import InvalidRequest

try:
    import torch
    from torch import Tensor, nn
    from torch.nn import functional
except ModuleNotFoundError:
    raise InvalidRequest(
        "the reader's teacher needs PyTorch: pip install 'reportedly[train]'"
    ) from None

ANTECEDENTS = ANTECEDENT_REACH + 2
"""Answers of the antecedent head: a number of sentences back, new, farther back."""

_PIECE_HEADS = {"words": len(WORDS), "tags": len(TAGS), "hedges": len(HEDGES), "voice": 1}
_NOWHERE = -1e4


@dataclass
class WindowBatch:
    """A batch of padded windows: `ids`, `mask` and `quoted` (windows, length), and the sentences' places.

    `owner` is each piece's sentence, numbered through the batch, -1 for pieces outside sentences; `begins` are
    places in the flattened pieces; `window` is the window of each sentence. `piece` and `sentence` are numbers in
    the packed arrays.
    """

    ids: Tensor
    mask: Tensor
    quoted: Tensor
    owner: Tensor
    begins: Tensor
    window: Tensor
    piece: Tensor
    sentence: Tensor
    judged: Tensor

    def to(self, device: torch.device) -> WindowBatch:
        """Return the batch on a device."""
        return WindowBatch(*(value.to(device) for value in vars(self).values()))


@dataclass
class Answers:
    """Scores before any softmax: of pieces (windows, length, labels) by head, of sentences (sentences, labels) by head."""

    pieces: dict[str, Tensor]
    sentences: dict[str, Tensor]


class Teacher(nn.Module):  # type: ignore[misc] # PyTorch has no types here
    """An encoder whose states answer all questions at once."""

    def __init__(self, encoder: Any, dropout: float = 0.1) -> None:  # noqa: ANN401 - of transformers
        super().__init__()
        self.encoder = encoder
        width = encoder.config.hidden_size
        with torch.no_grad():  # the second type marks quotations; it starts equal to the first
            types = encoder.embeddings.token_type_embeddings.weight
            types[1] = types[0]
        self.dropout = nn.Dropout(dropout)
        self.pieces = nn.ModuleDict({n: nn.Linear(width, k) for n, k in _PIECE_HEADS.items()})
        wide = 3 * width
        self.sentences = nn.ModuleDict(
            {
                "answers": nn.Linear(wide, len(YES_NO)),
                "support": nn.Linear(wide, len(NINE_SUPPORTS)),
            }
        )
        self.pointer = Pointer(wide, range(-POINTER_REACH, POINTER_REACH + 1))
        self.antecedent = Pointer(wide, range(-1, -ANTECEDENT_REACH - 1, -1))

    def forward(self, batch: WindowBatch, *, half: bool = True) -> Answers:
        """Return the scores of a batch; `half` reads it in bfloat16."""
        with torch.autocast(batch.ids.device.type, torch.bfloat16, enabled=half):
            states = self.encoder(
                input_ids=batch.ids, attention_mask=batch.mask, token_type_ids=batch.quoted
            ).last_hidden_state
        states = states.float()
        vectors = self.dropout(_sentence_vectors(states, batch))
        dropped = self.dropout(states)
        sentences = {name: head(vectors) for name, head in self.sentences.items()}
        sentences["pointer"] = self.pointer(vectors, batch.window)
        sentences["antecedent"] = self.antecedent(vectors, batch.window)
        return Answers({name: head(dropped) for name, head in self.pieces.items()}, sentences)


class Pointer(nn.Module):  # type: ignore[misc]
    """Scores the sentences at `offsets` from each sentence, then the two other answers (none, farther)."""

    def __init__(self, wide: int, offsets: range, width: int = 128) -> None:
        super().__init__()
        self.offsets = list(offsets)
        self.asks, self.answers = nn.Linear(wide, width), nn.Linear(wide, width)
        self.own = nn.Linear(wide, len(self.offsets) + 2)

    def forward(self, vectors: Tensor, window: Tensor) -> Tensor:
        """Return the scores, ``(sentences, offsets + 2)``; sentences beyond the window get a very low one."""
        asks, answers = self.asks(vectors), self.answers(vectors)
        count, numbers = len(vectors), torch.arange(len(vectors), device=vectors.device)
        columns = []
        for offset in self.offsets:
            other = numbers + offset
            inside = other.clamp(0, max(count - 1, 0))
            there = (other == inside) & (window[inside] == window)
            score = (asks * answers[inside]).sum(-1) * asks.shape[1] ** -0.5
            columns.append(torch.where(there, score, score.new_full((), _NOWHERE)))
        own = self.own(vectors)
        near = torch.stack(columns, 1) + own[:, :-2]
        return torch.cat([near, own[:, -2:]], 1)


def _sentence_vectors(states: Tensor, batch: WindowBatch) -> Tensor:
    """Return one row per sentence: the state of its marker, and the mean and maximum of its pieces' states."""
    flat = states.reshape(-1, states.shape[-1])
    owner = batch.owner.reshape(-1)
    inside = owner >= 0
    rows, of = flat[inside], owner[inside]
    count = len(batch.begins)
    index = of[:, None].expand_as(rows)
    empty = flat.new_zeros(count, flat.shape[1])
    mean = empty.scatter_reduce(0, index, rows, "mean", include_self=False)
    most = empty.scatter_reduce(0, index, rows, "amax", include_self=False)
    return torch.cat([flat[batch.begins], mean, most], 1)


# -- windows into batches ---------------------------------------------------------------------------


def marks_of(vocabulary: Path) -> Marks:
    """Return the ids of the marks in a ``vocab.txt``: pieces that never come from text."""
    names = vocabulary.read_text(encoding="utf-8").splitlines()
    return Marks.of(names.index)


@dataclass(frozen=True)
class PlacedWindow:
    """A window of one of the packed articles, laid out."""

    article: int
    window: Window
    laid: Laid


def windows_of(
    packed: Arrays,
    marks: Marks,
    rng: np.random.Generator | None = None,
    articles: Sequence[int] | None = None,
) -> list[PlacedWindow]:
    """Return the windows of packed articles, all or those given; with `rng`, cut at random places for training."""
    chosen = range(len(packed["ids"])) if articles is None else articles
    return [
        PlacedWindow(number, window, _laid(packed, number, window, marks))
        for number in chosen
        for window in _article_windows(packed, number, rng)
    ]


def _article_windows(
    packed: Arrays, number: int, rng: np.random.Generator | None
) -> Sequence[Window]:
    first, last = packed["article_sentences"][number : number + 2]
    lengths = np.diff(packed["sentence_pieces"][first : last + 1]) + 1
    budget = budget_for(_title(packed, number))
    cut = None if rng is None else int(rng.integers(budget // 4, budget + 1))
    return list(windows(lengths.tolist(), budget, first=cut, whole=rng is not None))


def _title(packed: Arrays, number: int) -> list[int]:
    low, high = packed["title_bounds"][number : number + 2]
    title: list[int] = packed["title"][low:high].tolist()
    return title


def _laid(packed: Arrays, number: int, window: Window, marks: Marks) -> Laid:
    first, last = packed["article_sentences"][number : number + 2]
    bounds = packed["sentence_pieces"][first : last + 1]
    pieces = slice(bounds[0], bounds[-1])
    return lay_out_window(
        window, packed["pieces"][pieces].astype(np.int64), bounds - bounds[0],
        packed["quoted"][pieces].astype(np.int64), packed["paragraph_starts"][first:last].tolist(),
        _title(packed, number), marks,
    )  # fmt: skip


def batch_of(packed: Arrays, chosen: Sequence[PlacedWindow]) -> WindowBatch:
    """Return windows of packed articles as one batch."""
    length = max(len(one.laid.ids) for one in chosen)
    shape = (len(chosen), length)
    ids, mask, quoted = (np.zeros(shape, np.int64) for _ in range(3))
    owner, piece = np.full(shape, -1), np.full(shape, -1)
    begins: list[int] = []
    window: list[int] = []
    sentence, judged = [], []
    for row, one in enumerate(chosen):
        laid, size = one.laid, len(one.laid.ids)
        first = int(packed["article_sentences"][one.article])
        ids[row, :size], mask[row, :size], quoted[row, :size] = laid.ids, 1, laid.quoted
        owner[row, :size] = np.where(laid.owner >= 0, laid.owner + len(begins), -1)
        base = int(packed["sentence_pieces"][first])
        piece[row, :size] = np.where(laid.source >= 0, laid.source + base, -1)
        begins += (laid.begins + row * length).tolist()
        shown = range(one.window.first, one.window.last)
        window += [row] * len(shown)
        sentence += [first + n for n in shown]
        judged += [one.window.low <= n < one.window.high for n in shown]
    arrays = (ids, mask, quoted, owner, np.array(begins, np.int64), np.array(window, np.int64))
    more = (piece, np.array(sentence, np.int64), np.array(judged, np.bool_))
    return WindowBatch(*(torch.from_numpy(a) for a in (*arrays, *more)))


# -- losses -----------------------------------------------------------------------------------------


def losses(answers: Answers, batch: WindowBatch, packed: Arrays) -> dict[str, Tensor]:
    """Return the mean loss of each head over what is labelled; 0 where nothing is."""
    device = batch.ids.device
    inside = batch.piece >= 0
    pieces = batch.piece[inside].cpu().numpy()
    sentences = batch.sentence.cpu().numpy()

    def target(name: str, rows: Any) -> Tensor:  # noqa: ANN401 - an index of any kind
        return torch.from_numpy(packed[name][rows].astype(np.int64)).to(device)

    scores = {name: values[inside] for name, values in answers.pieces.items()}
    of = answers.sentences
    return {
        "answers": _yes_no(of["answers"], target("answers", sentences)),
        "support": _allowed(of["support"], target("support", sentences)),
        "pointer": _allowed(of["pointer"], target("pointer", sentences)),
        "antecedent": _allowed(of["antecedent"], target("antecedent", sentences)),
        "words": _yes_no(scores["words"], target("words", pieces)),
        "tags": _allowed(scores["tags"], target("tags", pieces)),
        "hedges": _one(scores["hedges"], target("hedges", pieces)),
        "voice": _yes_no(scores["voice"], target("voice", pieces)[:, None]),
    }


def _yes_no(scores: Tensor, target: Tensor) -> Tensor:
    """Return the cross entropy of yes-or-no answers: summed over questions, averaged over rows that have a label."""
    known = target >= 0
    lost = functional.binary_cross_entropy_with_logits(
        scores, target.clamp(min=0).float(), reduction="none"
    )
    return (lost * known).sum() / known.any(1).sum().clamp(min=1)


def _one(scores: Tensor, target: Tensor) -> Tensor:
    """Return the cross entropy of one label per row; -1 is no label."""
    lost = functional.cross_entropy(scores, target, ignore_index=-1, reduction="sum")
    return lost / (target >= 0).sum().clamp(min=1)


def _allowed(scores: Tensor, bits: Tensor) -> Tensor:
    """Return the negative log-likelihood of the allowed labels together, averaged over rows that allow a label."""
    labels = torch.arange(scores.shape[1], device=scores.device)
    allowed = ((bits[:, None] >> labels) & 1).bool() & (scores > _NOWHERE / 2)
    known = allowed.any(1)
    if not bool(known.any()):
        return scores.sum() * 0
    rows, marks = scores[known], allowed[known]
    inside = rows.masked_fill(~marks, float("-inf")).logsumexp(1)
    return (rows.logsumexp(1) - inside).mean()


# -- reading ----------------------------------------------------------------------------------------


def read(
    teacher: Teacher, packed: Arrays, marks: Marks, device: torch.device, *, half: bool = True
) -> Arrays:
    """Return the probabilities of all heads for packed articles, each sentence judged once.

    By sentence: ``answers``, ``support``, ``pointer``, ``antecedent``; by piece: ``words``, ``tags``, ``hedges``, ``voice``; float16.
    """
    found = {
        "answers": np.zeros((len(packed["answers"]), len(YES_NO)), np.float16),
        "support": np.zeros((len(packed["answers"]), len(NINE_SUPPORTS)), np.float16),
        "pointer": np.zeros((len(packed["answers"]), POINTERS), np.float16),
        "antecedent": np.zeros((len(packed["answers"]), ANTECEDENTS), np.float16),
    } | {
        name: np.zeros((len(packed["pieces"]), count), np.float16)
        for name, count in _PIECE_HEADS.items()
    }
    placed = sorted(windows_of(packed, marks), key=lambda one: len(one.laid.ids))
    teacher.eval()
    with torch.inference_mode():
        for at in range(0, len(placed), 32):
            batch = batch_of(packed, placed[at : at + 32])
            answers = teacher(batch.to(device), half=half)
            _keep(found, answers, batch)
    return found


def _keep(found: Arrays, answers: Answers, batch: WindowBatch) -> None:
    """Write the probabilities of the sentences judged in a batch, and of their pieces, into `found`."""
    judged = batch.judged
    rows = batch.sentence[judged].numpy()
    for name, scores in answers.sentences.items():
        found[name][rows] = _probabilities(name, scores[judged.to(scores.device)])
    here = (batch.piece >= 0) & judged[batch.owner.clamp(min=0)]
    pieces = batch.piece[here].numpy()
    for name, scores in answers.pieces.items():
        found[name][pieces] = _probabilities(name, scores[here.to(scores.device)])


def _probabilities(name: str, scores: Tensor) -> Any:  # noqa: ANN401 - NumPy's, untyped by PyTorch
    yes_no = name in {"answers", "words", "voice"}
    return (scores.sigmoid() if yes_no else scores.softmax(-1)).cpu().numpy().astype(np.float16)
