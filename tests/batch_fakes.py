"""A scorer without a trained model, and tables of invented articles, for the tests of batches.

A module of its own, because worker processes must be able to import it.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportedly.assessment.scoring import Scorer
from reportedly.assessment.tables import assess_table
from reportedly.datamodel import Annotated, Assessment, Claim, Document, Risk, SignalScore
from reportedly.errors import InvalidDocument
from reportedly.reading.segmentation import segment

WORDS = tuple(
    word
    for phrase in (
        "the harbour board told a newspaper on Monday that ferries may sail late because an old pump",
        "reportedly failed and nobody had ordered parts for it said engineers who asked not to be named",
    )
    for word in phrase.split()
)


@dataclass(frozen=True)
class FakeScorer:
    """Makes scorers whose risk is the article's length; `seconds` is how long one takes."""

    seconds: float = 0.0
    with_features: bool = False
    version: str = "1"

    def __call__(self) -> Scorer:
        if not self.with_features:
            return Scorer(self.annotate, self.assess)
        return Scorer(self.annotate, self.assess, ("characters",), lambda a: [len(a.text)])

    def identity(self) -> dict[str, Any]:
        return {"fake": self.version, "features": self.with_features}

    def annotate(self, documents: Iterable[Document]) -> Iterator[Annotated]:
        """Yield each document with a claim in every sentence."""
        return map(self._annotated, documents)

    def _annotated(self, document: Document) -> Annotated:
        """Return a document with a claim in every sentence; certain texts cause faults."""
        time.sleep(self.seconds)
        if document.text == "crash":
            raise ZeroDivisionError
        if document.text == "kill worker":
            os._exit(9)
        if document.text == "refuse":
            raise InvalidDocument("refused")
        parts = segment(document)
        claims = tuple(Claim(n, 0.9, True, "none") for n in range(len(parts.sentences)))
        return Annotated(parts, (), (), (), claims)

    def assess(self, annotated: Annotated) -> Assessment:
        """Return an assessment by a fixed rule."""
        return Assessment(
            annotated,
            tuple(SignalScore(n, 1.5, "") for n in ("anonymous_sourcing", "hedging", "unverified_claims")),
            Risk(len(annotated.text) % 101, "low", (0.0, 100.0)),
        )  # fmt: skip


def article(number: int, words: int = 60) -> str:
    """Return the invented article of a number."""
    chance = random.Random(number)
    sentences = [
        " ".join(chance.choices(WORDS, k=12)).capitalize() + "." for _ in range(words // 12)
    ]
    return "\n".join(sentences) + f"\nArticle {number} ends."


def write_table(path: Path, rows: int, words: int = 60) -> Path:
    """Write a JSONL table of invented articles; every hundredth row, from the 50th on, is empty."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(rows):
            text = "" if number % 100 == 50 else article(number, words)
            file.write(json.dumps({"id": f"a{number}", "text": text}) + "\n")
    return path


def main() -> None:
    """Run a batch in a separate process: SOURCE OUTPUT JOBS SECONDS."""
    source, output, jobs, seconds = sys.argv[1:5]
    assess_table(
        source,
        output,
        scorer=FakeScorer(float(seconds)),
        jobs=int(jobs),
        resume=True,
        chunk_rows=10,
    )
