"""Scoring a CSV file, whole processes side by side: pandas with scikit-learn, fastText, and ``roleclassify score``.

Run ``python benchmarks/speed.py [--fresh] [--growth] [--output benchmarks/results/speed.json]``. The contenders take
turns, so that a drift of the machine's speed hits all. The peers give a label and a probability for each row; their
models are fitted beforehand, on the same texts. Texts are those of the folder ROLECLASSIFY_CORPUS or, without it, of
data/labeled, repeated in shuffled orders; temporary files are deleted.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import joblib
from environment import environment
from process_cost import Cost, measure
from rows import documents, n_rows_of, write_csv
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

import roleclassify

HERE = Path(__file__).parent
GROWTH = (600, 4_000, 6_000, 60_000)
"""Numbers of rows that show how costs grow; peak memory at the last is compared with that at 4,000."""

Command = Callable[[Path, Path], list[str]]
"""From input and output, the command of a contender."""


@dataclass(frozen=True, slots=True)
class Row:
    """What a contender cost over the repeats.

    Attributes
    ----------
    seconds, cpu_seconds, peak_mb, others
        Medians of what ``Cost`` holds.
    times_the_first
        Speed over that of the first contender in the same repeat: least, median, most.
    """

    seconds: float
    cpu_seconds: float
    peak_mb: float
    others: float
    rows_per_second: float
    mb_per_second: float
    times_the_first: tuple[float, float, float]


def fit_plain(found: list[dict[str, Any]], path: Path) -> int:
    """Fit TF-IDF of 1-2-grams and logistic regression on the documents of both labels; give the number of terms."""
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), min_df=5)
    model = LogisticRegression(C=4, max_iter=1000)
    model.fit(vectorizer.fit_transform([item["text"] for item in found]), [item["label"] for item in found])
    joblib.dump((vectorizer, model), path)
    return len(vectorizer.vocabulary_)


def fasttext_version(python: str) -> str | None:
    """Give the version of fastText that an interpreter has, if any."""
    code = "import fasttext, importlib.metadata as m; print(m.version('fasttext'))"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip() or None


def fit_fasttext(found: list[dict[str, Any]], path: Path, python: str) -> None:
    """Fit fastText with pairs of words on the documents of both labels."""
    texts = path.with_suffix(".txt")
    with texts.open("w", encoding="utf-8") as file:
        file.writelines(f"__label__{item['label']} {' '.join(item['text'].split())}\n" for item in found)
    subprocess.run([python, str(HERE / "baseline_fasttext.py"), "fit", str(path), str(texts)], check=True)
    texts.unlink()


def ours(*options: str) -> Command:
    """Score with the command that is installed beside this interpreter."""
    program = str(Path(sys.executable).with_name("roleclassify"))
    fixed = ("--text-column", "text", "--quiet")
    return lambda source, output: [program, "score", str(source), "-o", str(output), *fixed, *options]


def contenders(
    found: list[dict[str, Any]], folder: Path, fasttext_python: str
) -> tuple[dict[str, Command], dict[str, Any]]:
    """Fit the peers and name what is measured, the first to compare the others with; describe the peers."""
    labels = roleclassify.load().labels
    of_labels = [item for item in found if item["label"] in labels]
    plain, fast = folder / "plain.joblib", folder / "fasttext.bin"
    n_terms = fit_plain(of_labels, plain)
    baseline = [sys.executable, str(HERE / "baseline_pandas.py"), str(plain)]
    named: dict[str, Command] = {"pandas + scikit-learn": lambda *paths: [*baseline, *map(str, paths)]}
    version = fasttext_version(fasttext_python)
    if version:
        fit_fasttext(of_labels, fast, fasttext_python)
        other = [fasttext_python, str(HERE / "baseline_fasttext.py"), "score", str(fast)]
        named["pandas + fastText"] = lambda *paths: [*other, *map(str, paths)]
    for jobs in ("1", "2"):
        named[f"roleclassify, --jobs {jobs}"] = ours("--jobs", jobs)
        named[f"roleclassify --evidence 5, --jobs {jobs}"] = ours("--jobs", jobs, "--evidence", "5")
    print(f"scikit-learn: {n_terms} terms; fastText: {version or 'not installed'}; fitted on {len(of_labels)} texts")
    return named, {"n_terms": n_terms, "fasttext": version, "n_fitted_on": len(of_labels)}


def side_by_side(named: dict[str, Command], source: Path, n_rows: int, repeats: int) -> dict[str, Row]:
    """Measure every contender ``repeats`` times, in turn, on one file."""
    costs: dict[str, list[Cost]] = {name: [] for name in named}
    for _ in range(repeats):
        for name, command in named.items():
            costs[name].append(run(command, source, n_rows))
    first = next(iter(costs.values()))
    megabytes = source.stat().st_size / 1e6
    return {name: _row(of_one, first, n_rows, megabytes) for name, of_one in costs.items()}


def run(command: Command, source: Path, n_rows: int) -> Cost:
    """Measure one run, and see that no row was lost."""
    output = source.with_name("scored.csv")
    cost = measure(command(source, output))
    if n_rows_of(output) != n_rows:
        sys.exit(f"{n_rows_of(output)} rows out of {n_rows}")
    output.unlink()
    return cost


def _row(costs: list[Cost], first: list[Cost], n_rows: int, megabytes: float) -> Row:
    seconds = statistics.median(cost.seconds for cost in costs)
    times = sorted(other.seconds / cost.seconds for cost, other in zip(costs, first, strict=True))
    return Row(
        seconds,
        statistics.median(cost.cpu_seconds for cost in costs),
        statistics.median(cost.peak_mb for cost in costs),
        statistics.median(cost.others for cost in costs),
        n_rows / seconds,
        megabytes / seconds,
        (times[0], statistics.median(times), times[-1]),
    )


def growth(named: dict[str, Command], found: list[dict[str, Any]], folder: Path, fresh: bool) -> dict[str, Any]:
    """Measure each contender on more and more rows, once each, and print it."""
    print(f"{'':<40}{'rows':>9}{'seconds':>9}{'rows/s':>9}{'peak MB':>9}{'others':>8}")
    grown: dict[str, Any] = {name: {} for name in named}
    for n_rows in GROWTH:
        source = folder / "grown.csv"
        write_csv(source, found, n_rows, fresh=fresh)
        for name, command in named.items():
            cost = run(command, source, n_rows)
            speed = n_rows / cost.seconds
            grown[name][n_rows] = {**asdict(cost), "rows_per_second": speed}
            print(f"{name:<40}{n_rows:>9}{cost.seconds:>9.2f}{speed:>9.0f}{cost.peak_mb:>9.0f}{cost.others:>8.2f}")
        source.unlink()
    for name, sizes in grown.items():
        times = sizes["peak_times_that_at_4000"] = sizes[GROWTH[-1]]["peak_mb"] / sizes[4_000]["peak_mb"]
        print(f"{name:<40} peak memory at {GROWTH[-1]} rows is {times:.2f} times that at 4000")
    return grown


def show(rows: dict[str, Row]) -> None:
    """Print what was measured side by side."""
    print(f"{'':<40}{'seconds':>9}{'CPU s':>9}{'rows/s':>9}{'MB/s':>9}{'peak MB':>9}{'others':>8}  times the first")
    for name, row in rows.items():
        least, middle, most = row.times_the_first
        print(
            f"{name:<40}{row.seconds:>9.2f}{row.cpu_seconds:>9.2f}{row.rows_per_second:>9.0f}{row.mb_per_second:>9.2f}"
            f"{row.peak_mb:>9.0f}{row.others:>8.2f}  {middle:.2f} ({least:.2f} to {most:.2f})"
        )


def rounded(value: Any) -> Any:  # noqa: ANN401
    """Round all numbers in a tree to three places."""
    if isinstance(value, dict):
        return {name: rounded(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(inner) for inner in value]
    return round(value, 3) if isinstance(value, float) else value


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--fresh", action="store_true", help="measure as well with new words in repeated texts")
    parser.add_argument("--growth", action="store_true", help=f"measure as well on {GROWTH} rows")
    parser.add_argument("--fasttext-python", default=sys.executable, help="interpreter that has fastText and pandas")
    parser.add_argument("--output", type=Path, help="JSON file for what was measured")
    return parser.parse_args()


def main() -> None:
    """Measure, print and store."""
    asked = arguments()
    origin, found = documents()
    results: dict[str, Any] = {"environment": environment(), "texts": origin, "n_texts": len(found)}
    results["memory"] = "resident (RSS) of the largest single process, seen every 20 ms, in millions of bytes"
    print(", ".join(f"{name} {value}" for name, value in results["environment"].items()))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        named, results["peers"] = contenders(found, folder, asked.fasttext_python)
        for fresh in (False, True)[: 1 + asked.fresh]:
            source = folder / "rows.csv"
            write_csv(source, found, asked.rows, fresh=fresh)
            megabytes = source.stat().st_size / 1e6
            what = "new words in repeated texts" if fresh else "texts repeated as they are"
            print(f"\n{asked.rows} rows, {megabytes:.1f} MB, {len(found)} texts of {origin}, {what}")
            rows = side_by_side(named, source, asked.rows, asked.repeats)
            show(rows)
            measured = {name: asdict(row) for name, row in rows.items()}
            results[what] = {"rows": asked.rows, "mb": megabytes, "repeats": asked.repeats, "contenders": measured}
            if asked.growth:
                mine = {name: command for name, command in named.items() if "--evidence" in name}
                results[what]["growth"] = growth(mine, found, folder, fresh)
    if asked.output:
        asked.output.write_text(json.dumps(rounded(results), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
