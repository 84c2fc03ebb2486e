"""The claims of an article to check, in the order in which to check them: what every worklist shows."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from reportedly.datamodel.annotation import Annotated, Claim, Standing

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_STEM = 5
"""How many first letters of a word its inflections are taken to share."""

_SHORT = 3
"""Words of up to this many letters are ignored in comparing claims, except numbers."""

_ALIKE = 0.7
"""Share of words in common (Dice) from which two sentences make the same claim."""

_WITHIN, _ENOUGH = 0.6, 5
"""Share of a sentence's words that tell something, and their number, from which another sentence that has them makes its claim too."""

_COMMON = 12
"""The most claims with a word for it to be used in the search for similar claims."""

_SAID_AGAIN, _SAID_MOSTLY, _SEVERAL = 0.5, 0.4, 4
"""Share of the headline's words that a sentence must have to make the headline's claim; the second suffices for several words."""

_SAID_FULLY = 0.65
"""Share of the headline's words that tell something from which a sentence with all of its numbers says what the headline says, and not only part of it."""

_TOP, _SAID_BELOW = 5, 0.7
"""The last sentence of an article's top, where the headline's claim is mostly made, and that share for the sentences below it."""

_TELLS_NOTHING = frozenset(
    """
    about after again against all also and any are because been before being but can could did does for from get gets had has have her
    here hers him his how into its just may might more most must new not now off once only our out over per she should some such than
    that the their them then there these they this those through today too under until upon very via was were what when where which
    while who whom whose why will with would yet you your
    claim claimed claims exclusive report reported reports reveal revealed reveals said say saying says tell tells told video vow vows
    warn warned warning warns watch
    """.split()  # noqa: SIM905
)
"""Words of a headline that do not describe its claim: function words, and reporting verbs."""

_FIGURE = re.compile(r"(?<![\w.,])(\d{1,12}(?:,\d{3})*(?:\.\d{1,9})?)([Kk]\b)?")
_THOUSAND = 1000
_COUNTS = {
    word: float(number)
    for number, word in enumerate(
        "two three four five six seven eight nine ten eleven twelve".split(),  # noqa: SIM905
        start=2,
    )
}
"""Numbers in words; "one" is mostly a pronoun."""

_ROUNDED, _YEARS = 0.02, (1900, 2100)
"""By how much of itself a figure of the headline may differ from the text's, unless it may be a year."""

_SURE, _LIKELY = 0.8, 0.5


@dataclass(frozen=True, slots=True)
class WorklistItem:
    """One claim and its repetitions: `claim` is the one to check first, `repeats` are in the order of the text."""

    claim: Claim
    repeats: tuple[Claim, ...] = ()


def worklist(
    annotated: Annotated, standings: Collection[Standing] | None = None
) -> list[WorklistItem]:
    """Return the claims to check, the most urgent first; repeated claims are one item.

    Without `standings` the listed claims, with it all check-worthy claims with one of these standings.
    """
    if standings is None:
        chosen = [claim for claim in annotated.claims if is_listed(claim)]
    else:
        chosen = [claim for claim in annotated.claims if claim.standing in standings]
    chosen.sort(key=lambda claim: (-urgency(claim), claim.sentence))
    sentences = annotated.segmented.sentences
    texts = [sentences[claim.sentence].span.of(annotated.text) for claim in chosen]
    return [
        WorklistItem(first, tuple(sorted(again, key=lambda claim: claim.sentence)))
        for first, *again in ([chosen[n] for n in group] for group in like_texts(texts))
    ]


def low_claims(annotated: Annotated) -> list[WorklistItem]:
    """Return the claims to show below a worklist, each less worth checking than a listed one.

    These are the claim that the headline makes, unless it is shown or listed, and the most urgent claims if nothing is listed: an
    empty list must not look like clearance. Repetitions of listed claims are left out.
    """
    listed = worklist(annotated)
    low = [
        claim
        for claim in annotated.claims
        if claim.listed is False and claim.standing in _MAY_BE_LISTED
    ]
    low.sort(key=lambda claim: (-urgency(claim), claim.sentence))
    headline = headline_claim(annotated) if low else None
    chosen = [claim for claim in low if claim is headline]
    if not listed:
        chosen += [claim for claim in low if claim is not headline][: _LOW - len(chosen)]
    sentences = annotated.segmented.sentences
    claims = [*(item.claim for item in listed), *chosen]
    groups = like_texts([sentences[claim.sentence].span.of(annotated.text) for claim in claims])
    return [
        WorklistItem(claims[first], tuple([claims[n] for n in again]))
        for first, *again in groups
        if first >= len(listed)
    ]


def is_listed(claim: Claim) -> bool:
    """Tell whether a worklist shows a claim; without a reader, it shows the unverified ones."""
    return claim.unverified if claim.listed is None else claim.listed


