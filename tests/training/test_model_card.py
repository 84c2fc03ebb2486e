"""The model card says what was trained, and on what."""

from reportedly.bundle import store
from reportedly.training import model_card


def test_the_card_says_what_the_detectors_learnt_from():
    """Each detector's line names its data and the command that trains it; without a record there is no such section."""
    shipped = store.shipped()
    trained = shipped.manifest["trained"]
    for part in ("attribution", "sources", "hedging", "claims"):
        assert f"| {part} | {trained[part]['data']}" in shipped.card
        assert f"`python train.py {model_card.TRAINED_BY[part]} --data DIR" in shipped.card
    assert trained["attribution"]["teacher"] in shipped.card
    assert model_card._detectors({"risk": {"seed": 0}}) == ""
