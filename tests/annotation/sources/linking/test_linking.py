"""The linker: its views and features on invented articles, and its training."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier

from reportedly.annotation.sources.coreference.names import Article, index_article, look_up
from reportedly.annotation.sources.linking import learning
from reportedly.annotation.sources.linking.features import feature_names, rows_of
from reportedly.annotation.sources.linking.figures import find_figures
from reportedly.annotation.sources.linking.linker import link, register_of
from reportedly.annotation.sources.linking.model import LinkModel, Ranker
from reportedly.annotation.sources.linking.parties import Candidate, Register
from reportedly.annotation.sources.linking.statements import Linked, Statement
from reportedly.annotation.sources.linking.views import KINDS
from reportedly.corpora.gold import GoldArticle, GoldAttribution, GoldSentence
from reportedly.datamodel import SOURCE_CLASSES, Document, Span
from reportedly.errors import InvalidBundle
from reportedly.reading.segmentation import segment
from tests.timing import grows_at_most

Told = tuple[int, str, str] | tuple[int, str, str, str]
"""Number of the sentence, words of the source, cue, and perhaps the class of the source."""


def article_of(text: str) -> Article:
    return index_article(segment(Document(text)))


def statements_of(article: Article, told: list[Told]) -> list[Statement]:
    """Return statements in these sentences with these words for their sources."""
    text, found = article.segmented.text, []
    for number, source, cue, *classes in told:
        sentence = article.segmented.sentences[number].span
        at = learning.locate_words(sentence.of(text), source)
        span = None if at is None else Span(sentence.start + at.start, sentence.start + at.end)
        assert (span is None) == (not source)
        likely = tuple(float(c == classes[0]) for c in SOURCE_CLASSES) if classes else None
        found.append(Statement(sentence, span, cue, likely))
    return found


def asked(
    text: str, told: list[Told], links: list[int | None]
) -> tuple[Register, dict[int, dict[str, float]]]:
    """Return the register after linking all statements but the last by `links` (None: new), and the last one's feature values.

    Values are keyed by the number of the candidate's party, -2 for "new", -1 for a figure that is not a source.
    """
    article = article_of(text)
    register = register_of(article, statements_of(article, told))
    for view, number in zip(register.views, links, strict=False):
        register.enter(
            view, None if number is None else Candidate(number, register.parties[number])
        )
    view = register.views[-1]
    candidates = register.candidates(view)
    rows = rows_of(register, view, candidates)
    numbers = [candidate.number for candidate in candidates] + [-2]
    named = [dict(zip(feature_names(), row.tolist(), strict=True)) for row in rows]
    return register, dict(zip(numbers, named, strict=True))


# ---- who is named


def figures_named(text: str) -> list[set[str]]:
    found = find_figures(article_of(text))
    return [{" ".join(name) for name in figure.names} for figure in found.members]


def test_surname_and_full_name_are_one_figure() -> None:
    article = article_of("Ana Moor rose. Then Moor spoke, and later Mrs. Moor left.")
    (figure,) = find_figures(article).members
    assert len(figure.tokens) == 3
    assert figure.full == ("Ana", "Moor")


def test_two_first_names_with_one_surname_are_two_figures() -> None:
    assert len(figures_named("Ana Moor met Piet Moor at noon.")) == 2


def test_initials_and_body_are_one_figure() -> None:
    names = figures_named("The Bureau of River Affairs met. A letter from the BRA arrived.")
    assert any({"Bureau of River Affairs", "BRA"} <= one for one in names)
    names = figures_named("The National Tide Service met. A letter from the NTS arrived.")
    assert any({"National Tide Service", "NTS"} <= one for one in names)


def test_a_son_is_not_his_wife() -> None:
    """A surname is that of whoever is called so with "Jr." as well."""
    members = find_figures(
        article_of("It was Jesse Holm Jr. who paid. Holm left. Then Sandra Holm left too.")
    ).members
    (wife,) = (figure for figure in members if ("Sandra", "Holm") in figure.names)
    assert wife.names == {("Sandra", "Holm")}


def test_a_month_before_a_number_is_no_name() -> None:
    assert (
        figures_named(
            "He left on Jan. 20 and came on Oct. 4. In Sept. 2012 it rained, on April 5 too."
        )
        == []
    )
    assert any({"Jan"} <= one for one in figures_named("Then Jan said so. On Jan. 3 it rained."))


def test_capital_of_a_sentence_start_is_no_name() -> None:
    assert figures_named("Officials met. Rain fell over the valley. Rain filled the docks.") == []


def test_pronouns_behind_a_name_tell_its_gender() -> None:
    article = article_of("Quillon Marsh said she would go. Tarn Voss sold his boat and his net.")
    first, second = find_figures(article).members
    assert first.women > 0 > second.women


@pytest.mark.parametrize(
    "text", ["Mayor Ana Moor left.", "Ana Moor, the mayor, left.", "Ana Moor (mayor) left."]
)
def test_role_beside_a_name_is_its_bearers(text: str) -> None:
    assert "mayor" in find_figures(article_of(text)).members[0].roles


def test_role_behind_the_apposition_is_not() -> None:
    found = find_figures(article_of("Ana Moor, of Lenn, met the mayor."))
    assert "mayor" not in found.members[0].roles


# ---- statements as they are seen


@pytest.mark.parametrize(
    ("source", "cue", "kind"),
    [
        ("", "", "carried"), ("", "reportedly", "hearsay"), ("she", "said", "he"), ("they", "said", "they"),
        ("it", "said", "it"), ("we", "said", "first"), ("Ana Moor", "said", "name"),
        ("the clerk", "said", "definite"), ("her lawyer", "said", "owned"), ("a clerk", "said", "indefinite"),
        ("clerks", "said", "bare"), ("three clerks", "said", "counted"), ("who", "said", "relative"),
        ("others", "said", "other"),
    ],
)  # fmt: skip
def test_kind_of_mention(source: str, cue: str, kind: str) -> None:
    article = article_of(f"Then {source} said that the pumps had failed.")
    register = register_of(article, statements_of(article, [(0, source, cue)]))
    assert register.views[0].kind == kind


def test_a_spokeswoman_names_her_principal_and_not_herself() -> None:
    article = article_of("A spokeswoman for the Lenn Harbour Board said little.")
    told: list[Told] = [(0, "A spokeswoman for the Lenn Harbour Board", "said")]
    view = register_of(article, statements_of(article, told)).views[0]
    assert view.principal >= 0 > view.own


def test_a_quotation_over_paragraphs_is_one() -> None:
    article = article_of(
        "“The pumps failed.\n\n“They will fail again,” the clerk said.\n\n“No,” Moor said."
    )
    told: list[Told] = [(0, "", ""), (1, "the clerk", "said"), (2, "Moor", "said")]
    first, second, third = register_of(article, statements_of(article, told)).views
    assert first.quotation == second.quotation != third.quotation


# ---- what speaks for a candidate


def test_surname_speaks_for_who_was_named_in_full() -> None:
    text = "Ana Moor said little. Piet Voss said yes. Moor said it again."
    _, of = asked(
        text, [(0, "Ana Moor", "said"), (1, "Piet Voss", "said"), (2, "Moor", "said")], [None, None]
    )
    assert (of[0]["same name"], of[1]["same name"]) == (1, 0)
    assert (of[0]["another name"], of[1]["another name"]) == (0, 1)
    assert (of[0]["ahead: same name"], of[1]["ahead: same name"]) == (1, -1)
    assert of[-2]["best: same name"] == 1


def test_gender_speaks_against_a_man_for_she() -> None:
    text = "Mr. Voss said little. Mrs. Moor said yes. She said it again."
    _, of = asked(
        text, [(0, "Mr. Voss", "said"), (1, "Mrs. Moor", "said"), (2, "She", "said")], [None, None]
    )
    assert of[0]["gender clashes"] == 1
    assert of[1]["gender surely fits"] == 1
    assert of[1]["is last fitting"] == 1


def test_a_linked_pronoun_tells_the_gender_of_a_nameless_source() -> None:
    text = "A clerk said little. He said it twice. A guard said yes. He left, he said."
    told: list[Told] = [
        (0, "A clerk", "said"),
        (1, "He", "said"),
        (2, "A guard", "said"),
        (3, "he", "said"),
    ]
    _, of = asked(text, told, [None, 0, None])
    assert of[0]["gender fits"] > of[1]["gender fits"] == 0


def test_number_speaks_against_one_for_several() -> None:
    text = "A clerk said little. Two guards said yes. The guards said it again."
    told: list[Told] = [
        (0, "A clerk", "said"),
        (1, "Two guards", "said"),
        (2, "The guards", "said"),
    ]
    _, of = asked(text, told, [None, None])
    assert (of[0]["number clashes"], of[1]["number clashes"]) == (1, 0)
    assert (of[0]["same noun"], of[1]["same noun"]) == (0, 1)


def test_class_speaks_for_a_source_of_the_same() -> None:
    text = "A report said little. A clerk said yes. It was late, it said."
    told: list[Told] = [
        (0, "A report", "said", "document"), (1, "A clerk", "said", "unnamed"), (2, "it", "said", "document"),
    ]  # fmt: skip
    _, of = asked(text, told, [None, None])
    assert (of[0]["class fits"], of[1]["class fits"]) == (1, 0)
    assert of[1]["class clashes"] == 1


def test_unknown_class_speaks_neither_for_nor_against() -> None:
    text = "A report said little. It was late, it said."
    _, of = asked(text, [(0, "A report", "said", "document"), (1, "it", "said")], [None])
    assert (of[0]["class known"], of[0]["class fits"], of[0]["class clashes"]) == (0, 0, 0)


def test_role_at_first_mention_speaks_for_the_mayor() -> None:
    text = "Ana Moor, the mayor, said little. Piet Voss said yes. The mayor said it again."
    told: list[Told] = [(0, "Ana Moor", "said"), (1, "Piet Voss", "said"), (2, "The mayor", "said")]
    _, of = asked(text, told, [None, None])
    assert (of[0]["has the role"], of[1]["has the role"]) == (1, 0)


def test_somebody_named_who_is_no_source_yet_is_a_candidate() -> None:
    text = "A clerk said little. Ana Moor, the mayor, came late. She said it again."
    register, of = asked(text, [(0, "A clerk", "said"), (2, "She", "said")], [None])
    assert of[-1]["is named"] == 1
    assert of[-1]["is a source"] == 0
    assert of[-1]["mentioned in the sentence before"] == 1
    assert of[-1]["mentioned as subject"] == 1
    near = [c for c in register.candidates(register.views[-1]) if c.number < 0]
    assert len(near) == 1


def test_somebody_named_long_before_is_none() -> None:
    text = "Ana Moor came. " + "Rain fell all day. " * 8 + "She said it again."
    _, of = asked(text, [(9, "She", "said")], [])
    assert set(of) == {-2}


def test_other_capitals_speak_against_a_source_elsewhere() -> None:
    text = "A guard at Lenn Castle said little. A guard at Port Arlen said yes."
    told: list[Told] = [(0, "A guard at Lenn Castle", "said"), (1, "A guard at Port Arlen", "said")]
    _, of = asked(text, told, [None])
    assert of[0]["same noun"] == 1
    assert of[0]["capitals clash"] == 1
    assert of[0]["capitals missed"] == 2


def test_a_spokesman_speaks_for_the_body_that_spoke() -> None:
    text = (
        "The Lenn Harbour Board said little. A spokesman for the Lenn Harbour Board said it again."
    )
    told: list[Told] = [
        (0, "The Lenn Harbour Board", "said"), (1, "A spokesman for the Lenn Harbour Board", "said"),
    ]  # fmt: skip
    _, of = asked(text, told, [None])
    assert of[0]["speaks for it"] == 1


def test_owners_tell_two_lawyers_apart() -> None:
    text = "Moor’s lawyer said little. Voss’s lawyer said yes. Moor’s lawyer said it again."
    told: list[Told] = [
        (0, "Moor’s lawyer", "said"),
        (1, "Voss’s lawyer", "said"),
        (2, "Moor’s lawyer", "said"),
    ]
    _, of = asked(text, told, [None, None])
    shared = [of[n]["same owner"] + of[n]["same principal"] for n in (0, 1)]
    assert shared[0] > shared[1] == 0


def test_words_of_a_mention_tell_two_reports_apart() -> None:
    text = "A police report said little. A tax report said yes. The police report said it again."
    told: list[Told] = [
        (0, "A police report", "said"),
        (1, "A tax report", "said"),
        (2, "The police report", "said"),
    ]
    _, of = asked(text, told, [None, None])
    assert (of[0]["words shared"], of[1]["words shared"]) == (1, 0)
    assert (of[0]["words missed"], of[1]["words missed"]) == (0, 1)


def test_distance_is_counted_in_statements_sentences_and_paragraphs() -> None:
    text = "A clerk said little.\n\nRain fell. A guard said yes.\n\nThe pumps failed."
    _, of = asked(text, [(0, "A clerk", "said"), (2, "A guard", "said"), (3, "", "")], [None, None])
    far, near = of[0], of[1]
    assert (far["statements since"], far["sentences since"], far["paragraphs since"]) == (2, 3, 2)
    assert (near["statements since"], near["sentences since"], near["paragraphs since"]) == (
        1,
        1,
        1,
    )
    assert (far["spoke last"], near["spoke last"]) == (0, 1)


@pytest.mark.parametrize(
    "last", ["“He has called me,” Piet Voss said.", "“He has called me,” said Voss."]
)
def test_who_speaks_a_quotation_is_not_the_he_within_it(last: str) -> None:
    text = "A guard said nothing. Piet Voss said little. " + last
    source = "Voss" if last.endswith("Voss.") else "Piet Voss"
    told: list[Told] = [
        (0, "A guard", "said"), (1, "Piet Voss", "said"), (2, "He", "has called"), (2, source, "said"),
    ]  # fmt: skip
    article = article_of(text)
    register = register_of(article, statements_of(article, told))
    for view in register.views[:2]:
        register.enter(view, None)
    view = register.views[2]
    rows = rows_of(register, view, register.candidates(view))
    speaks = rows[:, feature_names().index("speaks the quotation")]
    assert speaks.tolist() == [1, 0, 0]
    assert rows[0, feature_names().index("within a quotation")] == 1


def test_who_has_spoken_in_the_sentence_is_told() -> None:
    text = "A clerk said that a guard had said little."
    _, of = asked(text, [(0, "A clerk", "said"), (0, "a guard", "said")], [None])
    assert of[0]["spoke in this sentence"] == 1


def test_an_elided_source_may_be_the_one_that_speaks_next() -> None:
    text = "A clerk said little.\n\n“The pumps failed.\n\n“They will fail again,” a guard said."
    article = article_of(text)
    told: list[Told] = [(0, "A clerk", "said"), (1, "", ""), (2, "a guard", "said")]
    register = register_of(article, statements_of(article, told))
    for view in (register.views[0], register.views[2]):
        register.enter(view, None)
    view = register.views[1]
    candidates = register.candidates(view)
    rows = rows_of(register, view, candidates)
    of = {
        c.number: dict(zip(feature_names(), row.tolist(), strict=True))
        for c, row in zip(candidates, rows[:-1], strict=True)
    }
    assert of[1]["speaks next"] == of[1]["speaks next in this quotation"] == 1
    assert of[0]["speaks next"] == of[0]["speaks next in this quotation"] == 0


def test_a_name_inside_the_sentence_of_an_elided_source_is_told() -> None:
    text = "Ana Moor said little. Piet Voss said yes. Moor wrote on: the pumps failed."
    told: list[Told] = [(0, "Ana Moor", "said"), (1, "Piet Voss", "said"), (2, "", "")]
    _, of = asked(text, told, [None, None])
    assert (of[0]["named first"], of[1]["named first"]) == (1, 0)


def test_pronouns_of_an_elided_sentence_speak_for_their_gender() -> None:
    text = "Mr. Voss said little. Mrs. Moor said yes. The pumps, she went on, failed."
    told: list[Told] = [(0, "Mr. Voss", "said"), (1, "Mrs. Moor", "said"), (2, "", "")]
    _, of = asked(text, told, [None, None])
    assert of[1]["sentence's gender fits"] > 0 > of[0]["sentence's gender fits"]


def test_without_candidates_there_is_new_alone() -> None:
    _, of = asked("A clerk said little.", [(0, "A clerk", "said")], [])
    assert set(of) == {-2}
    assert of[-2]["new"] == 1


# ---- learning


WOMEN, MEN = ("Ana", "Mary", "Susan", "Laura"), ("John", "Peter", "David", "Paul")
SURNAMES = ("Voss", "Marsh", "Quillon", "Harrow", "Lund", "Oduya")


def taught_article(number: int, woman: str, man: str, one: str, two: str) -> GoldArticle:
    """Return an annotated article: a woman, a man and a clerk, each mentioned by name, noun, pronoun or not at all."""
    parts = [
        [
            (
                f"{woman} {one}, the mayor of Lenn, said the pumps had failed.",
                f"{woman} {one}",
                "said",
                "w",
            )
        ],
        [("“They will fail again.”", "", "", "w")],
        [(f"{man} {two} said he had sold the boats.", f"{man} {two}", "said", "m")],
        [(f"The gates were shut, {one} said.", one, "said", "w")],
        [("She said the tide was high.", "She", "said", "w")],
        [("A clerk at the harbour said no boat had come.", "A clerk at the harbour", "said", "c")],
        [("The clerk said it twice.", "The clerk", "said", "c")],
        [("The bridge had reportedly moved.", "", "reportedly", "nobody")],
        [(f"{two} said nobody had asked.", two, "said", "m")],
        [("He said the rain would stop.", "He", "said", "m")],
        [("“We can wait.”", "", "", "m")],
    ]
    order = np.random.default_rng(number).permutation(4)
    blocks = [parts[:2], parts[2:3], parts[5:7], parts[7:8]]
    chosen = [part for block in order for part in blocks[block]] + parts[3:5] + parts[8:]
    if "m" not in [p[0][3] for p in chosen[: len(chosen) - 5]]:
        chosen = parts
    text, sentences = "", []
    for ((words, source, cue, key),) in chosen:
        name = {"w": "named_person", "m": "named_person", "c": "unnamed"}.get(key, "vague")
        span = Span(len(text), len(text) + len(words))
        sentences.append(
            GoldSentence(span, attributions=(GoldAttribution(name, source, cue, key),))
        )
        text += words + "\n\n"
    return GoldArticle(Document(text, id=str(number)), tuple(sentences))


def taught_examples() -> list[learning.LinkingExample]:
    names = list(product(WOMEN, MEN))
    articles = [
        taught_article(n, w, m, SURNAMES[n % 6], SURNAMES[(n + 1 + n % 3) % 6])
        for n, (w, m) in enumerate(names)
    ]
    return learning.linking_examples(articles, range(len(articles)))


@pytest.fixture(scope="module")
def learnt() -> learning.FittedLinker:
    return learning.learn_linker(taught_examples(), seed=0)


NEWS = """\
Laura Oduya, the mayor of Lenn, said the ferry was late.

