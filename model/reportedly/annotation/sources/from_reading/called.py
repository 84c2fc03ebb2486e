"""Whom a common noun or an odd spelling calls: "the site" the outlet named before, "Te/chno" an outlet, "Rowe's doctor" never Rowe; whose a post’s signature is.

Each rule changes a statement's source only where the text's form decides; :mod:`reportedly.annotation.sources.from_reading.amended` applies what they return.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from reportedly.annotation.attribution.askers import without_titles
from reportedly.annotation.attribution.reporting_verbs import verb_kinds
from reportedly.annotation.sources.coreference.mentions import read_mention
from reportedly.annotation.sources.coreference.names import look_up
from reportedly.annotation.sources.linking.figures import Figure, Figures, Named
from reportedly.annotation.sources.linking.parties import Register
from reportedly.annotation.sources.linking.views import View
from reportedly.annotation.sources.word_lists import (
    OUTLET_WORD,
    PEOPLE,
    TITLE,
    grammar,
    lists,
    outlet_spelling,
)
from reportedly.datamodel import SourceClass
from reportedly.lexicons.loader import matcher_of, words_of

_NEAR = 2
"""Sentences before "the site" in which the outlet is named."""
_LEAD = 3
"""Tokens before the subject of a sentence, at most: "On Monday it"."""
_LONGEST = 6
"""Tokens of a subject without a name, at most."""


class Move(NamedTuple):
    """A statement by number, and its new source: a figure, an outlet's `name`, or the source of the statement that it `follows`.

    Where none is given it stands apart from whoever it was linked to, or is `unclear`; `source_class` is that of a `name`, None if its words decide.
    """

    place: int
    figure: int = -1
    name: tuple[str, ...] = ()
    source_class: SourceClass | None = "press"
    follows: int = -1
    unclear: bool = False


def calls(register: Register, owners: Sequence[int]) -> Iterator[Move]:
    """Yield the statements whose source is called by a noun or spelling that decides who it is; `owners` are theirs so far."""
    rules = _Rules(register, owners)
    for view in register.views:
        if view.elided:
            continue
        move = rules.of(view)
        if move is not None:
            yield move


def replies(register: Register) -> Iterator[Move]:
    """Yield the quotations without words for their source behind a sentence that announces somebody's reply.

    "Ana Moor was asked; her reply may surprise you. “…”" is Moor's, whoever spoke before.
    """
    segmented, figures = register.article.segmented, register.figures
    speakers: dict[int, int] = {}
    for view in register.views:
        if view.kind != "carried" or view.quoted < _QUOTED or not view.sentence:
            continue
        before = segmented.sentences[view.sentence - 1]
        match = _REPLY.search(segmented.text, before.start, before.end)
        if match is None and view.sentence > 1:
            asking = segmented.sentences[view.sentence - 2]
            match = _THEN_REPLY.search(segmented.text, asking.start, before.end)
            before = asking
        if match is not None and view.quotation not in speakers:
            starts = segmented.tokens.starts
            asked = {
                one.figure
                for one in figures.named_in(before.first, before.last)
                if starts[one.first] < match.start() and figures.members[one.figure].person
            }
            if len(asked) == 1:
                speakers[view.quotation] = asked.pop()
        if view.quotation in speakers:
            yield Move(view.place, speakers[view.quotation])


def answers(register: Register, owners: Sequence[int]) -> Iterator[Move]:
    """Yield what the one who was asked says in the sentence behind the question, where it went to who asked or is unclear.

    "Rask asked Holm if he had agreed. He said, “Yes.”" is Holm's; a quotation that is a question is not.
    """
    segmented, figures = register.article.segmented, register.figures
    starts = segmented.tokens.starts
    for view in register.views:
        if not view.sentence or not _may_answer(register, view):
            continue
        before = segmented.sentences[view.sentence - 1]
        match = matcher_of("interviews", "question_to").search(
            segmented.text, before.start, before.end
        )
        if match is None or any(q.start <= match.start() < q.end for q in segmented.quotations):
            continue
        named = [
            one
            for one in figures.named_in(before.first, before.last)
            if figures.members[one.figure].person
        ]
        asked = {
            n.figure for n in named if match.start("who") <= starts[n.first] < match.end("who")
        }
        asking = {n.figure for n in named if starts[n.first] < match.start()} - asked
        if len(asked) != 1 or not figures.members[min(asked)].fits(view.mention.gender):
            continue
        party = register.owner[view.place]
        whose = register.parties[party].figures if party >= 0 and owners[view.place] >= 0 else set()
        if owners[view.place] < 0 or (whose and whose <= asking):
            yield Move(view.place, min(asked))


def _may_answer(register: Register, view: View) -> bool:
    """Tell whether a statement may be an answer: "he" says it, or it is a quotation without words for its source and no question."""
    segmented = register.article.segmented
    sentence, text = segmented.sentences[view.sentence], segmented.text
    if view.kind == "carried":
        return view.quoted >= _QUOTED and "?" not in text[sentence.end - 3 : sentence.end]
    if (
        view.kind != "he"
        or view.inside
        or matcher_of("interviews", "asks_on").search(view.statement.cue)
    ):
        return False
    if text.startswith("did so", segmented.tokens.starts[min(view.end, sentence.last - 1)]):
        return False  # asked so
    return view.first == sentence.first or text[sentence.start] in "\"“‘'"


def addressed(register: Register, owners: Sequence[int]) -> Iterator[Move]:
    """Yield the quotations without words for their source that address whoever they went to: “Look, Ivo, …” is not Ivo Rask's.

    They are the only other person's whom the sentence before names, else unclear.
    """
    segmented, figures = register.article.segmented, register.figures
    for view in register.views:
        if view.kind != "carried" or view.quoted < _QUOTED or owners[view.place] < 0:
            continue
        match = matcher_of("interviews", "address").match(
            segmented.text, segmented.sentences[view.sentence].start
        )
        party = register.owner[view.place]
        if match is None or party < 0:
            continue
        whose = register.parties[party].figures
        if not any(match["who"] in figures.members[figure].full for figure in whose):
            continue
        others: set[int] = set()
        if view.sentence:
            before = segmented.sentences[view.sentence - 1]
            named = figures.named_in(before.first, before.last)
            others = {one.figure for one in named} - set(whose)
        person = min(others) if len(others) == 1 else -1
        if person >= 0 and figures.members[person].kind == "person":
            yield Move(view.place, person)
        else:
            yield Move(view.place, unclear=True)


def labelled(register: Register, places: Sequence[int]) -> Iterator[Move]:
    """Yield the statements numbered `places`, labels of turns, whose surname one person by name has: "LUND", "MAYOR LUND" are Ada Lund's."""
    members = register.figures.members
    bearers: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for number, figure in enumerate(members):
        name = _without_titles(figure.full)
        if figure.kind == "person" and len(name) > 1:
            bearers[name[-1]].setdefault(" ".join(name), number)
    for place in places:
        name = _without_titles(register.views[place].mention.name)
        known = bearers[name[-1]] if name else {}
        if len(known) == 1 and (len(name) == 1 or " ".join(name) in known):
            yield Move(place, min(known.values()))


