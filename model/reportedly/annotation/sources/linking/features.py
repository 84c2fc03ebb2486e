"""What speaks for and against each candidate: named numbers, one row a candidate and one for "new".

A row holds what is known of the statement, of the candidate, and how the candidate compares with the others.
Every function returns the same names in the same order, whatever it is given.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from math import log1p

import numpy as np
from numpy.typing import NDArray

from reportedly.annotation.sources.coreference.names import index_article
from reportedly.annotation.sources.hearsay import is_hearsay_cue
from reportedly.annotation.sources.linking.figures import find_figures
from reportedly.annotation.sources.linking.parties import Candidate, Party, Register
from reportedly.annotation.sources.linking.statements import Statement
from reportedly.annotation.sources.linking.views import ELIDED, KINDS, View, views
from reportedly.annotation.sources.word_lists import (
    ANON,
    BODY,
    COLLECTIVE,
    DOCUMENT,
    HEARSAY,
    NOTABLE,
    PRESS,
    SPOKES,
    grammar,
)
from reportedly.datamodel import SOURCE_CLASSES, Document, Span
from reportedly.reading.segmentation import segment

Rows = NDArray[np.float32]
Values = dict[str, float]

_DETERMINERS = ("", "definite", "possessive", "owned", "indefinite", "sweeping", "counted")
_FLAGS = {
    "anonymous": ANON, "notable": NOTABLE, "collective": COLLECTIVE, "body": BODY, "document": DOCUMENT,
    "hearsay": HEARSAY, "press": PRESS, "spokesperson": SPOKES,
}  # fmt: skip
_NEIGHBOURS = ("none", "elided", *(kind for kind in KINDS if kind not in ELIDED))
_NO_CLASS = (0.0,) * len(SOURCE_CLASSES)
_FAR = 10.0
_RECENT = 12
_OPENING_MARKS = frozenset(['"', "“", "``", "'", "‘"])


def statement_values(register: Register, view: View) -> Values:
    """Return what is known of a statement by itself: its mention, its place, its neighbours."""
    return (
        _mention(view)
        | _surroundings(register, view)
        | _neighbour("before", register, view, view.place - 1)
        | _neighbour("behind", register, view, view.place + 1)
    )


def _mention(view: View) -> Values:
    """Return what the words of source and cue are."""
    mention, classes = view.mention, view.statement.classes
    words = view.statement.cue.split()
    return {
        **{f"kind {kind}": float(kind == view.kind) for kind in KINDS},
        **{f"determiner {name}": float(name == mention.determiner) for name in _DETERMINERS},
        **{f"noun {name}": float(bool(mention.flags & bit)) for name, bit in _FLAGS.items()},
        **dict(zip(_CLASS_NAMES, _NO_CLASS if classes is None else classes, strict=True)),
        "class known": float(classes is not None),
        "plural": float(mention.plural),
        "he": float(mention.gender == "m"),
        "she": float(mention.gender == "f"),
        "words": float(min(len(mention.words), 8)),
        "name words": float(len(mention.name)),
        "titled": float(mention.titled),
        "generic noun": float(mention.head in grammar().generic_head),
        "complement": float(bool(mention.complement)),
        "names a principal": float(view.principal >= 0),
        "names another": float(view.owner >= 0),
        "has cue": float(bool(words)),
        "cue words": float(len(words)),
        "hearsay cue": float(is_hearsay_cue(view.statement.cue)),
        "according": float("according" in words),
    }


_CLASS_NAMES = tuple(f"class {name}" for name in SOURCE_CLASSES)


def _surroundings(register: Register, view: View) -> Values:
    """Return where a statement stands, and what its sentence holds if its source is elided."""
    segmented = register.article.segmented
    sentence, forms = segmented.sentences[view.sentence], segmented.tokens.forms
    he, she, we, first = view.pronouns
    announced = view.elided and view.sentence > 0 and forms[sentence.first - 1] == ":"
    return {
        "quoted": view.quoted,
        "within a quotation": float(view.inside),
        "opens with a mark": float(forms[sentence.first] in _OPENING_MARKS),
        "subject": float(view.first - sentence.first <= 1),
        "token": log1p(max(0, view.first - sentence.first)),
        "first sentence": float(view.sentence == 0),
        "statements so far": log1p(view.place),
        "sources so far": log1p(len(register.parties)),
        "sentence has he": float(he),
        "sentence has she": float(she),
        "sentence has we": float(we),
        "sentence has I": float(first),
        "sentence length": log1p(sentence.last - sentence.first) if view.elided else 0.0,
        "announced": float(announced),
    }


def _neighbour(side: str, register: Register, view: View, place: int) -> Values:
    """Return how far the statement before or behind is, and what kind of source it has."""
    known = 0 <= place < len(register.views)
    other = register.views[place] if known else view
    low, high = (other, view) if side == "before" else (view, other)
    kind = ("elided" if other.elided else other.kind) if known else "none"
    return {
        **{f"{side}: {name}": float(name == kind) for name in _NEIGHBOURS},
        f"{side}: sentences": min(high.sentence - low.last_sentence, 6.0) if known else 0.0,
        f"{side}: paragraphs": min(high.paragraph - low.paragraph, 6.0) if known else 0.0,
        f"{side}: same sentence": float(known and other.sentence == view.sentence),
        f"{side}: same quotation": float(known and _same_quotation(view, other)),
        f"{side}: quoted": other.quoted if known else 0.0,
    }


def _same_quotation(view: View, other: View) -> bool:
    """Tell whether two statements stand in one quotation."""
    return view.quotation >= 0 and view.quotation == other.quotation


def candidate_values(register: Register, view: View, candidate: Candidate) -> Values:
    """Return what is known of a candidate for a statement."""
    party = candidate.party
    last = party.before(view.place)
    return (
        _agreement(register, view, party)
        | _last_statement(register, view, party, last)
        | _last_mention(register, view, party, last)
        | _names(view, party)
        | _nouns(register, view, party)
        | _carried(register, view, candidate)
    )


def _agreement(register: Register, view: View, party: Party) -> Values:
    """Return how class, gender and number of statement and candidate agree."""
    classes = view.statement.classes
    known = classes is not None and party.weight > 0
    fit = sum(a * b for a, b in zip(classes or (), party.classes, strict=False)) if known else 0.0
    femininity = party.femininity(register.figures)
    gender = {"f": femininity, "m": -femininity}.get(view.mention.gender, 0.0)
    he, she, we, _ = view.pronouns
    members = register.figures.members
    return {
        "is a source": float(bool(party.statements)),
        "is named": float(bool(party.figures)),
        "is a person": float(any(members[place].kind == "person" for place in party.figures)),
        "class fits": fit,
        "class clashes": float(known and fit < 0.1),
        **dict(zip(_PARTY_CLASSES, party.classes if party.weight else _NO_CLASS, strict=True)),
        "gender fits": gender,
        "gender clashes": float(gender < -0.4),
        "gender surely fits": float(gender > 0.4),
        "sentence's gender fits": femininity * (she - he),
        "is several": float(party.plural),
        "we of several": float(we and party.plural),
        "number clashes": float(_number_clashes(view, party)),
    }


_PARTY_CLASSES = tuple(f"its class {name}" for name in SOURCE_CLASSES)


def _number_clashes(view: View, party: Party) -> bool:
    """Tell whether one of mention and candidate is plural and the other is not."""
    told = not view.elided and view.kind not in ("first", "relative")
    return told and party.several + party.single > 0 and party.plural != view.mention.plural


def _last_statement(register: Register, view: View, party: Party, last: int) -> Values:
    """Return how far a candidate's statement before this one is, and how often it speaks."""
    known = last >= 0
    other = register.views[last] if known else view
    return {
        "spoke last": float(known and last == view.place - 1),
        "spoke before": float(known),
        "statements since": min(view.place - last, _FAR) if known else 0.0,
        "sentences since": min(view.sentence - other.last_sentence, _FAR) if known else 0.0,
        "paragraphs since": min(view.paragraph - other.paragraph, _FAR) if known else 0.0,
        "spoke in this sentence": float(known and other.sentence == view.sentence),
        "spoke in this paragraph": float(known and other.paragraph == view.paragraph),
        "spoke in this quotation": float(known and _same_quotation(view, other)),
        **{name: float(known and kind == other.kind) for name, kind in _LAST_KINDS},
        "its statements": log1p(len(party.statements)),
        "its share": len(party.statements) / max(1, register.linked),
        "runs on elsewhere": float(party.carried),
        "speaks the quotation": float(_speaks_around(register, view, party)),
    }


