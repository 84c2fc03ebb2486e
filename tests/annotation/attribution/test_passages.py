"""Passages with one speaker and no quotation marks: posts, turns, announced blocks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportedly.annotation.attribution.passages import announcer, find_passages
from reportedly.annotation.attribution.turns import spoken_lines
from reportedly.datamodel import Document
from reportedly.reading.segmentation import segment

POSTS = """The mayor was not amused.

The bridge is safe. Stop spreading fear! — Ann Lund (@annlund) May 3, 2021

Her deputy answered at once.

It was never tested. — Per Holm (@perholm) May 3, 2021

Nobody else spoke."""

TURNS = """The council met on Monday. Mayor Ann Lund and Per Holm argued about the bridge.

QUESTION: Is the bridge safe?

MAYOR ANN LUND: I was told that it is. I have seen the file.

It was tested twice.

PER HOLM: It was not."""

ANNOUNCED = """The yard closed in May.

Asked about the wages, the yard sent the following statement:

We owe nobody anything. All wages were paid in April.

Three former workers went to court all the same."""


def words(text: str, least: float = 2.0) -> list[tuple[str, str | None]]:
    """Return the words of every passage, and its source or the person who announces it; none of those who only ask."""
    parts = segment(Document(text))
    found = []
    for passage in find_passages(parts, [0.0] * len(parts.sentences), least):
        if passage.asks:
            continue
        inside = parts.sentences[passage.first : passage.last]
        source = passage.source.of(text) if passage.source else None
        found.append((text[inside[0].start : inside[-1].end], source))
    return found


def test_a_signed_post_is_its_signers() -> None:
    assert words(POSTS) == [
        ("The bridge is safe. Stop spreading fear!", "Ann Lund"),
        ("It was never tested.", "Per Holm"),
    ]


def test_posts_that_lost_their_paragraphs_end_at_the_signature_before() -> None:
    found = words(POSTS.replace("\n\n", "  "))
    assert [source for _, source in found] == ["Ann Lund", "Per Holm"]
    assert not any("amused" in text or "answered" in text for text, _ in found)


@pytest.mark.parametrize(("year", "before"), [(2016, 1), (2021, 3)])
def test_a_post_is_no_longer_than_posts_were(year: int, before: int) -> None:
    """What stands farther before the signature is the reporter's, if scraping has lost the paragraphs."""
    report = "Moor smiled at the pier, and her office paid for lamps, ropes and a new roof. " * 3
    post = f"{report}MOOR LIES! The pier is not safe, and she knows it. — Ann Lund (@lund) May 3, {year}"
    ((passage, source),) = words(post)
    assert source == "Ann Lund"
    assert passage.count("Moor smiled") == before


def test_a_signature_may_have_lost_its_dash() -> None:
    text = "The bridge is safe  Ann Lund (@annlund) May 3, 2021"
    assert [source for _, source in words(text)] == ["Ann Lund"]
    assert words("The bridge is safe, said Ann Lund (@annlund) on May 3, 2021.") == []


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("The bridge is safe. — Ann Lund @annlund May 3, 2021", "Ann Lund"),
        ("The bridge is safe. — Lund Works – Text LUND to 20 @lundworks May 3, 2021", "Lund Works"),
        ("The bridge is safe. — Write to Ann Lund @annlund for tickets.", None),
        ("The bridge – thanks to Ann Lund @annlund May 3, 2021 – is safe.", None),
    ],
)
def test_a_signature_may_have_lost_the_brackets_of_its_handle(
    text: str, source: str | None
) -> None:
    assert [one for _, one in words(text)] == ([] if source is None else [source])