def _without_titles(name: Sequence[str]) -> list[str]:
    """Return the words of a name in lower case without the titles before it."""
    return [word.lower() for word in without_titles(name)]


_REPLY = re.compile(r"\basked\b[^.?!]{1,200}\b(?:his|her|their) (?:reply|response|answer)\b")
_THEN_REPLY = re.compile(
    r"\basked\b[^.?!]{1,200}[.?!][”\"]?\s{1,3}(?:His|Her|Their) (?:reply|response|answer)[?:.]"
)
_QUOTED = 0.9
"""The share of a statement within quotation marks from which it is a quotation."""


class _Rules:
    """What is looked up in one article."""

    def __init__(self, register: Register, owners: Sequence[int]) -> None:
        self._register, self._owners = register, owners
        self._segmented = register.article.segmented
        self._figures: Figures = register.figures
        self._named_speakers: list[Figure] | None = None
        _mark_outlets(register)
        self._at = {view.first: view.place for view in register.views if not view.elided}

    def of(self, view: View) -> Move | None:
        """Return what a rule says of one statement."""
        spelled = self._spelled(view) if self._is_open(view) else ""
        if spelled:
            return Move(view.place, name=(spelled,))
        if view.inside:
            return None
        if view.kind == "it":
            return self._it(view)
        if view.kind == "definite" and view.mention.head in words_of("source_outlets", "called"):
            return self._site(view)
        apart, unclear = self._is_someones(view), self._is_periphrasis(view)
        return Move(view.place, unclear=unclear) if apart or unclear else None

    def _is_periphrasis(self, view: View) -> bool:
        """Tell whether "a man who" may be the only person by name who speaks: behind "is", or of what he says at present."""
        generic = view.mention.head in words_of("source_people", "anyone")
        if not generic or view.kind not in ("indefinite", "definite") or not self._has_who(view):
            return False
        forms = self._segmented.tokens.forms
        if view.first and forms[view.first - 1].lower() in _BE:
            return True
        now = view.statement.cue.endswith("s") and len(self._speakers()) == 1
        return now and all(figure.fits(view.mention.gender) for figure in self._speakers())

    def _has_who(self, view: View) -> bool:
        """Tell whether a relative clause says which person is meant."""
        forms = self._segmented.tokens.forms
        return "who" in forms[view.first : view.end] or forms[view.end : view.end + 1] == ("who",)

    def _speakers(self) -> list[Figure]:
        """Return the people by name who speak."""
        if self._named_speakers is None:
            parties = {self._register.owner[n] for n, one in enumerate(self._owners) if one >= 0}
            figures = {f for p in parties if p >= 0 for f in self._register.parties[p].figures}
            members = (self._figures.members[f] for f in sorted(figures))
            self._named_speakers = [one for one in members if one.kind == "person"]
        return self._named_speakers

    def _spelled(self, view: View) -> str:
        """Return the outlet's name of a source that is spelled as only outlets are, empty if it is not."""
        if view.own >= 0 and self._figures.members[view.own].kind in ("press", "body"):
            return ""
        starts = self._segmented.tokens.starts
        match = outlet_spelling().match(self._segmented.text, starts[view.first])
        return "" if match is None else match[0]

    def _it(self, view: View) -> Move | None:
        """Give "it" to the outlet that is the subject of the sentence before, if nobody else is known to say it."""
        if not view.sentence or not self._opens(view):
            return None
        before = self._segmented.sentences[view.sentence - 1]
        words = self._press_subject(before.first, before.last)
        if not words:
            return None
        said = self._at.get(before.first)
        if said is not None and self._owners[said] >= 0:
            return Move(view.place, follows=said)
        if not self._is_open(view):
            return None
        end = before.first + len(words) - 1
        figure = self._figures.at_token.get(end, -1)
        return Move(view.place, figure) if figure >= 0 else Move(view.place, name=words)

    def _opens(self, view: View) -> bool:
        """Tell whether a pronoun is the subject with which its sentence begins: "It said", "On Monday it said"."""
        first = self._segmented.sentences[view.sentence].first
        lead = self._segmented.tokens.forms[first : view.first]
        named = any(at in self._figures.at_token for at in range(first, view.first))
        return len(lead) <= _LEAD and not named and lead[:1] != ("But",)

    def _press_subject(self, first: int, last: int) -> tuple[str, ...]:
        """Return the words of a sentence's subject if it is an outlet, with or without a name: "A local station"."""
        forms = self._segmented.tokens.forms
        for end in range(first + 1, min(last, first + _LONGEST)):
            if forms[end].lower() in grammar().noun_join or forms[end] == ",":
                return ()
            named = self._figures.at_token.get(end - 1, -1)
            if named >= 0 and self._figures.at_token.get(end, -1) != named:
                return tuple(forms[first:end]) if self._is_outlet((), end) else ()
            verb = forms[end] in verb_kinds() and forms[end] not in lists().nouns
            if verb or forms[end] in words_of("source_grammar", "finite"):
                words = tuple(forms[first:end])
                return words if self._is_outlet(words, end) else ()
        return ()

    def _is_outlet(self, words: tuple[str, ...], end: int) -> bool:
        """Tell whether the words of a subject, which end before token `end`, call an outlet."""
        figure = self._figures.at_token.get(end - 1, -1)
        if figure >= 0:
            return self._figures.members[figure].kind == "press"
        mention = read_mention(words, opens_sentence=True)
        if mention.kind == "name":
            outlet = lists().capitals.get(words[-1], 0) & OUTLET_WORD
            return len(words) > 1 and bool(outlet)
        called = mention.head in words_of("source_outlets", "called")
        return mention.kind == "nominal" and called and not mention.plural

    def _site(self, view: View) -> Move | None:
        """Give "the site" to the one outlet that its sentence or the two before name, if it is no known source's yet."""
        if not self._is_open(view):
            return None
        near = range(max(0, view.sentence - _NEAR), view.sentence + 1)
        outlets = {
            named.figure
            for number in near
            for named in self._named(number)
            if self._is_press(named) and named.first < view.first
        }
        return Move(view.place, figure=outlets.pop()) if len(outlets) == 1 else None

    def _is_open(self, view: View) -> bool:
        """Tell whether nobody whom the text names is known to make a statement, nor anybody called by another noun."""
        party = self._register.owner[view.place]
        if self._owners[view.place] < 0 or party < 0:
            return True
        known, views = self._register.parties[party], self._register.views
        alike = (views[n].kind == view.kind for n in known.explicit)
        return not known.figures and all(alike)

    def _named(self, number: int) -> list[Named]:
        sentence = self._segmented.sentences[number]
        return self._figures.named_in(sentence.first, sentence.last)

    def _is_press(self, named: Named) -> bool:
        return self._figures.members[named.figure].kind == "press"

    def _is_someones(self, view: View) -> bool:
        """Tell whether a statement of somebody's doctor or friend went to that person."""
        party = self._register.owner[view.place]
        if view.kind != "owned" or self._owners[view.place] < 0 or party < 0:
            return False
        linked, mention = self._register.parties[party].figures, view.mention
        whose = {view.principal, view.owner} - {-1}
        speaks = mention.spokes or mention.head in words_of("source_people", "speaks_for")
        return bool(
            mention.flags & PEOPLE and not mention.name and not speaks and whose and linked
        ) and all(n in whose and self._figures.members[n].kind == "person" for n in linked)


