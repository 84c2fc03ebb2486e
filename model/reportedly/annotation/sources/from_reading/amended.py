"""Rules that correct the linker where the wording leaves no doubt who makes a statement.

"They" after two people named together means both; "it" after a sentence about a letter means the letter; "the company"
is not a ministry; a paragraph that is all quotation after a paragraph about a person is that person's.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, takewhile

from reportedly.annotation.sources.coreference.mentions import read_mention
from reportedly.annotation.sources.coreference.names import is_written, sentence_at
from reportedly.annotation.sources.from_reading.called import (
    Move,
    addressed,
    answers,
    calls,
    labelled,
    repeated,
    replies,
    signatures,
)
from reportedly.annotation.sources.linking.bars.barred import is_thing
from reportedly.annotation.sources.linking.bars.body_sorts import sorts_of
from reportedly.annotation.sources.linking.figures import Figure, Named, initials
from reportedly.annotation.sources.linking.parties import Register
from reportedly.annotation.sources.linking.views import Quoted, View
from reportedly.annotation.sources.word_lists import BODY, DOCUMENT, PEOPLE, SPOKES, lists
from reportedly.datamodel import Sentence, SourceClass
from reportedly.lexicons.loader import words_of

_Name = tuple[str, ...]
_TOLD_OF = frozenset(["name", "he", "definite", "owned"])
_OFFICES = frozenset(["definite", "indefinite", "owned"])
_ANYBODY = frozenset(["some", "many", "most", "others", "few", "everyone", "everybody"])
_QUOTED = 0.9
"""The share of a statement within quotation marks from which it counts as all quotation."""
NOBODY_SAYS, UNCLEAR = -1, -2
"""Owners of statements that are not a source's number."""
_I_AM = re.compile(r"\b(?:I am|I['’]m|[Mm]y name is|[Tt]his is) (?=[A-ZÀ-Þ])")
_GREETING = 400
"""How many code points of a quotation are searched for the speaker's own name."""
_OPENING = 12
"""The person whom a later pronoun means must be named within so many tokens of a sentence's start."""
_SUBJECT = 3
"""A sentence's subject must begin within so many tokens."""
_DESCRIBED = 5
"""A description of at least so many tokens means the same person wherever it is repeated."""
_NAMED_BEFORE, _AROUND = 200, 60
"""The most names before a statement, and statements around it, that are examined."""
_NEAR = 3
"""How many sentences before "the spokesman" are searched for the spokesperson's name."""
_NEXT = 1
"""How many sentences before an unclear "she" somebody spoke just before."""
_PLACES, _BEFORE, _BEHIND = 20, 4, 14
"""The most mentions of a name that are examined for the person's office, and the words before and after each."""
_ARTICLE_AND_NAME, _INITIALS = 2, 3
"""The most tokens of a mention by initials, and the fewest words that they stand for."""
_MARKS = frozenset([",", ")", "(", "–", "—", "“", '"', ";", ":"])
_LONGEST_PHRASE = 8
"""The most tokens of a subject that is a document."""


@dataclass(slots=True)
class Amended:
    """The owners of statements by number, the sources' names, and classes known by a rule; the owners -1 and -2 are nobody and unclear."""

    owners: list[int]
    names: list[_Name]
    classes: dict[int, SourceClass] = field(default_factory=dict)


def amended(
    register: Register,
    owners: Sequence[int],
    names: Sequence[_Name],
    withheld: frozenset[int] = frozenset(),
    labels: Sequence[int] = (),
) -> Amended:
    """Return the owners of an article's statements after applying these rules.

    `withheld` are the first tokens of mentions that are granted anonymity: each of them is a source, even if it is
    unclear who. `labels` are the numbers of statements that label turns of a conversation.
    """
    rules = _Rules(register, Amended(list(owners), list(names)))
    for view in register.views:
        rules.apply(view)
        rules.same_words(view)
        if view.first in withheld and not view.elided:
            rules.granted(view)
    for move in calls(register, rules.result.owners):
        if register.views[move.place].first not in withheld:
            rules.move(move)
    rules.quotations()
    for move in (
        *answers(register, rules.result.owners),
        *addressed(register, rules.result.owners),
        *replies(register),
        *labelled(register, labels),
    ):
        rules.move(move)
    rules.going_on()
    for move in list(signatures(register, rules.result.owners, rules.result.names)):
        rules.move(move)
    for move in repeated(register):
        rules.move(move)
    return rules.result


