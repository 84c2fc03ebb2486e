"""A folder of corrected articles as annotation: who says what in them, without hedges, claims or furniture.

A person who corrects a ledger has read it, so its other lines count as right. The annotation is the ledger that was corrected,
as kept in the file, with the corrections applied; it does not depend on the bundle that reads the article now.
"""

from __future__ import annotations

from bisect import bisect_right
from pathlib import Path

from reportedly.corpora.gold import NOBODY, GoldArticle, GoldAttribution, GoldSentence
from reportedly.datamodel import Document
from reportedly.datamodel.corrections import (
    CORRECTIONS_SUFFIX,
    Corrections,
    LedgerLine,
    LedgerStatement,
    read_corrections,
)
from reportedly.datamodel.text import Segmented
from reportedly.errors import InvalidCorpus, ReportedlyError
from reportedly.reading import read_file
from reportedly.reading.furniture import find_furniture
from reportedly.reading.segmentation import segment

Kept = list[tuple[str, str, LedgerStatement]]


def corrections_in(folder: Path) -> list[Path]:
    """Return the files of corrections in a folder, sorted by name."""
    return sorted(folder.glob(f"*{CORRECTIONS_SUFFIX}"))


def read_corrected(folder: Path) -> list[GoldArticle]:
    """Return the corrected articles of a folder, annotated with the source of each statement.

    Raises
    ------
    InvalidCorpus
        When an article is missing, or its text is not the one that was corrected.
    """
    found = []
    for path in corrections_in(folder):
        article = path.with_name(path.name.removesuffix(CORRECTIONS_SUFFIX))
        try:
            made = read_corrections(path)
            document = read_file(article)
        except ReportedlyError as error:
            raise InvalidCorpus(str(error)) from None
        if not made.fits(document.text):
            raise InvalidCorpus(
                f"{path}: was made for another version of the text; correct the article again"
            )
        found.append(corrected_article(document, made))
    return found


def corrected_article(document: Document, made: Corrections) -> GoldArticle:
    """Return a corrected article: each statement in the sentence in which it begins, by its line of the corrected ledger."""
    parts = segment(document, find_furniture)
    starts = [sentence.start for sentence in parts.sentences]
    said: list[list[GoldAttribution]] = [[] for _ in starts]
    for key, source_class, statement in _statements(made):
        at = max(0, bisect_right(starts, statement.start) - 1)
        source, cue = (_within(part, parts, at) for part in (statement.source, statement.cue))
        given = GoldAttribution(source_class, source, cue, key)
        if given not in said[at]:
            said[at].append(given)
    sentences = tuple(
        GoldSentence(s.span, furniture=s.furniture and not given, attributions=tuple(given))
        for s, given in zip(parts.sentences, said, strict=True)
    )
    return GoldArticle(document, sentences, {"annotated": "sources"})


def _within(words: str, parts: Segmented, at: int) -> str:
    """Return `words` if sentence `at` has them in one piece; otherwise an empty string."""
    return words if words in parts.sentences[at].span.of(parts.text) else ""


def _statements(made: Corrections) -> Kept:
    """Return the statements of a corrected ledger, each with the key and the class of its line, in the text's order."""
    lines: dict[str, LedgerLine | None] = {line.id: line for line in made.lines}
    classes: dict[str, str] = {line.id: line.source_class for line in made.lines}
    key = {line.id: line.id for line in made.lines}
    for correction in made.corrections:
        line = key[correction.line]
        if correction.action == "wrong":
            lines[line] = None
        elif correction.action == "class":
            classes[line] = correction.to
        elif correction.action == "merge":
            gone = {key[other] for other in correction.others}
            key = {name: line if now in gone else now for name, now in key.items()}
    kept = [
        (_entity(key[line.id], classes[key[line.id]], line), classes[key[line.id]], statement)
        for line in made.lines
        if lines[key[line.id]] is not None
        for statement in line.statements
    ]
    return sorted(kept, key=lambda row: (row[2].start, row[2].end))


def _entity(key: str, source_class: str, line: LedgerLine) -> str:
    """Return the entity key of a line; hearsay without a source has no key of its own."""
    nobody = source_class == "vague" and line.label.startswith("(")
    return NOBODY if nobody else key
