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