@pytest.mark.parametrize(
    ("line", "first"),
    [
        ("Lund did not wait. Tweeting: “Resign!”", "Resign now @mayormoor:"),
        ("Lund did not wait.", "3. Leave the pier."),
        ("Lund tweeted twice.", "3. Leave the pier."),
    ],
)
def test_a_post_of_several_paragraphs_begins_behind_the_words_that_announce_it(
    line: str, first: str
) -> None:
    """The handle that it addresses announces nothing."""
    post = "Resign now @mayormoor:\n\n1. Sell the boat.\n\n2. Pay.\n\n3. Leave the pier."
    ((passage, source),) = words(
        f"{line}\n\n{post} — Ann Lund (@lund) May 3, 2021\n\nMoor laughed."
    )[:1]
    assert (passage.splitlines()[0], source) == (first, "Ann Lund")


def test_a_turn_lasts_to_the_next_label_and_a_question_is_nobodys() -> None:
    (first, lund), (second, holm) = words(TURNS)
    assert lund == "MAYOR ANN LUND"
    assert first.endswith("It was tested twice.")
    assert (second, holm) == ("PER HOLM: It was not.", "PER HOLM")


@pytest.mark.parametrize(
    "label", ["UPDATE", "FILE PHOTO", "BREAKING NEWS", "FROM ECHO", "SEE ALSO", "THE FACTS"]
)
def test_a_label_that_is_nobodys_name_opens_no_turn(label: str) -> None:
    assert words(f"The council met the Echo on Monday.\n\n{label}: It rained all day.") == []


def test_an_announced_paragraph_is_a_passage_and_the_next_is_not() -> None:
    assert words(ANNOUNCED) == [("We owe nobody anything. All wages were paid in April.", None)]


@pytest.mark.parametrize(
    "line", ["Watch the video:", "These are the boats in this picture:", "The numbers are these:"]
)
def test_a_picture_or_a_list_is_no_passage(line: str) -> None:
    assert words(f"It rained.\n\n{line}\n\nThe quay was flooded.") == []


RELEASED = "Councillor Ada Moor today released the following statement as the act passed: However you feel, it was badly made. Ivo Holm called it a wreck. I call on the board to act."


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        (RELEASED, "Ivo Holm called it a wreck. I call on the board to act."),
        (f"{RELEASED}\n\nWe can mend it.\n\nMoor then left the hall.", "Ivo Holm called it a wreck. I call on the board to act.\n\nWe can mend it."),
        ("Councillor Ada Moor released the following statement:\n\nWe owe nobody.\n\nAll was paid.", "We owe nobody.\n\nAll was paid."),
        ('Councillor Ada Moor released the following statement: "We owe nobody." It rained. The quay is shut.', None),
        ("Councillor Ada Moor released the figures. However you feel, it was badly made.", None),
    ],
)  # fmt: skip
def test_a_released_statement_goes_on_until_its_author_is_named_again(
    text: str, spoken: str | None
) -> None:
    """It is one person's over all paragraphs; one in quotation marks ends with them."""
    assert (spoken, "Councillor Ada Moor") in words(text) if spoken else words(text) == []


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("“Me? Really?” Moor countered, before she left.", ("“Me? Really?”", "Moor")),
        ("“Me? Really?” Moor is quoted as telling friends.", ("“Me? Really?”", "Moor")),
        ("“Will you go?” The clerk shouted, before he left.", ("“Will you go?”", "The clerk")),
        ("“Will you go?” Moor said that he would not.", None),
        ("“Will you go?” Moor left the hall.", None),
        ("“I will go.” Moor said so twice.", None),
    ],
)
def test_a_question_cut_from_its_speaker_is_the_speakers(
    text: str, spoken: tuple[str, str] | None
) -> None:
    """Its sentence ends with its mark, before "Moor asked"."""
    assert words(text) == ([spoken] if spoken else [])


def test_a_sentence_that_reports_announces_without_a_listed_word() -> None:
    text = "It rained.\n\nThe clerk was quoted like this:\n\nThe quay was flooded."
    parts = segment(Document(text))
    assert [p.opener for p in find_passages(parts, [0, 0.9, 0], 0.4)] == [1]


