"""Hand-built assessments of invented articles, so that a test needs no trained model."""

from __future__ import annotations

import os

os.environ.setdefault(
    "OPENBLAS_NUM_THREADS", "1"
)  # a process a core: more threads wait on each other

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings

from reportedly.datamodel import (
    Annotated,
    Assessment,
    Attribution,
    Claim,
    Contribution,
    Document,
    Finding,
    Hedge,
    Risk,
    RiskReason,
    SignalScore,
    Source,
    Span,
    WordEffect,
)
from reportedly.reading.segmentation import segment
from tests.browsing import CHROMIUM, DRIVER

# Time has tests of its own: a busy machine must not fail those of arbitrary input.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

TITLE = "Harbour board was warned about the sea wall, insider says"

ARTICLE = """\
Harbour board was warned about the sea wall, insider says
By Ida Okonkwo
The harbour board of Port Arlen was told two years ago that its sea wall could fail, a person close to the board said on Monday.
“They had the figures on the table and they put them in a drawer,” the person said. The person asked not to be named because talks over the contract are still going on.
The repair would reportedly cost about 40 million crowns.
Mayor Tove Lindahl said the town had seen no such warning. “If there is a paper, I should like to read it,” she said.
An inspection report dated 3 March, seen by the Gazette, lists eleven cracks below the water line.
Critics say the board has looked the other way for years. Two of its members sold their houses on the quay in spring.
Sign up for our newsletter
"""


def at(text: str, words: str, nth: int = 0) -> Span:
    """Return the span of the `nth` occurrence of `words`."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Span(start, start + len(words))


def _annotated(document: Document) -> Annotated:
    text = document.text
    parts = segment(document)
    furniture = ("Harbour board was", "By Ida", "Sign up")
    parts = replace(
        parts,
        sentences=tuple(
            replace(s, furniture=s.span.of(text).startswith(furniture)) for s in parts.sentences
        ),
    )
    attributions = (
        Attribution(
            (at(text, "a person close to the board"),), (at(text, "said"),),
            (at(text, "The harbour board of Port Arlen was told two years ago that its sea wall could fail"),),
            "indirect", 0.97, "unnamed", "s1",
        ),
        Attribution(
            (at(text, "the person"),), (at(text, "said", 1),),
            (at(text, "“They had the figures on the table and they put them in a drawer,”"),),
            "direct", 0.99, "unnamed", "s1",
        ),
        Attribution(
            (), (at(text, "reportedly"),), (at(text, "The repair would reportedly cost about 40 million crowns"),),
            "indirect", 0.9, "vague", "s2",
        ),
        Attribution(
            (at(text, "Mayor Tove Lindahl"),), (at(text, "said", 2),),
            (at(text, "the town had seen no such warning"),), "indirect", 0.98, "named_person", "s3",
        ),
        Attribution(
            (at(text, "she"),), (at(text, "said", 3),),
            (at(text, "“If there is a paper, I should like to read it,”"),),
            "direct", 0.98, "named_person", "s3",
        ),
        Attribution(
            (at(text, "An inspection report dated 3 March"),), (at(text, "lists"),),
            (at(text, "eleven cracks below the water line"),), "indirect", 0.94, "document", "s4",
        ),
        Attribution(
            (at(text, "Critics"),), (at(text, "say", text[: text.index("Critics say")].count("say")),),
            (at(text, "the board has looked the other way for years"),), "indirect", 0.9, "vague", "s5",
        ),
    )  # fmt: skip
    reason = at(text, "because talks over the contract are still going on")
    sources = (
        Source(
            "s1", "a person close to the board", "unnamed", 2,
            (at(text, "a person close to the board"), at(text, "the person")),
            "granted_with_reason", "specific", reason,
        ),
        Source("s2", "reportedly", "vague", 1, (at(text, "reportedly"),), described=False),
        Source("s3", "Mayor Tove Lindahl", "named_person", 2, (at(text, "Mayor Tove Lindahl"), at(text, "she"))),
        Source("s4", "An inspection report dated 3 March", "document", 1, (at(text, "An inspection report dated 3 March"),)),
        Source("s5", "Critics", "vague", 1, (at(text, "Critics"),), described=False, stance="opinion"),
    )  # fmt: skip
    hedges = (
        Hedge(
            *_range(at(text, "could")), "epistemic", "source", at(text, "its sea wall could fail")
        ),
        Hedge(*_range(at(text, "reportedly")), "hearsay", "reporter"),
        Hedge(*_range(at(text, "about", 1)), "approximator", "reporter"),
    )
    judged = {
        "The harbour board of": (0.93, "unnamed", ("s1",)),
        "“They had": (0.71, "unnamed", ("s1",)),
        "The repair would": (0.88, "vague", ("s2",)),
        "Mayor Tove": (0.8, "named", ("s3",)),
        "An inspection": (0.9, "record", ("s4",)),
        "Two of its": (0.86, "none", ()),
    }
    claims = tuple(_claim(i, s.span.of(text), judged) for i, s in enumerate(parts.sentences))
    return Annotated(parts, attributions, sources, hedges, claims)


def _range(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _claim(number: int, sentence: str, judged: dict) -> Claim:
    for opening, (score, support, behind) in judged.items():
        if sentence.startswith(opening):
            return Claim(number, score, True, support, behind)
    return Claim(number, 0.1, False, None)


def _signals(annotated: Annotated) -> tuple[SignalScore, ...]:
    text = annotated.text

    def found(rule: str, words: str, message: str, level: str = "note", **more: str) -> Finding:
        signal = {
            "sourcing": "anonymous_sourcing",
            "hedging": "hedging",
            "claims": "unverified_claims",
        }
        return Finding(
            rule, signal[rule.split(".", maxsplit=1)[0]], at(text, words), message, level, **more
        )

    sourcing = (
        found("sourcing.unnamed", "a person close to the board", "unnamed source", source_id="s1"),
        found("sourcing.vague", "Critics", "attributed to nobody in particular", "warning",
              guidance="Say who.", source_id="s5"),
    )  # fmt: skip
    hedging = (
        found("hedging.epistemic", "could", "possibility, in the source’s voice"),
        found("hedging.hearsay", "reportedly", "hearsay, in the reporter’s voice", "warning"),
    )
    claims = (
        found("claims.vague", "The repair would reportedly cost about 40 million crowns.",
              "a check-worthy claim that rests on nobody in particular", "warning", source_id="s2"),
        found("claims.none", "Two of its members sold their houses on the quay in spring.",
              "a check-worthy claim with nobody behind it", "warning",
              guidance="Ask who can vouch for it, or which record shows it."),
    )  # fmt: skip
    return (
        SignalScore("anonymous_sourcing", 48.6, "2 of 7 statements from 1 unnamed source (most from “a person close to the board”, a reason given); 2 statements from nobody in particular.", sourcing, 91.0),
        SignalScore("hedging", 22.2, "2 of 9 sentences hedged: 1 possibility, 1 hearsay, 1 approximation.", hedging, 58.0),
        SignalScore("unverified_claims", 66.7, "4 of 6 check-worthy claims unverified: 1 with no source at all, 1 with a vague one, 2 with an unnamed one.", claims, 83.0),
    )  # fmt: skip


def build(
    text: str = ARTICLE,
    title: str = TITLE,
    id: str = "harbour.txt",  # noqa: A002 - the field's name
    encoding: str = "utf-8",
) -> Assessment:
    """Return the invented article's assessment; a different `text` must contain the same phrases."""
    document = Document(text, title, id, encoding)
    annotated = _annotated(document)
    return Assessment(
        annotated=annotated,
        signals=_signals(annotated),
        risk=Risk(63.4, "cannot tell", (49.0, 75.5), ordinary=49.9, reasons=(RiskReason("claims", 9.4), RiskReason("sourcing", 4.1))),
        contributions=(
            Contribution("claims_unverified_share", 0.6667, 9.4, (at(text, "Two of its members sold their houses on the quay in spring."),), family="claims"),
            Contribution("vague_share", 0.2857, 5.2, (at(text, "Critics"),)),
            Contribution("document_sources", 1.0, -4.1, (at(text, "An inspection report dated 3 March"),)),
            Contribution("reason_specific", 1.0, -2.3, ()),
            Contribution("hedged_share", 0.2222, 0.6, (at(text, "could"),), counted="2 of 9 sentences, usually 1.2", words=(WordEffect("reportedly", 0.5),)),
        ),
        model={"bundle": "test", "version": "1", "prior": "0.5"},
    )  # fmt: skip


