"""A report of an evaluation: Markdown beside plots (extra: report)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from roleclassify.model.decision import Reason
from roleclassify.rendering.figures import DOMAIN, LEANING, number
from roleclassify.rendering.plots import (
    draw_outcomes,
    draw_reliability,
    draw_risk_coverage,
    draw_scores,
    require_plots,
)
from roleclassify.rendering.words import printable

_CALIBRATION = {
    "expected_calibration_error": "expected calibration error (ECE), 10 bins of equal count",
    "if_perfect": "ECE if perfect",
    "against_sides": "ECE against sides",
    "brier": "Brier score",
    "mean_confidence": "mean probability of the likelier label",
}
_GUIDES = {
    "auc": "How often a document of the second role scores above one of the first; 0.5 is guessing, 1 no mistake.",
    "mean_auc_within_groups": "The same inside one source at a time: knowing the source is of no help here.",
    "accuracy": "Share on the right side of one half, those left undetermined too.",
    "accuracy_of_given": "Share that is right among those that were given a role.",
    "given_fraction": "The others were left undetermined.",
    "lexicon_alone_auc": "What counting the lexicon's concepts gives without anything learned.",
    "lexicon_alone_mean_auc_within_groups": "The same inside one source at a time.",
    "lexicon_alone_accuracy": "Share on the right side when concepts are only counted.",
    "expected_calibration_error": "How far probabilities are from what came out, on average; 0 is best.",
    "if_perfect": "What chance gives if every probability is exact; an ECE near it shows no fault.",
    "against_sides": "ECE if a document counts wholly for its likelier side; higher where judgements are soft.",
    "brier": "Mean squared distance of a probability from what came out; 0 is best, 0.25 is always saying one half.",
    "mean_confidence": "Above the accuracy is too sure; below it is common where judgements are soft.",
    "other_undetermined_fraction": "Of other occupations, near misses apart, how many rightly got no role.",
    "roles_lost_fraction": "Of the two roles' documents, how many were wrongly turned away.",
}
_DOMAIN_GUIDES = {
    **_GUIDES,
    "auc": "How often a document of the two roles is the likelier of the field than one of another occupation.",
}

_GUIDE = "how to read it"

# By file name: what a reader sees who cannot see the plot.
_ALT_TEXTS = {
    "reliability.png": "Reliability diagram: what came out against mean probability; the table above has its numbers.",
    "risk-coverage.png": "Accuracy against the share of documents that reach a least probability; see the table above.",
    "scores.png": "Spread of the probability of the second role, by source and label.",
    "outcomes.png": "Outcomes by label, shaded by share of the label; the table above has the counts.",
}


def write_report(
    folder: Path, summary: Mapping[str, Any], probabilities: Mapping[str, Mapping[str, Sequence[float]]]
) -> None:
    """Write ``report.md`` and its plots; what there are no figures for is left out.

    Parameters
    ----------
    folder
        Is made where missing; plots of an earlier report there are replaced or removed.
    summary
        What ``roleclassify.learning.evaluation.summarize`` gave, and the ``model``.
    probabilities
        Of the second role, in [0, 1], by source and label.

    Raises
    ------
    MissingExtraError
        When matplotlib is not installed.
    """
    require_plots()
    folder.mkdir(parents=True, exist_ok=True)
    drawings = _drawings(summary, probabilities)
    for name in _ALT_TEXTS:
        if name in drawings:
            drawings[name](folder / name)
        else:
            (folder / name).unlink(missing_ok=True)
    text = "\n".join(_lines(summary, drawings.keys())) + "\n"
    (folder / "report.md").write_text(text, encoding="utf-8", newline="\n")


def _drawings(
    summary: Mapping[str, Any], probabilities: Mapping[str, Mapping[str, Sequence[float]]]
) -> dict[str, Callable[[Path], None]]:
    """How to draw each plot that there are figures for."""
    labels = _labels(summary)
    calibration = summary["calibration"]
    covered = [row for row in calibration.get("risk_coverage", ()) if row["accuracy"] is not None]
    outcomes = _counts(summary["outcomes"])
    spread = {source: parts for source, parts in probabilities.items() if any(parts.values())}
    drawings: dict[str, tuple[object, Callable[[Path], None]]] = {
        "reliability.png": (calibration["n"], lambda path: draw_reliability(path, calibration, labels[1])),
        "risk-coverage.png": (covered, lambda path: draw_risk_coverage(path, covered)),
        "scores.png": (spread, lambda path: draw_scores(path, spread, labels)),
        "outcomes.png": (outcomes[0], lambda path: draw_outcomes(path, *outcomes)),
    }
    return {name: draw for name, (there, draw) in drawings.items() if there}


def _labels(summary: Mapping[str, Any]) -> list[str]:
    """Take the two roles, which stand first among the outcomes."""
    return list(summary["outcomes"])[:2]


def _lines(summary: Mapping[str, Any], drawn: Collection[str]) -> Iterator[str]:
    residual = summary["largest_residual"]
    additive = "add up to it" if residual < 1e-9 else f"are off by up to {residual:.0e}"
    first, second = _labels(summary)
    yield f"# Evaluation of {_plain(summary['model'])}"
    yield ""
    yield f"{summary['n_documents']:,} documents; the contributions to a score {additive}. The first role is {first},"
    yield f"the second {second}; probabilities are the second's. A dash stands where there is too little to tell."
    yield from _leaning(summary)
    yield from _calibration(summary["calibration"], second, drawn)
    yield from _breakdown(summary["breakdown"], drawn)
    yield from _leakage(summary)
    yield from _domain(summary["domain"])
    yield from _outcomes(summary["outcomes"], drawn)


def _leaning(summary: Mapping[str, Any]) -> Iterator[str]:
    ways = {"as a reader judged the work": summary["by_reading"], "by title": summary["by_title"]}
    ways = {name: values for name, values in ways.items() if values["n"]}
    if not ways:
        return
    yield from ("", "## Leaning: which of the two roles")
    if any(values["intervals"] for values in ways.values()):
        yield from ("", "In brackets: where the figure lies in 95 % of samples that are drawn anew from the employers.")
    rows = [["documents", *(f"{values['n']:,}" for values in ways.values()), ""]]
    for key, name in LEANING.items():
        rows.append([name, *(_between(values, key) for values in ways.values()), _GUIDES[key]])
    yield from _table(["", *ways, _GUIDE], rows)
    groups = sorted({group for values in ways.values() for group in values["auc_within_groups"]})
    if groups:
        aucs = [values["auc_within_groups"] for values in ways.values()]
        rows = [[_plain(group), *(number(found.get(group)) for found in aucs)] for group in groups]
        yield from _table(["AUC within group", *ways], rows)


def _calibration(calibration: Mapping[str, Any], second: str, drawn: Collection[str]) -> Iterator[str]:
    if not calibration["n"]:
        return
    yield from ("", "## Calibration: how far probabilities can be believed", "")
    yield f"Against the {calibration['against']}, {calibration['n']:,} documents."
    yield from _named(calibration, _CALIBRATION, _GUIDES)
    yield ""
    yield "Each row is a bin of documents with like probabilities: the nearer mean probability and outcome, the better."
    shown = ("mean_probability", "mean_outcome", "share_second")
    header = ["documents", "mean probability", "mean outcome", f"share on the side of {second}"]
    yield from _table(
        header, [[f"{row['n']:,}", *(number(row[key]) for key in shown)] for row in calibration["reliability"]]
    )
    yield from _image("reliability.png", drawn)
    yield from (
        "",
        "The more the accuracy rises from row to row, the more is gained by leaving documents undetermined.",
    )
    yield from _table(
        ["least probability", "coverage: share that reaches it", "accuracy of these"],
        [
            [f"{row['least_probability']:.2f}", number(row["coverage"]), number(row["accuracy"])]
            for row in calibration["risk_coverage"]
        ],
    )
    yield from _image("risk-coverage.png", drawn)


def _breakdown(breakdown: Mapping[str, Mapping[str, Any]], drawn: Collection[str]) -> Iterator[str]:
    if not any(breakdown.values()):
        return
    yield from ("", "## Breakdown", "")
    yield "By reading where documents were read, else by title; the fewer the documents, the less a row tells."
    keys = ("auc", "accuracy", "given_fraction", "accuracy_of_given")
    for name, parts in breakdown.items():
        if parts:
            rows = [[_plain(part), f"{row['n']:,}", *(number(row[key]) for key in keys)] for part, row in parts.items()]
            yield from _table([name, "documents", "AUC", "accuracy", "share given a role", "accuracy of given"], rows)
    if "scores.png" in drawn:
        yield from (
            "",
            "Median, middle half and middle nine tenths of each label in each source, or every document where",
        )
        yield "there are few: the further apart the two labels, the better they are told apart."
    yield from _image("scores.png", drawn)


def _leakage(summary: Mapping[str, Any]) -> Iterator[str]:
    leakage, copies = summary["leakage"], summary.get("copies_across_folds")
    masked = leakage["mean_auc_titles_masked"]
    if masked is None and copies is None:
        return
    yield from ("", "## Leakage")
    if masked is not None:
        verdict = "**alarm: titles leak**" if leakage["alarm"] else "no leak"
        yield from (
            "",
            f"Mean AUC within groups by title, {leakage['n']:,} documents: {verdict}. Titles that are masked by",
        )
        yield "other means should cost next to nothing."
        yield from _table(
            ["titles visible to us", "titles masked by other means"],
            [[number(leakage["mean_auc_titles_visible"]), number(masked)]],
        )
    if copies is not None:
        verdict = "**alarm: copies leak**" if copies else "no leak"
        yield from ("", f"Held-out documents with a near-duplicate in training: {copies:,}, {verdict}.")


def _domain(domain: Mapping[str, Any]) -> Iterator[str]:
    if any(domain[key] is not None for key in DOMAIN):
        yield from ("", "## Domain: one of the two roles, or another occupation", "")
        yield f"{domain['n_other']:,} documents of other occupations, near misses apart."
        yield from _named(domain, DOMAIN, _DOMAIN_GUIDES)


def _outcomes(outcomes: Mapping[str, Mapping[str, int]], drawn: Collection[str]) -> Iterator[str]:
    counts, labels, columns = _counts(outcomes)
    if counts:
        yield from ("", "## Outcomes", "", "A row is what documents are, a column what was made of them.")
        rows = [[label, *(f"{n:,}" for n in row)] for label, row in zip(labels, counts, strict=True)]
        yield from _table(["label", *columns], rows)
        yield from _image("outcomes.png", drawn)


def _counts(outcomes: Mapping[str, Mapping[str, int]]) -> tuple[list[list[int]], list[str], list[str]]:
    """Lay out counts by label and outcome, with the names of both; what does not occur is left out."""
    labels = [label for label, counts in outcomes.items() if counts]
    met = {outcome for counts in outcomes.values() for outcome in counts}
    columns = [outcome for outcome in (*outcomes, *Reason) if outcome in met]
    return [[outcomes[label].get(column, 0) for column in columns] for label in labels], labels, columns


def _named(values: Mapping[str, Any], names: Mapping[str, str], guides: Mapping[str, str]) -> Iterator[str]:
    return _table(["", "", _GUIDE], [[name, number(values[key]), guides[key]] for key, name in names.items()])


def _between(values: Mapping[str, Any], key: str) -> str:
    interval = values["intervals"].get(key)
    return number(values[key]) + (f" ({number(interval[0])} to {number(interval[1])})" if interval else "")


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Numbers to the right; the first column and the guide to the left."""
    yield ""
    yield _row(header)
    yield _row(["---" if not place or name == _GUIDE else "---:" for place, name in enumerate(header)])
    yield from map(_row, rows)


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _image(name: str, drawn: Collection[str]) -> Iterator[str]:
    if name in drawn:
        yield from ("", f"![{_ALT_TEXTS[name]}]({name})")


def _plain(name: str) -> str:
    """Take what is markup in Markdown by itself."""
    return re.sub(r"([\\|`*<\[\]])", r"\\\1", printable(name).strip())
