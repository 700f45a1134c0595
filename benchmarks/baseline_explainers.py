"""Explain documents, one after another, by this package, LIME, SHAP and eli5: ``baseline_explainers.py GIVEN SEED``.

GIVEN is a JSON file with ``texts`` for every explainer, ``many`` texts for those that take milliseconds, and documents
to fit scikit-learn's pipeline on; JSON is printed. Of our model LIME, SHAP and eli5's TextExplainer see what its
prediction function says (the batch scorer, the fastest there is). They get our tokens where they take any, our mask for
what they hide, and their defaults otherwise; SHAP, which asks 500 variants of a document where the others ask 5,000,
also with 5,000. ``eli5.explain_prediction`` and SHAP's LinearExplainer take scikit-learn's models only, so they explain
TF-IDF (1-2-grams) with logistic regression.
"""

from __future__ import annotations

import json
import math
import re
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import eli5
import numpy as np
import shap
from eli5.lime import TextExplainer
from lime.lime_text import LimeTextExplainer
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

import roleclassify
from roleclassify.batch.scorer import BatchScorer
from roleclassify.evidence.groups import group
from roleclassify.model.linear import sigmoid
from roleclassify.text.tokens import MASK, tokenize

_WORD = re.compile(r"(?u)\b\w+\b")  # eli5's

FEW = 500
"""Documents that show the speed of what learns nothing from one to the next."""

Piece = tuple[str, float, list[tuple[int, int]]]
"""Name, contribution towards the second label, and where it stands."""


class Explained(NamedTuple):
    """All pieces of one document, and the probability that they add up to beside the one that they explain."""

    pieces: list[Piece]
    told: float
    true: float


Explain = Callable[[str], Explained]


class OurModel:
    """The shipped model, and what others may ask it."""

    def __init__(self) -> None:
        self.classifier = roleclassify.load()
        self._scorer = BatchScorer(self.classifier)

    def probabilities(self, texts: list[str]) -> NDArray[np.float64]:
        """Probabilities of both labels, of shape ``(n_texts, 2)``; even where there is nothing to score."""
        answers = self._scorer.score([str(text) for text in texts])
        pairs = zip(answers.first_probability, answers.second_probability, strict=True)
        return np.array([(0.5, 0.5) if first is None else (first, second) for first, second in pairs])

    def log_odds(self, texts: list[str]) -> NDArray[np.float64]:
        """Score of each text."""
        first, second = self.probabilities(texts).T
        return np.log(second) - np.log(first)

    def true(self, text: str) -> float:
        """Probability of the second label."""
        return float(self.probabilities([text])[0, 1])


def ours(model: OurModel) -> Explain:
    """Explain in closed form, in groups."""

    def explain(text: str) -> Explained:
        leaning = model.classifier.explain(text).leaning
        pieces = [(each.name, each.contribution, list(each.all_spans)) for each in group(leaning.contributions)]
        return Explained(
            pieces, sigmoid(leaning.bias + math.fsum(value for _, value, _ in pieces)), leaning.probability
        )

    return explain


def lime(model: OurModel, seed: int) -> Explain:
    """Explain the probability by LIME, each place apart, as it advises for models that know the order of words."""
    explainer = LimeTextExplainer(
        bow=False,
        mask_string=MASK,
        split_expression=lambda text: [text[token.start : token.end] for token in tokenize(text)],
        random_state=seed,
    )

    def explain(text: str) -> Explained:
        found = explainer.explain_instance(text, model.probabilities, num_features=len(text))
        words = found.domain_mapper.indexed_string
        pieces = []
        for number, weight in found.local_exp[1]:
            word, start = words.word(number), int(words.string_position(number)[0])
            pieces.append((word.lower(), float(weight), [(start, start + len(word))]))
        told = float(found.intercept[1]) + math.fsum(weight for _, weight, _ in pieces)
        return Explained(pieces, told, model.true(text))

    return explain


def shap_text(model: OurModel, seed: int, n_variants: int) -> Explain:
    """Explain the log-odds by SHAP's partition explainer."""

    def cut(text: str, **_: Any) -> dict[str, Any]:  # noqa: ANN401  # whatever SHAP hands to a tokenizer
        tokens = tokenize(text)
        return {"input_ids": list(range(len(tokens))), "offset_mapping": [(item.start, item.end) for item in tokens]}

    explainer = shap.Explainer(model.log_odds, shap.maskers.Text(cut, mask_token=MASK), seed=seed)

    def explain(text: str) -> Explained:
        (found,) = explainer([text], max_evals=n_variants, silent=True)
        values = [float(value) for value in found.values]
        pieces = [
            (text[token.start : token.end].lower(), value, [(token.start, token.end)])
            for token, value in zip(tokenize(text), values, strict=True)
        ]
        return Explained(pieces, sigmoid(float(found.base_values) + math.fsum(values)), model.true(text))

    return explain


def eli5_text(model: OurModel, seed: int) -> Explain:
    """Explain by eli5's TextExplainer: a logistic regression on words and pairs of words, fitted to variants."""

    def explain(text: str) -> Explained:
        explainer = TextExplainer(random_state=seed).fit(text, model.probabilities)
        values = explainer.clf_.coef_[0] * explainer.vec_.transform([text]).toarray()[0]
        spans = _spans(text)
        names = explainer.vec_.get_feature_names_out()
        pieces = [(name, float(value), spans.get(name, [])) for name, value in zip(names, values, strict=True)]
        return Explained(pieces, sigmoid(float(explainer.clf_.intercept_[0]) + math.fsum(values)), model.true(text))

    return explain


