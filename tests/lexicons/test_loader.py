"""Every lexicon is tested by its own hits and misses."""

import pytest

from reportedly.errors import InvalidLexicon
from reportedly.lexicons import loader

EXAMPLES = [
    pytest.param(entry, sentence, wanted, id=f"{name}-{kind}-{sentence[:30]}")
    for name in loader.names()
    for entry in loader.load(name).entries
    for kind, wanted, sentences in (("hit", True, entry.hits), ("miss", False, entry.misses))
    for sentence in sentences
]


@pytest.mark.parametrize(("entry", "sentence", "wanted"), EXAMPLES)
def test_entries_match_their_hits_and_not_their_misses(entry, sentence, wanted):
    """An entry's own pattern matches its hits and not its misses."""
    assert bool(entry.matcher().search(sentence)) is wanted


@pytest.mark.parametrize("name", loader.names())
def test_lists_match_their_hits_and_not_their_misses(name):
    """Some entry matches each hit of the whole list, and no entry matches its misses."""
    words = loader.load(name)
    for sentence in words.hits:
        assert any(words.find(sentence)), sentence
    for sentence in words.misses:
        assert not list(words.find(sentence)), sentence


@pytest.mark.parametrize("name", loader.names())
def test_every_list_says_what_it_is_and_where_it_comes_from(name):
    """Every list has a name, a purpose, a citation and examples; no term is repeated within an entry."""
    words = loader.load(name)
    assert words.name == name
    assert len(words.what) > 20
    assert len(words.citation) > 20
    assert words.hits or all(entry.hits for entry in words.entries)
    for entry in words.entries:
        assert len(set(entry.terms)) == len(entry.terms)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("name = ", "not TOML"),
        ("name = 'x'", "lacks citation, entry, what"),
        ("name='x'\nwhat='y'\ncitation='z'\n[[entry]]\nkind='k'", "either terms or a pattern"),
        ("name='x'\nwhat='y'\ncitation='z'\n[[entry]]\npattern='('", "bad pattern"),
    ],
)
def test_a_broken_list_is_refused_with_its_fault(source, message):
    """The message names the list and the fault."""
    with pytest.raises(InvalidLexicon, match=message):
        loader.parse(source, "x")


def test_an_unknown_list_is_refused_with_the_known_ones():
    """The message lists the lexicons that exist."""
    with pytest.raises(InvalidLexicon, match="furniture"):
        loader.load("nonsense")


def test_terms_match_as_whole_words_in_either_apostrophe():
    """Terms do not match inside another word; straight and curly apostrophes are the same."""
    words = loader.parse(
        "name='x'\nwhat='y'\ncitation='z'\n[[entry]]\nterms=[\"may\", \"it's said\"]", "x"
    )
    assert [span.of("The mayor may") for span, _ in words.find("The mayor may")] == ["may"]
    assert list(words.find("It’s said."))
