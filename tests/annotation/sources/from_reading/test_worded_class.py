"""The class of a source by its words, in invented articles; the model's class stays if the words show none."""

import pytest

from reportedly.annotation.sources.coreference.names import index_article
from reportedly.annotation.sources.from_reading.worded_class import class_by_words
from reportedly.annotation.sources.linking.figures import find_figures
from reportedly.annotation.sources.linking.statements import Statement
from reportedly.annotation.sources.linking.views import views
from reportedly.datamodel import Document, Span
from reportedly.reading.segmentation import segment


def class_of(text: str, told: str, *mentions: str, name: str = "") -> str:
    """Return the class of the source that `mentions` in `text` denote, in order."""
    article = index_article(segment(Document(text)))
    at, statements = 0, []
    for words in mentions:
        start = text.index(words, at)
        at = start + len(words)
        statements.append(Statement(Span(start, text.index(".", at)), Span(start, at), "said"))
    seen = views(article, find_figures(article), statements)
    return class_by_words(article, told, tuple(name.split()), seen, hidden=False)


@pytest.mark.parametrize(
    ("text", "mentions", "name", "right"),
    [
        ("A sailor from Lenn said the quay sank. She said it sank fast.", ("A sailor from Lenn", "She"), "", "unnamed"),
        ("One diver said the quay sank. The diver said it sank fast.", ("One diver", "The diver"), "", "unnamed"),
        ("Rumours said the quay had sunk.", ("Rumours",), "", "vague"),
        ("Some residents said the quay had sunk.", ("Some residents",), "", "unnamed"),
        ("The quay sank, the blog Harbour Watchers said.", ("Harbour Watchers",), "Harbour Watchers", "press"),
        ("The quay sank, a site called Quayside said.", ("Quayside",), "Quayside", "press"),
        ("Lunden said the quay sank. Lunden’s shares fell.", ("Lunden",), "Lunden", "named_organisation"),
        ("The drugmaker Lunden met. Lunden said the quay sank.", ("Lunden",), "Lunden", "named_organisation"),
        ("The ACLU said the quay sank.", ("ACLU",), "ACLU", "named_organisation"),
        ("Lunden said the quay sank. Lunden’s brother left.", ("Lunden",), "Lunden", "named_person"),
        ("Mr Lunden said the quay sank. Lunden’s shares fell.", ("Mr Lunden",), "Lunden", "named_person"),
        ("HarbourGirl said the quay sank.", ("HarbourGirl",), "HarbourGirl", "named_person"),
        ("The authors said the quay sank.", ("The authors",), "", "named_person"),
        ("Lunden also announced it will pay its owners.", ("Lunden",), "Lunden", "named_organisation"),
        ("Lunden announced that it would be launching a boat.", ("Lunden",), "Lunden", "named_organisation"),
        ("Lunden announced that it would be hard.", ("Lunden",), "Lunden", "named_person"),
        ("Mr Lunden announced it will be launched.", ("Mr Lunden",), "Lunden", "named_person"),
        ("Few agree, according to Lunden. A Lunden survey found few.", ("Lunden",), "Lunden", "named_organisation"),
        ("A study by Lunden found few. It is late, Lunden said.", ("Lunden",), "Lunden", "named_organisation"),
        ("Lunden said that the quay sank. The Lunden lamp fell.", ("Lunden",), "Lunden", "named_person"),
    ],
)  # fmt: skip
def test_who_is_no_person_with_a_name(text, mentions, name, right):
    """Unnamed people, rumours, outlets and firms are not named persons; a surname, a handle and the authors of a study may be."""
    assert class_of(text, "named_person", *mentions, name=name) == right


@pytest.mark.parametrize(
    ("text", "mention", "name", "right"),
    [
        ("A spokesman for Mayor Ivo Holm said so.", "A spokesman for Mayor Ivo Holm", "", "named_person"),
        ("Paul Holm left. He fell. Holm’s lawyers said so.", "Holm’s lawyers", "", "named_person"),
        ("Ada Finch, a spokeswoman for Mr. Holm, said so.", "Ada Finch, a spokeswoman for Mr. Holm,", "Ada Finch", "named_person"),
        ("A spokesman for Norvex said so.", "A spokesman for Norvex", "", "named_organisation"),
        ("A Holm campaign spokesman said so.", "A Holm campaign spokesman", "", "named_organisation"),
        ("A spokesman for Ivo Holm Says No said so.", "A spokesman for Ivo Holm", "", "named_organisation"),
        ("Ada Finch, a spokeswoman for the board, said so.", "Ada Finch, a spokeswoman for the board,", "Ada Finch", "named_organisation"),
    ],
)  # fmt: skip
def test_who_speaks_for_a_person_is_of_the_persons_class(text, mention, name, right):
    """A firm, a campaign and a longer name that only begins like a person's are none."""
    assert class_of(text, "named_organisation", mention, name=name) == right