_MAY_BE_LISTED: frozenset[Standing | None] = frozenset({"vouched", "says_so", "nobody"})

_LOW = 2
"""How many claims are shown below a worklist that lists nothing."""

_STANDS: dict[Standing | None, str] = {
    "shown": "shown by a record",
    "reporter": "the reporter's own account",
    "vouched": "vouched for",
    None: "common knowledge",
    "says_so": "with only a source that has a stake or passes it on",
    "nobody": "with nobody identifiable behind it",
}


def why_empty(annotated: Annotated) -> str:
    """Return in one line why a worklist lists nothing of an article."""
    claims = [claim for claim in annotated.claims if claim.checkworthy]
    if not claims:
        return "no sentence makes a claim that could be checked"
    counts = Counter(claim.standing for claim in claims)
    parts = ", ".join(f"{counts[s]} {words}" for s, words in _STANDS.items() if counts[s])
    some = f"{len(claims)} claim{'' if len(claims) == 1 else 's'}"
    if _MAY_BE_LISTED.isdisjoint(counts):
        return f"{some}: {parts}"
    return f"{some}, none clearly worth checking, which does not make them true: {parts}"


def urgency(claim: Claim) -> float:
    """Return the urgency of a claim; without a reader, its check-worthiness."""
    return claim.checkworthiness if claim.priority is None else claim.priority


def urgency_of(annotated: Annotated) -> tuple[float, float]:
    """Return the summed urgency of all claims, and that of the listed ones: how much there is to check, above and below the fold.

    A claim that certainly needs checking first, and that no record shows, counts 1.
    """
    claims = [claim for claim in annotated.claims if claim.checkworthy]
    listed = [claim for claim in claims if is_listed(claim)]
    whole, own = (sum(map(urgency, some)) for some in (claims, listed))
    return round(whole, 2), round(own, 2)


def chance_in_words(claim: Claim) -> str | None:
    """Return in words how likely it is that only people who are unidentifiable or have a stake stand behind a claim; None if unknown."""
    return None if claim.unsupported is None else how_sure(claim.unsupported)


def how_sure(chance: float) -> str:
    """Return a probability in words."""
    if chance >= _SURE:
        return "sure"
    return "likely" if chance >= _LIKELY else "unsure"


def headline_claim(annotated: Annotated, *, closely: bool = False) -> Claim | None:
    """Return the claim of the text that says most of what the headline says; None if none does.

    A claim with half the headline's words is preferred; unless `closely` is set, one with enough of its content
    words is taken as well. Claims with all of its figures are preferred, then check-worthy ones, and of equals the first.
    """
    headline = annotated.segmented.headline
    if headline is None:
        return None
    texts = [
        (None if sentence.furniture else sentence.span.of(annotated.text), claim.checkworthy)
        for claim, sentence in zip(annotated.claims, annotated.segmented.sentences, strict=True)
    ]
    states = _states(headline.text)
    number = _most_like(headline.text, texts, _content, _is_half_said, states)
    if not closely and (number is None or not states(texts[number][0] or "")):
        other = _most_like(headline.text, texts, _told, _is_mostly_said, states)
        if number is None or (other is not None and states(texts[other][0] or "")):
            number = other
    return None if number is None else annotated.claims[number]


def says_fully(headline: str, sentence: str, number: int = 0) -> bool:
    """Tell whether a sentence has most of a headline's words and all of its figures: what stands behind it then stands behind the headline.

    Far from the top, by its `number` in the text, it must have more of them, since it may only be about the same subject.
    """
    words = _told(headline)
    common = len(words & _told(sentence))
    if number > _TOP and (common < _SEVERAL or common < _SAID_BELOW * len(words)):
        return False
    return common >= _SAID_FULLY * len(words) and _states(headline)(sentence)


def _states(headline: str) -> Callable[[str], bool]:
    """Return what tells whether a sentence has all figures of a headline, in digits or in words, perhaps rounded ("900" for "896")."""
    wanted = _figures(headline)

    def states(sentence: str) -> bool:
        given = _figures(sentence) if wanted else []
        return all(any(_is_figure(figure, other) for other in given) for figure in wanted)

    return states


def _is_figure(figure: float, other: float) -> bool:
    """Tell whether two figures may be the same, one of them rounded; years are not rounded."""
    rounded = 0 if _YEARS[0] <= figure <= _YEARS[1] else _ROUNDED * figure
    return abs(figure - other) <= rounded


def _figures(text: str) -> list[float]:
    """Return the numbers of a text, in digits or in words up to twelve."""
    digits = [
        float(number.replace(",", "")) * (_THOUSAND if thousand else 1)
        for number, thousand in _FIGURE.findall(text)
    ]
    return digits + [_COUNTS[word] for word in _WORD.findall(text.casefold()) if word in _COUNTS]


