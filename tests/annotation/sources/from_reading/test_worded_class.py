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
    ],
)  # fmt: skip
def test_who_is_no_person_with_a_name(text, mentions, name, right):
    """Unnamed people, rumours, outlets and firms are not named persons; a surname, a handle and the authors of a study may be."""
    assert class_of(text, "named_person", *mentions, name=name) == right


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
