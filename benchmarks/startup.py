"""One text file, whole process: roleclassify against a script that loads a scikit-learn pipeline with joblib.

Both classify the same file; runs alternate, so that a drift of the machine's speed hits both. Prints medians and the
ratio pair by pair. Run: ``python benchmarks/startup.py [RUNS]``.
"""

from __future__ import annotations

import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import joblib
import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "examples" / "posting-forecasting.txt"
OTHER = """
import sys, joblib
pipeline = joblib.load(sys.argv[1])
with open(sys.argv[2], encoding="utf-8") as file:
    print(pipeline.predict_proba([file.read()])[0, 1])
"""


def fit(path: Path) -> None:
    """Fit TF-IDF + logistic regression on the labelled documents and dump it."""
    rows = [
        json.loads(line) for line in (ROOT / "data/labeled/documents.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    rows = [row for row in rows if row["label"] in ("data-scientist", "ml-engineer")]
    pipeline = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), min_df=2), LogisticRegression(C=4, max_iter=1000))
    pipeline.fit([row["text"] for row in rows], [row["label"] for row in rows])
    joblib.dump(pipeline, path, compress=3)


def seconds(command: list[str]) -> float:
    """Wall-clock seconds of one run."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def main(n_runs: int) -> None:
    """Time both in turn and print the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        model, script = Path(folder) / "pipeline.joblib", Path(folder) / "other.py"
        fit(model)
        script.write_text(OTHER, encoding="utf-8")
        ours = [str(Path(sys.executable).with_name("roleclassify")), "classify", str(DOCUMENT)]
        other = [sys.executable, str(script), str(model), str(DOCUMENT)]
        seconds(ours), seconds(other)  # warm the file cache
        pairs = [(seconds(ours), seconds(other)) for _ in range(n_runs)]
    ratios = sorted(b / a for a, b in pairs)
    print(
        f"Python {platform.python_version()}, scikit-learn {sklearn.__version__}, {platform.machine()}, {n_runs} pairs"
    )
    for name, times in (
        ("roleclassify classify", [a for a, _ in pairs]),
        ("joblib + scikit-learn", [b for _, b in pairs]),
    ):
        print(f"{name:<24} median {statistics.median(times):.3f} s, least {min(times):.3f}, most {max(times):.3f}")
    from roleclassify.classifier import default_bundle
    from roleclassify.model.bundle import read_bundle

    loads = []
    for _ in range(n_runs):
        start = time.perf_counter()
        read_bundle(default_bundle())
        loads.append(1000 * (time.perf_counter() - start))
    middle = statistics.median(loads)
    print(f"{'reading the bundle':<24} median {middle:.0f} ms, least {min(loads):.0f}, most {max(loads):.0f}")
    least, most = ratios[0], ratios[-1]
    print(f"times faster, pair by pair: median {statistics.median(ratios):.2f}, least {least:.2f}, most {most:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