“It will be late again.”

Paul Harrow said he had seen it.

A clerk at the harbour said nobody had called.

Oduya said the gates were open.

She said the tide was low."""

TOLD: list[Told] = [
    (0, "Laura Oduya", "said", "named_person"), (1, "", "", "named_person"),
    (2, "Paul Harrow", "said", "named_person"), (3, "A clerk at the harbour", "said", "unnamed"),
    (4, "Oduya", "said", "named_person"), (5, "She", "said", "named_person"),
]  # fmt: skip


def linked(model: LinkModel, text: str = NEWS, told: list[Told] = TOLD) -> Linked:
    article = article_of(text)
    return link(article, statements_of(article, told), model)


def sure(model: LinkModel) -> LinkModel:
    """Return the model with thresholds that leave nothing unclear."""
    return replace(model, least=np.zeros_like(model.least))


def test_what_was_learnt_links_another_article(learnt: learning.FittedLinker) -> None:
    found = linked(sure(learnt.model))
    assert [one.source for one in found.links] == [0, 0, 1, 2, 0, 0]
    assert [one.decision for one in found.links] == [
        "new",
        "source",
        "new",
        "new",
        "source",
        "source",
    ]
    assert [source.name for source in found.sources] == [("Laura", "Oduya"), ("Paul", "Harrow"), ()]
    assert found.sources[0].statements == (0, 1, 4, 5)


def test_hearsay_is_nobodys(learnt: learning.FittedLinker) -> None:
    text = "Paul Harrow said little.\n\nThe ferry had reportedly sunk."
    told: list[Told] = [(0, "Paul Harrow", "said", "named_person"), (1, "", "reportedly", "vague")]
    found = linked(sure(learnt.model), text, told)
    assert found.links[1].decision == "nobody"
    assert found.links[1].source == -1


def test_below_its_margin_a_statement_stays_unclear(learnt: learning.FittedLinker) -> None:
    least = np.zeros(len(KINDS), np.float32)
    least[KINDS.index("he")] = 1.0
    found = linked(replace(learnt.model, least=least))
    assert found.links[5].decision == "unclear"
    assert found.links[5].source == -1
    assert 0 < found.links[5].probability < 1
    assert found.sources[0].statements == (0, 1, 4)


def test_learning_twice_gives_the_same(learnt: learning.FittedLinker) -> None:
    again = learning.learn_linker(taught_examples(), seed=0).model.to_arrays()
    first = learnt.model.to_arrays()
    assert all(np.array_equal(again[name], first[name]) for name in first)


def test_each_example_has_a_linker_that_has_not_learnt_from_it(
    learnt: learning.FittedLinker,
) -> None:
    """Articles of one fold share a linker, which differs from the one trained on all."""
    assert set(learnt.apart) == {one.id for one in taught_examples()}
    apart = {id(model): model for model in learnt.apart.values()}
    assert len(apart) == learning.LINKER_FOLDS
    whole = learnt.model.mentions.hidden
    assert not any(np.array_equal(model.mentions.hidden, whole) for model in apart.values())


def test_arrays_give_the_model_back(learnt: learning.FittedLinker) -> None:
    back = LinkModel.from_arrays(learnt.model.to_arrays())
    assert [one.source for one in linked(sure(back)).links] == [0, 0, 1, 2, 0, 0]


def test_arrays_for_other_features_are_refused(learnt: learning.FittedLinker) -> None:
    arrays = learnt.model.to_arrays()
    arrays["features"] = arrays["features"][:-1]
    with pytest.raises(InvalidBundle, match="train it again"):
        LinkModel.from_arrays(arrays)


@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
def test_the_ranker_scores_as_scikit_learn_does() -> None:
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(200, 6)).astype(np.float32)
    network = MLPClassifier((5,), max_iter=50, random_state=0).fit(rows, rows[:, 0] > rows[:, 1])
    ranker = Ranker(
        np.zeros(6, np.float32), np.ones(6, np.float32), network.coefs_[0], network.intercepts_[0],
        network.coefs_[1][:, 0], float(network.intercepts_[1][0]),
    )  # fmt: skip
    odds = network.predict_log_proba(rows)
    assert np.abs(ranker(rows) - (odds[:, 1] - odds[:, 0])).max() < 1e-4


def test_a_source_linked_to_two_is_half_right() -> None:
    articles = [taught_article(0, "Ana", "John", "Voss", "Lund")]
    (linking_example,) = learning.linking_examples(articles, [0])
    owners = [{"w": 0, "m": 1, "c": 1, "nobody": -1}[key] for key in linking_example.keys]
    right = learning.right_links(linking_example, owners)
    wrong = {key for key, ok in zip(linking_example.keys, right, strict=True) if not ok}
    assert wrong == {"c"}
    unclear = learning.right_links(linking_example, [None, *owners[1:]])
    assert unclear == [False, *right[1:]]


def test_statements_come_in_order_with_their_words() -> None:
    words = "He told it, the clerk said, and she said so."
    span = Span(0, len(words))
    given = (
        GoldAttribution("unnamed", "she", "said", "b"), GoldAttribution("unnamed", "the clerk", "said", "a"),
    )  # fmt: skip
    linking_example = learning.linking_example(
        GoldArticle(Document(words), (GoldSentence(span, attributions=given),))
    )
    assert linking_example.keys == ("a", "b")
    assert [s.source.of(words) for s in linking_example.statements if s.source] == [
        "the clerk",
        "she",
    ]


def test_linking_reads_without_scikit_learn() -> None:
    code = (
        "import sys; import reportedly.annotation.sources.linking.linker; "
        "print([m for m in ('sklearn', 'pandas', 'scipy') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_time_grows_with_the_text(learnt: learning.FittedLinker) -> None:
    def linking(times: int) -> Callable[[], object]:
        article = article_of("\n\n".join([NEWS] * times))
        told = [(6 * n + number, *rest) for n in range(times) for number, *rest in TOLD]
        statements = statements_of(article, told)
        return lambda: link(article, statements, learnt.model)

    assert grows_at_most(8 * 3, linking(10), linking(80))


@pytest.mark.parametrize("text", ["", " ", "\n\n", "…"])
def test_nothing_to_link(learnt: learning.FittedLinker, text: str) -> None:
    assert linked(learnt.model, text, []) == Linked((), ())


def test_a_surname_alone_is_whose_last_name_it_is() -> None:
    text = "Omar Khan Malik was in the dock. His lawyer Ravi Khan asked for bail. On Monday Khan sat down."
    article = index_article(segment(Document(text)))
    assert look_up(article, ("Khan",))[2] == ("Ravi", "Khan")
    alone = index_article(segment(Document("Omar Khan Malik was in the dock. On Monday Khan sat.")))
    assert look_up(alone, ("Khan",))[2] == ("Omar", "Khan")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The National Harbour and Tide Administration (NHTA) left. NHTA staff came.", {"NHTA", "National Harbour and Tide Administration"}),
        ("It was Ana Rodrigues who came. Later Rodriques left.", {"Ana Rodrigues", "Rodriques"}),
        ("So Waitress Ana Li Jiang left. Then Cook Ana Li Jiang came.", {"Waitress Ana Li Jiang", "Cook Ana Li Jiang"}),
    ],
)  # fmt: skip
def test_an_abbreviation_a_misspelling_and_a_role_before_a_name_are_one_figure(
    text: str, names: set[str]
) -> None:
    members = find_figures(article_of(text)).members
    assert any(names <= {" ".join(name) for name in member.names} for member in members)


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("It was Ana Larson who came. Later Carson left.", "Larson", "Carson"),
        ("It was Ana Holmer who came. Then Ivo Holler left. Later Holler came.", "Holmer", "Holler"),
        ("The Harbour Board (GPS) left. Later GPS staff came.", "Board", "GPS"),
        ("It was Ana Moor who came. Later Moon left.", "Moor", "Moon"),
    ],
)  # fmt: skip
def test_names_that_are_only_alike_are_two_figures(text: str, first: str, second: str) -> None:
    members = find_figures(article_of(text)).members
    words = [{word for name in member.names for word in name} for member in members]
    assert not any({first, second} <= one for one in words)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The Darnian Observatory for Human Rights left. Ice fell. The Observatory paid.", 1),
        ("On Monday the Lund-based Darnian Observatory met. The Darnian Observatory left.", 1),
        ("On Monday the Ohio-born Moor left.", 1),
        ("The Darnian Observatory for Human Rights left. The Council paid.", 2),
    ],
)
def test_a_word_of_a_bodys_name_is_the_body_and_whence_it_is_no_name(text: str, names: int) -> None:
    members = find_figures(article_of(text)).members
    assert len(members) == names
    assert not any("-" in word for figure in members for name in figure.names for word in name)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Tove Finch left. Pier Keeper Greets Pilot Tove Finch. On Monday it was shut.", "Tove Finch"),
        ("Lund Finch left. Harbour Chair Anna Lund Finch paid. On Monday it was shut.", "Anna Lund Finch"),
        ("Anna Maria Lund left.", "Anna Maria Lund"),
    ],
)  # fmt: skip
def test_a_label_has_no_words_of_a_heading_before_a_name_that_also_stands_alone(
    text: str, label: str
) -> None:
    figures = find_figures(article_of(text))
    assert label in {" ".join(figure.label) for figure in figures.members}


def test_a_name_needs_no_comma_before_what_its_bearer_is() -> None:
    text = "Tove al-Finch a retired pilot said it is open."
    article = article_of(text)
    (view,) = register_of(
        article, statements_of(article, [(0, "Tove al-Finch a retired pilot", "said")])
    ).views
    assert (view.kind, view.mention.name) == ("name", ("Tove", "al-Finch"))


def test_whose_lawyer_speaks_is_known_without_the_apostrophe() -> None:
    text = "Ivo Holm left. Holms lawyer said it is open. Rivers lawyer said so."
    article = article_of(text)
    views = register_of(
        article, statements_of(article, [(1, "Holms lawyer", "said"), (2, "Rivers lawyer", "said")])
    ).views
    assert [(view.kind, view.owner) for view in views] == [("owned", 0), ("bare", -1)]
