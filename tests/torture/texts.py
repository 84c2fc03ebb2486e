"""Hostile texts: decoded from bytes for a coverage-guided fuzzer, and as strategies for hypothesis.

Both use the same fragments: words that the detectors look for, marks that come in pairs, and code points
that are hard for text handling. Every sentence here is invented.
"""

from __future__ import annotations

from hypothesis import strategies as st

ZERO_WIDTH = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u180e", "\u034f")
DIRECTION = ("\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2069")
CONTROLS = ("\x00", "\x01", "\x07", "\x08", "\x0b", "\x0c", "\x1b", "\x1c", "\x7f", "\x85", "\x9b")
SPACES = (" ", "\u00a0", "\u2009", "\u202f", "\u3000", "\u2028", "\u2029", "\t", "\r", "\r\n")
MARKS = ('"', "'", "“", "”", "‘", "’", "„", "«", "»", "‟", "``", "''", "`", "´", "‹", "›", "＂")
POINTS = (".", ",", "!", "?", ":", ";", "…", "...", "—", "–", "-", "--", "(", ")", "[", "]", "/")
ODD = (
    "é", "e\u0301", "o" + "\u0308" * 40, "ﬁ", "İ", "ı", "ẞ", "ß", "ſ", "K", "Å", "²", "½", "Ⅷ",
    "١٢٣", "中文", "العربية", "עברית", "हिन्दी", "ไทย", "𝐬𝐚𝐢𝐝", "ѕаіd", "ｓａｉｄ", "😀", "👩‍👩‍👧‍👦", "🇳🇴",
    "1️⃣", "\ufffd", "\ufffe", "\U0010ffff", "\ue000", "\ud800", "\udfff", "a" * 300, "9" * 300,
)  # fmt: skip
PAGE = (
    "<p>", "</p>", "<script>", "</script>", "<!--", "-->", "<![CDATA[", "&amp;", "&#0;", "&#x110000;",
    "\x1b[31m", "%s", "{{ x }}", "{% raw %}", "::warning::", "=1+1", "file:///", "https://x.example/a?b",
    "[bold]", "[/bold]", "@a", "#b", "a@b.example", "\\u0000", "\\", "|", "~", "$", "^", "*",
)  # fmt: skip
WORDS = (
    "said", "says", "told", "told us", "according to", "reportedly", "allegedly", "may", "might have",
    "could", "about", "roughly", "if", "unless", "suggests", "claimed", "he", "she", "they", "who", "it",
    "I", "we", "the", "a", "of", "and", "but", "that", "because", "to", "in", "on Monday", "was", "is",
    "not", "asked not to be named", "on condition of anonymity", "as they were not allowed to speak",
    "sources", "a source close to the board", "officials", "two officials", "a person familiar with it",
    "critics", "experts", "witnesses", "many people", "the report", "a court filing", "documents",
    "seen by the Gazette", "the Gazette", "Reuters", "the ministry", "Port Arlen", "Tove Lindahl",
    "Ms. Lindahl", "Lindahl", "Dr. Ida N. Okonkwo", "the mayor", "the company", "Mr", "U.S.", "Inc.",
    "40 million", "3,000.5", "12%", "2019", "killed", "cracks", "wall", "Harbour", "RELATED", "By",
    "Sign up", "Photo:", "Read more", "ADVERTISEMENT", "WATCH", "declined to comment", "in a statement",
    "Mayor Tove Lindahl said the wall was safe.", "The wall may fail, a person close to the board said.",
    "Critics say it was known.", "“They had the figures,” the person said.", "Two houses were sold.",
    "It shows that", "this newspaper", "'s", "n't", "’s", "were told", "has learned", "is believed to",
)  # fmt: skip
FRAGMENTS = (
    *(w + " " for w in WORDS), *MARKS, *MARKS, *POINTS, *(p + " " for p in POINTS), *ZERO_WIDTH,
    *DIRECTION, *CONTROLS, *SPACES, " ", " ", "\n", "\n", "\n\n", *ODD, *PAGE,
)  # fmt: skip
_LONGEST = 6_000