def _speaks_around(register: Register, view: View, party: Party) -> bool:
    """Tell whether a candidate speaks the quotation within which the source of a statement stands."""
    place = register.speaker[view.place]
    if place < 0:
        return False
    return place in party.statements[-_RECENT:] or register.views[place].own in party.figures


_LAST_KINDS = tuple((f"was last {kind}", kind) for kind in KINDS)


def _last_mention(register: Register, view: View, party: Party, last: int) -> Values:
    """Return how far the last mention of a candidate is, as a source or by name, and where in its sentence."""
    members = register.figures.members
    token = max((members[place].before(view.first) for place in party.figures), default=-1)
    if last >= 0 and not register.views[last].elided:
        token = max(token, register.views[last].first)
    if token < 0:
        return dict(zip(_MENTION_NAMES, (0.0, 0.0, 0.0, 0.0, 0.0, 0.0), strict=True))
    article = register.article
    number = bisect_right(article.sentence_starts, article.segmented.tokens.starts[token], 1) - 1
    within = max(0, token - article.segmented.sentences[number].first)
    since = view.sentence - number
    values = (
        1.0, min(since, _FAR), float(since == 0), float(since == 1), log1p(within), float(within <= 1),
    )  # fmt: skip
    return dict(zip(_MENTION_NAMES, values, strict=True))


