"""A folder of corrected articles, read as annotation."""

import pytest

from reportedly.annotation.corrections import corrections_of
from reportedly.corpora.gold import NOBODY, read_gold
from reportedly.datamodel.corrections import Correction, corrections_toml
from reportedly.errors import InvalidCorpus
from reportedly.evaluation.labels import annotated_labels, found_labels
from reportedly.evaluation.ledger import ledger_rates


@pytest.fixture
def folder(tmp_path, assessment):
    """Return a folder with the article of conftest, its mayor renamed and its critics merged with the person."""
    annotated = assessment.annotated
    made = (Correction("class", "s3", "document"), Correction("merge", "s1", others=("s5",)))
    text = corrections_toml(corrections_of(annotated, "a.txt", made))
    (tmp_path / "a.txt").write_text(annotated.text, encoding="utf-8")
    (tmp_path / "a.txt.corrections.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_corrected_ledger_is_the_annotation(folder):
    """Each statement is in its sentence, with the class and the key of its corrected line."""
    (article,) = read_gold(folder)
    said = [(a.source_class, a.source, a.entity) for s in article.sentences for a in s.attributions]
    assert article.has_entities
    assert article.sources_alone
    assert said == [
        ("unnamed", "a person close to the board", "s1"),
        ("unnamed", "the person", "s1"),
        ("vague", "", "s2"),
        ("document", "Mayor Tove Lindahl", "s3"),
        ("document", "she", "s3"),
        ("document", "An inspection report dated 3 March", "s4"),
        ("unnamed", "Critics", "s1"),
    ]


def test_what_was_corrected_counts_against_what_was_found(folder, assessment):
    """Two of five lines are right; the others were corrected."""
    (article,) = read_gold(folder)
    rates = {
        r.name: r
        for r in ledger_rates([annotated_labels(article)], [found_labels(assessment.annotated)])
    }
    assert rates["class of paired sources"].value == pytest.approx(3 / 4)
    assert rates["ledgers wholly right"].value == 0.0
    assert rates["statement F1"].value < 1.0


def test_hearsay_without_anyone_has_no_key_of_its_own(tmp_path, assessment):
    """Hearsay without a source has no key, as in other annotations."""
    annotated = assessment.annotated
    text = corrections_toml(corrections_of(annotated, "a.txt")).replace(
        '"reportedly"\nclass', '"(no source given)"\nclass'
    )
    (tmp_path / "a.txt").write_text(annotated.text, encoding="utf-8")
    (tmp_path / "a.txt.corrections.toml").write_text(text, encoding="utf-8")
    (article,) = read_gold(tmp_path)
    assert NOBODY in {a.entity for s in article.sentences for a in s.attributions}


def test_a_text_that_changed_since_is_no_annotation(folder):
    """It is refused, because its offsets no longer fit."""
    (folder / "a.txt").write_text("Another text, a man said.", encoding="utf-8")
    with pytest.raises(InvalidCorpus, match="another version of the text"):
        read_gold(folder)


def test_an_article_that_is_missing_is_said(folder):
    """A file of corrections without its article is reported."""
    (folder / "a.txt").unlink()
    with pytest.raises(InvalidCorpus, match=r"a\.txt"):
        read_gold(folder)
