"""The linear-chain tagger that attribution and hedging share: features, training, fast inference.

A conditional random field (Lafferty, McCallum & Pereira 2001) over the tokens of a document. It is
trained by CRFsuite (Okazaki 2007) and applied by NumPy alone:

* everything that hangs on one word form (its spelling, shape, affixes, word classes) is one row of
  weights per form and window offset, summed once when the form is first met and kept;
* everything that hangs on its place (within a quotation, at a sentence start, …) comes in as
  integer *columns*, one value a token, and is looked up in tables, alone or in conjunction;
* Viterbi runs over all sequences of a document at once.

So the scores of a document are a handful of array gathers, and the tags are those of CRFsuite.

Usage::

    spec = FeatureSpec(
        attributes={"word": (-2, -1, 0, 1, 2), "shape": (-1, 0, 1), "suffix3": (0,)},
        templates=((("quoted", 0),), (("quoted", 0), ("shape", 0))),
    )
    example = Example(forms, {"quoted": column}, sequences, labels)
    tagger = train([example, ...], spec)
    tags = tagger.tag(forms, {"quoted": column}, sequences)  # label ids, one a token
"""

from __future__ import annotations

import json
import re
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reportedly.errors import InvalidBundle, InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
Pair = tuple[str, int]
Template = tuple[Pair, ...]

UNKNOWN = 0
"""Id of an attribute value that training did not see, or that a word list lacks."""

OUTSIDE = 1
"""Id of every attribute and column beyond either end of the document."""

_FIRST = 2
_DENSE_LIMIT = 1 << 17
"""Keys up to which a template's weights stand in a table addressed by key."""

_CACHE_LIMIT = 120_000
"""Word forms kept before the cache starts anew."""

_DIGIT = re.compile(r"\d")
_SHAPES = (
    (re.compile(r"[A-ZÀ-Þ]"), "X"),
    (re.compile(r"[^\W\d_A-Z]"), "x"),
    (re.compile(r"\d"), "0"),
    (re.compile(r"(.)\1+"), r"\1\1"),
)
_MARKS = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'"})
_DOUBLED_MARKS = {"``": '"', "''": '"'}


def normal(form: str) -> str:
    """Return `form` in lower case, its quotation marks straight and its digits as 0."""
    return _DOUBLED_MARKS.get(form) or _DIGIT.sub("0", form.translate(_MARKS).lower())


def shape(form: str) -> str:
    """Return the outline of `form`: ``Xxx`` for Smith, ``XX`` for USA, ``00,00`` for 3,000."""
    outline = form.translate(_MARKS)
    for pattern, replacement in _SHAPES:
        outline = pattern.sub(replacement, outline)
    return outline[:6]


_BUILT_IN: dict[str, Callable[[str], str]] = {
    "word": normal,
    "shape": shape,
    "suffix1": lambda form: normal(form)[-1:],
    "suffix2": lambda form: normal(form)[-2:],
    "suffix3": lambda form: normal(form)[-3:],
    "suffix4": lambda form: normal(form)[-4:],
    "prefix2": lambda form: normal(form)[:2],
    "prefix3": lambda form: normal(form)[:3],
}


@dataclass(frozen=True)
class FeatureSpec:
    """What a tagger looks at.

    Parameters
    ----------
    attributes
        Attribute of a word form → window offsets at which it is a feature of the token at 0.
        Built in are ``word``, ``shape``, ``suffix1`` … ``suffix4``, ``prefix2``, ``prefix3``; any
        other name is looked up in `lists`. With no offsets an attribute serves templates alone.
    templates
        Conjunctions of ``(name, offset)`` pairs; a name is a column handed in with the document or
        an attribute. A template of one pair is a plain feature.
    lists
        Name → {word as :func:`normal` gives it → class}; a word that is missing has no feature.
    minimum
        Attribute name → how often a value must occur in training to be a feature (else 1).
    """

    attributes: Mapping[str, tuple[int, ...]]
    templates: tuple[Template, ...] = ()
    lists: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    minimum: Mapping[str, int] = field(default_factory=dict)

    def values(self, form: str) -> list[str]:
        """Return the value of every attribute for one word form; "" is none."""
        word = normal(form)
        return [
            self.lists[name].get(word, "") if name in self.lists else _BUILT_IN[name](form)
            for name in self.attributes
        ]


