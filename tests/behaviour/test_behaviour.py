"""Every case holds, or fails for the reason that docs/behaviour.md gives."""

from collections import Counter

import pytest

import reportedly
from reportedly.assessment.comparison import compare
from reportedly.corpora.registry import TRAINED_ROLES
from reportedly.corpora.tables import load_own
from tests.behaviour import changes, page
from tests.behaviour.articles import CORPUS, TEMPLATES, corpus
from tests.behaviour.cases import PAIRS_IN_ORDER, cases, changes_for_the_worse, pairs
from tests.behaviour.directions import LEAST, excused, shows, worse_by

RESULTS = page.read_results()
FAILS = frozenset(RESULTS["fails"])
HARDLY = 0.25
"""Points by which the claims may lower the risk where the wording is said to."""
NEUTRAL = 3
"""The most changes for the worse that `compare` may call neutral."""
ROUNDING = 0.2
"""Points by which another processor's arithmetic may move a risk, which is rounded to a tenth."""


def parameter(case):
    """Return a case as a test parameter, marked if it is known to fail."""
    marks = []
    if case.id in FAILS:
        marks = [pytest.mark.xfail(strict=True, reason=page.reason_for(case.id))]
    return pytest.param(case, id=case.id, marks=marks)


@pytest.fixture(scope="session")
def assess():
    """Return a function that assesses with the bundle that ships, each text once."""
    return page.remembering(reportedly.Assessor())


@pytest.fixture(scope="session")
def student():
    """Return the function that assesses with the student alone, each text once."""
    return page.remembering(reportedly.Assessor(reader="student"))


@pytest.mark.parametrize("case", [parameter(case) for case in cases()])
def test_case(case, assess):
    """The case holds."""
    outcome = case.run(assess)
    assert outcome.holds, outcome.said


def test_moves_are_as_documented(assess):
    """No change moves the risk further than docs/behaviour.md says; to save time, one case per change."""
    first = {page.row_of(case): case for case in cases() if case.kind != "MFT"}
    for row, case in first.items():
        moved = case.run(assess).moved
        if moved is not None:
            _, low, _, high = RESULTS["moves"][row]
            assert low - ROUNDING <= moved <= high + ROUNDING, row


@pytest.mark.parametrize("split", [None, "test"])
def test_contrast_pairs_are_in_order(split, assess):
    """In nine of ten pairs, and of the test split's pairs, the riskier article has the higher risk."""
    chosen = [pair for pair in pairs() if split in {None, pair.split}]
    gaps = [(pair.id, pair.contrast, pair.gap(assess)) for pair in chosen]
    wrong = [entry for entry in gaps if entry[2] is None or entry[2] <= 0]
    assert len(wrong) <= (1 - PAIRS_IN_ORDER) * len(chosen), wrong


def verdict(assess, before, after):
    """Return the comparison's verdict on a change of an article."""
    return compare(assess(before.text, before.title), assess(after.text, after.title))["verdict"]


@pytest.mark.parametrize("reader", ["encoder", "student"])
def test_a_change_for_the_worse_shows_on_the_evidence(reader, assess, student):
    """Every one shows on a figure of its own, unless it is excused; nearly all others are called worse, and none better.

    The risk may move as it likes: what an editor is told first rests on signals and worklist.
    """
    by = {"encoder": assess, "student": student}[reader]
    hidden, verdicts, known = [], Counter(), set(excused(reader))
    for what, name, before, after in changes_for_the_worse():
        one, two = (by(article.text, article.title) for article in (before, after))
        verdicts[compare(one, two)["verdict"], (what, name) in known] += 1
        if not shows(what, worse_by(one, two)):
            hidden.append((what, name))
    assert set(hidden) == known, hidden
    assert verdicts["better", False] + verdicts["better", True] == 0
    assert verdicts["neutral", False] <= NEUTRAL, verdicts


def test_where_a_change_for_the_worse_lowers_the_risk_it_is_the_wording(assess):
    """The reasons that docs/behaviour.md gives are true: in points, the wording falls most, and the claims hardly move or rise."""
    for what, name, before, after in changes_for_the_worse():
        if f"DIR sourcing: {what}: {name}" not in FAILS:
            continue
        one, two = (assess(article.text, article.title).risk for article in (before, after))
        moved = {r.family: -r.effect for r in one.reasons}
        for reason in two.reasons:
            moved[reason.family] += reason.effect
        if one.score is not None and two.score is not None:
            assert min(moved, key=moved.__getitem__) == "wording", (what, name, moved)
            assert moved["claims"] > -HARDLY, (what, name, moved)


def test_what_means_nothing_hardly_moves_the_figures(student):
    """Fewer than one in twenty moves a figure by as much as is asked of a change for the worse."""
    found: Counter[str] = Counter()
    tables = (changes.TYPOGRAPHY, changes.QUOTATION, changes.FURNITURE)
    tried = [(t.make(), change) for table in tables for change in table.values() for t in TEMPLATES]
    for article, change in tried:
        after = change(article)
        moved = worse_by(*(student(a.text, a.title) for a in (article, after)))
        found.update(name for name, least in LEAST.items() if moved[name] >= least)
    assert max(found.values()) < len(tried) / 20, found


def test_the_figures_can_be_recomputed_from_what_is_shown(student):
    """Voices from the ledger's lines, what a record shows and the urgency from the sentences."""
    for template in TEMPLATES:
        article = template.make("named")
        told = student(article.text, article.title).to_dict()
        known = {"named_person", "named_organisation", "document", "press"}
        weights = [s["weight"] for s in told["sources"] if s["class"] in known]
        voices = sum(weights) ** 2 / sum(w * w for w in weights)
        claims = [s for s in told["sentences"] if s["priority"] is not None]
        shown = sum(1 + s["worth"] for s in claims if s["standing"] == "shown")
        assert told["signals"]["anonymous_sourcing"]["voices"] == pytest.approx(voices, abs=0.01)
        assert told["signals"]["unverified_claims"]["shown"] == pytest.approx(shown, abs=0.01)
        assert told["urgency"]["all"] == pytest.approx(sum(s["priority"] for s in claims), abs=0.01)


def test_a_change_that_means_nothing_is_called_neutral(assess):
    """Typography, quotation marks and page furniture are neutral changes, in every template."""
    tables = (changes.TYPOGRAPHY, changes.QUOTATION, changes.FURNITURE)
    found = [
        (what, template.id, verdict(assess, template.make(), change(template.make())))
        for table in tables
        for what, change in table.items()
        for template in TEMPLATES
    ]
    assert [row for row in found if row[2] != "neutral"] == []


def test_nothing_is_trained_on_the_test_split():
    """The articles that are changed, and the test split's pairs, are held out of training."""
    frame = load_own(CORPUS.parent)
    roles = dict(zip(frame["id"], frame["role"], strict=True))
    assert {roles[r["id"]] for r in corpus() if r["split"] == "test"} == {"heldout"}
    assert "heldout" not in TRAINED_ROLES


def test_there_are_cases_enough():
    """There are at least 200 cases of three kinds with different names; every known failure is one of them."""
    names = [case.id for case in cases()]
    assert len(names) == len(set(names)) >= 200
    assert {case.kind for case in cases()} == set(page.KINDS)
    assert set(names) >= FAILS
    assert all(page.reason_for(name) for name in FAILS)


def test_the_page_is_up_to_date():
    """`python -m tests.behaviour --write` would not change the page, given the same results."""
    assert page.PAGE.read_text(encoding="utf-8") == page.render(RESULTS)
