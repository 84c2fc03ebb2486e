"""Whom a common noun or an odd spelling calls, over invented articles: owners before are what the linker said."""

from __future__ import annotations

import pytest

from tests.annotation.sources.from_reading.test_amended import UNCLEAR, owners_of


@pytest.mark.parametrize(
    ("text", "source", "right"),
    [
        ("Te/chno reported that the plant would close.", "Te/chno", "Te/chno"),
        ("The plant will close, newsline.example said.", "newsline.example", "newsline.example"),
        ("The plant will close, he/she said.", "he/she", "unclear"),
    ],
)
def test_names_with_a_slash_or_a_domain_are_outlets(text: str, source: str, right: str) -> None:
    assert owners_of(text, (0, source, "said" if "said" in text else "reported", UNCLEAR)) == [
        right
    ]


@pytest.mark.parametrize(
    ("text", "source", "right"),
    [
        ("The Gorton Gazette has a story on the mayor. The site said that she sold the quay.", "The site", "Gorton Gazette"),
        ("The Gorton Gazette has a story on the mayor. It said that she sold the quay.", "It", "Gorton Gazette"),
        ("The blog Quaynotes follows the case. On Monday it said that she sold the quay.", "it", "Quaynotes"),
        ("The Gorton Gazette has a story on Norvex Corp. The site said that she sold it.", "The site", "Gorton Gazette"),
        ("State TV showed the quay on Friday. It said that nine were hurt.", "It", "State TV"),
        ("The mayor showed the quay on Friday. It said that nine were hurt.", "It", "unclear"),
        ("The Gorton Gazette and the Lenn Gazette have it. The paper said that she sold it.", "The paper", "unclear"),
        ("Reporters showed the quay on Friday. It said that nine were hurt.", "It", "unclear"),
        ("The Gorton Gazette has a story on the mayor. But it said that she sold it.", "it", "unclear"),
        ("The Gorton Gazette has a story on the mayor. “It said so,” Holm said.", "It", "unclear"),
        ("The Gorton Gazette, a paper, has a story. It said that she sold it.", "It", "unclear"),
    ],
)  # fmt: skip
def test_the_site_and_it_are_the_one_outlet_before(text: str, source: str, right: str) -> None:
    assert owners_of(text, (1, source, "said", UNCLEAR)) == [right]


@pytest.mark.parametrize(
    ("signature", "handle", "right"),
    [
        ("Lund the Barge Man", "bargeman", "Lund the Barge Man"),
        ("Lund Is My Boat", "lundboat", "Lund Is My Boat"),
        ("lund fan 7", "LundFan7", "LundFan7"),
        ("Mayor Ada Lund", "lenn", "source 0"),
        ("Vice President Lund", "vp", "source 0"),
        ("LE Rep Ada Lund", "reps", "source 0"),
        ("Ada Lund - Echo", "echo", "source 0"),
        ("Lund", "realAdaLund", "source 0"),
        ("Ada Lund, M.D.", "docs", "source 0"),
        ("The Harbour Guild", "hgl", "source 0"),
    ],
)
def test_a_signature_is_a_name_of_its_own(signature: str, handle: str, right: str) -> None:
    """Half of the names are the person's or the guild's whom the article names."""
    text = f"Mrs Ada Lund owns the pier. The Harbour Guild met. It is unsafe. — {signature} (@{handle})"
    about = "Guild" if "Guild" in signature else "Ada"
    told = (0, "Mrs Ada Lund", "owns", 0), (2, signature, "", 0)
    assert owners_of(text, *told, about=about)[1] == right


def test_a_signature_that_is_nobody_elses_keeps_its_own_line() -> None:
    text = "Mrs Ada Lund owns the pier. It is unsafe. — fan of Lund (@lundfan)"
    assert owners_of(text, (1, "fan of Lund", "", 0)) == ["source 0"]


def test_a_handle_tells_whose_a_signature_in_small_letters_is() -> None:
    text = "Mrs Ada Lund owns the pier. It is unsafe. — ada l (@adalund)"
    assert owners_of(text, (1, "ada l", "", UNCLEAR)) == ["Ada Lund"]