@dataclass(frozen=True)
class Example:
    """One document to learn from: `labels` gives one string a token."""

    forms: Sequence[str]
    columns: Mapping[str, Ints]
    sequences: Sequence[tuple[int, int]]
    labels: Sequence[str]


@dataclass(frozen=True)
class _Table:
    """Weights of one template by key: a dense table, or sorted keys beside their rows."""

    keys: Ints | None
    weights: Floats

    def scores(self, keys: Ints) -> Floats:
        """Return the weights of `keys`, shape ``(n, labels)``; an unknown key weighs nothing."""
        if self.keys is None:
            return self.weights.take(keys, axis=0)
        places = np.searchsorted(self.keys, keys)
        places[self.keys.take(places, mode="clip") != keys] = len(self.keys)
        return self.weights.take(places, axis=0)


class Tagger:
    """A trained tagger.

    Parameters
    ----------
    spec
        What it looks at.
    labels
        The labels; a label's id is its place.
    vocabularies
        Per attribute, in the order of ``spec.attributes``: value → id, from 2 on.
    radices
        Column or attribute → one more than its greatest id, as templates combine them.
    attribute_weights
        Per attribute: array ``(ids, offsets, labels)``.
    template_weights
        Per template: keys ``(k,)`` ascending, and weights ``(k, labels)``.
    transitions
        Array ``(labels, labels)``: score of going from the first to the second.
    bias
        Added to the scores of each label, ``(labels,)``: trades precision for recall.
    """

    def __init__(
        self,
        spec: FeatureSpec,
        labels: Sequence[str],
        vocabularies: Sequence[Mapping[str, int]],
        radices: Mapping[str, int],
        attribute_weights: Sequence[NDArray[Any]],
        template_weights: Sequence[tuple[Ints, NDArray[Any]]],
        transitions: NDArray[Any],
        bias: NDArray[Any] | None = None,
    ) -> None:
        self.spec = spec
        self.labels = tuple(labels)
        self.bias: Floats = np.zeros(len(labels), np.float32)
        if bias is not None:
            self.bias = bias.astype(np.float32)
        self.transitions: Floats = transitions.astype(np.float32)
        self._vocabularies = tuple(vocabularies)
        self._radices = dict(radices)
        self._attribute_weights = [w.astype(np.float32) for w in attribute_weights]
        self._template_weights = [(k, w.astype(np.float32)) for k, w in template_weights]
        self._offsets = sorted({o for offsets in spec.attributes.values() for o in offsets})
        self._reach = max(
            [abs(o) for o in self._offsets] + [abs(o) for t in spec.templates for _, o in t],
            default=0,
        )
        self._attribute_index = {name: i for i, name in enumerate(spec.attributes)}
        self._columns = sorted({n for t in spec.templates for n, _ in t})
        self._tables = [
            _table(keys, weights, _span(template, self._radices))
            for template, (keys, weights) in zip(
                spec.templates, self._template_weights, strict=True
            )
        ]
        self._forget()

    # -- applying -------------------------------------------------------------------------------

    def tag(
        self,
        forms: Sequence[str],
        columns: Mapping[str, Ints],
        sequences: Sequence[tuple[int, int]],
    ) -> NDArray[np.int8]:
        """Return the id of the best label of every token, ``(n,)``.

        `sequences` are the token ranges, such as sentences, within which labels depend on each
        other; features look beyond them. A token in no sequence gets label 0.
        """
        return viterbi(self.emissions(forms, columns), self.transitions, sequences)

    def emissions(self, forms: Sequence[str], columns: Mapping[str, Ints]) -> Floats:
        """Return the score of every label for every token, bias included, ``(n, labels)``."""
        count = len(forms)
        types = self.type_ids(forms)
        reach = self._reach
        padded = np.zeros(count + 2 * reach, np.int64)
        padded[reach : reach + count] = types
        scores = np.tile(self.bias, (count, 1))
        for number, offset in enumerate(self._offsets):
            at = reach + offset
            scores += self._rows[number].take(padded[at : at + count], axis=0)
        ids = self._padded_ids(padded, columns, count)
        for template, table in zip(self.spec.templates, self._tables, strict=True):
            scores += table.scores(_keys(template, ids, self._radices, reach, count))
        return scores

    def type_ids(self, forms: Sequence[str]) -> Ints:
        """Return the cache row of every word form, ``(n,)``; new forms are added."""
        known = self._types
        fresh = {form for form in forms if form not in known}
        if fresh:
            if len(known) + len(fresh) > _CACHE_LIMIT:
                self._forget()
                known, fresh = self._types, set(forms)
            self._learn(sorted(fresh))
        return np.fromiter(map(known.__getitem__, forms), np.int64, len(forms))

    def attribute_ids(self, types: Ints, name: str) -> Ints:
        """Return the ids of attribute `name` for the cache rows `types`."""
        ids: Ints = self._ids[types, self._attribute_index[name]]
        return ids

    def _forget(self) -> None:
        """Empty the cache of word forms; row 0 is what lies outside the document."""
        width = len(self.spec.attributes)
        self._types: dict[str, int] = {}
        self._ids: Ints = np.full((1, width), OUTSIDE, np.int64)
        self._rows = self._sum(self._ids)

    def _learn(self, forms: Sequence[str]) -> None:
        """Add `forms` to the cache. Room doubles, so that adding is linear in all."""
        first = 1 + len(self._types)
        ids = np.array(
            [
                [
                    vocabulary.get(value, UNKNOWN)
                    for vocabulary, value in zip(
                        self._vocabularies, self.spec.values(form), strict=True
                    )
                ]
                for form in forms
            ],
            np.int64,
        ).reshape(len(forms), len(self.spec.attributes))
        self._types.update((form, first + i) for i, form in enumerate(forms))
        needed = first + len(forms)
        if needed > len(self._ids):
            room = max(2 * needed, 4096) - len(self._ids)
            self._ids = np.pad(self._ids, ((0, room), (0, 0)))
            self._rows = np.pad(self._rows, ((0, 0), (0, room), (0, 0)))
        self._ids[first:needed] = ids
        self._rows[:, first:needed] = self._sum(ids)

    def _sum(self, ids: Ints) -> Floats:
        """Return the summed weights of types, ``(offsets, types, labels)``."""
        rows = np.zeros((len(self._offsets), len(ids), len(self.labels)), np.float32)
        for i, (offsets, weights) in enumerate(
            zip(self.spec.attributes.values(), self._attribute_weights, strict=True)
        ):
            for j, offset in enumerate(offsets):
                rows[self._offsets.index(offset)] += weights[:, j].take(ids[:, i], axis=0)
        return rows

    def _padded_ids(self, types: Ints, columns: Mapping[str, Ints], count: int) -> dict[str, Ints]:
        """Return for every name in a template its ids, `reach` entries longer at either end."""
        ids = {}
        for name in self._columns:
            if name in self._attribute_index:
                ids[name] = self.attribute_ids(types, name)
            else:
                ids[name] = _column_ids(columns, name, self._reach, count, self._radices[name])
        return ids

    # -- keeping --------------------------------------------------------------------------------

    def with_bias(self, bias: Mapping[str, float]) -> Tagger:
        """Return a copy that adds ``bias[label]`` to the scores of a label (0 where missing)."""
        return Tagger(
            self.spec,
            self.labels,
            self._vocabularies,
            self._radices,
            self._attribute_weights,
            self._template_weights,
            self.transitions,
            np.array([bias.get(label, 0.0) for label in self.labels], np.float32),
        )

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return the tagger as plain arrays (weights as float16): what `np.savez` can keep."""
        head = {
            "labels": self.labels,
            "attributes": {name: list(o) for name, o in self.spec.attributes.items()},
            "templates": self.spec.templates,
            "lists": {name: dict(words) for name, words in self.spec.lists.items()},
            "vocabularies": [list(v) for v in self._vocabularies],
            "radices": self._radices,
        }
        arrays: dict[str, NDArray[Any]] = {
            "head": np.frombuffer(json.dumps(head, ensure_ascii=False).encode(), np.uint8),
            "transitions": self.transitions,
            "bias": self.bias,
        }
        for i, weights in enumerate(self._attribute_weights):
            arrays[f"attribute{i}"] = weights.astype(np.float16)
        for i, (keys, weights) in enumerate(self._template_weights):
            arrays[f"keys{i}"] = keys
            arrays[f"template{i}"] = weights.astype(np.float16)
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Tagger:
        """Return the tagger that :meth:`to_arrays` gave.

        Raises
        ------
        InvalidBundle
            If an array is missing or malformed.
        """
        try:
            head = json.loads(arrays["head"].tobytes())
            spec = FeatureSpec(
                {name: tuple(offsets) for name, offsets in head["attributes"].items()},
                tuple(tuple((n, o) for n, o in template) for template in head["templates"]),
                head["lists"],
            )
            return cls(
                spec,
                head["labels"],
                [{v: i for i, v in enumerate(values, _FIRST)} for values in head["vocabularies"]],
                head["radices"],
                [arrays[f"attribute{i}"] for i in range(len(spec.attributes))],
                [(arrays[f"keys{i}"], arrays[f"template{i}"]) for i in range(len(spec.templates))],
                arrays["transitions"],
                arrays["bias"],
            )
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise InvalidBundle(
                f"The tagger's arrays are incomplete or malformed ({error}): train it anew."
            ) from error


# -- decoding -----------------------------------------------------------------------------------


def viterbi(
    scores: Floats, transitions: Floats, sequences: Sequence[tuple[int, int]]
) -> NDArray[np.int8]:
    """Return the best label path of every sequence, laid out over all tokens, ``(n,)``.

    All sequences advance together, longest first, so that those still running are a prefix.
    """
    best = np.zeros(len(scores), np.int8)
    if not sequences:
        return best
    starts, lengths = _by_length(sequences)
    running = _running(lengths)
    path = [scores.take(starts, axis=0)]
    inward = np.ascontiguousarray(transitions.T)
    for step in range(1, len(running)):
        live = running[step]
        reach = (path[-1][:live, None, :] + inward).max(axis=2)
        reach += scores.take(starts[:live] + step, axis=0)
        path.append(reach)
    label = np.empty(0, np.int64)
    for step in range(len(running) - 1, -1, -1):
        live = running[step]
        ahead = len(label)
        choice = np.empty(live, np.int64)
        choice[ahead:] = path[step][ahead:].argmax(axis=1)
        if ahead:
            choice[:ahead] = (path[step][:ahead] + inward.take(label, axis=0)).argmax(axis=1)
        best[starts[:live] + step] = choice
        label = choice
    return best


def marginals(scores: Floats, transitions: Floats, sequences: Sequence[tuple[int, int]]) -> Floats:
    """Return the probability of every label of every token, ``(n, labels)``.

    Forward-backward over all sequences at once, in probabilities scaled at every step. Tokens in
    no sequence have probability 0 throughout.
    """
    result = np.zeros(scores.shape, np.float32)
    if not sequences:
        return result
    starts, lengths = _by_length(sequences)
    running = _running(lengths)
    weights = np.exp(scores.astype(np.float64) - scores.max(axis=1, keepdims=True))
    links = np.exp(transitions.astype(np.float64))
    forward = [_scaled(weights.take(starts, axis=0))]
    for step in range(1, len(running)):
        live = running[step]
        ahead = forward[-1][:live] @ links
        forward.append(_scaled(ahead * weights.take(starts[:live] + step, axis=0)))
    backward = np.ones((0, scores.shape[1]))
    for step in range(len(running) - 1, -1, -1):
        live = running[step]
        behind = np.ones((live, scores.shape[1]))
        if len(backward):
            later = weights.take(starts[: len(backward)] + step + 1, axis=0)
            behind[: len(backward)] = _scaled((backward * later) @ links.T)
        result[starts[:live] + step] = _scaled(forward[step] * behind)
        backward = behind
    return result


def _scaled(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return `rows`, each divided by its sum."""
    scaled: NDArray[np.float64] = rows / rows.sum(axis=1, keepdims=True)
    return scaled