def said_again(headline: str, sentences: Sequence[tuple[str | None, bool]]) -> int | None:
    """Return the number of the sentence that says most of what `headline` says; None if none says half of it.

    Each of `sentences` is its text (None for furniture) and whether it is check-worthy; check-worthy ones are
    preferred, and of equals the first.
    """
    return _most_like(headline, sentences, _content, _is_half_said)


def _most_like(
    headline: str,
    sentences: Sequence[tuple[str | None, bool]],
    told: Callable[[str], frozenset[str]],
    enough: Callable[[int, float], bool],
    states: Callable[[str], bool] = bool,
) -> int | None:
    """Return the number of the sentence that shares most of the words (by `told`) of `headline`; None if no share is `enough`.

    Sentences that `states` accepts are preferred.
    """
    words = told(headline)
    best: tuple[bool, bool, float, int] = (False, False, 0.0, 0)
    found = None
    for number, (text, checkworthy) in enumerate(sentences):
        if text is None or not words or not _may_say(text.casefold(), words, enough):
            continue
        common = len(words & told(text))
        share = common / len(words)
        if not enough(common, share):
            continue
        rank = (states(text), checkworthy, share, -number)
        if found is None or rank > best:
            best, found = rank, number
    return found


def _may_say(folded: str, words: frozenset[str], enough: Callable[[int, float], bool]) -> bool:
    """Tell whether a text contains enough of the `words` for a closer comparison; a cheap test that most sentences fail."""
    common = sum([word in folded for word in words])
    return enough(common, common / len(words))


def _is_half_said(_: int, share: float) -> bool:
    """Tell whether a sentence with this share of the headline's words makes its claim."""
    return share >= _SAID_AGAIN


def _is_mostly_said(common: int, share: float) -> bool:
    """Tell whether a sentence with this number and share of the headline's content words makes its claim."""
    return share >= (_SAID_MOSTLY if common >= _SEVERAL else _SAID_AGAIN)


def _told(text: str) -> frozenset[str]:
    """Return the stems of the content words of a text; numbers are not cut."""
    words = _WORD.findall(text.casefold())
    return frozenset(
        [
            _stem(w)
            for w in words
            if w[0].isdigit() or (len(w) >= _SHORT and w not in _TELLS_NOTHING)
        ]
    )


def _stem(word: str) -> str:
    """Return the stem of a word: its first letters without a vowel or "s" at their end; a number is not cut."""
    if word[0].isdigit():
        return word
    short = word[:_STEM].rstrip("aeiouys")
    return short if len(short) > 1 else word


def _content(text: str) -> frozenset[str]:
    """Return the content words of a text, cut to their first letters; numbers are not cut."""
    return frozenset(
        word if word[0].isdigit() else word[:_STEM]
        for word in _WORD.findall(text.casefold())
        if len(word) > _SHORT or word[0].isdigit()
    )


def like_texts(texts: Sequence[str]) -> list[list[int]]:
    """Return the numbers of `texts` in groups that say the same, the first text of each group first."""
    groups: list[list[int]] = []
    words: list[_Words] = []
    by_word: dict[str, list[int]] = defaultdict(list)
    known: dict[frozenset[str], int] = {}
    for number, text in enumerate(texts):
        own = _Words(text)
        near = {g for word in own.content if len(by_word[word]) <= _COMMON for g in by_word[word]}
        same = (
            [known[own.content]]
            if own.content in known
            else [g for g in sorted(near) if own.is_like(words[g])]
        )
        if same:
            groups[same[0]].append(number)
            continue
        if own.content:
            known[own.content] = len(groups)
        for word in own.content:
            by_word[word].append(len(groups))
        groups.append([number])
        words.append(own)
    return groups


class _Words:
    """The words of a sentence by which it is compared with others: `content`, `told` (those that tell something), and `numbers`."""

    def __init__(self, text: str) -> None:
        self.content, self.told = _content(text), _told(text)
        self.numbers = frozenset(_NUMBER.findall(text))

    def is_like(self, other: _Words) -> bool:
        """Tell whether two sentences make the same claim, or one of them makes that of the other and says more.

        A number that only the shorter one has, or numbers that differ on both sides, make another claim.
        """
        shared, whole = len(self.content & other.content), len(self.content) + len(other.content)
        if self.numbers == other.numbers and 2 * shared >= _ALIKE * whole > 0:
            return True
        short, long = sorted((self, other), key=lambda words: len(words.told))
        within = len(short.told & long.told)
        return short.numbers <= long.numbers and within >= max(_ENOUGH, _WITHIN * len(short.told))
