"""How well the roles are told apart, beside simpler ways, on one set of folds: ``python benchmarks/quality.py``.

Each source of real postings (folder ROLECLASSIFY_CORPUS) with 50 or more of both titles is left out in turn; the rest
of the corpus trains, and the train part of data/labeled with ours. The table goes to results/quality.md. ``--floors``
writes what the shipped model reaches, less a margin, to tests/quality.toml, where tests hold it; a floor is lowered
only with ``--lower`` as well.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

import roleclassify
from roleclassify.learning.calibration import expected_calibration_error
from roleclassify.learning.crossvalidation import Fold, folds_by_source, judge_held_out, without_lexicon
from roleclassify.learning.evaluation import Judged, judge, summarize
from roleclassify.learning.labeled import read_labeled, read_readings
from roleclassify.learning.training import Sample, prepare_sample

ROOT = Path(__file__).parent.parent
LABELED = ROOT / "data" / "labeled" / "documents.jsonl"
FLOORS = ROOT / "tests" / "quality.toml"
TABLES = ("postings.parquet", "negatives.parquet", "profiles.parquet")
MARGIN = 0.005
"""What a figure may lose, to other platforms and small changes, before a test fails."""

Row = tuple[float, float, float, float | None]


def corpus_files() -> tuple[list[Path], Path]:
    """Give the tables of the corpus, and the readings."""
    folder = os.environ.get("ROLECLASSIFY_CORPUS")
    if not folder:
        sys.exit("ROLECLASSIFY_CORPUS is not set: name the folder of real postings, which are no part of the project")
    return [Path(folder) / name for name in TABLES], Path(folder) / "readings.csv"


def digest(paths: list[Path]) -> str:
    """Name the data that figures were measured on."""
    hashed = hashlib.sha256()
    for path in paths:
        hashed.update(path.read_bytes())
    return hashed.hexdigest()


def plain(sample: Sample, folds: list[Fold]) -> Row:
    """Train scikit-learn's TF-IDF and logistic regression, as they come, on the side that the reader saw."""
    read = np.array([item.reading is not None for item in sample.documents])
    texts = np.array([item.masked or item.text for item in sample.documents], dtype=object)
    reading = np.array([item.reading if item.reading is not None else np.nan for item in sample.documents])
    labels = roleclassify.load().labels
    second = np.array([item.label == labels[1] for item in sample.documents])
    aucs, by_title, right, p = [], [], [], []
    for fold in folds:
        train, held = fold.training & read, fold.held & read
        vectorizer = TfidfVectorizer()
        model = LogisticRegression(max_iter=1000).fit(vectorizer.fit_transform(texts[train]), reading[train] > 0.5)
        probabilities = model.predict_proba(vectorizer.transform(texts[held]))[:, 1]
        sided = reading[held] != 0.5
        aucs.append(roc_auc_score(reading[held][sided] > 0.5, probabilities[sided]))
        by_title.append(roc_auc_score(second[held], probabilities))
        right.append(((probabilities > 0.5) == (reading[held] > 0.5))[sided])
        p.append((probabilities, reading[held]))
    error = expected_calibration_error(*(np.concatenate(parts) for parts in zip(*p, strict=True)))
    return float(np.mean(aucs)), float(np.mean(by_title)), float(np.concatenate(right).mean()), error


def ours(summary: dict[str, Any]) -> Row:
    """Take the row of a summary."""
    read, title = summary["by_reading"], summary["by_title"]
    error = summary["calibration"]["expected_calibration_error"]
    return read["mean_auc_within_groups"], title["mean_auc_within_groups"], read["accuracy"], error


def alone(summary: dict[str, Any]) -> Row:
    """Take the row of the lexicon alone."""
    read, title = summary["by_reading"], summary["by_title"]
    within = "lexicon_alone_mean_auc_within_groups"
    return read[within], title[within], read["lexicon_alone_accuracy"], None


