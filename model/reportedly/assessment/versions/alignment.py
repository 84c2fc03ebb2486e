"""Which sentences of two versions correspond, even if they were moved, split or joined."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportedly.assessment.versions.wording import covered, likeness, shared

_ALIKE = 0.5
"""Share of words in common (Dice) from which two sentences are versions of each other."""
_WITHIN = 0.6
"""Or the share of the shorter one's content words that the other has …"""
_SHARED = 3
"""… if they are at least this many."""
_RARE = 12
"""The most sentences with a word for it to be used in the search for candidates; this keeps the search linear."""
_CANDIDATES = 6


@dataclass(frozen=True, slots=True)
class AlignedRow:
    """One sentence as the alignment sees it: its number, all its words, and those that carry content."""

    number: int
    keys: tuple[str, ...]
    content: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences of the old version, by number, and the sentences of the new one that say the same; either may be empty."""

    old: tuple[int, ...]
    new: tuple[int, ...]


def align(old: Sequence[AlignedRow], new: Sequence[AlignedRow]) -> list[Passage]:
    """Return passages that together have every sentence of both versions once, in the order of the old, then the new.

    Equal sentences are paired first, then the most similar ones; a remaining sentence that
    repeats what one side of a passage lacks is added to that passage (a split, or a merger).
    """
    pairs = dict(_equal(old, new))
    olds = {row.number: row for row in old}
    news = {row.number: row for row in new}
    left_old = [row for row in old if row.number not in pairs]
    taken = set(pairs.values())
    pairs |= _alike(left_old, [row for row in new if row.number not in taken])
    groups = [([i], [j]) for i, j in pairs.items()]
    _join(groups, olds, news)
    placed_old = {i for group, _ in groups for i in group}
    placed_new = {j for _, group in groups for j in group}
    groups += [([i], []) for i in olds if i not in placed_old]
    groups += [([], [j]) for j in news if j not in placed_new]
    passages = [Passage(tuple(sorted(a)), tuple(sorted(b))) for a, b in groups]
    return sorted(passages, key=lambda p: (not p.old, p.old or p.new))


def _equal(old: Sequence[AlignedRow], new: Sequence[AlignedRow]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of equal sentences, the first with the first."""
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for row in reversed(new):
        places[row.keys].append(row.number)
    for row in old:
        if places[row.keys]:
            yield row.number, places[row.keys].pop()


def _alike(old: Sequence[AlignedRow], new: Sequence[AlignedRow]) -> dict[int, int]:
    """Return pairs from the most to the least similar, each sentence once; ties go to sentences at similar places."""
    ranked = []
    for row, other in _candidates(old, new):
        score = likeness(row.keys, other.keys)
        inner = _inner(row.content, other.content)
        if score >= _ALIKE or inner >= _WITHIN:
            ranked.append(
                (-max(score, inner), abs(row.number - other.number), row.number, other.number)
            )
    pairs: dict[int, int] = {}
    taken = set[int]()
    for _, _, i, j in sorted(ranked):
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs


def _inner(a: Sequence[str], b: Sequence[str]) -> float:
    """Return the share of the shorter sentence's content words that the other has; 0 if it has too few to tell."""
    short, long = sorted((a, b), key=len)
    same = shared(short, long)
    return same / len(short) if same >= _SHARED else 0.0


def _candidates(
    old: Sequence[AlignedRow], new: Sequence[AlignedRow]
) -> Iterator[tuple[AlignedRow, AlignedRow]]:
    """Yield pairs of sentences that share their rarest words, a few for each sentence."""
    where = _index(new)
    for row in old:
        votes: Counter[int] = Counter()
        for key in sorted(set(row.content or row.keys)):
            places = where.get(key, ())
            for place in places:
                votes[place] += _RARE // len(places)
        for place, _ in votes.most_common(_CANDIDATES):
            yield row, new[place]


def _index(rows: Sequence[AlignedRow]) -> dict[str, list[int]]:
    """Return the sentences of each word that only few sentences have."""
    where: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        for key in sorted(set(row.content or row.keys)):
            where[key].append(place)
    return {key: places for key, places in where.items() if len(places) <= _RARE}


def _join(
    groups: list[tuple[list[int], list[int]]],
    olds: dict[int, AlignedRow],
    news: dict[int, AlignedRow],
) -> None:
    """Add remaining sentences to the passage whose other side says the same and whose own side does not."""
    for side, mine, theirs in ((1, news, olds), (0, olds, news)):
        placed = {n for group in groups for n in group[side]}
        rest = [
            AlignedRow(k, (), tuple(_left(group, 1 - side, theirs, side, mine)))
            for k, group in enumerate(groups)
        ]
        where = _index(rest)
        for number, row in mine.items():
            if number not in placed:
                best = _home(row, rest, where)
                if best is not None:
                    groups[best][side].append(number)


def _left(
    group: tuple[list[int], list[int]],
    theirs: int,
    their_rows: dict[int, AlignedRow],
    mine: int,
    my_rows: dict[int, AlignedRow],
) -> Iterator[str]:
    """Yield the content words of one side of a passage that the other side lacks."""
    have = Counter(key for n in group[mine] for key in my_rows[n].content)
    for n in group[theirs]:
        for key in their_rows[n].content:
            if have[key]:
                have[key] -= 1
            else:
                yield key


def _home(row: AlignedRow, rest: Sequence[AlignedRow], where: dict[str, list[int]]) -> int | None:
    """Return the passage whose unmatched words a sentence repeats, if there is one."""
    places = {place for key in set(row.content) for place in where.get(key, ())}
    scored = [
        (covered(row.content, rest[place].content), -place)
        for place in places
        if shared(row.content, rest[place].content) >= _SHARED
    ]
    score, place = max(scored, default=(0.0, 0))
    return -place if score >= _WITHIN - 0.1 else None
