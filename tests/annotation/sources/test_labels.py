"""Labels of the ledger: a name, a noun for people or an organisation, or a document, and nothing else."""

import pytest

import reportedly
from reportedly.annotation.sources.coreference.entities import Entity
from reportedly.annotation.sources.coreference.mentions import read_mention
from reportedly.annotation.sources.coreference.names import index_article
from reportedly.annotation.sources.labels import label_of
from reportedly.annotation.sources.linking.figures import find_figures
from reportedly.datamodel import Document
from reportedly.reading.segmentation import segment


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("Joe Marlin was elected in May.\n\n“The pier must go,” he said.", "The"),
        ("Nora Quill runs the mill.\n\n“No money is left,” she said.", "No"),
        ("The board met on Monday. The bakery said it would cut nine jobs.", "Monday"),
        ("Nine boats left Lenn at dawn. Two divers were missing, the coastguard said.", "Lenn"),
        ("On Friday the theatre said the show would go on.", "Friday"),
        ("When Quill left, she said the mill was sound.", "When Quill"),
    ],
)
def test_nobody_is_called_by_a_word_of_another_kind(text, never):
    """Words after an opening mark, weekdays, towns and conjunctions are not labels."""
    labels = [s["label"] for s in reportedly.assess(text).to_dict()["sources"]]
    assert never not in labels


@pytest.mark.parametrize(
    ("text", "label", "source_class"),
    [
        ("Joe Marlin was elected in May.\n\n“The pier must go,” he said.", "Joe Marlin", "named_person"),
        ("The council met on Monday. The bakery said it would cut nine jobs.", "The bakery", "named_organisation"),
    ],
)  # fmt: skip
def test_the_right_one_is_called(text, label, source_class):
    """Whoever is named in the previous sentence is "he"; a definite noun that does not mean a person is an organisation."""
    lines = reportedly.assess(text).to_dict()["sources"]
    assert (label, source_class) in [(s["label"], s["class"]) for s in lines]


def test_a_full_name_is_nobody_else():
    """A clause that names somebody in full is not linked to the person mentioned before."""
    text = (
        "Mayor Hugo Lund said the pier was sound. “It holds,” Lund said.\n\n"
        "Secretary of Harbours David Quist said the pier was rotten."
    )
    lines = reportedly.assess(text).to_dict()["sources"]
    mentions = {s["label"]: [m["text"] for m in s["mentions"]] for s in lines}
    assert not any("Quist" in m for label in mentions if "Lund" in label for m in mentions[label])


@pytest.mark.parametrize(
    ("words", "source_class", "label"),
    [
        ("scientists at Linwick studied", "unnamed", "scientists at Linwick"),
        ("several harbour engineers we", "unnamed", "several harbour engineers"),
        ("A letter he", "document", "A letter"),
        ("one tall diver as he pushed", "unnamed", "one tall diver"),
        ("photos from the quay page of Hugo Lund, Quill’s", "document", "photos from the quay page of Hugo Lund"),
        ("Ines Halloran Saturday", "named_person", "Ines Halloran"),
        ("Linwick Courier Wednesday", "press", "Linwick Courier"),
        ("one sailor sarcastically", "unnamed", "one sailor"),
        ("every one of them", "unnamed", "(unnamed person)"),
        ("multiple", "unnamed", "(unnamed person)"),
        ("Recent reports, including one", "press", "Recent reports"),
        ("LINWICK, Lenn - The Harbour Board", "named_organisation", "The Harbour Board"),
        ("The families of Hugo Lund and Tove Quill — sailors lost at sea", "unnamed", "The families of Hugo Lund and Tove Quill"),
        ("Gazette reports on the study: A study by the University of Lenn", "document", "A study by the University of Lenn"),
        ("some aides ― including Quill ―", "vague", "some aides"),
        ("the Lenn centre for post-traumatic stress disorder", "named_organisation", "the Lenn centre for post-traumatic stress disorder"),
        ("A report from the", "document", "A report"),
        ("the residents interviewed", "unnamed", "the residents interviewed"),
        ("the general assembly", "named_organisation", "the general assembly"),
        ("a reference to Quill", "unnamed", None),
        ("her aspiration", "unnamed", None),
        ("law enforcement", "unnamed", "law enforcement"),
        ("House Paul Marsh", "named_person", "Paul Marsh"),
        ("Fifteen-year-old Donald Marsh", "named_person", "Donald Marsh"),
        ("HBC Chair Deborah Marsh", "named_person", "Deborah Marsh"),
        ("a finding that undercuts it", "document", "a finding"),
        ("residents of that street", "unnamed", "residents of that street"),
        ("two sides, including from top harbour strategist Donald Marsh", "named_person", "Donald Marsh"),
        ("least one senator, Lenn's Donald Marsh", "named_person", "Donald Marsh"),
        ("the 16-year-old diver named ‘Donald Marsh’", "named_person", "Donald Marsh"),
        ("Lenn County Executive Donald Marsh", "named_person", "Donald Marsh"),
        ("Apparently Donald Marsh", "named_person", "Donald Marsh"),
        ("Lenn MEP Donald Marsh Lenn MEP Donald Marsh", "named_person", "Donald Marsh"),
        ("Minister of Public Works Ghazi Moor", "named_person", "Minister of Public Works Ghazi Moor"),
        ("a source close to Quill EXCLUSIVELY", "unnamed", "a source close to Quill"),
        ("Activists in Lenn circulated pictures on social media", "unnamed", "Activists in Lenn"),
        ("a member of Omani armed groups", "unnamed", "a member of Omani armed groups"),
        ("show Quill's lead growing in several key", "document", None),
        ("Acting Secretary of Harbours", "named_person", "Acting Secretary of Harbours"),
        ("Prime Minister Nora May", "named_person", "Prime Minister Nora May"),
        ("the Harbour Guild -LRB- HG -RRB-", "named_organisation", "the Harbour Guild"),
    ],
)  # fmt: skip
def test_a_label_ends_where_the_words_for_its_source_end(words, source_class, label):
    """A label has no clause, weekday, adverb or cut-off phrase, and an abstract noun is not one."""
    kind = {"named_person": "person", "named_organisation": "body"}.get(source_class, source_class)
    article = index_article(segment(Document(f"{words} said the pier would close.")))
    entity = Entity(source_class, kind, words, readings=[read_mention(tuple(words.split()))])
    assert label_of(article, entity) == label


