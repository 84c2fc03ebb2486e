"""Lines that the form of the text shows to be one source: a description first and the name later, shares of one poll.

News opens with "a retired harbour pilot" and names him in the next sentence. Each rule joins two lines of the ledger only where
the text leaves little doubt; the precision of each was counted on annotated articles that the linker had not seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import takewhile

from reportedly.annotation.sources.coreference.names import sentence_at
from reportedly.annotation.sources.from_reading.amended import NOBODY_SAYS, UNCLEAR, Amended
from reportedly.annotation.sources.linking.figures import Figure
from reportedly.annotation.sources.linking.parties import Register
from reportedly.annotation.sources.linking.polls import Poll, Polls, is_share
from reportedly.annotation.sources.linking.views import View
from reportedly.annotation.sources.word_lists import (
    BODY,
    DOCUMENT,
    PEOPLE,
    SPOKES,
    lists,
)
from reportedly.datamodel import SOURCE_CLASSES
from reportedly.lexicons.loader import words_of

_PERSON, _UNNAMED = SOURCE_CLASSES.index("named_person"), SOURCE_CLASSES.index("unnamed")
_DOCUMENT = SOURCE_CLASSES.index("document")
_ALMOST = 0.8
"""The share of a line's mentions from which it is one of people whom a poll asked."""
_LIKELY = 0.7
"""Probability of a person, named or not, from which a noun on no list calls one."""
_NEAR = 2
"""Sentences between a person's statement and the pronoun behind it, at most."""
_DESCRIBED = frozenset(["definite", "indefinite", "owned", "bare"])


def joined(register: Register, found: Amended, withheld: frozenset[int] = frozenset()) -> None:
    """Give the statements of lines that are one source to one of them; `withheld` are first tokens of those granted anonymity."""
    _polled(register, found)
    lines = _Lines(register, found, withheld)
    for rule in (
        lines.named_next,
        lines.pronoun_first,
        lines.pronoun_of_silent,
        lines.turned,
        lines.only_body,
        lines.plain_sources,
        lines.of_study,
        lines.of_statement,
    ):
        for gone, kept in list(rule()):
            lines.join(gone, kept)
    for place, owner in _between(register, found.owners):
        found.owners[place] = owner


def _polled(register: Register, found: Amended) -> None:
    """Give what polls and shares of people say to the poll that the text names."""
    polls = Polls(register)
    polls.read()
    if not polls.polls:
        return
    voiced: defaultdict[int, list[View]] = defaultdict(list)
    for view in register.views:
        if not view.elided:
            voiced[found.owners[view.place]].append(view)
    asked = _own(polls, found, voiced)
    for owner, said in voiced.items():
        shares = [view for view in said if polls.of(view) is None and polls.is_of_asked(view)]
        if owner in asked or _is_of_poll(polls, found, owner, said, shares):
            for view in shares:
                poll = polls.near(view)
                if poll is not None:
                    _move(register, found, view.place, poll)


def _own(polls: Polls, found: Amended, voiced: dict[int, list[View]]) -> set[int]:
    """Give each poll one line, and its statements by name to that; return the lines of polls."""
    asked: set[int] = set()
    for owner, said in voiced.items():
        for view in said:
            place = polls.of(view)
            if place is None or place.poll is None or owner == NOBODY_SAYS:
                continue
            if owner >= 0 and not polls.is_other(place.poll, said[0]):
                asked.add(owner)
                place.poll.owner = owner if place.poll.owner < 0 else place.poll.owner
            _move(polls.register, found, view.place, place.poll)
    return asked


def _is_of_poll(
    polls: Polls, found: Amended, owner: int, said: Sequence[View], shares: Sequence[View]
) -> bool:
    """Tell whether a line has people asked by some poll and no other source: "54% of voters", "Republicans"."""
    if owner < 0 or found.names[owner] or len(shares) < _ALMOST * len(said):
        return False
    only = len(polls.polls) == 1
    return any((only or _is_document(view)) and is_share(polls.words(view)) for view in shares)


def _is_document(view: View) -> bool:
    """Tell whether a statement's source is most likely a document, as far as is known."""
    classes = view.statement.classes
    return classes is None or max(classes) == classes[_DOCUMENT]


def _move(register: Register, found: Amended, place: int, poll: Poll) -> None:
    """Give a statement to a poll's line, with those behind it that have no words for their source; add a line if it has none."""
    before = found.owners[place]
    if poll.owner < 0:
        found.names.append(poll.words)
        poll.owner = len(found.names) - 1
        found.classes[poll.owner] = "document"
    if before == poll.owner:
        return
    found.owners[place] = poll.owner
    if before < 0:
        return
    for view in register.views[place + 1 :]:
        goes_on = view.elided or view.kind == "they"
        if not goes_on or found.owners[view.place] != before:
            return
        found.owners[view.place] = poll.owner


