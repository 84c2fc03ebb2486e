"""Public labelled corpora: which exist, what each may be used for, and whose labels it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan
from typing import Literal

CorpusRole = Literal[
    "train", "evaluate", "heldout", "control", "quality", "robustness", "unlabelled", "statements"
]
"""What a corpus may be used for.

``evaluate``: both classes, trained on and measured by leaving its family out; ``train``: trained on,
never measured; ``control``: its classes do not differ in style, so an honest model cannot tell them apart;
``quality``: its label is quality of reporting rather than reliability; ``robustness``: restyled text.
``heldout``: the test split of the project's own corpus. Only the first two are ever trained on.
"""


@dataclass(frozen=True, slots=True)
class Corpus:
    """One public corpus: how it may be used, whose labels it has, and whom to cite.

    `families` names the fact-checking organisations behind its labels; `by_label` overrides them for one label;
    `labels` are the labels trusted enough to train on.
    """

    name: str
    role: CorpusRole
    families: tuple[str, ...]
    citation: str
    labelled_by: str
    licence: str = "none stated; publishers hold the articles"
    labels: tuple[int, ...] = (0, 1)
    by_label: tuple[tuple[int, tuple[str, ...]], ...] = ()

    def family(self, label: float) -> str:
        """Return the families of an article with `label`, joined by ``|``."""
        return "|".join(dict(self.by_label).get(-1 if isnan(label) else int(label), self.families))


_BUZZFEED, _POLITIFACT = "BuzzFeed 2016", "PolitiFact"

REGISTRY: tuple[Corpus, ...] = (
    Corpus("buzzfeed_webis2016", "evaluate", (_BUZZFEED,), "Potthast et al. 2018 ACL", "journalists, per article"),
    Corpus("horne2017_buzzfeed", "evaluate", (_BUZZFEED,), "Horne & Adali 2017", "BuzzFeed"),
    Corpus("fakenewsnet_old_politifact", "evaluate", (_BUZZFEED, _POLITIFACT), "Shu et al. 2018", "PolitiFact", by_label=((1, (_POLITIFACT,)),)),
    Corpus("fakenewsnet_politifact_llmmis", "evaluate", (_POLITIFACT,), "Shu et al. 2018", "PolitiFact"),
    Corpus("misinfotext_snopes", "evaluate", ("Snopes",), "Torabi Asr & Taboada 2019", "Snopes"),
    Corpus("checkthat2021_task3a", "evaluate", ("CheckThat! 2021",), "Shahi et al. 2021 CLEF", "fact-checkers, per article"),
    Corpus("fakenewsnet_gossipcop_llmmis", "evaluate", ("GossipCop",), "Shu et al. 2018", "GossipCop"),
    Corpus("perezrosas2018_fakenewsamt", "evaluate", ("FakeNewsAMT",), "Pérez-Rosas et al. 2018 COLING", "crowd-written fakes of real stories"),
    Corpus("fakenewsnet_politifact_sheepdog", "train", (_POLITIFACT,), "Shu et al. 2018; Wu et al. 2024 KDD", "PolitiFact"),
    Corpus("misinfotext_politifact_fake", "train", (_POLITIFACT,), "Torabi Asr & Taboada 2019", "PolitiFact"),
    Corpus("misinfotext_buzzfeedtop", "train", ("BuzzFeed top",), "Torabi Asr & Taboada 2019", "BuzzFeed"),
    Corpus("golbeck2018_fake_satire", "train", ("Golbeck 2018",), "Golbeck et al. 2018 WebSci", "hand-coded, a rebutting page each"),
    Corpus("fakenewscorpus_sample", "train", ("FakeNewsCorpus",), "Szpakowski 2018", "publisher tag"),
    Corpus("allsides_abp_mbfc", "train", ("AllSides",), "Baly et al. 2018 EMNLP, 2020 ACL", "publisher rating"),
    Corpus("polnear_publisher", "train", ("PolNeAR",), "Newell et al. 2018 LREC", "publisher rating"),
    Corpus("basil_publisher", "train", ("BASIL",), "Fan et al. 2019 EMNLP", "publisher rating"),
    Corpus("bbc_news_2004", "train", ("BBC 2004",), "Greene & Cunningham 2006 ICML", "publisher rating"),
    Corpus("fakehealth_story", "quality", ("HealthNewsReview",), "Dai et al. 2020 ICWSM", "HealthNewsReview experts"),
    Corpus("fakes_syria", "control", ("FA-KES",), "Abu Salem et al. 2019 ICWSM", "casualty records"),
    Corpus("propanews_test", "control", ("PropaNews",), "Huang et al. 2023 ACL", "one sentence swapped"),
    Corpus("sheepdog_politifact_styleattackA", "robustness", (_POLITIFACT,), "Wu et al. 2024 KDD", "PolitiFact, restyled by a language model"),
    Corpus("fnc1_bodies_unlabelled", "unlabelled", ("FNC-1",), "FNC-1 2017", "–"),
    Corpus("semeval2019_hyperpartisan_byarticle", "unlabelled", ("SemEval 2019 task 4",), "Kiesel et al. 2019", "–"),
    Corpus("liar", "statements", (_POLITIFACT,), "Wang 2017 ACL", "PolitiFact"),
)  # fmt: skip
"""Every corpus known by name; any other one is a family of its own, trained on and measured."""

_BY_NAME: Mapping[str, Corpus] = {corpus.name: corpus for corpus in REGISTRY}
TRAINED_ROLES: frozenset[str] = frozenset({"train", "evaluate"})


def is_registered(name: str) -> bool:
    """Tell whether a corpus is in the registry of public corpora."""
    return name in _BY_NAME


def describe_corpus(name: str) -> Corpus:
    """Return the entry of the corpus `name`; an unknown one is a family of its own."""
    known = _BY_NAME.get(name)
    return known or Corpus(name, "evaluate", (name,), "given by the user", "given by the user")