_MENTION_NAMES = (
    "mentioned", "sentences since mention", "mentioned in this sentence", "mentioned in the sentence before",
    "mentioned at token", "mentioned as subject",
)  # fmt: skip


def _names(view: View, party: Party) -> Values:
    """Return how the names and capitalised words of mention and candidate agree."""
    own, principal, owner = view.own, view.principal, view.owner
    words = {word.lower() for word in view.mention.name}
    proper, known = view.proper, party.proper
    return {
        "same name": float(own in party.figures),
        "another name": float(own >= 0 and bool(party.figures) and own not in party.figures),
        "names its principal": float(own in party.principals),
        "speaks for it": float(principal in party.figures),
        "same principal": float(principal in party.principals),
        "another principal": float(
            principal >= 0 and bool(party.principals) and principal not in party.principals
        ),
        "is its owner": float(owner in party.figures),
        "same owner": float(owner in party.owners),
        "another owner": float(owner >= 0 and bool(party.owners) and owner not in party.owners),
        "worded the same": float(bool(words) and view.mention.name in party.wordings),
        "share of the name": len(words & party.words) / len(words) if words else 0.0,
        "capitals shared": float(len(proper & known)),
        "capitals missed": float(min(4, len(proper - known))),
        "capitals lacking": float(min(4, len(known) - len(known & proper))) if proper else 0.0,
        "capitals clash": float(bool(proper) and bool(known) and proper.isdisjoint(known)),
    }


def _nouns(register: Register, view: View, party: Party) -> Values:
    """Return how the nouns of mention and candidate agree: head, role, other words."""
    mention, members = view.mention, register.figures.members
    noun, head = mention.kind == "nominal", mention.head
    called = bool(head) and mention.kind in ("nominal", "name")
    rest = mention.words - {head} if noun else frozenset()
    shared = len(rest & party.words)
    return {
        "same noun": float(called and head in party.heads),
        "has the role": float(called and any(head in members[p].roles for p in party.figures)),
        "noun in its words": float(noun and head in party.words),
        "another noun": float(noun and bool(party.heads) and head not in party.heads),
        "noun in its name": float(
            noun and any(head == w.lower() for n in party.wordings for w in n)
        ),
        "called by a generic noun": float(
            noun and not party.heads.isdisjoint(grammar().generic_head)
        ),
        "noun for a nameless": float(noun and not party.figures),
        "kind of body in its words": float(
            bool(mention.body_noun) and mention.body_noun in party.words
        ),
        "words shared": float(shared),
        "share of words": shared / max(1, len(rest)),
        "words missed": float(min(len(rest) - shared, 5)),
    }


