"""The reader's probabilities for a document, one row per sentence or per token."""

from __future__ import annotations

from dataclasses import dataclass, fields

from reportedly.datamodel.arrays import Arrays, Floats32


@dataclass(frozen=True, slots=True)
class Reading:
    """The reader's probabilities for the sentences and tokens of a document without its headline.

    By sentence: `answers` ``(sentences, YES_NO)``, `support` ``(sentences, NINE_SUPPORTS)``, `pointer` ``(sentences, POINTERS)``.
    By token: `tags` ``(tokens, TAGS)``, `words` ``(tokens, WORDS)``, `hedges` ``(tokens, HEDGES)`` and `voice`
    ``(tokens, 1)``, the probability that a hedge there is in a source's words. See
    :mod:`reportedly.annotation.reader.labels` for the columns.
    """

    answers: Floats32
    support: Floats32
    pointer: Floats32
    tags: Floats32
    words: Floats32
    hedges: Floats32
    voice: Floats32

    def arrays(self) -> Arrays:
        """Return the probabilities by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def until(self, sentence: int, token: int) -> Reading:
        """Return the rows of the sentences and tokens before these."""
        rows = {name: getattr(self, name)[:sentence] for name in BY_SENTENCE}
        return Reading(**rows, **{name: getattr(self, name)[:token] for name in BY_TOKEN})


BY_SENTENCE = ("answers", "support", "pointer")
BY_TOKEN = ("tags", "words", "hedges", "voice")
