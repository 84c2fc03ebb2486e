"""The teacher's answers on texts read as in scoring: what the student learns from (needs PyTorch)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from sklearn.decomposition import PCA

from reportedly.annotation.reader.encoder import openings
from reportedly.annotation.reader.learning.articles import (
    ReaderArticle,
    encoder_folder,
    pack_articles,
    word_pieces,
)
from reportedly.annotation.reader.learning.fitting import load_teacher
from reportedly.annotation.reader.learning.network import marks_of, read
from reportedly.annotation.reader.on_tokens import as_reading
from reportedly.annotation.reader.reading import BY_SENTENCE, BY_TOKEN, Reading
from reportedly.datamodel import Segmented
from reportedly.datamodel.arrays import Arrays, Floats32

_VECTOR_DEPTH = 128

_AT_ONCE = 200
"""Documents that are packed and read together."""


def teacher_readings(
    file: Path, documents: Sequence[Segmented], *, device: str = "cpu"
) -> Iterator[Reading]:
    """Yield the reading by the teacher in `file` of each of `documents`, which have no headline."""
    teacher = load_teacher(file).to(torch.device(device))
    folder = encoder_folder()
    marks, pieces = marks_of(folder / "vocab.txt"), word_pieces(folder / "tokenizer.json")
    for low in range(0, len(documents), _AT_ONCE):
        chosen = documents[low : low + _AT_ONCE]
        packed = pack_articles([as_article(one) for one in chosen], pieces)
        found = read(teacher, packed, marks, torch.device(device))
        for number, document in enumerate(chosen):
            yield reading_of(document, packed, found, number)


def as_article(segmented: Segmented) -> ReaderArticle:
    """Return a document as the teacher reads it, without annotation."""
    return ReaderArticle(
        segmented.document.id, "text", segmented.document,
        tuple((s.start, s.end) for s in segmented.sentences), tuple(openings(segmented)),
        tuple((q.start, q.end) for q in segmented.quotations if q.depth == 0),
    )  # fmt: skip


def reading_of(segmented: Segmented, packed: Arrays, found: Arrays, number: int) -> Reading:
    """Return the reading of packed article `number`, on its tokens and sentences."""
    first, last = packed["article_sentences"][number : number + 2]
    low, high = packed["sentence_pieces"][[first, last]]
    own = {n: found[n][first:last] for n in BY_SENTENCE} | {n: found[n][low:high] for n in BY_TOKEN}
    return as_reading(segmented, own, packed["offsets"][low:high])


def encoder_vectors(words: Sequence[str]) -> Floats32:
    """Return the pretrained encoder's vector of each word by itself, ``(words, _VECTOR_DEPTH)``, scaled to length 3."""
    from tokenizers import Tokenizer  # noqa: PLC0415 - comes with the extra `train`
    from transformers import AutoModel  # noqa: PLC0415 - slow to import

    folder = encoder_folder()
    tokeniser = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokeniser.enable_padding()
    model = AutoModel.from_pretrained(folder).eval()
    rows = []
    with torch.inference_mode():
        for low in range(0, len(words), 512):
            batch = tokeniser.encode_batch(list(words[low : low + 512]))
            mask = torch.tensor([e.attention_mask for e in batch])
            states = model(
                input_ids=torch.tensor([e.ids for e in batch]), attention_mask=mask
            ).last_hidden_state
            weight = mask[..., None].float()
            rows.append(((states * weight).sum(1) / weight.sum(1)).numpy())
    vectors = PCA(_VECTOR_DEPTH, random_state=0).fit_transform(np.concatenate(rows))
    vectors *= 3 / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9)
    found: Floats32 = vectors.astype(np.float32)
    return found