@pytest.mark.parametrize(
    ("quotation", "signer", "moved"),
    [
        ("“The pier at Lenn was never tested by anybody,” Lund tweeted.", "Ada Lund", True),
        ("“The pier at Lenn was tested by nobody at all,” Lund tweeted.", "Ada Lund", False),
        ("“The pier at Lenn was never tested by anybody,” Holm tweeted.", "Ada Lund", False),
    ],
)
def test_a_quotation_that_a_post_repeats_is_its_signers(
    quotation: str, signer: str, moved: bool
) -> None:
    speaker = "Lund" if "Lund" in quotation else "Holm"
    post = f"The pier at Lenn was never tested by anybody. — {signer} (@adalund)"
    told = (0, speaker, "tweeted", 0), (1, signer, "", 1)
    text = f"{quotation} {post}"
    assert (owners_of(text, *told)[0] == "source 1") is moved


def test_a_name_with_a_handle_in_running_text_is_no_signature() -> None:
    text = "Mrs Ada Lund owns the pier. It is unsafe, said Lund Is My Boat (@boat)."
    told = (0, "Mrs Ada Lund", "owns", 0), (1, "Lund Is My Boat", "said", 0)
    assert owners_of(text, *told, about="Ada") == ["source 0", "source 0"]


@pytest.mark.parametrize("source", ["It", "The site"])
def test_what_is_a_known_source_stays_that_source(source: str) -> None:
    text = f"Mr Ivo Holm left. The Gorton Gazette has a story. {source} said that nine were hurt."
    assert owners_of(text, (2, source, "said", 0), about="Holm") == ["source 0"]


def test_it_goes_on_with_an_outlet_without_a_name_that_spoke() -> None:
    text = "A local station reported a fire. It said that nine were hurt."
    told = (0, "A local station", "reported", 0), (1, "It", "said", UNCLEAR)
    assert owners_of(text, *told) == ["source 0", "source 0"]


@pytest.mark.parametrize(("noun", "apart"), [("doctor", True), ("friend", True), ("lawyer", False)])
def test_whose_doctor_speaks_is_not_who_speaks(noun: str, apart: bool) -> None:
    text = f"Mr Ivo Holm fell ill. Holm’s {noun} said that Holm would rest."
    (owner,) = owners_of(text, (1, f"Holm’s {noun}", "said", 0), about="Holm")
    assert (owner != "source 0") is apart


@pytest.mark.parametrize(
    ("sentence", "unclear"),
    [
        ("Holm is a man who says that he built it.", True),
        ("Holm is a man who said that he built it.", True),
        ("A man who says that he never lies has left.", True),
        ("A man who saw the crane fall said that it was old.", False),
        ("A nurse who says that she never lies has left.", False),
        ("A woman who says that she never lies has left.", False),
    ],
)
def test_a_man_who_may_be_the_one_named_speaker_is_unclear(sentence: str, unclear: bool) -> None:
    text = f"Mr Ivo Holm said that he built it. {sentence}"
    start = sentence.replace("Holm is a man", "a man")
    source = start.split(" who")[0]
    cue = "said" if "said" in sentence else "says"
    told = (0, "Mr Ivo Holm", "said", 0), (1, source, cue, 1)
    assert (owners_of(text, *told)[1] == "unclear") is unclear


REPLY = "Per Holm said so. Ana Moor was asked about it; her {} may surprise you. “It is shut and will stay so.”"


@pytest.mark.parametrize(("noun", "right"), [("reply", "Ana Moor"), ("coat", "source 0")])
def test_a_quotation_behind_an_announced_reply_is_who_was_asked(noun: str, right: str) -> None:
    told = (0, "Per Holm", "said", 0), (2, "", "", 0)
    assert owners_of(REPLY.format(noun), *told) == ["source 0", right]