def test_the_announcer_is_a_handle_before_a_name() -> None:
    parts = segment(Document("It rained.\n\nThen Ann Lund of @harbour added this note:"))
    assert [span.of(parts.text) for span in announcer(parts, 1)] == ["@harbour"]


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="aA .:\n—(@)“”M", max_size=120))
def test_passages_stay_within_the_document(text: str) -> None:
    parts = segment(Document(text))
    count = len(parts.sentences)
    for passage in find_passages(parts, [0.5] * count, 0.4):
        assert 0 <= passage.first < passage.last <= count
        assert passage.source is None or text[passage.source.start : passage.source.end].strip()


OFFICES = """The following are remarks by the mayor.

THE MAYOR: Good morning. The yard is safe.

I met Tom Hale last week.

THE CLERK: The motion is carried.

THE LATEST: The yard is shut."""


def test_an_office_in_capitals_labels_a_turn() -> None:
    found = words(OFFICES)
    assert [source for _, source in found] == ["THE MAYOR", "THE CLERK"]
    assert found[0][0].endswith("I met Tom Hale last week.")


BROADCAST = """This is a rush transcript. It may be updated.ADA LUND, HOST: Senator Bo Rolf met the harbour chief, Ib Ness.\
(BEGIN VIDEO CLIP)SEN. BO ROLF, I-NORTHPORT: We pay the debt. It's become a piggy bank.IB NESS, HARBOUR DIRECTOR: Well, \
Senator...ROLF: It adds to our debt.NESS: The cost depends on the rate. One problem remains.ROLF: No, no!NESS: OK.ROLF: \
You can't say that about our town!(END VIDEO CLIP)The clip was shown on Monday.LUND: That was loud."""


def test_a_label_in_capitals_glued_to_the_stop_before_changes_the_speaker() -> None:
    """A sentence with two labels belongs to whoever says most of it; a stage direction ends a turn."""
    assert words(BROADCAST) == [
        ("SEN. BO ROLF, I-NORTHPORT: We pay the debt. It's become a piggy bank.", "SEN. BO ROLF"),
        ("IB NESS, HARBOUR DIRECTOR: Well, Senator...", "IB NESS"),
        ("ROLF: It adds to our debt.", "ROLF"),
        ("NESS: The cost depends on the rate. One problem remains.", "NESS"),
        ("ROLF: No, no!", "ROLF"),
        ("NESS: OK.ROLF: You can't say that about our town!", "ROLF"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "It rained on Monday. WATCH: The quay. READ: The map. Lund left.",  # nobody's names
        "Ada Lund left the port.LUND: Well.",  # one label
        "He read from the FINAL REPORT: the quay is safe, and the HARBOUR ACT: nothing moves.",
    ],
)
def test_capitals_before_a_colon_alone_are_no_transcript(text: str) -> None:
    assert words(text) == []


ASKED = """The harbour chief Ada Lund sat down with the Echo on Monday.

Q: Is the yard safe?

A: The file was seen. It was tested twice.

Q: Will it close?

A: It will stay."""

LABELLED = """The council met. Ada Lund and Bo Holm were there.

Lund: The yard is safe.

Holm: It never was. We have the file.

Lund: Show it.

That was all."""

INTERVIEW = """The Echo interviewed the harbour chief Ada Lund on Monday.

Is the yard safe to work in?

I have seen the file. It was tested twice.

Will the yard close in spring?

We will stay. My crew will stay."""


def test_answers_are_those_of_the_one_person_whom_the_introduction_names() -> None:
    found = [
        ("A: The file was seen. It was tested twice.", "Ada Lund"),
        ("A: It will stay.", "Ada Lund"),
    ]
    assert words(ASKED) == found
    assert words(ASKED.replace("Ada Lund", "Ada Lund and Bo Holm")) == []