def _spans(text: str) -> dict[str, list[tuple[int, int]]]:
    """Find every word and pair of words under the name that eli5 gives it."""
    words = list(_WORD.finditer(text))
    spans: dict[str, list[tuple[int, int]]] = {}
    for first, second in zip(words, [*words[1:], None], strict=True):
        spans.setdefault(first.group().lower(), []).append(first.span())
        if second:
            name = f"{first.group().lower()} {second.group().lower()}"
            spans.setdefault(name, []).append((first.start(), second.end()))
    return spans


class Pipeline:
    """scikit-learn's TF-IDF and logistic regression, fitted on the documents of both labels."""

    def __init__(self, documents: list[dict[str, str]], min_df: int) -> None:
        self.vectorizer = TfidfVectorizer(ngram_range=(1, 2), min_df=min_df)
        self.rows = self.vectorizer.fit_transform([item["text"] for item in documents])
        self.model = LogisticRegression(C=4, max_iter=1000).fit(self.rows, [item["label"] for item in documents])

    def true(self, text: str) -> float:
        """Probability of the second label."""
        return float(self.model.predict_proba(self.vectorizer.transform([text]))[0, 1])


def eli5_linear(pipeline: Pipeline) -> Explain:
    """Explain the pipeline by ``eli5.explain_prediction``, all features."""

    def explain(text: str) -> Explained:
        (target,) = eli5.explain_prediction(pipeline.model, text, vec=pipeline.vectorizer, top=None).targets
        sign = 1 if target.target == pipeline.model.classes_[1] else -1
        weights = [*target.feature_weights.pos, *target.feature_weights.neg]
        pieces = [(item.feature, sign * float(item.weight), []) for item in weights]
        return Explained(pieces, sigmoid(math.fsum(value for _, value, _ in pieces)), pipeline.true(text))

    return explain


def shap_linear(pipeline: Pipeline) -> Explain:
    """Explain the pipeline by SHAP's LinearExplainer against the documents that it was fitted on."""
    explainer = shap.LinearExplainer(pipeline.model, pipeline.rows)
    names = pipeline.vectorizer.get_feature_names_out()

    def explain(text: str) -> Explained:
        values = np.asarray(explainer.shap_values(pipeline.vectorizer.transform([text])))[0]
        pieces = [(names[number], float(values[number]), []) for number in np.flatnonzero(values)]
        return Explained(pieces, sigmoid(float(explainer.expected_value) + math.fsum(values)), pipeline.true(text))

    return explain


def explain_each(explainers: dict[str, Explain], texts: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Explain every text by all in turn; the first is explained once before, for what is set up once.

    Seconds are those of the processor, so that other programs on the machine do not count.
    """
    for explain in explainers.values():
        explain(texts[0])
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in explainers}
    for number, text in enumerate(texts, 1):
        for name, explain in explainers.items():
            start = time.process_time()
            explained = explain(text)
            found[name].append({"seconds": time.process_time() - start, **explained._asdict()})
        print(f"{number} of {len(texts)} documents explained", file=sys.stderr)
    return found


def speeds(pipeline: Pipeline, classifier: roleclassify.RoleClassifier, texts: list[str]) -> dict[str, float]:
    """Give documents in a second of those that take milliseconds: the peers and ours singly on ``FEW``, batches on all.

    eli5 gives its 20 strongest features, batches five pieces from their first word on: they learn words as they go.
    """
    explainer = shap.LinearExplainer(pipeline.model, pipeline.rows)
    singly: dict[str, Callable[[str], object]] = {
        "eli5, linear": lambda text: eli5.explain_prediction(pipeline.model, text, vec=pipeline.vectorizer, top=20),
        "SHAP, linear": lambda text: explainer.shap_values(pipeline.vectorizer.transform([text])),
        "roleclassify, one by one": classifier.explain,
    }
    told = {}
    for name, explain in singly.items():
        start = time.process_time()
        for text in texts[:FEW]:
            explain(text)
        told[name] = len(texts[:FEW]) / (time.process_time() - start)
    start = time.process_time()
    scorer = BatchScorer(classifier, evidence=5)
    for first in range(0, len(texts), 500):
        scorer.score(texts[first : first + 500])
    return {**told, "roleclassify, in batches": len(texts) / (time.process_time() - start)}


def main() -> None:
    """Explain and print."""
    given, seed = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), int(sys.argv[2])
    model, pipeline = OurModel(), Pipeline(given["fitted_on"], given["min_df"])
    explainers = {
        "roleclassify": ours(model),
        "LIME": lime(model, seed),
        "SHAP": shap_text(model, seed, 500),
        "SHAP, 5,000": shap_text(model, seed, 5_000),
        "eli5": eli5_text(model, seed),
        "SHAP, linear": shap_linear(pipeline),
        "eli5, linear": eli5_linear(pipeline),
    }
    results = {
        "versions": {name: version(name) for name in ("lime", "shap", "eli5", "scikit-learn", "numpy")},
        "n_terms": len(pipeline.vectorizer.vocabulary_),
        "speeds": speeds(pipeline, model.classifier, given["many"]),
        "explained": explain_each(explainers, given["texts"]),
    }
    print(json.dumps(results))


if __name__ == "__main__":
    main()