class _Rules:
    """Applies the rules to one article."""

    def __init__(self, register: Register, result: Amended) -> None:
        self._register, self.result = register, result
        self._article, self._figures = register.article, register.figures
        self._of_figure: dict[int, int] = {}
        for view in register.views:
            owner, party = result.owners[view.place], register.owner[view.place]
            if owner >= 0 and party >= 0:
                for figure in register.parties[party].figures:
                    self._of_figure.setdefault(figure, owner)
        self._quoted = Quoted(self._article.segmented.quotations)
        self._in_sentence: defaultdict[int, list[View]] = defaultdict(list)
        for view in register.views:
            self._in_sentence[view.sentence].append(view)
        self._told = {view.sentence for view in register.views}
        self._voiced = {view.sentence for view in register.views if view.kind != "carried"}
        self._new: dict[_Name, int] = {}
        self._at: dict[int, int] = {}
        self._described: dict[_Name, int] = {}
        self._speakers: dict[int, int] = {}
        self._parted: dict[_Name, int] = {}

    def apply(self, view: View) -> None:
        """Change the owner of one statement if a rule is certain."""
        if view.kind == "they" and not view.inside:
            self._couple(view)
        elif view.kind == "it" and not view.inside:
            self._paper(view)
            self._same_body(view)
        elif view.kind == "name" and view.own < 0:
            self._initials(view)
        elif view.kind == "definite" and view.own < 0 and view.mention.flags & BODY:
            self._body(view)
        elif view.kind in _OFFICES and view.own < 0 and not view.mention.plural:
            self._office(view)
        elif view.kind == "other" and view.mention.head in _ANYBODY:
            self._anybody(view)
        elif view.kind == "he":
            self._person_only(view)
            if not view.inside:
                self._he(view)
        elif view.kind == "carried" and view.quoted >= _QUOTED:
            self._quotation(view)

    def move(self, move: Move) -> None:
        """Give a statement to whom the noun or spelling of its source calls."""
        view = self._register.views[move.place]
        if move.figure >= 0:
            self._hand(view, move.figure)
        elif move.name:
            self._give(view, move.name, move.source_class)
        elif move.follows >= 0:
            self.result.owners[move.place] = self.result.owners[move.follows]
        elif move.unclear:
            self.result.owners[move.place] = UNCLEAR
        else:
            self._part(view)

    def same_words(self, view: View) -> None:
        """Give statements that share the words for their source the same owner: one phrase is one source."""
        if view.elided:
            return
        self._phrase(view)
        owner = self._at.setdefault(view.first, self.result.owners[view.place])
        if owner >= 0:
            self.result.owners[view.place] = owner
        else:
            self._at[view.first] = self.result.owners[view.place]

    def _phrase(self, view: View) -> None:
        """Give statements whose source is described in exactly the same words the same owner: scraped pages repeat passages."""
        if view.kind != "indefinite" or view.end - view.first < _DESCRIBED:
            return
        forms = self._article.segmented.tokens.forms[view.first : view.end]
        words = tuple(form.lower() for form in forms)
        owner = self._described.setdefault(words, self.result.owners[view.place])
        if owner >= 0:
            self.result.owners[view.place] = owner

    def quotations(self) -> None:
        """Give a quotation's sentences without words for their source to the speaker named in its first or last sentence."""
        views, owners = self._register.views, self.result.owners
        speakers: defaultdict[int, set[int]] = defaultdict(set)
        for view in views:
            if not (view.elided or view.inside) and view.quotation >= 0:
                speakers[view.quotation].add(owners[view.place])
        spoken_of: defaultdict[int, set[int]] = defaultdict(set)
        for view in views:
            if view.inside and view.quotation >= 0 and self._is_told_of(view):
                spoken_of[view.quotation].add(owners[view.place])
        for view in views:
            if view.kind != "carried" or view.quoted < _QUOTED:
                continue
            known = speakers.get(view.quotation)
            if known and len(known) == 1:
                owners[view.place] = min(known)
            elif not known and owners[view.place] in spoken_of[view.quotation]:
                self._running(view)

    def _is_told_of(self, view: View) -> bool:
        """Tell whether a source within a quotation is somebody it talks about; at a sentence's end it may be the speaker after a lost mark."""
        rest = self._sentence(view.sentence).last - view.end
        known = self.result.owners[view.place] >= 0
        return known and view.kind in _TOLD_OF and rest > _SUBJECT

    def _running(self, view: View) -> None:
        """Take a quotation from a person it only talks about; give it to whoever says in it "I'm Ann Reed", else leave it unclear."""
        start = self._quoted.start(view.quotation)
        speaker = self._speakers.get(view.quotation)
        if speaker is None:
            speaker = self._speakers[view.quotation] = self._presented(start)
        if speaker >= 0:
            self._hand(view, speaker)
        else:
            self.result.owners[view.place] = UNCLEAR

    def _presented(self, start: int) -> int:
        """Return the figure that gives its own name in the quotation that begins at `start`, -1 if none does."""
        match = _I_AM.search(self._article.segmented.text, start, start + _GREETING)
        if match is None:
            return -1
        token = bisect_left(self._article.segmented.tokens.starts, match.end())
        return self._figures.at_token.get(token, -1)

    def granted(self, view: View) -> None:
        """Give an unclear statement by somebody who is granted anonymity a line of its own."""
        if self.result.owners[view.place] < 0:
            self.result.names.append(())
            self.result.owners[view.place] = len(self.result.names) - 1

    def _sentence(self, number: int) -> Sentence:
        return self._article.segmented.sentences[number]

    def _named(self, number: int) -> list[Named]:
        """Return the places where a sentence names somebody."""
        sentence = self._sentence(number)
        return self._figures.named_in(sentence.first, sentence.last)

    def _couple(self, view: View) -> None:
        """Give what "they" say to the two people whom the previous sentence names together as its subject."""
        if view.sentence == 0 or view.mention.head != "they":
            return
        sentence, named = self._sentence(view.sentence - 1), self._named(view.sentence - 1)
        if (
            view.sentence - 1 in self._told
            or len(named) != 2
            or named[0].first > sentence.first + 1
        ):
            return
        one, other = (self._figures.members[place.figure] for place in named)
        forms = self._article.segmented.tokens.forms
        together = named[1].first == named[0].end + 1 and forms[named[0].end] in ("and", "&")
        if together and one.person and other.person:
            self._give(view, (*one.full, "and", *other.full), "named_person")

    def _person_only(self, view: View) -> None:
        """Unlink "he" or "she" from a capitalised phrase that nothing shows to be a person's name: "Hot Yoga"."""
        owner, party = self.result.owners[view.place], self._register.owner[view.place]
        if owner >= 0 and party >= 0:
            linked = self._register.parties[party].figures
            if linked and all(self._is_thing(self._figures.members[n]) for n in linked):
                self.result.owners[view.place] = UNCLEAR

    def _is_thing(self, figure: Figure) -> bool:
        """Tell whether a figure may be a thing: the last word of its name also occurs in lower case, and nothing shows a person."""
        if is_thing(figure):
            return True
        shown = figure.gender or figure.he or figure.she or figure.roles
        full = figure.full
        return not shown and len(full) > 1 and is_written(self._article, full[-1].lower())

    def _he(self, view: View) -> None:
        """Give what "he" or "she" says to the subject of its sentence, else of the previous one, if only that person is named or speaks there."""
        number, unclear = view.sentence, self.result.owners[view.place] < NOBODY_SAYS
        near = self._people(number, view)
        alone = len({place.figure for place in near}) == 1
        if not near and number and unclear:
            number -= 1
            near = self._people(number, view)
            alone = len({place.figure for place in near}) == 1
        if not near or near[0].first >= self._sentence(number).first + _OPENING:
            return
        if alone or (unclear and self._speaks_alone(number, near[0].figure)):
            self._hand(view, near[0].figure)

    def going_on(self) -> None:
        """Give what an unclear "she" says to who spoke just before, if she is the only woman whom the text shows to be one; "he" likewise."""
        people = [one for one in self._figures.members if one.person]
        views, owners = self._register.views, self.result.owners
        for before, view in pairwise(views):
            unclear = view.kind == "he" and not view.inside and owners[view.place] == UNCLEAR
            gender, owner = view.mention.gender, owners[before.place]
            if not unclear or owner < 0 or view.sentence - before.sentence > _NEXT:
                continue
            shown = [one.full for one in people if one.gender == gender]
            if len(shown) == 1 and shown[0] == self.result.names[owner]:
                owners[view.place] = owner

    def _speaks_alone(self, number: int, figure: int) -> bool:
        """Tell whether a figure is the only named source of a sentence outside quotations."""
        views = self._in_sentence.get(number, ())
        named = {view.own for view in views if view.own >= 0 and not view.inside}
        return named == {figure}

    def _people(self, number: int, view: View) -> list[Named]:
        """Return where a sentence names, before a pronoun, people of the pronoun's gender."""
        starts = self._article.segmented.tokens.starts
        return [
            named
            for named in self._named(number)
            if named.first < view.first
            and _can_be_meant(self._figures.members[named.figure], view.mention.gender)
            and not self._is_thing(self._figures.members[named.figure])
            and not self._quoted.holds(starts[named.first])
        ]

    def _anybody(self, view: View) -> None:
        """Give unclear statements of "some" or "many" the class of nobody in particular."""
        if self.result.owners[view.place] < -1:
            self._give(view, (view.mention.head.capitalize(),), "vague")

    def _paper(self, view: View) -> None:
        """Give what "it" says to the document that is the subject of the previous sentence, if that names no organisation."""
        if view.sentence == 0 or view.first != self._sentence(view.sentence).first:
            return
        before = self._sentence(view.sentence - 1)
        phrase = self._document(before)
        if before.paragraph != self._sentence(view.sentence).paragraph or not phrase:
            return
        others = [self._figures.members[named.figure] for named in self._named(view.sentence - 1)]
        if all(figure.kind == "person" for figure in others):
            self._give(view, phrase, "document")

    def _same_body(self, view: View) -> None:
        """Give what "it" says to the organisation by name that is the subject of the previous sentence and speaks there."""
        if view.sentence == 0 or view.first != self._sentence(view.sentence).first:
            return
        first = self._sentence(view.sentence - 1).first
        for one in self._in_sentence.get(view.sentence - 1, ()):
            body = one.kind == "name" and self._body_called(one) >= 0
            if body and one.first <= first + 1 and not one.inside:
                self.result.owners[view.place] = self.result.owners[one.place]
                return

    def _body_called(self, view: View) -> int:
        """Return the organisation that a mention names, in full or by initials; -1 if it names none."""
        if view.own >= 0:
            return view.own if self._figures.members[view.own].kind == "body" else -1
        short = self._article.segmented.tokens.forms[view.end - 1]
        if not (short.isupper() and short.isalpha() and view.end - view.first <= _ARTICLE_AND_NAME):
            return -1
        full = {
            number
            for number, figure in enumerate(self._figures.members)
            if figure.kind != "person" and len(figure.full) >= _INITIALS
            and initials(figure.full) == short
        }  # fmt: skip
        return full.pop() if len(full) == 1 else -1

    def _initials(self, view: View) -> None:
        """Give what "the WHO" says to the one organisation whose name has these initials."""
        figure = self._body_called(view)
        if figure >= 0:
            self._hand(view, figure)

    def _document(self, sentence: Sentence) -> _Name:
        """Return the words of a sentence's subject if it is a document with a determiner: "The letter"."""
        forms = self._article.segmented.tokens.forms
        if forms[sentence.first] not in ("The", "This", "That", "A", "An"):
            return ()
        first = sentence.first
        if tuple(forms[first + 1 : first + 3]) == (
            "copy",
            "of",
        ):  # the source is the document, not its copy
            first += 3
        for end in range(first + 2, min(sentence.last, first + _LONGEST_PHRASE)):
            if forms[end] == "," or forms[end] in words_of("source_grammar", "finite"):
                mention = read_mention(forms[first:end], opens_sentence=first == sentence.first)
                paper = mention.kind == "nominal" and mention.flags & DOCUMENT
                return tuple(forms[first:end]) if paper else ()
        return ()

    def _body(self, view: View) -> None:
        """Unlink "the company" from a ministry; link it to the only company named before, else give it a line of its own."""
        head, owner = view.mention.head, self.result.owners[view.place]
        party = self._register.owner[view.place]
        linked = self._register.parties[party].figures if owner >= 0 and party >= 0 else set()
        others = bool(linked) and all(self._contradicts(head, place) for place in linked)
        if linked and not others:
            return
        fits = [named for named in self._before(view) if self._calls(head, named.figure)]
        one = len({named.figure for named in fits}) == 1
        if one and (others or self._is_subject(view, fits[-1])):
            moved = [view] if others or owner < 0 else self._of(owner, head, view.place)
            for each in moved:
                self._hand(each, fits[-1].figure)
        elif others:
            self._give(view, ("the", head), "named_organisation")

    def _contradicts(self, head: str, figure: int) -> bool:
        """Tell whether the name of an organisation tells another sort of body than `head` calls."""
        own, told = sorts_of(head), self._register.wording.names(figure).sorts
        return bool(own and told) and own.isdisjoint(told)

    def _calls(self, head: str, figure: int) -> bool:
        """Tell whether the name of an organisation has the noun `head`, or a company's mark where that is a firm."""
        called = self._register.wording.names(figure).called
        firm = "company" in called and "firm" in sorts_of(head)
        return firm or (self._figures.members[figure].kind != "person" and head in called)

    def _office(self, view: View) -> None:
        """Unlink a mention by office from a person who holds another office: "the spokesman" is not the president."""
        owner, party = self.result.owners[view.place], self._register.owner[view.place]
        if owner < 0 or party < 0 or not view.mention.flags & PEOPLE:
            return
        linked = sorted(self._register.parties[party].figures)
        people = [n for n in linked if self._figures.members[n].kind == "person"]
        if not people:
            bodies = bool(linked) and all(self._figures.members[n].kind == "body" for n in linked)
            self._voice_of_body(view, self._register.parties[party].heads, bodies=bodies)
        elif len(people) < len(linked):
            return
        elif view.mention.spokes:
            self._spokesperson(view, people)
        elif all(self._holds_another(view, one) for one in people):
            self._part(view)

    def _voice_of_body(self, view: View, heads: set[str], *, bodies: bool) -> None:
        """Unlink "his spokesperson" or "a spokesman for her" from a court, or from `bodies` by name: a person's spokesperson does not speak for them."""
        words = [
            form.lower() for form in self._article.segmented.tokens.forms[view.first : view.end]
        ]
        theirs = words[0] in ("his", "her")
        ours = theirs or words[-2:] in (["for", "her"], ["for", "him"])
        nobodys = theirs and bool(heads & words_of("source_bodies", "nobodys"))
        if view.mention.spokes and (nobodys or (ours and bodies)):
            self._part(view)

    def _spokesperson(self, view: View, linked: Sequence[int]) -> None:
        """Unlink "the spokesman" from people who are not spokespeople; link it to the last spokesperson named, else to nobody named.

        A mention that says for which person it speaks keeps its link.
        """
        if view.principal >= 0 or view.owner >= 0 or view.mention.principal:
            return
        if any(self._speaks_for_others(one) for one in linked):
            return
        before = list(self._before(view)) if view.kind == "definite" else []
        for named in reversed(before):
            if named.first < self._sentence(max(0, view.sentence - _NEAR)).first:
                break
            figure = self._figures.members[named.figure]
            if figure.kind == "person" and self._speaks_for_others(named.figure):
                self._hand(view, named.figure)
                return
        self._part(view)

    def _beside(self, place: int) -> Iterator[list[str]]:
        """Yield the words around the first mentions of a figure: those before it, and those after a comma up to the next mark."""
        forms, at_token = self._article.segmented.tokens.forms, self._figures.at_token
        for first in self._figures.members[place].tokens[:_PLACES]:
            sentence = self._sentence(
                sentence_at(self._article, self._article.segmented.tokens.starts[first])
            )
            end = first
            while at_token.get(end) == place:
                end += 1
            beside = list(forms[max(sentence.first, first - _BEFORE) : end])
            if end < sentence.last and forms[end] in (",", "(", "–", "—"):
                behind = forms[end + 1 : min(sentence.last, end + 1 + _BEHIND)]
                beside += [",", *takewhile(lambda form: form not in _MARKS, behind)]
            yield beside

    def _speaks_for_others(self, place: int) -> bool:
        """Tell whether the words around a person's name say that they speak for others."""
        nouns, voices = lists().nouns, words_of("source_people", "voice_of")
        return any(
            nouns.get(form.lower(), 0) & SPOKES or form.lower() in voices
            for forms in self._beside(place)
            for form in forms
        )

    def _holds_another(self, view: View, number: int) -> bool:
        """Tell whether a mention like "the mayor of Gorton" cannot be a person: their office is elsewhere, or of another rank."""
        figure = self._figures.members[number]
        place = {word.lower() for word in view.mention.principal if word[0].isupper()}
        of_it = view.kind == "definite" and view.mention.complement == "of"
        if not (of_it and place and figure.roles):
            return False
        words = {form.lower() for forms in self._beside(number) for form in forms}
        if not place.isdisjoint(words):
            return False
        ranks = words_of("source_people", "rank")
        if view.mention.head not in figure.roles or ranks & view.mention.words != ranks & words:
            return True
        return any(_is_of_something(forms) for forms in self._beside(number))

    def _part(self, view: View) -> None:
        """Move a statement to a line of its own (one per wording), with the following pronouns and sentences of the same owner."""
        before, views = self.result.owners[view.place], self._register.views
        words = (
            tuple(sorted(view.mention.words)) if view.kind != "indefinite" else (str(view.first),)
        )
        owner = self._parted.get(words)
        if owner is None:
            self.result.names.append(())
            owner = self._parted[words] = len(self.result.names) - 1
        self.result.owners[view.place] = owner
        for other in views[view.place + 1 : view.place + _AROUND]:
            if other.kind not in ("he", "carried") or self.result.owners[other.place] != before:
                return
            self.result.owners[other.place] = owner

    def _is_subject(self, view: View, named: Named) -> bool:
        """Tell whether a name stands at the beginning of one of the two sentences before a statement."""
        near = range(max(0, view.sentence - 2), view.sentence)
        return any(0 <= named.first - self._sentence(n).first < _SUBJECT for n in near)

    def _of(self, owner: int, head: str, near: int) -> list[View]:
        """Return an owner's statements around number `near` that use no other noun for it than `head`."""
        return [
            view
            for view in self._register.views[max(0, near - _AROUND) : near + _AROUND]
            if self.result.owners[view.place] == owner and view.mention.head in ("", "it", head)
        ]

    def _before(self, view: View) -> Iterator[Named]:
        """Yield where figures are named before a statement."""
        at = bisect_left(self._figures.named, view.first, key=lambda named: named.first)
        yield from self._figures.named[max(0, at - _NAMED_BEFORE) : at]

    def _quotation(self, view: View) -> None:
        """Give a paragraph that is all quotation to the person whom the previous paragraph is about but does not quote."""
        sentences, number = self._article.segmented.sentences, view.sentence
        first = number
        while first and sentences[first - 1].paragraph == sentences[number].paragraph:
            first -= 1
        if first < 2 or sentences[first - 2].paragraph == sentences[first - 1].paragraph:
            return
        if any(n in self._voiced for n in range(first - 1, number)):
            return
        if first - 1 in self._told:
            return
        before, named = sentences[first - 1], self._named(first - 1)
        about = {
            place.figure for place in named if self._figures.members[place.figure].kind == "person"
        }
        if (
            len(about) == 1
            and named[0].first < before.first + _SUBJECT
            and named[0].figure in about
        ):
            self._hand(view, named[0].figure)

    def _hand(self, view: View, figure: int) -> None:
        """Give a statement to a figure's line; add a line if it has none."""
        owner = self._of_figure.get(figure)
        if owner is None:
            self.result.names.append(self._figures.members[figure].full)
            owner = self._of_figure[figure] = len(self.result.names) - 1
            if self._figures.members[figure].kind == "body":
                self.result.classes[owner] = "named_organisation"
            elif self._figures.members[figure].kind == "person":
                self.result.classes[owner] = "named_person"
            elif self._figures.members[figure].kind == "press":
                self.result.classes[owner] = "press"
        self.result.owners[view.place] = owner

    def _give(self, view: View, name: _Name, source_class: SourceClass | None) -> None:
        """Give a statement to a line that a rule adds, one for each name; its words decide on its class if the rule does not."""
        owner = self._new.get(name)
        if owner is None:
            self.result.names.append(name)
            owner = self._new[name] = len(self.result.names) - 1
            if source_class is not None:
                self.result.classes[owner] = source_class
        self.result.owners[view.place] = owner


def _can_be_meant(figure: Figure, gender: str) -> bool:
    """Tell whether "she" or "he" can mean a figure, whose gender is known or which has a name of several words.

    A single word of unknown gender may be a place, whatever pronouns are near it.
    """
    known = figure.gender or len(figure.full) > 1
    return bool(figure.person and known and figure.fits(gender))


def _is_of_something(forms: Sequence[str]) -> bool:
    """Tell whether words contain an office and where it is held: "president at LoanCo", "mayor of Gorton"."""
    nouns = lists().nouns
    return any(
        nouns.get(one.lower(), 0) & PEOPLE
        and join in ("of", "at", "for")
        and any(word[0].isupper() for word in behind)
        for one, join, *behind in zip(forms, forms[1:], forms[2:], [*forms[3:], "."], strict=False)
    )