def _by_length(sequences: Sequence[tuple[int, int]]) -> tuple[Ints, Ints]:
    """Return starts and lengths of the non-empty sequences, longest first."""
    ranges = np.array(sequences, np.int64)
    lengths = ranges[:, 1] - ranges[:, 0]
    order = np.argsort(-lengths, kind="stable")
    order = order[lengths[order] > 0]
    return ranges[order, 0], lengths[order]


def _running(lengths: Ints) -> list[int]:
    """Return for every step how many of the sequences, longest first, are still running."""
    if not len(lengths):
        return []
    ended = np.bincount(lengths, minlength=int(lengths[0]) + 1).cumsum()
    counts: list[int] = (len(lengths) - ended[:-1]).tolist()
    return counts


# -- features as integers -----------------------------------------------------------------------


def _span(template: Template, radices: Mapping[str, int]) -> int:
    """Return how many keys a template can have."""
    size = 1
    for name, _ in template:
        size *= radices[name]
    return size


def _keys(
    template: Template, ids: Mapping[str, Ints], radices: Mapping[str, int], reach: int, count: int
) -> Ints:
    """Return one integer a token that tells the template's combination of ids."""
    name, offset = template[0]
    key = ids[name][reach + offset : reach + offset + count]
    for name, offset in template[1:]:
        key = key * radices[name] + ids[name][reach + offset : reach + offset + count]
    return key


