"""Everything that `reportedly` raises on purpose.

::

    ReportedlyError
    ├── InvalidDocument     the text cannot be read as an article
    ├── InvalidCorpus       a labelled corpus or table breaks its schema
    ├── InvalidLexicon      a word list breaks its own rules
    ├── InvalidBundle       a trained bundle is damaged, foreign or unsafe
    ├── InvalidPolicy       a newsroom policy file breaks its schema
    └── InvalidRequest      an option or argument that cannot be served

A message says what was got, what was expected and what to do, in one line.
"""

from collections.abc import Iterable

LONGEST_MESSAGE = 1_500
"""The most characters of a message, which may quote a file name or URL of any length."""


class ReportedlyError(Exception):
    """Base of all errors that a caller may want to catch."""

    def __str__(self) -> str:
        """Return the message, one line whatever it names."""
        line = " ".join(super().__str__().splitlines())
        return (
            line
            if len(line) <= LONGEST_MESSAGE
            else f"{line[: LONGEST_MESSAGE // 2]} … {line[-LONGEST_MESSAGE // 2 :]}"
        )


class InvalidDocument(ReportedlyError):
    """The input cannot be read as an article."""


class InvalidCorpus(ReportedlyError):
    """A labelled corpus or a table of articles breaks its schema."""


class InvalidLexicon(ReportedlyError):
    """A lexicon file breaks its own rules."""


class InvalidBundle(ReportedlyError):
    """A bundle is damaged, of another version, or holds what may not be loaded."""


class InvalidPolicy(ReportedlyError):
    """A newsroom policy file breaks its schema."""


class InvalidRequest(ReportedlyError):
    """An option or argument that cannot be served."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return "; did you mean 'x'?" with the most similar of the known names, to end a message; empty if none is similar."""
    from difflib import get_close_matches  # noqa: PLC0415 - only mistakes pay for it

    near = get_close_matches(name, list(known), 1)
    return f"; did you mean {near[0]!r}?" if near else ""
