"""People without a name who speak inside another's sentence, over invented sentences: with the verb by which they speak."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reportedly.annotation.sources.coreference.names import index_article
from reportedly.annotation.sources.embedded import find_embedded, with_antecedents
from reportedly.datamodel import Attribution, Document, Span
from reportedly.reading.segmentation import segment


def embedded(text: str) -> list[tuple[str, str]]:
    """Return the source and the cue of each statement found in `text`."""
    found = find_embedded(index_article(segment(Document(text))))
    return [(one.source[0].of(text), one.cue[0].of(text)) for one in found]


@pytest.mark.parametrize(
    ("text", "source", "cue"),
    [
        ("The blog rang a friend of Rowe, who denied the story.", "a friend of Rowe", "denied"),
        ("Hale confirms that a source inside Norvex puts it at June.", "a source inside Norvex", "puts"),
        ("The board met two aides who place the loss at nine million.", "two aides", "place"),
        ("The visit drew anger from residents who say the quay is unsafe.", "residents", "say"),
        ("It rang his second wife, who later said he had left.", "his second wife", "said"),
        ("Rowe has come under fire from Republicans who say he hid it.", "Republicans", "say"),
        ("They met residents at a lodge who claimed to have seen it.", "residents at a lodge", "claimed"),
        ("Stroem said a nurse at the clinic had told her that nine were hurt.", "a nurse at the clinic", "told"),
        ("Hale told the Echo that port guards informed her of it.", "port guards", "informed"),
        ("The men were stopped in what aides believed was a trap.", "aides", "believed"),
        ("The plan would bring a rise which independent experts say is certain.", "independent experts", "say"),
        ("The port rang a nurse who reportedly said he had left.", "a nurse", "said"),
        ("The port rang the officials, who said he had left.", "the officials", "said"),
        ("The visit drew anger from some residents who deny the loss.", "some residents", "deny"),
        ("Hale said clerks denied it.", "clerks", "denied"),
        ("Hale told the Echo that people on the quay report that it was raided.", "people on the quay", "report"),
        ("The paper ran it, citing officials and a map.", "officials", "citing"),
        ("The paper ran it, citing two officials who were there.", "two officials", "citing"),
        ("Citing an unnamed source in a Lenn hospital, the Echo said it rained.", "an unnamed source in a Lenn hospital", "Citing"),
    ],
)  # fmt: skip
def test_who_speaks_inside_a_sentence_is_found(text: str, source: str, cue: str) -> None:
    assert (source, cue) in embedded(text)


@pytest.mark.parametrize(
    "text",
    [
        "The firm will fine drivers who are told to stop.",
        "The new rule lets people who claim a pension travel free.",
        "She thanked the officers who told the truth.",
        "Rowe is a man who says what he thinks.",
        "The group slammed politicians who deny the loss.",
        "A share of 62% of users who said the same had left.",
        "The mayor, Ida Stroem, who denied the story, left.",
        "Guards who asked for help got none.",
        "The visit of the President who said so has ended.",
        "Hale said the crew put the crates on the quay.",
        "Hale cited her record, citing her husband’s work on the pier.",
        "“I met a nurse who said it was over,” Hale said.",
        "Hale said 40 percent of workers say they are tired.",
        "The agency said so without citing specific figures of the port.",
        "A spokesman for the port who said so has left.",
        "The port rang a spokeswoman who said he had left.",
        "The firm will fine drivers who were told that it is shut.",
        "The port rang a nurse who thinks he has left.",
        "The port rang a nurse who puts out the fire.",
        "The port rang a nurse who said the same.",
        "The port rang a nurse who claimed to be ill.",
        "The port rang a nurse who said",
        "The port rang fewer nurses who said they had left.",
        "The port rang The Clerks who said they had left.",
        "The port rang a ship who said it had left.",
        "Hale said the clerk had told her that nine were hurt.",
        "Hale met clerks had told her that nine were hurt.",
        "Hale said that unnamed officials put money aside.",
        "The plan would bring a rise that experts think is certain.",
        "The plan would bring a rise which the experts think is certain.",
        "The paper ran it, citing Ida Stroem on the loss.",
        "The paper ran it, citing a map of the port.",
        "The paper ran it, citing a clerk's diary.",
    ],
)
def test_who_only_is_of_a_kind_or_has_a_name_or_is_quoted_is_none(text: str) -> None:
    assert embedded(text) == []


def test_page_furniture_holds_nobody() -> None:
    text = "The port rang a nurse who said he had left."
    parts = segment(Document(text))
    shown = replace(parts, sentences=tuple(replace(s, furniture=True) for s in parts.sentences))
    assert embedded(text)
    assert find_embedded(index_article(shown)) == []


def test_a_relative_pronoun_is_replaced_by_whom_it_means_and_by_no_other_cue() -> None:
    text = "The blog rang a friend of Rowe, who denied the story and who left."
    who, cue = text.index("who"), text.index("denied")
    told = Attribution((Span(who, who + 3),), (Span(cue, cue + 6),), (), "indirect", 0.9)
    later = text.rindex("who")
    left = Attribution(
        (Span(later, later + 3),), (Span(later + 4, later + 8),), (), "indirect", 0.9
    )
    article = index_article(segment(Document(text)))
    first, second = with_antecedents(article, [told, left], find_embedded(article))
    assert first.source[0].of(text) == "a friend of Rowe"
    assert second == left


def spoken(text: str, source: str, cue: str) -> str:
    """Return the source of a statement after "who" and names are resolved."""
    at, verb = text.index(source), text.index(cue)
    one = Attribution(
        (Span(at, at + len(source)),), (Span(verb, verb + len(cue)),), (), "indirect", 0.9
    )
    article = index_article(segment(Document(text)))
    (found,) = with_antecedents(article, [one], find_embedded(article))
    return found.source[0].of(text)


@pytest.mark.parametrize(
    ("text", "source", "cue", "name"),
    [
        ("The plan drew fire from ex-mayor Lena Voss, who told the Echo it is idle.", "who", "told", "Lena Voss"),
        ("Critics came, including from top Marsh strategist John Weaver, who called it idle.", "including from top Marsh strategist John Weaver", "called", "John Weaver"),
        ("Critics came, including from top Marsh strategist John Weaver, who called it idle.", "who", "called", "John Weaver"),
        ("Holm met Mayor Anna Reed who said that the pier is shut.", "who", "said", "Anna Reed"),
    ],
)  # fmt: skip
def test_who_directly_behind_a_name_is_its_bearer(
    text: str, source: str, cue: str, name: str
) -> None:
    assert spoken(text, source, cue) == name


@pytest.mark.parametrize(
    ("text", "source", "cue"),
    [
        ("A lawyer for Anna Reed, who said that the pier is shut, left.", "who", "said"),
        ("The firm of Anna Reed, who said that the pier is shut, closed.", "who", "said"),
        ("The mayor, who said that the pier is shut, left.", "who", "said"),
        ("The plan of Germany, who said that the pier is shut, failed.", "who", "said"),
        ("They met a clerk near Anna Reed, who called the pier idle.", "who", "called"),
        ("Letters from top strategist John Weaver called it idle.", "from top strategist John Weaver", "called"),
    ],
)  # fmt: skip
def test_who_may_be_another_than_who_is_named_before(text: str, source: str, cue: str) -> None:
    assert spoken(text, source, cue) not in ("Anna Reed", "John Weaver", "Germany")
