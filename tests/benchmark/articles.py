"""Articles for measuring speed: the project's own invented ones, shuffled into any number and length."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SEED = 20
_CORPUS = ROOT / "data" / "corpus" / "articles.jsonl"


def articles(count: int, characters: int = 4000) -> list[str]:
    """Return `count` articles of about `characters` characters, always the same ones.

    Each is made of whole paragraphs drawn from the invented articles under ``data/``.
    """
    chance = random.Random(SEED)
    stock = list(paragraphs())
    return [_article(stock, characters, chance) for _ in range(count)]


def folder_articles(folder: Path) -> list[str]:
    """Return the text files in `folder` and its subfolders, in the order of their names."""
    paths = sorted(path for path in folder.rglob("*.txt") if path.is_file())
    return [path.read_text(encoding="utf-8", errors="replace") for path in paths]


def paragraphs() -> Iterator[str]:
    """Yield the paragraphs of the invented articles."""
    texts = [
        path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "data" / "examples").glob("*.txt"))
    ]
    if _CORPUS.is_file():
        lines = _CORPUS.read_text(encoding="utf-8").splitlines()
        texts += [json.loads(line)["text"] for line in lines]
    for text in texts:
        yield from filter(None, (line.strip() for line in text.splitlines()))


def _article(stock: list[str], characters: int, chance: random.Random) -> str:
    """Return paragraphs drawn from `stock` until they reach about the requested length."""
    lines: list[str] = []
    length = 0
    while length < characters:
        lines.append(chance.choice(stock))
        length += len(lines[-1]) + 2
    return "\n\n".join(lines)