def _carried(register: Register, view: View, candidate: Candidate) -> Values:
    """Return what ties an elided source to a candidate behind it, or named within the sentence."""
    if not view.elided:
        return _NOT_CARRIED
    party, number = candidate.party, candidate.number
    after, following = party.after(view.place), register.next_explicit[view.place]
    other = register.views[after] if after >= 0 else view
    sentence = register.article.segmented.sentences[view.sentence]
    members = register.figures.members
    inside = [members[p].within(sentence.first, sentence.last) for p in party.figures]
    inside = [token for token in inside if token >= 0]
    follows = following >= 0 and register.owner[following] == number and after == following
    values = (
        float(follows),
        float(follows and other.sentence == view.sentence),
        float(follows and other.paragraph == view.paragraph),
        float(follows and _same_quotation(view, other)),
        min(other.sentence - view.sentence, 6.0) if after >= 0 else 0.0,
        float(after >= 0 and other.sentence == view.sentence),
        float(_sentences_run(register, view, number)),
        float(bool(inside)),
        float(any(token - sentence.first <= 1 for token in inside)),
    )
    return dict(zip(_NOT_CARRIED, values, strict=True))


_NOT_CARRIED: Values = dict.fromkeys(
    (
        "speaks next", "speaks next in this sentence", "speaks next in this paragraph",
        "speaks next in this quotation", "sentences until", "speaks later in this sentence",
        "turns since in other sentences", "named inside", "named first",
    ),
    0.0,
)  # fmt: skip

_TURNS = 6


def _sentences_run(register: Register, view: View, number: int) -> int:
    """Return how many statements back, this sentence's left out, a candidate spoke; 0 if not within seven."""
    turns = 0
    for place in range(view.place - 1, max(-1, view.place - 20), -1):
        if register.views[place].sentence == view.sentence:
            continue
        turns += 1
        if register.owner[place] == number:
            return turns
        if turns > _TURNS:
            break
    return 0


_COMPARED = (
    "same name", "same noun", "gender fits", "gender surely fits", "class fits", "has the role", "words shared",
    "share of the name", "worded the same", "same principal", "spoke last", "capitals shared",
)  # fmt: skip
"""Values of a candidate that are compared with the best among the others."""

_RANKED = (
    "rank",
    "rank among fitting",
    "rank by mention",
    "is last",
    "is last fitting",
    "is last mentioned",
)
_COUNTED = ("candidates", "fitting candidates", "fitting people")


_STEPPED = (
    "words", "name words", "cue words", "quoted", "token", "statements so far", "sources so far",
    "sentence length", "before: sentences", "before: paragraphs", "before: quoted", "behind: sentences",
    "behind: paragraphs", "behind: quoted", "gender fits", "sentence's gender fits", "statements since",
    "sentences since", "paragraphs since", "its statements", "its share", "sentences since mention",
    "mentioned at token", "share of the name", "capitals shared", "capitals missed", "capitals lacking",
    "words shared", "share of words", "words missed", "sentences until", "turns since in other sentences",
    *(f"ahead: {name}" for name in _COMPARED), *_COUNTED, *_RANKED[:3],
)  # fmt: skip
"""Values of which it counts whether they pass a step, not only how great they are."""

_STEPS = (0.5, 1.5)