def table(rows: dict[str, Row]) -> str:
    """Lay out the rows."""
    head = "| | mean AUC by reading | mean AUC by title | accuracy by reading | calibration error |\n"
    return f"{head}| --- | --- | --- | --- | --- |\n" + "".join(
        f"| {name} | " + " | ".join("-" if value is None else f"{value:.3f}" for value in row) + " |\n"
        for name, row in rows.items()
    )


def floors(labeled: list[Judged], folds: dict[str, Any], without: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Give what tests are to hold: least values, and most ones under ``most_``."""
    own = summarize(labeled, roleclassify.load().labels)
    return {
        "labeled": {
            "sha256": digest([LABELED]),
            "auc": own["by_title"]["auc"] - MARGIN,
            "accuracy": own["by_title"]["accuracy"] - 2 * MARGIN,
            "given_fraction": own["by_title"]["given_fraction"] - 2 * MARGIN,
        },
        "folds": {
            "sha256": digest([*corpus_files()[0], corpus_files()[1]]),
            "mean_auc_by_reading": folds["by_reading"]["mean_auc_within_groups"] - MARGIN / 2,
            "mean_auc_without_lexicon": without["by_reading"]["mean_auc_within_groups"],
            "mean_auc_by_title": folds["by_title"]["mean_auc_within_groups"] - MARGIN / 2,
            "accuracy_by_reading": folds["by_reading"]["accuracy"] - MARGIN,
            "accuracy_of_given": folds["by_reading"]["accuracy_of_given"] - MARGIN,
            "most_calibration_error": folds["calibration"]["expected_calibration_error"] + MARGIN,
            "most_roles_lost": folds["domain"]["roles_lost_fraction"] + MARGIN / 2,
        },
    }


def write_floors(new: dict[str, dict[str, Any]], lower: bool) -> None:
    """Write the floors; refuse to make one easier unless asked to."""
    old = tomllib.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}
    for part, values in new.items():
        for name, value in values.items():
            before = old.get(part, {}).get(name)
            if name != "sha256" and before is not None:
                easier = value > before if name.startswith("most_") else value < before
                if easier and not lower:
                    values[name] = before
                    print(f"{part}.{name} stays {before}; measured less margin: {value:.4f}; --lower takes it")
    lines = ["# Written by `python benchmarks/quality.py --floors`; a floor is lowered only with --lower.\n"]
    for part, values in new.items():
        lines.append(f"\n[{part}]\n")
        for name, value in values.items():
            lines.append(f'{name} = "{value}"\n' if isinstance(value, str) else f"{name} = {value:.4f}\n")
    FLOORS.write_text("".join(lines), encoding="utf-8")


def main() -> None:
    """Measure and write."""
    classifier = roleclassify.load()
    labels, lexicon = classifier.labels, classifier.bundle.space.lexicon
    tables, readings = corpus_files()
    documents = read_labeled(
        [*tables, LABELED],
        labels,
        split="train",
        readings=read_readings(readings, labels),
        near_misses=lexicon.near_misses,
    )
    sample = prepare_sample(documents, lexicon, n_jobs=2, progress=print)
    folds = folds_by_source(sample, labels)
    summary = summarize(judge_held_out(sample, lexicon, folds, n_jobs=2, progress=print), labels)
    bare = without_lexicon(lexicon)
    terms_only = prepare_sample(documents, bare, n_jobs=2)
    without = summarize(judge_held_out(terms_only, bare, folds, n_jobs=2, progress=print), labels)
    rows = {
        "lexicon alone, unweighted": alone(summary),
        "scikit-learn's TF-IDF and logistic regression as they come, on the reader's side": plain(sample, folds),
        "this model without the lexicon": ours(without),
        "this model": ours(summary),
    }
    written = table(rows)
    print(written)
    (ROOT / "benchmarks" / "results" / "quality.md").write_text(written, encoding="utf-8")
    if "--floors" in sys.argv:
        held = judge(classifier, read_labeled([LABELED], labels, split="test"), n_jobs=2)
        write_floors(floors(held, summary, without), "--lower" in sys.argv)


if __name__ == "__main__":
    main()