_BE = frozenset(["is", "was", "’s", "'s"])


def _mark_outlets(register: Register) -> None:
    """Make outlets of those named behind "the blog" or "the site" of whom nothing shows a person."""
    forms, before = (
        register.article.segmented.tokens.forms,
        words_of("source_outlets", "before_name"),
    )
    for figure in register.figures.members:
        first = figure.tokens[0] if figure.tokens else 0
        shown = figure.gender or figure.he or figure.she
        if figure.person and first and not shown and forms[first - 1].lower() in before:
            figure.kind = "press"


def signatures(
    register: Register, owners: Sequence[int], names: Sequence[tuple[str, ...]]
) -> Iterator[Move]:
    """Yield the signatures of posts that are a name of their own: "— Lund the Barge (@barges)" is not Ada Lund; `names` are those of the `owners`.

    "— ada lund (@adalund)" is the Ada Lund whom the article names.
    """
    text = register.article.segmented.text
    called: dict[int, set[str]] = {}
    for view in register.views:
        if view.statement.source is not None:
            called.setdefault(owners[view.place], set()).add(view.statement.source.of(text))
    for view, words, handle in _signed(register):
        owner = owners[view.place]
        linked = names[owner] if owner >= 0 else ()
        alone = owner >= 0 and not linked and len(called[owner]) == 1
        move = _signature(register, view, words, handle, linked)
        if move is not None and (move.figure >= 0 or not alone):
            yield move


