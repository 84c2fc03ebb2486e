"""Labels of the ledger: a name, a noun for people or a body, or a document, and nothing else."""

import pytest

import reportedly


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("Joe Marlin was elected in May.\n\n“The pier must go,” he said.", "The"),
        ("Nora Quill runs the mill.\n\n“No money is left,” she said.", "No"),
        ("The board met on Monday. The bakery said it would cut nine jobs.", "Monday"),
        ("Nine boats left Lenn at dawn. Two divers were missing, the coastguard said.", "Lenn"),
        ("On Friday the theatre said the show would go on.", "Friday"),
        ("When Quill left, she said the mill was sound.", "When Quill"),
    ],
)
def test_nobody_is_called_by_a_word_of_another_kind(text, never):
    """Words behind an opening mark, weekdays, towns and conjunctions are nobody's name."""
    labels = [s["label"] for s in reportedly.assess(text).to_dict()["sources"]]
    assert never not in labels


@pytest.mark.parametrize(
    ("text", "label", "source_class"),
    [
        ("Joe Marlin was elected in May.\n\n“The pier must go,” he said.", "Joe Marlin", "named_person"),
        ("The council met on Monday. The bakery said it would cut nine jobs.", "The bakery", "named_organisation"),
    ],
)  # fmt: skip
def test_the_right_one_is_called(text, label, source_class):
    """The person of the sentence before is who "he" is; a definite noun that means no person is a body."""
    lines = reportedly.assess(text).to_dict()["sources"]
    assert (label, source_class) in [(s["label"], s["class"]) for s in lines]


def test_a_full_name_is_nobody_else():
    """A clause that names somebody in full is not given to the person spoken of before."""
    text = (
        "Mayor Hugo Lund said the pier was sound. “It holds,” Lund said.\n\n"
        "Secretary of Harbours David Quist said the pier was rotten."
    )
    lines = reportedly.assess(text).to_dict()["sources"]
    mentions = {s["label"]: [m["text"] for m in s["mentions"]] for s in lines}
    assert not any("Quist" in m for label in mentions if "Lund" in label for m in mentions[label])