@pytest.mark.parametrize(
    ("text", "name", "right"),
    [
        ("The quay sank, the Harbour Board said.", "Harbour Board", "named_organisation"),
        ("The quay sank, the Lenn Gazette said.", "Lenn Gazette", "press"),
        ("The quay sank, Lunden said. It is a text.", "Lunden", "document"),
        ("The quay sank, the Lenn Harbour Act said.", "Lenn Harbour Act", "document"),
    ],
)
def test_the_name_of_a_body_alone_is_no_document(text, name, right):
    """One that nothing shows to be a body's, or that has a word for a text, may be."""
    assert class_of(text, "document", name, name=name) == right


@pytest.mark.parametrize(
    ("text", "mention", "right"),
    [
        ("Reports said the quay had sunk.", "Reports", "vague"),
        ("Earlier reports said the quay had sunk.", "Earlier reports", "vague"),
        ("Media reports said the quay had sunk.", "Media reports", "press"),
        ("Reports by the Lenn Gazette said the quay had sunk.", "Reports by the Lenn Gazette", "press"),
        ("The report said the quay had sunk.", "The report", "press"),
    ],
)  # fmt: skip
def test_reports_of_nobody_are_vague(text, mention, right):
    """Reports without an outlet, or without a word for the press, are by nobody in particular."""
    assert class_of(text, "press", mention) == right


@pytest.mark.parametrize(
    ("text", "mention", "right"),
    [
        ("Lund’s tweet read that the quay had sunk.", "Lund’s tweet", "document"),
        ("A letter by a clerk said the quay had sunk.", "A letter by a clerk", "document"),
        ("A report by the Harbour Institute said so.", "A report by the Harbour Institute", "document"),
        ("A report by a cross-party committee said so.", "A report by a cross-party committee", "document"),
        ("A report by Harbour News said so.", "A report by Harbour News", "press"),
        ("The article said the quay had sunk.", "The article", "press"),
        ("It sank, according to legend.", "legend", "vague"),
    ],
)  # fmt: skip
def test_what_people_and_bodies_write_is_no_outlet(text, mention, right):
    """A tweet, a letter or a body's report is a document, a legend nobody's word; an article is an outlet's."""
    assert class_of(text, "press", mention) == right


@pytest.mark.parametrize(
    ("text", "mention", "name", "told", "right"),
    [
        ("The Norland News Agency said so.", "Norland News Agency", "Norland News Agency", "named_organisation", "press"),
        ("The Norland Fuel Agency said so.", "Norland Fuel Agency", "Norland Fuel Agency", "named_organisation", "named_organisation"),
        ("It sank, according to the CIA.", "CIA", "CIA", "press", "named_organisation"),
        ("It sank, according to the Left.", "Left", "Left", "press", "vague"),
        ("It sank, Ana Moor writes in her book.", "Ana Moor", "Ana Moor", "named_organisation", "named_person"),
        ("It sank, said Ana Moor, a spokeswoman for the port.", "Ana Moor", "Ana Moor", "named_organisation", "named_organisation"),
    ],
)  # fmt: skip
def test_a_name_tells_an_outlet_a_body_and_a_person_apart(text, mention, name, told, right):
    """A news agency is an outlet, an intelligence agency is none; a person who speaks for nobody is a person."""
    assert class_of(text, told, mention, name=name) == right


@pytest.mark.parametrize(
    ("text", "mention", "right"),
    [
        ("Rights groups said so.", "Rights groups", "unnamed"),
        ("Theft is up, say law enforcement agencies.", "law enforcement agencies", "unnamed"),
        ("MPs said so.", "MPs", "unnamed"),
        ("The groups said so.", "The groups", "named_organisation"),
        ("The police said so.", "The police", "named_organisation"),
        ("It sank, say Lunden Trust companies.", "Lunden Trust companies", "named_organisation"),
    ],
)  # fmt: skip
def test_many_bodies_without_a_name_are_no_named_body(text, mention, right):
    """Several bodies or members of one, without a name, are unnamed; "the groups" have been named."""
    assert class_of(text, "named_organisation", mention) == right