def _signed(register: Register) -> Iterator[tuple[View, str, str]]:
    """Yield the statements whose words for their source sign a post, with these words and the handle."""
    text = register.article.segmented.text
    for view in register.views:
        source = view.statement.source
        dash = source is not None and text[max(0, source.start - 3) : source.start].rstrip()[-1:]
        match = _HANDLE.match(text, source.end) if source is not None and dash in _DASHES else None
        if source is not None and match is not None:
            yield view, source.of(text), match[1]


def repeated(register: Register) -> Iterator[Move]:
    """Yield the quotations that a post repeats and whose speaker has the surname of its signer: both are the signer's.

    "“The pier is ours,” Lund tweeted." is Ada Lund's above "The pier is ours. — Ada Lund (@lund)", though Ivo Lund is in the article.
    """
    text = register.article.segmented.text
    posts = [view for view, *_ in _signed(register) if view.mention.name]
    moved: dict[int, int] = {}
    for view in register.views if posts else ():
        if view.kind == "carried" and view.quotation in moved:
            yield Move(view.place, follows=moved[view.quotation])
        if view.kind != "name" or view.quotation < 0 or view.inside or not view.mention.name:
            continue
        quoted = _LONG_QUOTED.search(text, view.statement.extent.start, view.statement.extent.end)
        same = (post for post in posts if post.mention.name[-1] == view.mention.name[-1])
        found = next(
            (p for p in same if quoted and p is not view and _repeats(text, quoted, p)), None
        )
        if found is not None:
            moved[view.quotation] = found.place
            yield Move(view.place, follows=found.place)