def from_bytes(data: bytes, longest: int = _LONGEST) -> str:
    """Return the text that a fuzzer's bytes encode: plain UTF-8, or fragments with repeats.

    The first byte chooses between the two. Among fragments, 255 repeats everything before it, up to 255 times, and 254
    takes any code point from the next three bytes; every other byte is a fragment. The text ends soon after
    `longest` code points.
    """
    if not data:
        return ""
    if data[0] % 4 == 0:
        return data[1:].decode("utf-8", "surrogateescape")[:longest]
    pieces: list[str] = []
    size, at = 0, 1
    while at < len(data) and size < longest:
        byte, at = data[at], at + 1
        if byte == 255 and pieces and at < len(data):
            span, at = "".join(pieces[-1 - data[at] % 3 :]), at + 1
            piece = span * min(data[at - 1], longest // (len(span) + 1))
        elif byte == 254:
            code, at = int.from_bytes(data[at : at + 3], "big"), at + 3
            piece = chr(code % 0x110000)
        elif byte >= 250 and at < len(data):
            piece, at = FRAGMENTS[250 + data[at] % (len(FRAGMENTS) - 250)], at + 1
        else:
            piece = FRAGMENTS[byte]
        pieces.append(piece)
        size += len(piece)
    return "".join(pieces)


TAGS = (
    "<html>", "<head>", "<title>", "</title>", "<meta charset=utf-8>", "<meta property='og:title' content='",
    "'>", "<body>", "<article>", "</article>", "<main>", "<div>", "</div>", "<div class='comments'>", "<nav>",
    "</nav>", "<p>", "</p>", "<p", "<h1>", "</h1>", "<ul>", "<li>", "</ul>", "<blockquote>", "</blockquote>",
    "<table>", "<tr>", "<td>", "</table>", "<br>", "<br/>", "<a href='", "'", '"', ">", "<", "</", "/>", "<b>",
    "</b>", "<script>", "</script>", "<style>", "</style>", "<!--", "-->", "<![CDATA[", "]]>", "<?xml?>",
    "<!doctype html>", "<!doctype x [<!entity a 'b'>]>", "&a;", "&nbsp;", "&lt;", "&#x202e;", "&#xd800;",
    "&#0;", "<svg>", "<math>", "<template>", "<noscript>", "<iframe src=//x.example>", "<time datetime='",
    "<span lang=xx>", "</span>", "<pre>", "<code>", "<figure>", "<figcaption>", "<footer>", "<aside>",
    "<script type='application/ld+json'>", '{"@type": "NewsArticle", "headline": "', '"}', "\x00", "\xff",
    "The ferry to Skarn was late again on Friday, the harbour master said, for the third time this month. ",
    "“We were told nothing,” said a passenger who did not want to be named. ", "By Ida Okonkwo", "12 May 2024",
)  # fmt: skip


def page_from_bytes(data: bytes) -> bytes:
    """Return the web page that a fuzzer's bytes encode: tags and sentences; 255 repeats what came before."""
    pieces: list[str] = []
    size, at = 0, 0
    while at < len(data) and size < 4 * _LONGEST:
        byte, at = data[at], at + 1
        if byte == 255 and pieces and at < len(data):
            span, at = "".join(pieces[-1 - data[at] % 3 :]), at + 1
            piece = span * min(data[at - 1], _LONGEST // (len(span) + 1))
        else:
            piece = TAGS[byte % len(TAGS)]
        pieces.append(piece)
        size += len(piece)
    return "".join(pieces).encode("utf-8", "surrogateescape")


def texts(largest: int = 60) -> st.SearchStrategy[str]:
    """Return a strategy of hostile texts of up to `largest` fragments, and of any Unicode at all."""
    anything = st.text(st.characters(), max_size=3)
    fragments = st.lists(st.sampled_from(FRAGMENTS) | anything, min_size=1, max_size=largest)
    soup = st.lists(
        st.sampled_from((*MARKS, *POINTS, *SPACES, "a ", "said ")), max_size=2 * largest
    )
    repeats = st.tuples(st.sampled_from(FRAGMENTS), st.integers(1, 400)).map(lambda p: p[0] * p[1])
    return st.one_of(
        fragments.map("".join),
        soup.map("".join),
        st.tuples(fragments.map("".join), repeats, fragments.map("".join)).map("".join),
        st.text(st.characters(), max_size=4 * largest),
    )


TARGET_NAMES = (
    *(
        "reading",
        "html",
        "tables",
        "segment",
        "assess",
        "reports",
        "compare",
        "bundle",
        "policy",
        "url",
        "cli",
    ),
)
"""What can be fuzzed; `tests.torture.targets` has the functions, which are heavy to import."""