@pytest.mark.parametrize(
    ("text", "mention", "right"),
    [
        ("Anna Holm’s spokesman Lund said so. Anna Holm was out.", "Anna Holm’s spokesman Lund", "named_person"),
        ("Holm spokesman Lund said so. Anna Holm was out.", "Holm spokesman Lund", "named_person"),
        ("Lenn Council spokesman Lund said so.", "Lenn Council spokesman Lund", "named_organisation"),
        ("Pilots Union spokesman Lund said so.", "Pilots Union spokesman Lund", "named_organisation"),
    ],
)  # fmt: skip
def test_who_speaks_for_a_person_is_no_organisation(text, mention, right):
    """A spokesman of a person is a person; one of a body stands for the body."""
    assert class_of(text, "named_organisation", mention, name="Lund") == right


@pytest.mark.parametrize(
    ("text", "mention", "name", "right"),
    [
        ("A reader, Mr Per Lund, rang to say so.", "A reader, Mr Per Lund,", "Per Lund", "named_person"),
        ("A guard, Lund, rang to say so.", "A guard, Lund,", "Lund", "unnamed"),
    ],
)  # fmt: skip
def test_a_full_name_with_a_title_is_named(text, mention, name, right):
    """Who is given with title and full name has a name; a part of one may be all that the article gives."""
    assert class_of(text, "unnamed", mention, name=name) == right


@pytest.mark.parametrize(
    ("text", "mention", "right"),
    [
        ("Some users who had tried the gate said so.", "Some users who had tried the gate", "unnamed"),
        ("Some users who like the gate said so.", "Some users who like the gate", "vague"),
        ("Some users said so.", "Some users", "vague"),
    ],
)  # fmt: skip
def test_people_of_whom_a_deed_is_told_are_unnamed(text, mention, right):
    """People who did a certain thing are somebody; people who are only of a mind are nobody in particular."""
    assert class_of(text, "vague", mention) == right


@pytest.mark.parametrize(
    ("text", "mention", "right"),
    [
        ("Two sailors, including former mate Ada Finch, said so.", "Two sailors, including former mate Ada Finch,", "named_person"),
        ("Critics like the pilot Hugo Aske said so.", "Critics like the pilot Hugo Aske", "named_person"),
        ("Rights groups like the Sons of the Harbour said so.", "Rights groups like the Sons of the Harbour", "named_organisation"),
        ("Vik Advisors, Norr Bank and Lenn Trust said so.", "Vik Advisors, Norr Bank and Lenn Trust", "named_organisation"),
        ("Sailors, including many in Gorton, said so.", "Sailors, including many in Gorton,", "unnamed"),
        ("Critics, including members of the Harbour Board, said so.", "Critics, including members of the Harbour Board,", "unnamed"),
        ("Workers at firms such as Norr Bank said so.", "Workers at firms such as Norr Bank", "unnamed"),
        ("Democrats and Senate Republicans said so.", "Democrats and Senate Republicans", "unnamed"),
    ],
)  # fmt: skip
def test_who_is_named_among_others_is_no_stranger(text, mention, right):
    """The names may stand behind "including" or be a list; members of a body and workers at firms are not named."""
    assert class_of(text, "unnamed", mention) == right


@pytest.mark.parametrize(
    ("text", "mention", "right"),
    [
        ("Other leaked emails say so.", "Other leaked emails", "document"),
        ("An analysis covering some nine ports said so.", "An analysis covering some nine ports", "document"),
        ("Researchers said so in the journal Tides.", "Researchers", "document"),
        ("Two groups of scientists presented results and said so.", "Two groups of scientists", "document"),
        ("Researchers in Gorton said so.", "Researchers in Gorton", "unnamed"),
        ("Some researchers said so in the journal Tides.", "Some researchers", "unnamed"),
        ("Sailors said so in a book published by Holm.", "Sailors", "unnamed"),
        ("Earlier reports said so.", "Earlier reports", "unnamed"),
    ],
)  # fmt: skip
def test_what_is_in_print_is_a_document(text, mention, right):
    """Texts, and researchers who published; not reports without an outlet, nor those who say it to nobody in particular."""
    assert class_of(text, "unnamed", mention) == right


@pytest.mark.parametrize(
    ("mention", "right"),
    [
        ("A rep for Paul Holm", "named_person"),
        ("Representatives for the singer Paul Holm", "named_person"),
        ("A rep for the Harbour Board", "unnamed"),
        ("A rep for the owners", "unnamed"),
    ],
)
def test_the_rep_of_a_person_is_of_the_persons_class(mention, right):
    """As a spokesman or a lawyer is; those of a body or of people without a name are not."""
    assert class_of(f"{mention} said so.", "unnamed", mention) == right


@pytest.mark.parametrize(
    ("mention", "right"),
    [("People on the quay", "unnamed"), ("Reporters on the quay", "press"), ("The paper", "press")],
)
def test_people_who_report_are_no_outlet(mention, right):
    """Reporters are their outlet."""
    assert class_of(f"{mention} said so.", "press", mention) == right
