"""Are explanations faithful, stable and quick? This package beside LIME, SHAP and eli5, on the same documents.

Run ``python benchmarks/explain.py --peers-python PATH [--output benchmarks/results/explain.json]``. PATH is a Python
that has lime, shap, eli5, scikit-learn and this package; without them ours alone is measured. The peers run twice, with
two seeds, side by side in two processes. Measured are

* the closed form: predicted effects of removing evidence against the edited text, scored anew;
* deletion and insertion curves of our model, by the order in which each explainer names the words;
* seconds, stability over the two runs, and how far base and pieces are from adding up to the probability explained.

``--output`` writes the figures, and tables of them beside it (``.md``), which docs/faithfulness.md shows.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from environment import environment
from explain_tables import tables
from perturbation import MaskedText, at_random, check_closed_form, curves, interval, order_of, word_by_word
from rows import documents

import roleclassify
from roleclassify.batch.scorer import BatchScorer
from roleclassify.evidence.groups import group

OURS, IN_GROUPS, BY_WORD = "roleclassify", "roleclassify, in groups", "roleclassify, word by word"
OF_OUR_MODEL = ("LIME", "SHAP", "SHAP, 5,000", "eli5")
TOP = 10
RANDOM_ORDERS = 5

Explained = dict[str, list[dict[str, Any]]]
"""For each explainer, what it said of each document."""


def choose(asked: argparse.Namespace) -> tuple[str, dict[str, Any], list[str]]:
    """Draw the documents: where they come from, what the peers are given, and the texts for the closed form.

    Those explained are given a role by the model; the pipeline of scikit-learn is fitted on all of both labels.
    """
    origin, found = documents()
    random.Random(asked.seed).shuffle(found)
    classifier = roleclassify.load()
    of_roles = [item for item in found if item["label"] in classifier.labels]
    answers = BatchScorer(classifier).score([item["text"] for item in of_roles])
    texts = [item["text"] for item, reason in zip(of_roles, answers.reason, strict=True) if reason is None]
    given = {
        "texts": texts[: asked.documents],
        "many": [item["text"] for item in found[: asked.many]],
        "fitted_on": [{"text": item["text"], "label": item["label"]} for item in of_roles],
        "min_df": asked.min_df,
    }
    return origin, given, texts[: asked.closed_form]


def has_peers(python: str) -> bool:
    """Say whether an interpreter has LIME, SHAP, eli5 and this package."""
    code = "import eli5, lime, shap, roleclassify"
    try:
        return subprocess.run([python, "-c", code], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def run_peers(python: str, given: dict[str, Any], seeds: tuple[int, int]) -> list[dict[str, Any]]:
    """Explain twice, with two seeds at once."""
    script = str(Path(__file__).with_name("baseline_explainers.py"))
    # One thread each: there are as many processes as cores.
    variables = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "given.json"
        source.write_text(json.dumps(given), encoding="utf-8")
        outputs = [Path(folder) / f"{seed}.json" for seed in seeds]
        started = []
        for seed, output in zip(seeds, outputs, strict=True):
            with output.open("w", encoding="utf-8") as file:
                started.append(subprocess.Popen([python, script, str(source), str(seed)], env=variables, stdout=file))
        failed = [process.wait() for process in started]
        if any(failed):
            sys.exit("an explainer failed; its message stands above")
        return [json.loads(output.read_text(encoding="utf-8")) for output in outputs]


def judge_curves(texts: Sequence[str], peers: Explained, seed: int) -> dict[str, dict[str, list[float]]]:
    """Measure deletion and insertion by every order, and how much better ours, word by word, does."""
    classifier = roleclassify.load()
    scorer, chance = BatchScorer(classifier), random.Random(seed)
    areas: dict[str, list[tuple[float, float]]] = {}
    for number, text in enumerate(texts):
        leaning, masked = classifier.explain(text).leaning, MaskedText(text)
        sign = 1.0 if leaning.score > 0 else -1.0
        ours = [(each.contribution, each.all_spans) for each in group(leaning.contributions)]
        of_words = word_by_word(masked, leaning.contributions)
        orders = {BY_WORD: [order_of(masked, of_words, sign)], IN_GROUPS: [order_of(masked, ours, sign)]}
        for name in OF_OUR_MODEL if peers else ():
            said = [(value, spans) for _, value, spans in peers[name][number]["pieces"]]
            orders[name] = [order_of(masked, said, sign)]
        drawn = [at_random(masked, ours, chance) for _ in range(RANDOM_ORDERS)]
        orders["our pieces at random"] = [pieces for _, pieces in drawn]
        orders["words at random"] = [words for words, _ in drawn]
        for name, several in orders.items():
            measured = [curves(scorer, masked, order, sign) for order in several]
            areas.setdefault(name, []).append(tuple(np.mean(measured, axis=0).tolist()))
    told: dict[str, dict[str, list[float]]] = {}
    for name, found in areas.items():
        better = np.array(areas[BY_WORD]) - np.array(found)
        told[name] = {
            "deletion": interval(np.array(found)[:, 0], seed),
            "deletion_ours_better_by": interval(better[:, 0], seed),
            "insertion": interval(np.array(found)[:, 1], seed),
            "insertion_ours_better_by": interval(better[:, 1], seed),
        }
    return told


def judge_explanations(runs: Sequence[Explained]) -> dict[str, dict[str, float]]:
    """Compare two runs of every explainer, and its sums with what they explain."""
    told = {}
    for name in runs[0]:
        of_ours = [said["seconds"] for run in runs for said in run[OURS]]
        seconds = [said["seconds"] for run in runs for said in run[name]]
        errors = [abs(said["told"] - said["true"]) for run in runs for said in run[name]]
        changes = [
            _stability(one["pieces"], other["pieces"]) for one, other in zip(*(run[name] for run in runs), strict=True)
        ]
        told[name] = {
            "seconds": statistics.median(seconds),
            "times_ours": statistics.median(one / other for one, other in zip(seconds, of_ours, strict=True)),
            "jaccard_of_top_10": statistics.mean(jaccard for jaccard, _ in changes),
            "largest_change": statistics.mean(change for _, change in changes),
            "additivity_error": statistics.mean(errors),
            "largest_additivity_error": max(errors),
        }
    return told


def _stability(first: Sequence[Any], second: Sequence[Any]) -> tuple[float, float]:
    """Give the Jaccard index of the strongest features, and the largest change as a share of the strongest.

    Features of one name, such as a word at several places, count as one.
    """
    sums: list[dict[str, float]] = [{}, {}]
    for pieces, of_run in zip((first, second), sums, strict=True):
        for name, value, _ in pieces:
            of_run[name] = of_run.get(name, 0.0) + value
    tops = [set(sorted(of_run, key=lambda name: (-abs(of_run[name]), name))[:TOP]) for of_run in sums]
    change = max(abs(sums[0].get(name, 0.0) - sums[1].get(name, 0.0)) for name in sums[0].keys() | sums[1].keys())
    return len(tops[0] & tops[1]) / len(tops[0] | tops[1]), change / max(map(abs, sums[0].values()))


def judge_speed(runs: Sequence[dict[str, float]]) -> dict[str, dict[str, Any]]:
    """Give documents in a second, mean of two runs, and how many times those of ``eli5, linear`` in each."""
    return {
        name: {
            "documents_per_second": statistics.mean(run[name] for run in runs),
            "times_eli5": sorted(run[name] / run["eli5, linear"] for run in runs),
        }
        for name in runs[0]
    }


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Measure all."""
    started = time.perf_counter()
    origin, given, texts = choose(asked)
    results: dict[str, Any] = {"environment": environment(), "texts": origin, "n_documents": len(given["texts"])}
    results["closed_form"] = check_closed_form(roleclassify.load(), texts, asked.seed)
    runs: list[dict[str, Any]] = []
    if has_peers(asked.peers_python):
        runs = run_peers(asked.peers_python, given, (asked.seed, asked.seed + 1))
        results["peers"] = {"versions": runs[0]["versions"], "n_terms": runs[0]["n_terms"]}
        results["explanations"] = judge_explanations([run["explained"] for run in runs])
        results["n_many"] = len(given["many"])
        results["speed"] = judge_speed([run["speeds"] for run in runs])
    else:
        print("LIME, SHAP or eli5 is not installed: name an interpreter that has them with --peers-python")
    results["curves"] = judge_curves(given["texts"], runs[0]["explained"] if runs else {}, asked.seed)
    return {**results, "minutes": (time.perf_counter() - started) / 60}


def rounded(value: Any) -> Any:  # noqa: ANN401
    """Round all numbers in a tree to six digits."""
    if isinstance(value, dict):
        return {name: rounded(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [rounded(inner) for inner in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value


def main() -> None:
    """Measure, print and store."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=40, help="explained by all, for curves and stability")
    parser.add_argument("--closed-form", type=int, default=1000, help="documents whose pieces are removed one by one")
    parser.add_argument("--many", type=int, default=5000, help="documents for the speed of batches")
    parser.add_argument("--min-df", type=int, default=5, help="scikit-learn's terms are in that many documents")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--peers-python", default=sys.executable, help="interpreter that has lime, shap and eli5")
    parser.add_argument("--output", type=Path, help="JSON file for what was measured")
    asked = parser.parse_args()
    results = rounded(measure(asked))
    written = tables(results)
    print(written)
    if asked.output:
        asked.output.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        asked.output.with_suffix(".md").write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