def _column_ids(columns: Mapping[str, Ints], name: str, reach: int, count: int, radix: int) -> Ints:
    """Return the ids of a column, with ids of what lies outside at either end."""
    try:
        column = columns[name]
    except KeyError:
        raise InvalidRequest(
            f"The tagger needs a column {name!r}; it was handed {sorted(columns)}."
        ) from None
    ids = np.full(count + 2 * reach, OUTSIDE, np.int64)
    inner = np.asarray(column, np.int64) + _FIRST
    inner[inner >= radix] = UNKNOWN
    ids[reach : reach + count] = inner
    return ids


def _table(keys: Ints, weights: Floats, span: int) -> _Table:
    """Return the table for a template with `span` possible keys."""
    if span <= _DENSE_LIMIT:
        dense = np.zeros((span, weights.shape[1]), np.float32)
        dense[keys] = weights
        return _Table(None, dense)
    if not len(keys):
        keys, weights = np.zeros(1, np.int64), np.zeros((1, weights.shape[1]), np.float32)
    return _Table(keys, np.concatenate([weights, np.zeros_like(weights[:1])]))


# -- training -----------------------------------------------------------------------------------


def train(
    examples: Sequence[Example],
    spec: FeatureSpec,
    *,
    c1: float = 0.0,
    c2: float = 1.0,
    iterations: int = 100,
    minimum: int = 1,
    seed_labels: Sequence[str] = ("O",),
    algorithm: str = "lbfgs",
    options: Mapping[str, Any] | None = None,
    keep_model: Path | None = None,
) -> Tagger:
    """Learn a tagger by CRFsuite's L-BFGS; needs the extra ``train``.

    Parameters
    ----------
    examples
        Labelled documents.
    spec
        What the tagger looks at.
    c1, c2
        L1 and L2 penalties; with `c1` above 0 most weights become 0 and the model small.
    iterations
        At most so many passes.
    minimum
        How often a feature must occur.
    seed_labels
        Labels that get the first ids; 0 is also the label of tokens in no sequence.
    algorithm, options
        Another of CRFsuite's algorithms, and further parameters of it.
    keep_model
        Where to leave CRFsuite's own model file.
    """
    import pycrfsuite  # noqa: PLC0415 - an extra: inference does without

    vocabularies = _vocabularies(examples, spec)
    radices = _radices(examples, spec, vocabularies)
    trainer = pycrfsuite.Trainer(algorithm=algorithm, verbose=False)
    parameters: dict[str, Any] = {"max_iterations": iterations}
    if algorithm == "lbfgs":
        parameters |= {"c1": c1, "c2": c2}
    trainer.set_params(
        parameters
        | {"feature.minfreq": minimum, "feature.possible_transitions": True}
        | dict(options or {})
    )
    for example in examples:
        items = feature_strings(example.forms, example.columns, spec, vocabularies, radices)
        for first, last in example.sequences:
            if first < last:
                trainer.append(items[first:last], list(example.labels[first:last]))
    with tempfile.TemporaryDirectory() as folder:
        path = keep_model or Path(folder) / "model.crfsuite"
        trainer.train(str(path))
        reference = pycrfsuite.Tagger()
        reference.open(str(path))
        info = reference.info()
        reference.close()
    return _exported(spec, vocabularies, radices, info, seed_labels)


