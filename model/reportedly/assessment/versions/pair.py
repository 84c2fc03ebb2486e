"""One passage in both versions, and how its words changed: the input of every function that finds changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from reportedly.assessment.versions.alignment import Passage
from reportedly.assessment.versions.change import Change
from reportedly.assessment.versions.version import Version
from reportedly.assessment.versions.wording import (
    Edit,
    Word,
    compared_words,
    content_of,
    edits_between,
)
from reportedly.datamodel import ANONYMOUS_CLASSES, BACKING_CLASSES, IDENTIFIED_CLASSES, Source
from reportedly.datamodel.payload import gist
from reportedly.lexicons.loader import words_of


@dataclass(frozen=True)
class Pair:
    """A passage of two versions; one side is empty if nothing in that version says the same."""

    old: Version
    new: Version
    passage: Passage

    def change(self, kind: str, message: str, old: str, new: str) -> Change:
        """Return a change of this passage, with the words before and after."""
        return Change(kind, message, old, new, self.passage.old, self.passage.new)

    @cached_property
    def old_words(self) -> list[Word]:
        """The words of the old side."""
        return self.old.words(self.passage.old)

    @cached_property
    def new_words(self) -> list[Word]:
        """The words of the new side."""
        return self.new.words(self.passage.new)

    @cached_property
    def old_keys(self) -> frozenset[str]:
        """The keys by which the old side's words are compared."""
        return frozenset(w.key for w in self.old_words)

    @cached_property
    def new_keys(self) -> frozenset[str]:
        """The keys by which the new side's words are compared."""
        return frozenset(w.key for w in self.new_words)

    @cached_property
    def _compared(self) -> tuple[list[Edit], float]:
        edits, alike = edits_between(self.old_words, self.new_words)
        return [e for e in edits if not e.respelled], alike

    @property
    def edits(self) -> list[Edit]:
        """What changed, except other spellings of the same words."""
        return self._compared[0]

    @property
    def alike(self) -> float:
        """How similar the two sides are, from 0 to 1."""
        return self._compared[1]

    @property
    def both(self) -> bool:
        """Whether both versions have the passage, in different words."""
        return bool(self.passage.old and self.passage.new and self.edits)

    @cached_property
    def gone(self) -> list[Source]:
        """The sources of the old side that the new side neither quotes nor mentions."""
        return _without(
            self.old.sources(self.passage.old), self.new.sources(self.passage.new), self.new_keys
        )

    @cached_property
    def came(self) -> list[Source]:
        """The sources of the new side that the old side neither quotes nor mentions."""
        return _without(
            self.new.sources(self.passage.new), self.old.sources(self.passage.old), self.old_keys
        )

    @cached_property
    def support_came(self) -> list[str]:
        """The identifiable sources that support the new side and did not support the old one."""
        found = [s.label for s in self.came if s.source_class in BACKING_CLASSES]
        if (
            not found
            and has_record(self.new, self.passage.new)
            and not has_record(self.old, self.passage.old)
        ):
            found = ["a document"]
        return found

    def quote_old(self) -> str:
        """Return the old side's words, cut if they are long."""
        return gist(self.old.quote(self.passage.old))

    def quote_new(self) -> str:
        """Return the new side's words, cut if they are long."""
        return gist(self.new.quote(self.passage.new))


def _without(
    sources: Sequence[Source], others: Sequence[Source], keys: frozenset[str]
) -> list[Source]:
    return [
        s for s in sources if not mentioned(s, keys) and not any(same_source(s, o) for o in others)
    ]


@lru_cache(maxsize=4096)
def label_words(label: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the capitalised words of a source's label, without its article, and its content words."""
    words = list(compared_words(label, 0, len(label)))
    content = set(content_of(words))
    names = [w.key for w in words if label[w.start].isupper() and w.key in content and not w.figure]
    return tuple(names), tuple(w.key for w in words if w.key in content)


def mentioned(source: Source, keys: Iterable[str]) -> bool:
    """Tell whether words mention a source: by its last name, or, without a name, by all content words of its label."""
    names, content = label_words(source.label)
    if source.source_class in IDENTIFIED_CLASSES and names:
        return names[-1] in keys
    return bool(content) and all(key in keys for key in content)


def same_source(a: Source, b: Source) -> bool:
    """Tell by their labels whether ledger lines of two versions are the same source."""
    if a.label.casefold() == b.label.casefold():
        return True
    (names, content), (other_names, others) = label_words(a.label), label_words(b.label)
    if names and other_names and {a.source_class, b.source_class} <= IDENTIFIED_CLASSES:
        return names[-1] in other_names or other_names[-1] in names
    named, other_named = (
        s.source_class in IDENTIFIED_CLASSES and bool(n) for s, n in ((a, names), (b, other_names))
    )
    if named != other_named and {a.source_class, b.source_class} & ANONYMOUS_CLASSES:
        return False
    shorter = min(len(content), len(others))
    return shorter > 0 and len({*content} & {*others}) > shorter / 2


def mid_sentence(label: str) -> str:
    """Return a label as it is written inside a sentence: *a lorry driver* for *A lorry driver*."""
    first = label.split(" ", 1)[0]
    return (
        label[:1].lower() + label[1:]
        if first.lower() in words_of("revisions", "function")
        else label
    )


def has_record(version: Version, numbers: Sequence[int]) -> bool:
    """Tell whether sentences rest on a document: as a source, or by words that show it or say that it was seen."""
    documents = any(s.source_class == "document" for s in version.sources(numbers))
    return documents or "record" in version.duties(numbers)
