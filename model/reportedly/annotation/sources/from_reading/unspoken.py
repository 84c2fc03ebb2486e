"""Reject proposed sources that say nothing by the wording of their sentence: the cue is a deed, or it is another source's.

The choice of statements weighs probabilities; where the wording leaves no doubt, these rules overrule it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from reportedly.annotation.attribution.reporting_verbs import inflections
from reportedly.annotation.sources.coreference.names import Article
from reportedly.annotation.sources.from_reading.evidence import mention_of
from reportedly.annotation.sources.from_reading.proposals import ProposedSource
from reportedly.datamodel.annotation import cue_words
from reportedly.datamodel.arrays import Bools, Floats32
from reportedly.lexicons.loader import matcher_of, words_of

_BESIDE = 2
"""The most tokens between a source and a cue beside it."""


def unspoken(
    article: Article, voices: Sequence[ProposedSource], chances: Floats32, kept: Bools
) -> Iterator[int]:
    """Yield the numbers of the `kept` voices that say nothing by the wording of their sentence; `chances` are those of all voices."""
    by_cue: defaultdict[int, list[int]] = defaultdict(list)
    for number in np.flatnonzero(kept).tolist():
        if voices[number].attribution.cue:
            by_cue[voices[number].cue_first].append(number)
    for number in np.flatnonzero(kept).tolist():
        voice = voices[number]
        rivals = by_cue[voice.cue_first] if voice.origin == "words" else ()
        likelier = [voices[other] for other in rivals if chances[other] > chances[number]]
        beside = [other for other in likelier if _is_beside(article, other)]
        before = voices[number - 1] if number and kept[number - 1] else None
        if (
            _is_bystander(voice, beside)  # only a source that the reader alone found has rivals
            or any(_is_within(article, voice, voices[n]) for n in by_cue[voice.cue_first])
            or _is_deed(article, voice)
            or _shows_itself(article, voice)
            or _is_no_speaker(article, voice)
            or _is_asked(article, voice)
            or _is_told(article, voice)
            or (before is not None and _is_passed_over(article, voice, before))
        ):
            yield number


def writers_own(
    article: Article, voices: Sequence[ProposedSource], kept: Bools, carried: Bools
) -> Iterator[int]:
    """Yield the sentences that go on behind "according to Ana Moor" and are the writer's own comment: "Okay? But I think".

    The writer says "I" or asks in a word or two, outside quotation marks, in the same paragraph; then all of the
    sentences up to the next source are the writer's.
    """
    sentences, text = article.segmented.sentences, article.segmented.text
    quotations = article.segmented.quotations
    told = {voices[n].sentence for n in np.flatnonzero(kept).tolist()}
    for number in np.flatnonzero(kept).tolist():
        first = voices[number].sentence
        cue = voices[number].attribution.cue
        if not cue or cue[0].of(text).lower() != "according to":
            continue
        end = first + 1
        while end < len(sentences) and carried[end] and end not in told:
            if sentences[end].paragraph != sentences[first].paragraph:
                break
            end += 1
        marks = (
            m.start() for n in range(first + 1, end)
            for m in matcher_of("unspoken", "own_comment").finditer(text, sentences[n].start, sentences[n].end)
        )  # fmt: skip
        if any(not any(q.start <= at < q.end for q in quotations) for at in marks):
            yield from range(first + 1, end)


def _gap(voice: ProposedSource) -> int:
    """Return the number of tokens between the words of a source and its cue."""
    return max(voice.cue_first - voice.end, voice.first - voice.cue_end)


def _is_bystander(voice: ProposedSource, others: Sequence[ProposedSource]) -> bool:
    """Tell whether a source is farther from its cue than one of `others`, which stands beside the cue."""
    gap = _gap(voice)
    return gap > _BESIDE and any(_gap(o) < gap for o in others)


def _is_within(article: Article, voice: ProposedSource, other: ProposedSource) -> bool:
    """Tell whether a source with the cue of `other` stands in its relative clause: the mayor in "Lund, who advises the mayor, warned"."""
    if not other.first < voice.first < voice.cue_first:
        return False
    text = article.segmented.text
    clause = text[other.source.start : voice.source.start]
    between = text[voice.source.end - 1 : voice.attribution.cue[0].start]
    return "," in between and _WHO.search(clause) is not None


_WHO = re.compile(r", (?:who|which) ")


def _is_beside(article: Article, voice: ProposedSource) -> bool:
    """Tell whether a source stands beside its cue with no comma between: in "The letter, signed by Lund, says" Lund does not."""
    text = article.segmented.text
    if voice.cue_first < voice.first:
        return _gap(voice) <= 1
    between = text[voice.source.end - 1 : voice.attribution.cue[0].start]
    return _gap(voice) <= _BESIDE and "," not in between


def _is_passed_over(article: Article, voice: ProposedSource, before: ProposedSource) -> bool:
    """Tell whether a cue is a participle that belongs to an earlier speaker, past this name: Holm in "Lund wrote to Holm in May, adding"."""
    if not (before.first < before.cue_first and before.cue_end <= voice.first < voice.cue_first):
        return False
    if before.sentence != voice.sentence or _gap(voice) <= _BESIDE:
        return False
    text, cue = article.segmented.text, voice.attribution.cue[0]
    between = text[voice.source.end : cue.start].rstrip()
    beside = article.segmented.tokens.forms[voice.end] in words_of("deeds", "beside")
    return beside and between.endswith(",") and _PARTICIPLE.match(text, cue.start) is not None


_PARTICIPLE = re.compile(r"(?:\w{1,40}ly )?[a-z]{1,40}ing\b")


def _is_deed(article: Article, voice: ProposedSource) -> bool:
    """Tell whether a cue reports a deed and no words: "ordered", "denied the motion"."""
    if not voice.attribution.cue or voice.cue_first < voice.first:
        return False
    verb, after = _verb_and_rest(article, voice)
    if verb in _forms("deed", "knowing") and matcher_of("unspoken", "tells").match(after) is None:
        return True
    return (
        verb in _forms("act")
        or (verb in _forms("asking") and _asks_the_paper(article, voice))
        or (verb in words_of("unspoken", "finding") and _is_tribunal(article, voice))
        or _said_little(verb, after)
        or (
            verb in words_of("unspoken", "denying")
            and _answered().match(after.lstrip()) is not None
        )
        or _says_nothing(article, voice, verb, after)
    )


def _says_nothing(article: Article, voice: ProposedSource, verb: str, after: str) -> bool:
    """Tell whether a source keeps silent, knows what everybody knows, or brings something before a body."""
    if verb in _forms("knowing", "noticing"):
        return mention_of(article, voice).head in words_of("deeds", "public")
    if verb in _forms("withholding"):
        return not _goes_on_to_say(article, voice)
    return (
        verb in _forms("turning_in") and matcher_of("deeds", "turned_in").match(after) is not None
    )


def _goes_on_to_say(article: Article, voice: ProposedSource) -> bool:
    """Tell whether who "declined to answer" says something in the same sentence, or is quoted in it."""
    text, end = article.segmented.text, voice.attribution.cue[-1].end
    rest = text[end : article.segmented.sentences[voice.sentence].end]
    return matcher_of("deeds", "saying_after").match(rest) is not None


def _is_asked(article: Article, voice: ProposedSource) -> bool:
    """Tell whether the sentence asks what a source says: "What have the trials told us?", "Did Moor say that?"."""
    text, sentence = article.segmented.text, article.segmented.sentences[voice.sentence]
    if voice.cue_first < voice.first or "?" not in text[sentence.end - _MARKS : sentence.end]:
        return False
    return (
        matcher_of("unspoken", "question").match(text[sentence.start : voice.source.start])
        is not None
    )


_MARKS = 3
"""Code points at the end of a sentence among which its question mark stands."""


def _is_told(article: Article, voice: ProposedSource) -> bool:
    """Tell whether a source is only who is told something: the clerk in "Moor was overheard telling a clerk that it leaks"."""
    text, source = article.segmented.text, voice.source
    if not voice.attribution.cue or not 0 <= voice.first - voice.cue_end < 1:
        return False
    cue = voice.attribution.cue[-1]
    if _main_verb(cue.of(text).lower()) not in _forms("telling"):
        return False
    before = text[max(0, cue.start - _MARKS) : cue.start].rstrip()
    told = matcher_of("unspoken", "what_is_told").match(text[source.end : source.end + _LOOKED_AT])
    return before[-1:] not in _CLOSING and told is not None


_CLOSING = ("”", '"', "’", "'", ",")
"""Marks before a verb whose subject follows it: "“…,” told the clerk"."""


def _shows_itself(article: Article, voice: ProposedSource) -> bool:
    """Tell whether a person shows by deeds what he or she is: "Roe has shown that she is hopeless", the writer's view of Roe."""
    if not voice.attribution.cue or voice.cue_first < voice.first:
        return False
    words = voice.source.of(article.segmented.text).strip(" ,").split()
    if not words or not (words[-1].lower() in ("he", "she") or words[-1][0].isupper()):
        return False
    verb, after = _verb_and_rest(article, voice)
    return verb in _forms("showing") and matcher_of("unspoken", "itself").match(after) is not None


