"""Corrected ledgers: the effect on a line, and on statements, hedges and claims."""

from dataclasses import replace

import pytest

from reportedly.annotation.corrections import as_corrected, corrections_of, ledger_lines
from reportedly.datamodel import Document
from reportedly.datamodel.corrections import Correction
from reportedly.datamodel.text import Origin, Unveiled


@pytest.fixture
def read(assessment):
    """Return the article of conftest as annotated, with claims as a reader judges them."""
    annotated = assessment.annotated
    claims = tuple(
        replace(c, worth=(0.9, 0.6, 0.3), unsupported=0.9, priority=0.5, listed=c.unverified)
        if c.support
        else c
        for c in annotated.claims
    )
    return replace(annotated, claims=claims)


def correct(read, *made):
    """Return `read` with corrections."""
    return as_corrected(read, corrections_of(read, "a.txt", made), 0.2)


def line(read, name):
    """Return the ledger line with an id."""
    return next(s for s in read.sources if s.id == name)


def claim(read, words):
    """Return the claim of the sentence that begins with these words."""
    sentences = read.segmented.sentences
    return next(
        c for c in read.claims if sentences[c.sentence].span.of(read.text).startswith(words)
    )


def test_nothing_corrected_changes_nothing(read):
    """An empty list of corrections leaves everything unchanged."""
    assert correct(read) == read


def test_a_wrong_line_goes_with_its_statements_and_its_claims_rest_on_nobody(read):
    """If the mayor is not a source, her statements are dropped and her claim is to be checked."""
    seen = correct(read, Correction("wrong", "s3"))
    assert [s.id for s in seen.sources] == ["s1", "s2", "s4", "s5"]
    assert {a.source_id for a in seen.attributions} == {"s1", "s2", "s4", "s5"}
    before, after = claim(read, "Mayor Tove"), claim(seen, "Mayor Tove")
    assert (before.support, before.listed) == ("named", False)
    assert (after.support, after.standing, after.listed) == ("none", "nobody", True)
    assert (after.unsupported, after.priority, after.source_ids) == (1.0, 0.5, ())
    assert seen.corrections == ("“Mayor Tove Lindahl” is not a source",)


def test_a_hedge_of_a_statement_that_is_none_is_the_reporters(read):
    """The word “could” was in the person's statement and becomes the reporter's."""
    seen = correct(read, Correction("wrong", "s1"))
    assert read.hedges[0].voice == "source"
    assert seen.hedges[0].voice == "reporter"
    assert correct(read, Correction("wrong", "s3")).hedges[0].voice == "source"


def test_another_class_changes_what_stands_behind_a_claim(read):
    """A person corrected to a named one vouches for the claims, which leave the worklist."""
    seen = correct(read, Correction("class", "s1", "named_person"))
    source = line(seen, "s1")
    assert (source.source_class, source.anonymity, source.reason) == ("named_person", None, "none")
    assert source.corrected == ("class",)
    assert {a.source_class for a in seen.attributions if a.source_id == "s1"} == {"named_person"}
    after = claim(seen, "The harbour board of")
    assert (after.support, after.standing, after.listed) == ("named", "vouched", False)
    back = correct(seen, Correction("class", "s1", "unnamed"))
    assert claim(back, "The harbour board of").support == "unnamed"


def test_lines_of_one_source_become_one(read):
    """Merging critics with the person moves statements, mentions and claims to the first line."""
    seen = correct(
        read, Correction("merge", "s1", others=("s5",)), Correction("rename", "s1", "Ida")
    )
    source = line(seen, "s1")
    assert (source.label, source.statements, source.source_class) == ("Ida", 3, "unnamed")
    assert len(source.mentions) == 3
    assert source.corrected == ("merge", "rename")
    assert sum(a.source_id == "s1" for a in seen.attributions) == 3
    assert all(a.source_class == "unnamed" for a in seen.attributions if a.source_id == "s1")
    assert "s5" not in {s.id for s in seen.sources}


def test_nobody_corroborates_what_he_says_himself(read):
    """Two lines that corroborate each other and are merged, or one of which is wrong, corroborate nothing."""
    sources = tuple(
        replace(s, corroborated=True, corroborated_by=("s4", "s5")) if s.id == "s1" else s
        for s in read.sources
    )
    backed = replace(read, sources=sources)
    both = (Correction("merge", "s1", others=("s4",)), Correction("wrong", "s5"))
    assert line(correct(backed, *both), "s1").corroborated is False
    assert line(correct(backed, both[1]), "s1").corroborated_by == ("s4",)


def test_a_line_is_known_by_its_statements_whatever_its_id_is_now(read):
    """With a new bundle, which numbers lines differently, corrections follow the statements."""
    made = corrections_of(read, "a.txt", (Correction("wrong", "s3"),))
    new = {s.id: f"s{10 - n}" for n, s in enumerate(read.sources)}
    renumbered = replace(
        read,
        sources=tuple(replace(s, id=new[s.id], label="x") for s in read.sources),
        attributions=tuple(replace(a, source_id=new[a.source_id]) for a in read.attributions),
        claims=tuple(
            replace(c, source_ids=tuple(new[i] for i in c.source_ids)) for c in read.claims
        ),
    )
    assert new["s3"] not in {s.id for s in as_corrected(renumbered, made, 0.2).sources}


def test_a_line_that_is_gone_is_said(read):
    """A correction that cannot be applied is reported, and nothing else is corrected."""
    made = corrections_of(read, "a.txt", (Correction("wrong", "s3"),))
    other = replace(
        read,
        sources=tuple(s for s in read.sources if s.id != "s3"),
        attributions=tuple(a for a in read.attributions if a.source_id != "s3"),
        claims=(),
    )
    seen = as_corrected(other, made, 0.2)
    assert seen.sources == other.sources
    (told,) = seen.corrections
    assert told.startswith("not applied, the ledger has no such line now")


def test_in_another_text_lines_are_known_by_their_names(read):
    """In a changed text lines are recognised by name, because offsets no longer fit."""
    made = replace(corrections_of(read, "a.txt", (Correction("wrong", "s3"),)), sha256="0")
    assert "s3" not in {s.id for s in as_corrected(read, made, 0.2).sources}
    renamed = replace(read, sources=tuple(replace(s, label="x") for s in read.sources))
    assert as_corrected(renamed, made, 0.2).sources == renamed.sources


def test_places_are_those_of_the_text_as_it_was_read(read):
    """A disguised text is scored as it looks, but corrections have the offsets of the file."""
    document, shift = read.segmented.document, 3
    seen = Unveiled(document.text, range(shift, len(document.text) + shift), range(shift + 1, len(document.text) + shift + 1))  # fmt: skip
    origin = Origin(Document("\u200b" * shift + document.text), seen, None)
    moved = replace(
        read, segmented=replace(read.segmented, document=replace(document, origin=origin))
    )
    first, there = ledger_lines(read)[0].statements[0], ledger_lines(moved)[0].statements[0]
    assert (there.start, there.end) == (first.start + shift, first.end + shift)