def test_a_name_does_not_run_over_the_credit_glued_before_it():
    """More than one space between two capitalised words begins a new name."""
    text = "Tilda Marsh spoke of it.\n\nQuay Watch/Picturebook  Tilda said so."
    figures = find_figures(index_article(segment(Document(text)))).members
    names = {name for figure in figures for name in figure.names}
    assert ("Tilda", "Marsh") in names
    assert not any(len(name) > 1 and "Picturebook" in name for name in names)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Trade talks will resume in May, Minister of Trade Lena Koch said on Tuesday.", "Lena Koch"),
        ("“We will not pay,” said the River of Gold actress Mona Field.", "Mona Field"),
        ("The pier was sold for nine million, 7to9Dock reported on Monday.", "7to9Dock"),
        ("The pier was sold for nine million, FOX NEWS reported on Monday.", "FOX NEWS"),
        ("Actress and activist Mona Field said on Monday that the pier is unsafe.", "Mona Field"),
        ("“It is a scandal,” Tory strategist and Quill critic Mona Field said.", "Mona Field"),
        ("Harbour Guild of Norland President Mona Field announced on Monday that it is shut.", "Mona Field"),
        ("“We are ready,” Lenn Senior Political Editor Mona Field said.", "Mona Field"),
        ("Lenn County Supervisor Mona Field told the Echo that the jail is full.", "Mona Field"),
        ("Prime Minister Theresa May said that the pier would be closed.", "Theresa May"),
        ("Minister Omran al-Lund said on Monday that it is over. “It is over,” Lund said.", "Omran al-Lund"),
        ("According to the Left, the pier is a gift.", "the Left"),
        ("U.S. and Omani officials said that four tankers had been hit.", "U.S. and Omani officials"),
    ],
)  # fmt: skip
def test_a_line_is_called_by_all_of_its_name(text, label):
    """The label is the whole name without an office or a country before it; it may begin with a digit or be in capitals."""
    assert label in [s["label"] for s in reportedly.assess(text).to_dict()["sources"]]


def test_a_headline_in_capitals_makes_no_outlet_a_source():
    """An outlet's name before a colon does not make it a source."""
    text = "The pier is sold.\n\nFOX NEWS: PIER TO CLOSE IN MAY, BOATS TO MOVE\n\nThe mayor, Ana Moor, said it would close."
    assert "FOX NEWS" not in [s["label"] for s in reportedly.assess(text).to_dict()["sources"]]


def test_people_called_by_a_noun_keep_it_in_their_label():
    """People called "House lawyers" are not called "House", whoever takes them for a person."""
    entity = Entity("named_person", "person", "House lawyers")
    entity.readings = [read_mention(["House", "lawyers"])]
    article = index_article(segment(Document("On Monday House lawyers said so.")))
    assert label_of(article, entity) == "House lawyers"


