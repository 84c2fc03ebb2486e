"""A line goes by who speaks, not by a name that only stands near: a place, a wish, a heading, somebody's husband."""

import pytest

import reportedly


def _lines(text):
    """Return the labels of a text's ledger."""
    return [line["label"] for line in reportedly.assess(text).to_dict()["sources"]]


PARTY = (
    "Ten years ago, at a party in Port Selwyn, a woman in her 20s walked up to Mario Lund. "
    "She says that he had been drinking. “He just went to town,” the cook says. “I walked away.”"
)
WISHES = (
    "The stars shared pictures of their feasts.\n\n“The key lies in being thankful. "
    "Happy Thanksgiving, my loves,” the singer wrote next to hers."
)
HUSBAND = (
    "Of stories that Lund dated Carla Varga, the woman now married to former President Nicolas "
    "Sarko told the Herald: “Lund is a lunatic.” She said that he dreamed it up."
)
PARTY_CHAIR = (
    "Test scores fell again. “These figures are another failure,” Democratic Party of Norland Chair "
    "Martha Lanning said. Lanning added that schools need money."
)
HEADING = (
    "Attorney General Jeff Sessler spoke on Monday.\n\nSESSLER UNLOADS ON NORLAND MAYORS FOR ‘RADICAL "
    "AGENDA’Sessler called Norland an embarrassment. “It cannot be our policy,” he said."
)
SIGNATURE = (
    "“Wrong.” — Lund Lund was supportive of the war as far back as 2002. Lund says he opposed the war. "
    "Lund added that it was a lie."
)


@pytest.mark.parametrize(
    ("text", "never"),
    [
        (PARTY, "Port Selwyn"),
        (WISHES, "Happy Thanksgiving"),
        (HUSBAND, "Nicolas Sarko"),
        (PARTY_CHAIR, "Democratic Party"),
        (HEADING, "SESSLER UNLOADS"),
        (SIGNATURE, "Lund Lund"),
    ],
)
def test_what_only_stands_near_is_no_label(text, never):
    """A place, a wish, a description's husband, a body before its chair, a heading and a doubled name call nobody."""
    assert never not in _lines(text)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (PARTY_CHAIR, "Martha Lanning"),
        (HEADING, "Jeff Sessler"),
        ("A man calling himself Ivo Holm said the pier was shut. He said it was unsafe.", "Ivo Holm"),
        ("Voters believe in Ivo Holm. He said the pier would open. “It is safe,” Holm said.", "Ivo Holm"),
        ("Merry Holm opened the pier. “It is safe,” she said. Holm said it would stay open.", "Merry Holm"),
        ("A friend of Ivo Holm, Ada Finch, said he was well. “He is well,” Finch said.", "Ada Finch"),
        ("Sens. Ivo Holm and Ada Finch spoke. “It is late,” Holm said. He said it would fail.", "Ivo Holm"),
    ],
)  # fmt: skip
def test_whoever_speaks_keeps_the_name(text, label):
    """A chair behind a party's name, a surname glued to a heading, and names that look like what is none."""
    assert label in _lines(text)
