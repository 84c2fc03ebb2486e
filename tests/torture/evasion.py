"""Tricks that hide words from a program, and how far each moves signals and risk.

``python -m tests.torture.evasion [--every N] [--write]`` measures over ``data/examples`` and ``data/corpus`` with the bundle
that ships, prints the table, and writes it into docs/reliability.md.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import reportedly
from reportedly.assessment.assessor import Assessor
from reportedly.corpora.tables import load_own
from reportedly.datamodel import Assessment, Document

DATA = Path(__file__).parent.parent.parent / "data"
SIGNALS = ("anonymous_sourcing", "hedging", "unverified_claims")
_LATIN = str.maketrans("aceiopsxyABCEHKMOPTX", "асеіорѕхуАВСЕНКМОРТХ")
_BOLD = {ord("a") + n: 0x1D41A + n for n in range(26)} | {
    ord("A") + n: 0x1D400 + n for n in range(26)
}
_WIDE = {n: n + 0xFEE0 for n in range(ord("A"), ord("z") + 1) if chr(n).isalpha()}
_CURLS = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})
_WORD = re.compile(r"[A-Za-z]{4,}")


def _inside(mark: str) -> Callable[[str], str]:
    """Return a trick that puts `mark` in the middle of every word of four letters or more."""

    def trick(text: str) -> str:
        return _WORD.sub(lambda m: m[0][: len(m[0]) // 2] + mark + m[0][len(m[0]) // 2 :], text)

    return trick


def _words(change: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: _WORD.sub(lambda m: change(m[0]), text)


def _spaced(text: str) -> str:
    return re.sub(r"(?<=\S) (?=\S)", "\u00a0 ", text)


def _split(text: str) -> str:
    """Return `text` with a line break after every ninth word."""
    words = re.split(r"(?<=\S) (?=\S)", text)
    return "".join(w + ("\n" if n % 9 == 8 else " ") for n, w in enumerate(words)).rstrip(" ")


def _wrapped(text: str) -> str:
    """Return `text` wrapped at 72 columns, with paragraphs on new lines but no blank line between them."""
    lines = (line for line in text.split("\n") if line.strip())
    return "\n".join(textwrap.fill(line, 72, break_on_hyphens=False) for line in lines)


TRICKS: dict[str, Callable[[str], str]] = {
    "zero-width spaces in words": _inside("\u200b"),
    "soft hyphens in words": _inside("\u00ad"),
    "word joiners in words": _inside("\u2060"),
    "look-alike letters": _words(lambda word: word.translate(_LATIN)),
    "mathematical bold letters": _words(lambda word: word.translate(_BOLD)),
    "full-width letters": _words(lambda word: word.translate(_WIDE)),
    "struck-through letters": _words("\u0336".join),
    "direction marks around words": _words(lambda word: f"\u2066{word}\u2069"),
    "no-break and double spaces": _spaced,
    "straight quotation marks": lambda text: text.translate(_CURLS),
    "no quotation marks": lambda text: re.sub('[“”"]', "", text),
    "ALL CAPS": str.upper,
    "no capitals": str.lower,
    "lines wrapped at 72 columns": _wrapped,
    "a line break after every ninth word": _split,
    "letters spaced o u t": _words(" ".join),
    "digits for letters (s4id)": _words(lambda w: w[0] + w[1:].replace("a", "4").replace("e", "3")),
}
"""What an evader does to a text, by name."""

SEEN_THROUGH = tuple(TRICKS)[:8]
"""The tricks that change nothing, because they are undone."""


def articles() -> Iterator[Document]:
    """Yield the project's own articles."""
    for path in sorted((DATA / "examples").glob("*.txt")):
        yield reportedly.read_file(path)
    frame = load_own(DATA / "corpus")
    for row in frame.itertuples():
        yield Document(str(row.text), str(row.title), str(row.id))


def scores(found: Assessment) -> dict[str, float | None]:
    """Return the three signals and the risk."""
    return {s.name: s.score for s in found.signals} | {"risk": found.risk.score}


def measure(every: int = 1) -> Iterator[tuple[str, dict[str, float], int, int]]:
    """Yield each trick with the mean absolute change of each score, risks withheld, and texts with a notice.

    `every` takes each n-th article alone.
    """
    assessor = Assessor()
    documents = list(articles())[::every]
    before = [scores(assessor.assess(d)) for d in documents]
    for name, trick in TRICKS.items():
        moved: dict[str, list[float]] = {key: [] for key in (*SIGNALS, "risk")}
        withheld = noticed = 0
        for document, old in zip(documents, before, strict=True):
            tricked = Document(trick(document.text), document.title, document.id)
            found = assessor.assess(tricked)
            new = scores(found)
            noticed += bool(found.notices)
            withheld += new["risk"] is None and old["risk"] is not None
            for key, values in moved.items():
                a, b = old[key], new[key]
                if a is not None and b is not None:
                    values.append(b - a)
        yield (
            name,
            {k: statistics.fmean(map(abs, v)) if v else 0.0 for k, v in moved.items()},
            withheld,
            noticed,
        )


def table(every: int = 1) -> str:
    """Return the table in Markdown."""
    count = len(list(articles())[::every])
    lines = [
        f"| trick on all {count} texts | anonymous sourcing | hedging | unverified claims | risk | risk withheld | noticed |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name, moved, withheld, noticed in measure(every):
        cells = " | ".join(f"{moved[key]:.1f}" for key in (*SIGNALS, "risk"))
        lines.append(f"| {name} | {cells} | {withheld} | {noticed} |")
    return "\n".join(lines)


def main() -> int:
    """Measure and print; write if asked to."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture.evasion", description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="take each n-th article alone")
    parser.add_argument("--write", action="store_true", help="write the table into the page")
    options = parser.parse_args()
    shown = table(options.every)
    sys.stdout.write(shown + "\n")
    if options.write:
        from tests.torture.__main__ import write  # noqa: PLC0415 - heavy the other way round

        write("evasion", shown)
    return 0


if __name__ == "__main__":
    sys.exit(main())