def _is_no_speaker(article: Article, voice: ProposedSource) -> bool:
    """Tell whether the words for a source are a title alone, the place of a dateline, or another name of the one before: "born Ivo"."""
    text, source = article.segmented.text, voice.source
    words = source.of(text).strip(" ,.")
    month = words in words_of("closed_classes", "month") and words not in words_of(
        "unspoken", "also_names"
    )
    if month or words in words_of("source_people", "bare_title"):
        return True
    sentence = article.segmented.sentences[voice.sentence]
    if voice.first <= sentence.first + 1:
        dateline = _DATELINE.match(text, sentence.start)
        return dateline is not None and source.end <= dateline.end()
    before = text[max(sentence.start, source.start - _NAME_BEFORE) : source.start]
    return matcher_of("unspoken", "other_name").search(f"{before}{source.of(text)}") is not None


_NAME_BEFORE = 24
_DATELINE = re.compile(
    r"[A-ZÀ-Þ][A-ZÀ-Þ.'’ -]{2,30}(?:, [A-ZÀ-Þ][\w. ]{1,20})?(?: \([^()\n]{1,30}\))?[ \t]{1,2}[–—-]{1,2}[ \t]?"
)
"""The place, and the agency, before the first words of a report."""


def _asks_the_paper(article: Article, voice: ProposedSource) -> bool:
    """Tell whether it is readers who ask, and they ask the paper: "readers asked us whether the quay is shut"."""
    start = voice.attribution.cue[0].start
    words = article.segmented.text[start : start + _LOOKED_AT].split()
    return "us" in words[:_ASKED] and mention_of(article, voice).head in words_of(
        "deeds", "audience"
    )