def build_plain(
    text: str,
    title: str = "",
    id: str = "plain.txt",  # noqa: A002 - the field's name
    encoding: str = "str",
) -> Assessment:
    """Return an assessment of any text in which nothing is found and no risk is given."""
    parts = segment(Document(text, title, id, encoding))
    claims = tuple(Claim(i, 0.1, False, None) for i in range(len(parts.sentences)))
    return Assessment(
        annotated=Annotated(parts, (), (), (), claims),
        signals=(SignalScore("hedging", 0.0, "None of the sentences is hedged."),),
        risk=Risk(None, None, None, "too short: a test"),
        model={"bundle": "test", "version": "1", "prior": "0.5"},
    )


@pytest.fixture(scope="session")
def assessment() -> Assessment:
    """Return the harbour article, assessed by hand."""
    return build()


@pytest.fixture(scope="session")
def make_assessment() -> Callable[..., Assessment]:
    """Return a builder of the harbour article: ``make_assessment(text=…, title=…, id=…)``."""
    return build


@pytest.fixture(scope="session")
def plain_assessment() -> Callable[..., Assessment]:
    """Return a builder of an empty assessment of any text."""
    return build_plain


class FakeAssessor:
    """Stands in for `Assessor`: the harbour article by hand, anything else with nothing found."""

    def __init__(
        self, bundle: object = None, *, prior: float = 0.5, reader: str = "encoder"
    ) -> None:
        self.bundle, self.prior, self.reader = bundle, prior, reader

    def assess(self, document: Document | str, title: str = "") -> Assessment:
        if isinstance(document, str):
            document = Document(document, title)
        known = all(words in document.text for words in ARTICLE.splitlines()[2:4])
        made = build if known else build_plain
        return made(document.text, document.title, document.id, document.encoding)

    def assess_many(self, documents: Iterable[Document]) -> Iterator[Assessment]:
        return map(self.assess, documents)


@pytest.fixture
def fake_assessor(monkeypatch: pytest.MonkeyPatch) -> type[FakeAssessor]:
    """Replace `Assessor` in the commands by `FakeAssessor`."""
    from reportedly.assessment import assessor  # noqa: PLC0415

    monkeypatch.setattr(assessor, "Assessor", FakeAssessor)
    return FakeAssessor


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option by which ``make golden`` rewrites the golden outputs."""
    parser.addoption("--update-golden", action="store_true", default=False)


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """Return a headless Chromium; tests that need it are skipped if it, its driver or selenium is missing."""
    if not (CHROMIUM and DRIVER):
        pytest.skip("needs Chromium and chromedriver")
    webdriver = pytest.importorskip("selenium.webdriver")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    profile = tmp_path_factory.mktemp("profile")
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", f"--user-data-dir={profile}"):  # fmt: skip
        options.add_argument(flag)
    driver = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    driver.implicitly_wait(20)  # a form is answered when its article has been read
    yield driver
    driver.quit()