def test_only_a_quotation_is_a_reply_and_only_who_was_asked_replies() -> None:
    told = (0, "Per Holm", "said", 0), (2, "", "", 0)
    plain = REPLY.format("reply").replace("“", "").replace("”", "")
    assert owners_of(plain, *told) == ["source 0", "source 0"]
    other = REPLY.format("reply").replace("about it", "about Ivo Lund")
    assert owners_of(other, *told) == ["source 0", "Ana Moor"]


ANSWER = "Mr Ivo Rask spoke with Mr Per Holm. {} {}"


@pytest.mark.parametrize(
    ("question", "words", "right"),
    [
        ("Rask asked Holm if he had agreed.", "He said, “I did.”", "Per Holm"),
        ("Rask pressed Per Holm about the quay.", "“It was never safe,” he said.", "Per Holm"),
        ("Rask asked Holm why he left.", "“It was never safe.”", "Per Holm"),
        ("Rask asked Holm to leave the quay.", "He said, “I did.”", "source 0"),
        ("Rask asked Holm if he had agreed.", "He added that the quay was shut.", "source 0"),
        ("Rask asked Holm about the quay.", "He did so after saying that it was shut.", "source 0"),
        ("Rask asked Holm about the quay.", "“Was it safe?”", "source 0"),
        ("Rask asked Holm if he had agreed.", "She said, “I did.”", "source 0"),
    ],
)
def test_the_one_who_was_asked_answers(question: str, words: str, right: str) -> None:
    source = next((one for one in ("He", "he ", "She") if one in words), "").strip()
    cue = next((one for one in ("added", "saying", "said") if one in words), "")
    told = (1, "Rask", "asked", 0), (2, source, cue, 0)
    text = ANSWER.format(question, words)
    if source == "She":
        text = text.replace("Mr Ivo", "Ms Ivo")
    assert owners_of(text, *told, about="Rask")[1] == right


LOOK = "Ms Ada Lund met Mr Ivo Rask. Rask said that it was safe. {} “{} you never saw it. The piles are rotten.”{}"


@pytest.mark.parametrize(
    ("before", "opening", "right"),
    [
        ("Lund shook her head.", "Look Ivo,", "Ada Lund"),
        ("Lund shook her head.", "Well, Mr. Rask,", "Ada Lund"),
        ("It rained.", "Look, Ivo,", "unclear"),
        ("Lund shook her head.", "Look Per,", "source 0"),  # somebody else is addressed
        ("Lund shook her head.", "Ivo Rask says that", "source 0"),
    ],
)
def test_who_is_addressed_does_not_speak(before: str, opening: str, right: str) -> None:
    told = (1, "Rask", "said", 0), (3, "", "", 0)
    assert owners_of(LOOK.format(before, opening, ""), *told, about="Rask")[1] == right


@pytest.mark.parametrize(
    ("behind", "right"),
    [
        (" “And it is old,” she concluded.", "Ada Lund"),
        (" “And it is old,” he concluded.", "unclear"),
        (" “And it is old,” she concluded, as Ms Tove Moor listened.", "unclear"),
    ],
)
def test_the_only_woman_goes_on(behind: str, right: str) -> None:
    text = LOOK.format("Lund shook her head.", "Look Ivo,", behind)
    last, source = 4, "she" if "she" in behind else "he "
    told = (
        (1, "Rask", "said", 0),
        (3, "", "", 0),
        (last, source.strip(), "concluded", UNCLEAR),
    )
    assert owners_of(text, *told, about="Rask")[-1] == right


@pytest.mark.parametrize(
    ("people", "label", "right"),
    [
        ("Ada Lund", "LUND", "Ada Lund"),
        ("Ada Lund", "MAYOR LUND", "Ada Lund"),
        ("Ada Lund and Tove Lund", "LUND", "source 0"),
        ("Ada Lund", "TOVE LUND", "source 0"),
        ("Ada Lund", "HOLM", "source 0"),
    ],
)
def test_a_label_by_surname_is_the_one_person_of_that_name(
    people: str, label: str, right: str
) -> None:
    text = f"The mayor met {people} on Monday.\n\n{label}: It was never safe."
    assert owners_of(text, (1, label, "", 0), labels=[0]) == [right]
