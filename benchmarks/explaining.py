"""Which words say so, document by document: eli5 on scikit-learn against this package, one process each.

Run ``python benchmarks/explaining.py [--eli5-python PATH] [--output benchmarks/results/explaining.json]``. Timed, on
the same documents, is what comes after loading and fitting: ``eli5.explain_prediction`` with the 20 strongest features
of TF-IDF (1-2-grams) and logistic regression, where the time grows with the number of terms, so that ``--min-df``, the
least number of documents that a term is in, decides; the batch scorer with 5 pieces of evidence, from its first word
on; and ``RoleClassifier.explain``, which gives all contributions and their places, one document at a time. Contenders
take turns.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SIDES = ("eli5", "batch", "single")


def explain_with_eli5(texts: list[str], fitted_on: list[dict[str, str]], min_df: int) -> tuple[float, int]:
    """Give the seconds that eli5 takes, once its model is fitted, and the number of terms."""
    import eli5
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizer = TfidfVectorizer(ngram_range=(1, 2), min_df=min_df)
    model = LogisticRegression(C=4, max_iter=1000)
    model.fit(vectorizer.fit_transform([item["text"] for item in fitted_on]), [item["label"] for item in fitted_on])
    start = time.perf_counter()
    for text in texts:
        eli5.explain_prediction(model, text, vec=vectorizer, top=20)
    return time.perf_counter() - start, len(vectorizer.vocabulary_)


def explain_in_batch(texts: list[str]) -> float:
    """Give the seconds that the batch scorer takes."""
    import roleclassify
    from roleclassify.batch.scorer import BatchScorer

    classifier = roleclassify.load()
    start = time.perf_counter()
    scorer = BatchScorer(classifier, evidence=5)
    for first in range(0, len(texts), 500):
        scorer.score(texts[first : first + 500])
    return time.perf_counter() - start


def explain_singly(texts: list[str]) -> float:
    """Give the seconds that explaining one at a time takes."""
    import roleclassify

    classifier = roleclassify.load()
    start = time.perf_counter()
    for text in texts:
        classifier.explain(text)
    return time.perf_counter() - start


def run_side(side: str, source: Path) -> None:
    """Measure one side in this process and print its seconds, and the number of eli5's terms."""
    given = json.loads(source.read_text(encoding="utf-8"))
    texts = given["texts"]
    if side == "eli5":
        print(*explain_with_eli5(texts, given["fitted_on"], given["min_df"]))
    else:
        print(explain_in_batch(texts) if side == "batch" else explain_singly(texts), 0)


def seconds_of(side: str, source: Path, python: str) -> tuple[float, int]:
    """Measure one side in a process of its own; give seconds and the number of eli5's terms."""
    command = [python, str(Path(__file__)), "--side", side, str(source)]
    seconds, n_terms = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(seconds), int(n_terms)


def write_texts(path: Path, n_texts: int, min_df: int) -> str:
    """Write the documents to explain and those to fit on; say where they come from."""
    from rows import documents

    import roleclassify

    origin, found = documents()
    random.Random(0).shuffle(found)
    labels = roleclassify.load().labels
    fitted_on = [{"text": item["text"], "label": item["label"]} for item in found if item["label"] in labels]
    given = {"texts": [item["text"] for item in found[:n_texts]], "fitted_on": fitted_on, "min_df": min_df}
    path.write_text(json.dumps(given), encoding="utf-8")
    return origin


def eli5_version(python: str) -> str | None:
    """Give the version of eli5 that an interpreter has, if any."""
    code = "import eli5; print(eli5.__version__)"
    return subprocess.run([python, "-c", code], capture_output=True, text=True, check=False).stdout.strip() or None


def compare(asked: argparse.Namespace) -> dict[str, Any]:
    """Measure all sides in turn; print and give the results."""
    from environment import environment

    version = eli5_version(asked.eli5_python)
    results: dict[str, Any] = {"environment": {**environment(), "eli5": version}, "repeats": asked.repeats}
    print(", ".join(f"{name} {value}" for name, value in results["environment"].items()))
    if version is None:
        print("eli5 is not installed: name an interpreter that has it with --eli5-python")
    sides = [side for side in SIDES if version or side != "eli5"]
    seconds: dict[str, list[float]] = {side: [] for side in sides}
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "texts.json"
        results["texts"] = write_texts(source, asked.documents, asked.min_df)
        results["n_texts"] = asked.documents
        for _ in range(asked.repeats):
            for side in sides:
                python = asked.eli5_python if side == "eli5" else sys.executable
                taken, n_terms = seconds_of(side, source, python)
                seconds[side].append(taken)
                results["eli5_n_terms"] = n_terms or results.get("eli5_n_terms")
    terms = f", eli5 with {results['eli5_n_terms']} terms" if version else ""
    print(f"{asked.documents} documents of {results['texts']}, {asked.repeats} repeats{terms}")
    return {**results, **summarize(seconds, asked.documents)}


def summarize(seconds: dict[str, list[float]], n_texts: int) -> dict[str, Any]:
    """Print and give each side's speed, and how many times eli5's that is: least, median, most."""
    summary: dict[str, Any] = {}
    for side, measured in seconds.items():
        speed = n_texts / statistics.median(measured)
        summary[side] = {"documents_per_second": round(speed, 2)}
        ratio = ""
        if "eli5" in seconds:
            times = sorted(slow / fast for slow, fast in zip(seconds["eli5"], measured, strict=True))
            summary[side]["times_eli5"] = [round(value, 2) for value in (times[0], statistics.median(times), times[-1])]
            ratio = f"  {statistics.median(times):.1f} times eli5 ({times[0]:.1f} to {times[-1]:.1f})"
        print(f"{side:<8}{speed:>10.1f} documents/s{ratio}")
    return summary


def main() -> None:
    """Compare, and store where asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--min-df", type=int, default=5, help="eli5 leaves out terms that are in fewer documents")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--eli5-python", default=sys.executable, help="interpreter that has eli5")
    parser.add_argument("--output", type=Path, help="JSON file for what was measured")
    parser.add_argument("--side", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.side:
        run_side(asked.side[0], Path(asked.side[1]))
        return
    results = compare(asked)
    if asked.output:
        asked.output.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
