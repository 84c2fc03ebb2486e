"""Segmentation: every span is right, and odd quotation marks affect only their own paragraph."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportedly.datamodel import Document
from reportedly.reading.segmentation import segment, tokenise
from tests.timing import grows_at_most

ODD = st.text(
    alphabet=st.sampled_from(list("ab .,!?\n\r\t\"'“”‘’«»—-0123€é中\u200b\u202e\ud800\U0001f600")),
    max_size=300,
)


def quotations(text: str) -> list[str]:
    return [q.span.of(text) for q in segment(Document(text)).quotations]


@given(st.one_of(st.text(max_size=300), ODD))
def test_every_span_lies_inside_the_text_and_in_order(text):
    """Paragraphs, sentences, tokens and quotations are ranges of the text, in order."""
    parts = segment(Document(text))
    for spans in (
        [(p.start, p.end) for p in parts.paragraphs],
        [(s.start, s.end) for s in parts.sentences],
        list(zip(parts.tokens.starts, parts.tokens.ends, strict=True)),
    ):
        at = 0
        for start, end in spans:
            assert at <= start < end <= len(text)
            at = end
    for quotation in parts.quotations:
        assert 0 <= quotation.start < quotation.end <= len(text)


@given(st.one_of(st.text(max_size=300), ODD))
def test_tokens_cover_everything_but_white_space(text):
    """Every character except white space is in a token."""
    tokens = tokenise(text)
    covered = "".join(text[s:e] for s, e in zip(tokens.starts, tokens.ends, strict=True))
    assert "".join(covered.split()) == "".join(text.split())
    assert all(
        text[s:e] == f for f, s, e in zip(tokens.forms, tokens.starts, tokens.ends, strict=True)
    )


@given(st.one_of(st.text(max_size=300), ODD))
def test_sentences_partition_the_tokens(text):
    """Each token belongs to exactly one sentence."""
    parts = segment(Document(text))
    at = 0
    for sentence in parts.sentences:
        assert sentence.first == at
        at = sentence.last
    assert at == len(parts.tokens)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('She said, "We won." He left.', ['"We won."']),
        ("She said, “We won.” He left.", ["“We won.”"]),
        ('She said, “We won." He left.', ['“We won."']),
        ("‘We won,’ she said.", ["‘We won,’"]),
        ("'We won,' she said. 'It's ours.'", ["'We won,'", "'It's ours.'"]),
        ("The workers' vote and the boss's reply.", []),
        ("Back in the '90s it's said that rock 'n' roll died.", []),
        ("“He told me ‘never’ and left,” she said.", ["“He told me ‘never’ and left,”", "‘never’"]),
        ("``We won,'' she said.", ["``We won,''"]),
        ("«We won», she said.", ["«We won»"]),
    ],
)
def test_quotation_marks_of_all_styles_pair(text, expected):
    """Straight, curly, mixed, nested, British and TeX marks give the quotations that a reader sees."""
    assert quotations(text) == expected


def test_a_quotation_over_paragraphs_is_carried_on():
    """Each paragraph of a long quotation opens with a mark; only the last closes it."""
    text = "“One.\n\n“Two.\n\n“Three,” he said.\n\nFour."
    parts = segment(Document(text))
    assert [(q.closed, q.continues) for q in parts.quotations] == [
        (False, False),
        (False, True),
        (True, True),
    ]


def test_a_missing_closing_mark_changes_only_its_own_paragraph():
    """Paragraphs after an unclosed quotation are segmented as if it were closed."""
    good, bad = '"One," he said.', '"One, he said.'
    rest = '\n\nShe said "two" and "three".'
    assert quotations(good + rest)[1:] == quotations(bad + rest)[1:] == ['"two"', '"three"']


def test_clitics_and_initialisms_are_tokens():
    """A possessive is a separate token; a contraction and an initialism are one token."""
    forms = tokenise("The U.S. mayor's aides don't know Mr. O'Brien's 3,000.5 co-workers.").forms
    assert forms[:6] == ("The", "U.S.", "mayor", "'s", "aides", "don't")
    assert {"Mr.", "O'Brien", "3,000.5", "co-workers"} <= set(forms)


def test_hard_wrapped_text_has_paragraphs_at_blank_lines():
    """Lines that end at the column width are joined."""
    line = "the bridge over the river was closed on Monday and the town had to walk round by"
    text = "\n".join([line] * 6) + "\n\n" + "\n".join([line] * 6)
    assert len(segment(Document(text)).paragraphs) == 2


@pytest.mark.parametrize("space", "\x85\xa0\u2003\u2028\u202f\u3000")
def test_a_wide_space_before_a_full_stop_is_a_space(space):
    """The sentence splitter panics at such a space; reading does not."""
    text = f"He saw Z{space}. Then he left."
    last = segment(Document(text)).sentences[-1]
    assert last.span.of(text).endswith("Then he left.")


@pytest.mark.parametrize(
    "unit", ["“", '"', "'", "'a ", "“a ‘b ", '“a" ', "a-", "1,", "..", "’s", "a.b "]
)
def test_time_is_linear_in_length(unit):
    """Ten times as many marks take about ten times as long, not a hundred."""
    short, long = (Document(unit * size) for size in (4_000, 40_000))
    assert grows_at_most(30, lambda: segment(short), lambda: segment(long))