@pytest.mark.parametrize(
    ("text", "label", "never"),
    [
        ("In May, Lena Voss Pledged To Oppose The Bill. Lena Voss said so on Monday.", "Lena Voss", "Lena Voss Pledged"),
        ("The bag was lost, according to R+M. The bag was found, R+M reported on Monday.", "R+M", "M"),
    ],
)  # fmt: skip
def test_a_name_has_no_verb_of_a_title_and_keeps_its_plus(text, label, never):
    """A reporting verb with a capital ends a name; "+" between two letters does not."""
    labels = [s["label"] for s in reportedly.assess(text).to_dict()["sources"]]
    assert label in labels
    assert never not in labels


@pytest.mark.parametrize(("noun", "press"), [("a local blog", True), ("a local union", False)])
def test_a_name_that_the_text_calls_a_blog_is_an_outlet(noun, press):
    """The noun behind the name tells what it is."""
    text = (
        f"Harbour Treehouse, {noun}, is run from Lenn. The mayor had left, Harbour Treehouse said on Monday. "
        "Harbour Treehouse said it was shut."
    )
    lines = reportedly.assess(text).to_dict()["sources"]
    assert {s["class"] == "press" for s in lines if "Treehouse" in s["label"]} == {press}


_BACKGROUND = (
    "Lena Moor said on Monday that the fund was empty. The quay is old. The ferry goes at nine. "
)


@pytest.mark.parametrize(
    ("behind", "owner"),
    [
        ("Bo Hart was asked about the ferry; his reply may surprise you. “It will be sold in June.”", "Bo Hart"),
        ("Bo Hart was asked about the ferry. His response? “It will be sold in June.”", "Bo Hart"),
        ("“It will be sold in June,” Moor said.", "Lena Moor"),
    ],
)  # fmt: skip
def test_an_announced_reply_is_that_of_whoever_was_asked(behind, owner):
    """A quotation behind "X was asked; his reply …" is X's, whoever spoke before."""
    result = reportedly.assess(_BACKGROUND + behind).to_dict()
    label = {s["id"]: s["label"] for s in result["sources"]}
    at = (_BACKGROUND + behind).index("It will")
    said = [
        a for a in result["attributions"] if any(c["start"] <= at < c["end"] for c in a["content"])
    ]
    assert {label.get(a["source_id"]) for a in said} == {owner}


def test_states_in_general_are_nobody_in_particular():
    """The words "Western states" name no body."""
    lines = reportedly.assess(
        "The talks are over, Western states said. Nothing was paid."
    ).to_dict()
    assert [s["class"] for s in lines["sources"]] in (["vague"], ["unnamed"])


def _lines(text):
    """Return the labels of a text's ledger."""
    return [line["label"] for line in reportedly.assess(text).to_dict()["sources"]]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("U.N. High Commissioner for Human Rights Navi Pillar", ("Navi", "Pillar")),
        ("The special envoy for Venezuela Elliott Abrahams", ("Elliott", "Abrahams")),
        ("the minister for Foreign Affairs and Trade", ()),
        ("the secretary for Veterans Affairs", ()),
        ("Norland Health and Human Services Secretary Kathleen Sebold", ("Kathleen", "Sebold")),
        ("Fish and Aquatic Conservation director Jim Freeborn", ("Jim", "Freeborn")),
        ("Ivo Lund and Norland President Ana Moor", ("Ivo", "Lund")),
        ("the River of Gold actress", ()),
        ("the Syrian and Iranian-backed ally", ()),
        ("Sens. Ivo Holm and Ada Finch", ("Ivo", "Holm")),
    ],
)
def test_a_name_is_told_from_the_office_and_the_place_before_it(words, name):
    """What an office is for and an "and" in a department's name are no part of the holder's; a description has no name."""
    assert read_mention(words.split()).name == name


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Joe Lund and Ana Moor said they would marry. They said they were happy.", "Joe Lund and Ana Moor"),
        ("Senators Joe Lund and Ana Moor said the bill would fail.", "Joe Lund and Ana Moor"),
        ("Joe Lund and the mayor said the bill would fail. “It will,” Joe Lund said.", "Joe Lund"),
        ("Tursun, 34, was once ranked 20th. The Russian told the Herald that he would win.", "The Russian"),
        ("Port Lund sheriff says the guard was shot first.", "Port Lund sheriff"),
    ],
)  # fmt: skip
def test_two_people_and_descriptions_keep_their_words(text, label):
    """Two who speak together are both named; "the Russian" is not called "Russian"."""
    assert label in _lines(text)