def feature_strings(
    forms: Sequence[str],
    columns: Mapping[str, Ints],
    spec: FeatureSpec,
    vocabularies: Sequence[Mapping[str, int]],
    radices: Mapping[str, int],
) -> list[list[str]]:
    """Return the features of every token as CRFsuite takes them: ``number:key``.

    Attribute features come first, one number per (attribute, offset); templates follow.
    """
    reach = max(
        [abs(o) for offsets in spec.attributes.values() for o in offsets]
        + [abs(o) for t in spec.templates for _, o in t],
        default=0,
    )
    count = len(forms)
    by_form = {
        form: [v.get(x, UNKNOWN) for v, x in zip(vocabularies, spec.values(form), strict=True)]
        for form in set(forms)
    }
    matrix = np.array([by_form[form] for form in forms], np.int64)
    matrix = np.pad(
        matrix.reshape(count, len(spec.attributes)),
        ((reach, reach), (0, 0)),
        constant_values=OUTSIDE,
    )
    ids = {name: matrix[:, i] for i, name in enumerate(spec.attributes)}
    features: list[tuple[int, Ints]] = []
    for number, (name, offset) in enumerate(_attribute_features(spec)):
        features.append((number, ids[name][reach + offset : reach + offset + count]))
    base = len(features)
    for name in {n for t in spec.templates for n, _ in t} - set(spec.attributes):
        ids[name] = _column_ids(columns, name, reach, count, radices[name])
    rows: list[list[str]] = [[] for _ in range(count)]
    for number, keys in features:
        for row, key in zip(rows, keys.tolist(), strict=True):
            if key:
                row.append(f"{number}:{key}")
    for number, template in enumerate(spec.templates, base):
        for row, key in zip(
            rows, _keys(template, ids, radices, reach, count).tolist(), strict=True
        ):
            row.append(f"{number}:{key}")
    return rows