def rows_of(register: Register, view: View, candidates: Sequence[Candidate]) -> Rows:
    """Return a row of numbers for each candidate and a last one for "new", ``(candidates + 1, features)``."""
    statement = statement_values(register, view)
    table = [candidate_values(register, view, candidate) for candidate in candidates]
    rows = np.zeros((len(table) + 1, len(feature_names())), np.float32)
    own, rest = _parts()
    rows[:, : own.start] = list(statement.values())
    rows[-1, own.stop] = 1.0  # "new"
    if table:
        rows[:-1, own] = [list(values.values()) for values in table]
        compared = rows[:-1, own][:, _columns()]
        counts = np.broadcast_to(_counts(table), (len(table) + 1, len(_COUNTED)))
        best = np.broadcast_to(compared.max(axis=0), (len(table) + 1, compared.shape[1]))
        ahead = np.vstack([compared - _best_other(compared), np.zeros_like(compared[:1])])
        rows[:, rest] = np.hstack([best, ahead, counts, _ranks(table)])
    stepped = rows[:, _stepped()]
    rows[:, -len(_STEPS) * stepped.shape[1] :] = np.hstack([stepped > step for step in _STEPS])
    return rows


def _best_other(compared: Rows) -> Rows:
    """Return for each candidate the best value of any other, 0 where there is none."""
    if len(compared) < 2:
        return np.zeros_like(compared)
    ordered = np.sort(compared, axis=0)
    others: Rows = np.where(compared == ordered[-1], ordered[-2], ordered[-1])
    return others


def _fits(values: Values) -> bool:
    """Tell whether neither class nor gender of a candidate clashes."""
    return not values["class clashes"] and not values["gender clashes"]


def _counts(table: Sequence[Values]) -> list[float]:
    """Return how many candidates there are, and how many fit."""
    fitting = [values for values in table if _fits(values)]
    return [
        float(len(table)),
        float(sum(values["is a source"] for values in fitting)),
        float(sum(values["is a person"] for values in fitting)),
    ]


def _ranks(table: Sequence[Values]) -> Rows:
    """Return the candidates' ranks by last statement, among those that fit, and by last mention."""
    ranks = np.zeros((len(table) + 1, len(_RANKED)), np.float32)  # those of "new" stay 0
    ranks[:-1, 1:3] = 8.0
    ranks[:-1, 0] = np.arange(len(table))
    fitting = [i for i, values in enumerate(table) if _fits(values)]
    sources = [i for i in fitting if table[i]["is a source"]]
    fitting.sort(
        key=lambda i: (table[i]["sentences since mention"], table[i]["mentioned at token"])
    )
    for column, order in ((1, sources), (2, fitting)):
        ranks[order, column] = np.minimum(np.arange(len(order)), 6)
    ranks[:-1, 3:] = ranks[:-1, :3] == 0
    return ranks


@lru_cache(maxsize=1)
def _own_names() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the values of a statement and of a candidate, read off an invented sentence."""
    article = index_article(segment(Document("Ana Moor spoke.")))
    figures = find_figures(article)
    seen = views(article, figures, [Statement(Span(0, 15))])
    register = Register(article, figures, seen)
    candidate = candidate_values(register, seen[0], Candidate(-1, Party()))
    return tuple(statement_values(register, seen[0])), tuple(candidate)


@lru_cache(maxsize=1)
def feature_names() -> tuple[str, ...]:
    """Return the name of each column of the rows."""
    return (*_plain_names(), *(f"{name} > {step}" for step in _STEPS for name in _STEPPED))


def _plain_names() -> tuple[str, ...]:
    """Return the names of the columns before the steps."""
    statement, candidate = _own_names()
    best = [f"best: {name}" for name in _COMPARED]
    ahead = [f"ahead: {name}" for name in _COMPARED]
    return (*statement, *candidate, "new", *best, *ahead, *_COUNTED, *_RANKED)


@lru_cache(maxsize=1)
def _stepped() -> list[int]:
    """Return the columns of which steps count."""
    names = _plain_names()
    return [names.index(name) for name in _STEPPED]


@lru_cache(maxsize=1)
def _parts() -> tuple[slice, slice]:
    """Return the columns of a candidate's own values, and those behind "new"."""
    statement, candidate = _own_names()
    high = len(statement) + len(candidate)
    return slice(len(statement), high), slice(high + 1, len(_plain_names()))


@lru_cache(maxsize=1)
def _columns() -> list[int]:
    """Return the columns of the values that are compared, among those of a candidate."""
    return [_own_names()[1].index(name) for name in _COMPARED]
