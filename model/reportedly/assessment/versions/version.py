"""One version of an article as input of a comparison: sentences with their words, sources, hedges and duties."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from reportedly.annotation.sources.anonymity import find_grants
from reportedly.assessment.versions.alignment import AlignedRow
from reportedly.assessment.versions.wording import Word, compared_words, content_of
from reportedly.datamodel import Annotated, Attribution, Hedge, Source
from reportedly.datamodel.statements import unclear_statements
from reportedly.lexicons.loader import load


@cache
def _duties() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the patterns of what a sentence can do for an article, compiled at first use."""
    entries = load("revisions").entries
    return tuple((e.attributes["kind"], e.matcher()) for e in entries if e.pattern)


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One sentence of a version; `duties` are the kinds of ``revisions.toml`` that its words match."""

    number: int
    start: int
    end: int
    paragraph: int
    words: tuple[Word, ...]
    duties: frozenset[str]


@dataclass(frozen=True, slots=True)
class Version:
    """One version: its text, the sentences that are compared, and what the detectors found in each.

    `notes` are the sentences of correction notes, which are not aligned. `said` holds the
    attributions of each sentence, by its number, with their ledger lines, `where` the sentences in
    which each ledger line speaks, by its id, and `reasons` the sentences that give a reason for anonymity.
    `unclear` are the sentences with a statement whose source is unclear. `keys` are the keys of all words, and `names` the words that form one whole name.
    """

    annotated: Annotated
    lines: dict[int, VersionLine]
    notes: tuple[VersionLine, ...]
    said: dict[int, list[tuple[Attribution, Source]]]
    hedges: dict[int, list[Hedge]]
    reasons: frozenset[int]
    unclear: frozenset[int]
    keys: frozenset[str]
    names: tuple[frozenset[str], ...]
    where: dict[str, tuple[int, ...]]

    @property
    def text(self) -> str:
        """The version's text."""
        return self.annotated.text

    def words(self, numbers: Iterable[int]) -> list[Word]:
        """Return the words of these sentences, in order."""
        return [word for n in numbers for word in self.lines[n].words]

    def sources(self, numbers: Iterable[int]) -> list[Source]:
        """Return the ledger lines that speak in these sentences, each once."""
        found = {source.id: source for n in numbers for _, source in self.said.get(n, ())}
        return list(found.values())

    def duties(self, numbers: Iterable[int]) -> frozenset[str]:
        """Return the duties that these sentences fulfil."""
        return frozenset().union(*(self.lines[n].duties for n in numbers))

    def quote(self, numbers: Iterable[int]) -> str:
        """Return the words of these sentences in one line."""
        return " ".join(
            " ".join(self.text[self.lines[n].start : self.lines[n].end].split()) for n in numbers
        )

    def rows(self) -> list[AlignedRow]:
        """Return the sentences as input of the alignment."""
        return [
            AlignedRow(n, tuple(w.key for w in line.words), tuple(content_of(line.words)))
            for n, line in self.lines.items()
        ]


def read_version(annotated: Annotated) -> Version:
    """Return an annotated article as a version to compare."""
    lines = _lines(annotated)
    kept = [i for i, s in enumerate(annotated.segmented.sentences) if not s.furniture]
    notes = _notes(lines)
    noted = {line.number for line in notes}
    grants = find_grants(annotated.segmented)
    hedges: dict[int, list[Hedge]] = defaultdict(list)
    for hedge in annotated.hedges:
        hedges[_at(annotated, hedge.start)].append(hedge)
    compared = {i: lines[i] for i in kept if i not in noted}
    said = _said(annotated)
    return Version(
        annotated=annotated,
        lines=compared,
        notes=notes,
        said=said,
        hedges=dict(hedges),
        reasons=frozenset(g.sentence for g in grants if g.reason != "none"),
        unclear=frozenset(one.sentence for one in unclear_statements(annotated)),
        keys=frozenset(w.key for line in compared.values() for w in line.words),
        names=tuple(_names(compared.values())),
        where=_where(said, compared),
    )


def _where(
    said: dict[int, list[tuple[Attribution, Source]]], lines: dict[int, VersionLine]
) -> dict[str, tuple[int, ...]]:
    found: dict[str, dict[int, None]] = defaultdict(dict)
    for number, rows in said.items():
        for _, source in rows:
            if number in lines:
                found[source.id][number] = None
    return {key: tuple(sorted(numbers)) for key, numbers in found.items()}


def _names(lines: Iterable[VersionLine]) -> set[frozenset[str]]:
    """Return the names that are side by side, such as a person's first name and surname."""
    found = set()
    for line in lines:
        run: list[Word] = []
        for word in (*line.words, None):
            if run and (word is None or not word.name or word.start - run[-1].end > 1):
                found.add(frozenset(w.key for w in run))
                run = []
            if word is not None and word.name:
                run.append(word)
    return {run for run in found if len(run) > 1}


def _at(annotated: Annotated, offset: int) -> int:
    sentences = annotated.segmented.sentences
    return max(0, bisect_right(sentences, offset, key=lambda s: s.start) - 1)


def _lines(annotated: Annotated) -> list[VersionLine]:
    """Return every sentence with its words; a word that is a name elsewhere is a name here too."""
    text = annotated.text
    sentences = annotated.segmented.sentences
    words = [list(compared_words(text, s.start, s.end)) for s in sentences]
    names = {w.key for row in words for w in row if w.name}
    quoted = [q.span for q in annotated.segmented.quotations if q.depth == 0]
    found, q = [], 0
    for number, (sentence, row) in enumerate(zip(sentences, words, strict=True)):
        marked = []
        for word in row:
            while q < len(quoted) and quoted[q].end <= word.start:
                q += 1
            inside = q < len(quoted) and quoted[q].start <= word.start
            name = word.name or (word.key in names and text[word.start].isupper())
            marked.append(replace(word, name=name, quoted=inside))
        passage = text[sentence.start : sentence.end]
        duties = frozenset(kind for kind, pattern in _duties() if pattern.search(passage))
        found.append(
            VersionLine(
                number, sentence.start, sentence.end, sentence.paragraph, tuple(marked), duties
            )
        )
    return found


def _notes(lines: Sequence[VersionLine]) -> tuple[VersionLine, ...]:
    """Return the sentences of correction notes: one that announces it, and what follows in its paragraph."""
    found: list[VersionLine] = []
    for line in lines:
        goes_on = bool(found) and found[-1].number == line.number - 1
        if "correction" in line.duties or (goes_on and found[-1].paragraph == line.paragraph):
            found.append(line)
    return tuple(found)


def _said(annotated: Annotated) -> dict[int, list[tuple[Attribution, Source]]]:
    """Return the attributions of each sentence: the sentence that holds their reporting words."""
    ledger = {source.id: source for source in annotated.sources}
    found: dict[int, list[tuple[Attribution, Source]]] = defaultdict(list)
    for attribution in annotated.attributions:
        source = ledger.get(attribution.source_id or "")
        spans = attribution.cue or attribution.source
        if source is not None and spans:
            found[_at(annotated, spans[0].start)].append((attribution, source))
    return dict(found)