def _repeats(text: str, quoted: re.Match[str], post: View) -> bool:
    """Tell whether a post has the words of a quotation outside it."""
    end = post.statement.extent.end
    first = max(0, post.statement.start - _POST)
    if first < quoted.end() < end:
        first = quoted.end()
    words = _letters(quoted[1])
    return bool(words) and words in _letters(text[first:end])


def _letters(words: str) -> str:
    """Return the letters and digits of words in lower case: a quotation has other marks than the post."""
    return "".join(filter(str.isalnum, words.lower()))


_LONG_QUOTED = re.compile(r"[“\"]([^“”\"\n]{30,400})")
_POST = 340
"""Code points of a post, at most."""


def _signature(
    register: Register, view: View, words: str, handle: str, linked: Sequence[str]
) -> Move | None:
    """Return whose a signature is that has a word of its own, of `words` and a handle; None if it fits the name that is `linked`, or a body's."""
    figures = register.figures.members
    own = figures[view.own] if view.own >= 0 else None
    name = tuple(_PICTURES.sub("", _BEHIND.split(words, maxsplit=1)[0]).split())
    known = {word for one in (linked, *(own.names if own else ())) for word in _plain_words(one)}
    if not name or (own and not own.person) or _plain_words(name) <= known:
        return None
    if own and len(own.full) > 1 and name[-len(own.full) :] == own.full:
        return None  # "US Rep Ada Lund"
    account = handle.lower().removeprefix("real")
    for number, figure in enumerate(figures):
        called = "".join(figure.full).lower()
        if figure.person and len(figure.full) > 1 and called == account:
            return Move(view.place, number)
    shown = name if _PLAIN_NAME.fullmatch(" ".join(name)) else (handle,)
    kind = _KIND.get(look_up(register.article, name)[0])
    return Move(view.place, name=shown, source_class=kind)


def _plain_words(name: Sequence[str]) -> set[str]:
    """Return the words of a name in lower case without titles, offices, articles and dots."""
    nouns, capitals = lists().nouns, lists().capitals
    return {
        word.replace(".", "").lower()
        for word in name
        if not (
            capitals.get(word, 0) & TITLE or nouns.get(word.lower(), 0) & PEOPLE or word in _NO_NAME
        )
    }


_NO_NAME = frozenset(["The", "the", ".", "Vice", "Deputy", "Former"])
_BEHIND = re.compile(r"[,:(]|[^\S\n][–-][^\S\n]")
"""What ends the name in a signature: a degree, a motto or an employer is behind it."""
_PICTURES = re.compile(r"[^\w\s.'’&/!?-]")
_HANDLE = re.compile(r"[^—–()@\n]{0,60}\(?@(\w+)")
"""The handle behind the name in a signature, with what may stand between: an academic degree, a picture."""
_DASHES = frozenset("—–-")
_PLAIN_NAME = re.compile(
    r"[A-ZÀ-Þ][\w.'’-]{0,30}(?: (?:of |the |and |& )?[A-ZÀ-Þ][\w.'’-]{0,30}){0,4}"
)
"""A signature that can be shown as a name; else the handle is."""
_KIND: dict[str, SourceClass] = {"press": "press", "body": "named_organisation"}