def _between(register: Register, owners: Sequence[int]) -> list[tuple[int, int]]:
    """Return the statements of an unclear "he" between two by the same "he", all near each other, and whose those are."""
    voiced = [view for view in register.views if not (view.elided or view.inside)]
    result = []
    for before, view, behind in zip(voiced, voiced[1:], voiced[2:], strict=False):
        three = (before, view, behind)
        same = {(one.kind, one.mention.gender) for one in three} == {("he", view.mention.gender)}
        near = behind.sentence - before.sentence <= _AROUND
        owner = owners[before.place]
        unclear = owners[view.place] == UNCLEAR and owners[behind.place] == owner >= 0
        if same and near and unclear:
            result.append((view.place, owner))
    return result


_AROUND = 6
"""Sentences from the first to the last of three statements by the same pronoun, at most."""


class _Lines:
    """The lines of one article: for each owner its statements with words for their source, in order."""

    def __init__(self, register: Register, found: Amended, withheld: frozenset[int]) -> None:
        self._register, self._found, self._withheld = register, found, withheld
        self._members = register.figures.members
        self._first: dict[int, int] = {}
        for named in register.figures.named:
            self._first.setdefault(named.figure, named.first)
        self._full = {figure.full: number for number, figure in enumerate(self._members)}
        self._voiced: defaultdict[int, list[View]] = defaultdict(list)
        for view in register.views:
            if not view.elided and found.owners[view.place] >= 0:
                self._voiced[found.owners[view.place]].append(view)

    def join(self, gone: int, kept: int) -> None:
        """Give all statements of one line to another, unless a rule before has moved either."""
        if gone == kept or not (self._voiced.get(gone) and self._voiced.get(kept)):
            return
        owners = self._found.owners
        for place, owner in enumerate(owners):
            if owner == gone:
                owners[place] = kept
        moved = sorted(self._voiced.pop(gone) + self._voiced[kept], key=lambda view: view.place)
        self._voiced[kept] = moved

    def _figure(self, owner: int) -> int:
        """Return the figure by whose name a line goes, -1 if it has none."""
        name = self._found.names[owner]
        return self._full.get(name, -1) if name else -1

    def _sentence(self, token: int) -> int:
        article = self._register.article
        return sentence_at(article, article.segmented.tokens.starts[token])

    def _people(self) -> list[tuple[int, int, int]]:
        """Return where each line's person is named first, the line and the figure, in order."""
        found = []
        for owner in self._voiced:
            figure = self._figure(owner)
            if figure in self._first and self._members[figure].kind == "person":
                found.append((self._first[figure], owner, figure))
        return sorted(found)

    def named_next(self) -> Iterator[tuple[int, int]]:
        """Yield who is described before anybody is named, or in the first sentence, and who is named first from there to the next sentence.

        "A retired pilot has warned of the bar. Per Lund says that it moves."
        """
        people = self._people()
        if not people:
            return
        opening = min(self._first.values())
        for owner, said in self._voiced.items():
            view = said[0]
            early = view.sentence == 0 or view.first < opening
            if not early or self._found.names[owner] or not self._is_described(view):
                continue
            behind = next((one for one in people if one[0] >= view.end), None)
            if behind is None or self._sentence(behind[0]) > view.sentence + 1:
                continue
            _, other, figure = behind
            if self._voiced[other][0].place > view.place and self._can_be(said, figure):
                yield owner, other

    def _is_described(self, view: View) -> bool:
        """Tell whether a mention describes one person who may be named later: not "a source", not "a lawyer for the owner"."""
        mention = view.mention
        if view.kind not in _DESCRIBED or view.inside or view.first in self._withheld:
            return False
        if mention.plural or mention.spokes or mention.complement in _FOR_OTHERS:
            return False
        if (
            mention.head in words_of("source_people", "kept_unnamed")
            and mention.complement != "who"
        ):
            return False
        if mention.flags & PEOPLE:
            return True
        classes = view.statement.classes
        likely = classes is not None and classes[_PERSON] + classes[_UNNAMED] >= _LIKELY
        return likely and not mention.flags & (BODY | DOCUMENT)

    def _can_be(self, said: Sequence[View], figure: int) -> bool:
        """Tell whether a person who is described can be a figure: gender fits, and the figure speaks for nobody else."""
        person = self._members[figure]
        if not all(person.fits(view.mention.gender) for view in said):
            return False
        return not self._speaks_for_others(person) and not self._is_another(said[0], person)

    def _is_another(self, view: View, person: Figure) -> bool:
        """Tell whether the sentence that names a person first shows that they are another than who was described before it.

        "Tove Holm also said so"; "Tove Holm, the owner," is not the clerk.
        """
        forms = self._register.article.segmented.tokens.forms
        sentence = self._register.article.segmented.sentences[self._sentence(person.tokens[0])]
        words = [form.lower() for form in forms[sentence.first : sentence.last]]
        if words[0] in words_of("source_people", "turns_to") or not words_of(
            "source_people", "speaks_as_well"
        ).isdisjoint(words):
            return True
        beside = self._called_beside(person)
        return bool(beside) and view.mention.head not in beside

    def _called_beside(self, person: Figure) -> set[str]:
        """Return the nouns for people in the apposition behind the first mention of a person's name."""
        forms, at_token = (
            self._register.article.segmented.tokens.forms,
            self._register.figures.at_token,
        )
        end = person.tokens[0]
        figure = at_token[end]
        while at_token.get(end) == figure:
            end += 1
        if end >= len(forms) or forms[end] != ",":
            return set()
        behind = takewhile(lambda form: form[0].isalnum(), forms[end + 1 : end + _APPOSITION])
        singular = lists().singular
        words = [form.lower() for form in behind]
        return {singular.get(word, word) for word in words if lists().nouns.get(word, 0) & PEOPLE}

    def _speaks_for_others(self, person: Figure) -> bool:
        """Tell whether the words beside a person's name say that they speak for others."""
        nouns, voices = lists().nouns, words_of("source_people", "voice_of")
        roles = person.roles | self._words_beside(person)
        return any(nouns.get(word, 0) & SPOKES or word in voices for word in roles)

    def _words_beside(self, person: Figure) -> set[str]:
        """Return the words behind the first mention of a person's name, up to the end of its apposition."""
        article = self._register.article
        forms, first = article.segmented.tokens.forms, person.tokens[0]
        last = article.segmented.sentences[self._sentence(first)].last
        return {form.lower() for form in forms[first : min(last, first + _APPOSITION)]}

    def pronoun_first(self) -> Iterator[tuple[int, int]]:
        """Yield who opens the article as "he" or "she", and who is named first, as the next source, in the next sentence."""
        people = {owner: figure for _, owner, figure in self._people()}
        order = sorted(self._voiced, key=lambda owner: self._voiced[owner][0].place)
        if len(order) < 2 or self._found.names[order[0]]:
            return
        said, other = self._voiced[order[0]], order[1]
        near = self._voiced[other][0].sentence <= said[0].sentence + 1
        pronouns = all(view.kind == "he" and not view.inside for view in said)
        if near and pronouns and other in people and self._can_be(said, people[other]):
            yield order[0], other

    def pronoun_of_silent(self) -> Iterator[tuple[int, int]]:
        """Yield a line of "he" or "she" alone whose person speaks nowhere by name, and the person who spoke just before."""
        last: View | None = None
        for view in self._register.views:
            owner = self._found.owners[view.place]
            if view.elided or owner < 0:
                continue
            said = self._voiced[owner]
            alone = self._found.names[owner] and all(one.kind == "he" for one in said)
            if alone and view is said[0] and last is not None:
                before = self._found.owners[last.place]
                figure = self._figure(before)
                near = view.sentence - last.sentence <= _NEAR
                if (
                    near
                    and figure >= 0
                    and self._members[figure].kind == "person"
                    and all(self._members[figure].fits(one.mention.gender) for one in said)
                ):
                    yield owner, before
            if self._found.names[owner]:
                last = view

    def turned(self) -> Iterator[tuple[int, int]]:
        """Yield a line of two called together, and the line before of the same two in the other order: "Ohio and Utah", "Utah and Ohio"."""
        pairs: dict[frozenset[str], int] = {}
        for owner, said in self._voiced.items():
            for view in said:
                two = self._two(view)
                if two:
                    kept = pairs.setdefault(two, owner)
                    if kept != owner:
                        yield owner, kept

    def only_body(self) -> Iterator[tuple[int, int]]:
        """Yield a line of "the industry body" alone, and the only organisation by name that speaks before it."""
        figures = {owner: self._figure(owner) for owner in self._voiced}
        bodies = [o for o, f in figures.items() if f >= 0 and self._members[f].kind == "body"]
        if len(bodies) != 1:
            return
        (body,) = bodies
        first = self._voiced[body][0].place
        for owner, said in self._voiced.items():
            named = self._found.names[owner] or said[0].place < first
            if not named and all(map(self._is_the_body, said)):
                yield owner, body

    def _is_the_body(self, view: View) -> bool:
        """Tell whether a mention is "the industry body", which an article names before."""
        forms = self._register.article.segmented.tokens.forms[view.first : view.end]
        words = tuple(form.lower() for form in forms)
        return (
            words[0] == "the"
            and words[-1] == "body"
            and set(words[1:-1]) <= words_of("source_bodies", "of_trade")
        )

    def plain_sources(self) -> Iterator[tuple[int, int]]:
        """Yield a line of bare "sources", and the only line of sources that the article describes: "sources familiar with the plan"."""
        described, plain = [], []
        for owner, said in self._voiced.items():
            if all(view.mention.head == "source" and view.mention.plural for view in said):
                bare = all(view.mention.words <= _SOURCES and view.kind == "bare" for view in said)
                if bare:
                    plain.append(owner)
                elif all(
                    not view.mention.words.isdisjoint(words_of("anonymity", "in_the_know"))
                    for view in said
                ):
                    described.append(owner)
        if len(described) == 1 and not any(view.inside for view in self._voiced[described[0]]):
            for owner in plain:
                yield owner, described[0]

    def of_study(self) -> Iterator[tuple[int, int]]:
        """Yield a line of "the authors" or "the researchers" alone, and the one study of the article that speaks, if it is spoken of before."""
        papers = [owner for owner, said in self._voiced.items() if self._is_paper(owner, said)]
        if len(papers) != 1:
            return
        (paper,) = papers
        for owner, said in list(self._voiced.items()):
            authors = [view for view in said if self._is_authors(view)]
            alone = authors and all(view in authors or view.kind == "they" for view in said)
            before = self._voiced[paper][0].place < said[0].place
            if alone and before and owner != paper and not self._granted(said):
                self._found.classes[paper] = "document"
                yield owner, paper

    def of_statement(self) -> Iterator[tuple[int, int]]:
        """Yield a line of "the statement" alone, and who "said in a statement" just before."""
        issued: View | None = None
        for view in self._register.views:
            owner = self._found.owners[view.place]
            if view.elided or owner < 0:
                continue
            said = self._voiced.get(owner, [])
            if said and view is said[0] and all(map(self._is_the_statement, said)):
                if issued is not None and view.sentence - issued.sentence <= _NEAR:
                    yield owner, self._found.owners[issued.place]
            elif not (view.inside or _STATEMENTS.isdisjoint(view.statement.cue.split())):
                issued = view

    def _is_the_statement(self, view: View) -> bool:
        """Tell whether a mention is "the statement", and no more than that."""
        forms = self._register.article.segmented.tokens.forms[view.first : view.end]
        first, *rest = (form.lower() for form in forms)
        return first in ("the", "this") and " ".join(rest) in _STATEMENTS

    def _is_paper(self, owner: int, said: Sequence[View]) -> bool:
        """Tell whether a line is a study or those who made it, by its first words: "a trial", "a team of scientists", not "previous studies"."""
        first, kind = said[0].mention, said[0].kind
        other = words_of("source_documents", "other_than_this")
        if self._found.names[owner] or said[0].inside or not other.isdisjoint(first.words):
            return False
        if first.head in words_of("source_documents", "authors"):
            return kind in _INTRODUCED and first.complement in _FROM
        return first.head in words_of("source_documents", "of_authors") and not first.plural

    def _is_authors(self, view: View) -> bool:
        """Tell whether a mention is those who made a study, and does not say which: "the authors", "a rise the authors"."""
        makers = words_of("source_documents", "authors")
        known = makers | words_of("source_documents", "of_authors")
        forms = self._register.article.segmented.tokens.forms[view.first : view.end]
        *before, head = (form.lower() for form in forms)
        at = max((n for n, word in enumerate(before) if word == "the"), default=-1)
        plain = at >= 0 and set(before[at + 1 :]) <= known
        several = head == "team" or head.endswith("s")
        return head in makers and several and plain and not view.inside and view.own < 0

    def _granted(self, said: Sequence[View]) -> bool:
        """Tell whether somebody of a line is granted anonymity."""
        return any(view.first in self._withheld for view in said)

    def _two(self, view: View) -> frozenset[str]:
        """Return the two names that a mention joins by "and", empty if it is another."""
        forms = self._register.article.segmented.tokens.forms[view.first : view.end]
        if forms.count("and") != 1 or not all(form == "and" or form[0].isupper() for form in forms):
            return frozenset()
        at = forms.index("and")
        two = frozenset((" ".join(forms[:at]), " ".join(forms[at + 1 :])))
        return two if len(two) == _BOTH and all(two) else frozenset()


_BOTH = 2
_SOURCES = frozenset(["sources", "source"])
_STATEMENTS = frozenset(["statement", "release", "press release", "news release"])
"""Texts in which somebody speaks, and which are no other source than they."""
_INTRODUCED = frozenset(["indefinite", "bare"])
_FROM = frozenset(["at", "from", "in", "of"])
_FOR_OTHERS = frozenset(["for", "close", "familiar", "with", "to"])
"""Words behind a noun for somebody who speaks of others."""
_APPOSITION = 14
"""Tokens from a name on among which what its bearer is stands."""
