"""The trust of ledger lines is trained on a trained ledger and the articles that trained it."""

from itertools import product

from reportedly.annotation.sources.from_reading.learning.ledger import learn_ledger
from reportedly.annotation.sources.from_reading.model import LedgerModel
from reportedly.annotation.sources.ledger import resolve_sources
from reportedly.training.trust import with_trust
from tests.annotation.sources.linking.test_linking import MEN, SURNAMES, WOMEN, taught_article
from tests.annotation.sources.test_from_reading import NEWS, SILENT, as_read, gold_of


def test_every_line_has_a_chance_and_a_ledger_without_trust_has_none():
    """On invented articles that are read well, most lines are right; a model from older arrays gives no probability."""
    articles = [
        taught_article(n, w, m, SURNAMES[n % 6], SURNAMES[(n + 1 + n % 3) % 6])
        for n, (w, m) in enumerate(product(WOMEN, MEN))
    ]
    quiet = [gold_of([NEWS[0], SILENT, NEWS[2], SILENT], name=f"q{n}") for n in range(8)]
    reads = [as_read(gold, n) for n, gold in enumerate([*articles[4:], *quiet])]
    learnt = learn_ledger(reads, articles, range(len(articles)))
    trusted = with_trust(learnt, reads)
    arrays = trusted.to_arrays()
    older = {name: array for name, array in arrays.items() if not name.startswith("trust_")}
    for model, told in (
        (LedgerModel.from_arrays(arrays), True),
        (LedgerModel.from_arrays(older), False),
    ):
        read = as_read(gold_of(NEWS))
        _, sources = resolve_sources(
            read.article.segmented, read.given, model, reading=read.reading
        )
        chances = [source.chance for source in sources]
        assert len(chances) == 3
        assert all((chance is not None) == told for chance in chances)
        assert all(chance is None or 0.5 < chance < 1 for chance in chances)