def test_labels_that_occur_again_are_speakers_and_who_only_asks_says_nothing() -> None:
    assert words(LABELLED) == [
        ("Lund: The yard is safe.", "Lund"),
        ("Holm: It never was. We have the file.", "Holm"),
        ("Lund: Show it.", "Lund"),
    ]
    assert words(LABELLED.replace("Holm:", "Update:")) == []
    echo = ASKED.replace("Q:", "Echo:").replace("A:", "Lund:")
    assert [source for _, source in words(echo)] == ["Lund", "Lund"]


def test_behind_a_turn_of_many_paragraphs_the_writer_may_speak() -> None:
    """Labels of posts in a running report are no transcript: only the paragraph with the label is surely the speaker's."""
    report = LABELLED.replace(
        "It never was.", "It never was.\n\n9:30\n\nThe sun set.\n\n9:40\n\nIt rained."
    )
    parts = segment(Document(report))
    sure = [p for p in find_passages(parts, [0.0] * len(parts.sentences), 2.0) if p.sure]
    assert [parts.text[parts.sentences[p.first].start : parts.sentences[p.last - 1].end] for p in sure] == [
        "Lund: The yard is safe.", "Holm: It never was.", "Lund: Show it.",
    ]  # fmt: skip


def test_paragraphs_between_questions_are_who_was_interviewed() -> None:
    """The outlet that asks is nobody's name, nor is a board; who is named apart from the interview does not answer."""
    found = [
        ("I have seen the file. It was tested twice.", "Ada Lund"),
        ("We will stay. My crew will stay.", "Ada Lund"),
    ]
    assert words(INTERVIEW) == found
    assert words(INTERVIEW.replace("on Monday.", "on Monday. Bo Holm was ill.")) == found
    assert words(INTERVIEW.replace("Ada Lund", "Ada Lund of the Harbour Board")) == found
    twice = INTERVIEW.replace("Will the", "Is it old or not so old?\n\nWill the")
    assert words(twice) == found


@pytest.mark.parametrize(
    ("words_of_it", "others"),
    [
        ("interviewed", "was at odds with"),
        ("Ada Lund", "Ada Lund and Bo Holm"),
        ("Ada Lund", "board"),
        ("I have seen the file. It", "The crew has seen the file. It"),
        ("Will the yard close in spring?", "The yard will close in spring."),
        ("\n\nWe will stay. My crew will stay.", ""),
    ],
)
def test_questions_alone_make_no_interview(words_of_it: str, others: str) -> None:
    text = INTERVIEW.replace("We will stay. My crew", "It will stay. The crew")
    assert words_of_it in text or others == ""
    changed = (text if others else INTERVIEW).replace(words_of_it, others)
    assert words(changed) == []


def test_lines_that_are_spoken_are_no_furniture_but_for_the_end_of_the_last_turn() -> None:
    assert spoken_lines(segment(Document(ASKED))) == {1, 2, 3, 4, 5}
    last = len(segment(Document(BROADCAST)).sentences) - 1
    longer = segment(Document(f"{BROADCAST} The show ended at ten."))
    assert last in spoken_lines(longer)
    assert last + 1 not in spoken_lines(longer)


RUN_IN = "It rained on Monday.ADA LUND, MAYOR: It is safe.BO ROLF, CLERK: No, no. {}"


@pytest.mark.parametrize(
    ("behind", "last"),
    [
        ("I read the FINAL ACT: nothing moves.", "I read the FINAL ACT: nothing moves."),
        ("It sank.GREEN LIGHT: We go.", "It sank."),
        ("It sank.WATCH: We go.", "It sank."),
    ],
)
def test_only_a_label_behind_a_stop_ends_a_turn_and_only_a_name_begins_one(
    behind: str, last: str
) -> None:
    found = words(RUN_IN.format(behind))
    assert [source for _, source in found] == ["ADA LUND", "BO ROLF"]
    assert found[1][0].endswith(last)


def test_labels_of_pages_are_no_transcript_even_with_an_office() -> None:
    assert words("It rained.WATCH, NOW: The quay is here.READ, ALL: The map is there.") == []