_ASKED = 4
"""Words from the beginning of a cue among which "us" stands if the paper is asked."""


def _verb_and_rest(article: Article, voice: ProposedSource) -> tuple[str, str]:
    """Return the main verb of a source's cue, and the text that follows the cue."""
    text, cue = article.segmented.text, voice.attribution.cue
    words = " ".join(cue_words(text, cue))
    return _main_verb(words), text[cue[-1].end : cue[-1].end + _LOOKED_AT]


def _is_tribunal(article: Article, voice: ProposedSource) -> bool:
    """Tell whether a source is a court, a judge or a jury, whose findings are acts on record."""
    head = mention_of(article, voice).head
    return head in words_of("deeds", "tribunal")


_LOOKED_AT = 80
"""Code points behind a cue that are examined."""


def _said_little(verb: str, after: str) -> bool:
    """Tell whether a cue says that nobody said anything: "said little about the yard"."""
    nothing = matcher_of("unspoken", "nothing")
    return verb in words_of("unspoken", "saying") and nothing.match(after) is not None


def _main_verb(cue: str) -> str:
    """Return the first word of a cue that is neither auxiliary nor adverb."""
    small = matcher_of("unspoken", "before_verb")
    while (match := small.match(cue)) is not None:
        cue = cue[match.end() :]
    return cue.split(" ", 1)[0]


@cache
def _forms(*kinds: str) -> frozenset[str]:
    """Return every form of the verbs of these kinds of deeds."""
    return frozenset(form for lemma in words_of("deeds", *kinds) for form in inflections(lemma))


@cache
def _answered() -> re.Pattern[str]:
    """Return the pattern of things that an official act denies or grants, such as a motion."""
    return matcher_of("deeds", "answer_to")