def _attribute_features(spec: FeatureSpec) -> Iterator[Pair]:
    """Yield the (attribute, offset) pairs in the order of their feature numbers."""
    for name, offsets in spec.attributes.items():
        for offset in offsets:
            yield name, offset


def _vocabularies(examples: Iterable[Example], spec: FeatureSpec) -> list[dict[str, int]]:
    """Return, per attribute, an id for every value that occurs often enough."""
    forms: Counter[str] = Counter()
    for example in examples:
        forms.update(example.forms)
    counts: list[Counter[str]] = [Counter() for _ in spec.attributes]
    for form, count in forms.items():
        for counter, value in zip(counts, spec.values(form), strict=True):
            if value:
                counter[value] += count
    return [
        {
            value: i
            for i, value in enumerate(
                sorted(v for v, c in counter.items() if c >= spec.minimum.get(name, 1)), _FIRST
            )
        }
        for name, counter in zip(spec.attributes, counts, strict=True)
    ]


def _radices(
    examples: Iterable[Example], spec: FeatureSpec, vocabularies: Sequence[Mapping[str, int]]
) -> dict[str, int]:
    """Return for every name in a template one more than its greatest id."""
    radices = {
        name: _FIRST + len(vocabulary)
        for name, vocabulary in zip(spec.attributes, vocabularies, strict=True)
    }
    for example in examples:
        for name, column in example.columns.items():
            if len(column):
                radices[name] = max(radices.get(name, 0), int(np.max(column)) + _FIRST + 1)
    return radices


def _exported(
    spec: FeatureSpec,
    vocabularies: Sequence[Mapping[str, int]],
    radices: Mapping[str, int],
    info: Any,  # noqa: ANN401 - pycrfsuite's ParsedDump, which has no types
    seed_labels: Sequence[str],
) -> Tagger:
    """Return the tagger that holds the weights of a CRFsuite model."""
    labels = [x for x in seed_labels if x in info.labels]
    labels += sorted(set(info.labels) - set(labels))
    place = {label: i for i, label in enumerate(labels)}
    pairs = list(_attribute_features(spec))
    names = list(spec.attributes)
    weights = [
        np.zeros((_FIRST + len(v), len(offsets), len(labels)))
        for v, offsets in zip(vocabularies, spec.attributes.values(), strict=True)
    ]
    tables: list[dict[int, NDArray[np.float64]]] = [{} for _ in spec.templates]
    for (feature, label), weight in info.state_features.items():
        number, key = map(int, feature.split(":"))
        if number < len(pairs):
            name, offset = pairs[number]
            weights[names.index(name)][key, spec.attributes[name].index(offset), place[label]] = (
                weight
            )
        else:
            row = tables[number - len(pairs)].setdefault(key, np.zeros(len(labels)))
            row[place[label]] = weight
    transitions = np.zeros((len(labels), len(labels)))
    for (before, after), weight in info.transitions.items():
        transitions[place[before], place[after]] = weight
    packed = []
    for table in tables:
        keys = np.array(sorted(table), np.int64)
        rows = [table[key] for key in sorted(table)]
        packed.append((keys, np.array(rows).reshape(len(keys), len(labels))))
    return Tagger(spec, labels, vocabularies, radices, weights, packed, transitions)
