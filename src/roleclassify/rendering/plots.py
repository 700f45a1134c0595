"""Figures of an evaluation as pictures (extra: report)."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from roleclassify.errors import MissingExtraError
from roleclassify.rendering.words import printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_SOURCES = 30
"""Of more sources than these, those with the most documents are drawn."""

_SETTINGS = {
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "grid.color": "#dddddd",
    "legend.frameon": False,
    "text.parse_math": False,  # a source may have a dollar sign in its name
}
_FEW = 8


@dataclass(frozen=True, slots=True)
class _Look:
    """What tells two series apart, in print and to the colour-blind too."""

    color: str
    marker: str
    hatch: str


# Blue and vermilion of Okabe and Ito.
_LOOKS = (_Look("#0072B2", "o", ""), _Look("#D55E00", "D", "////"))


def require_plots() -> None:
    """Make sure that plots can be drawn.

    Raises
    ------
    MissingExtraError
        When matplotlib is not installed.
    """
    try:
        import matplotlib.figure  # noqa: F401  # only whether it is there
    except ImportError as error:
        raise MissingExtraError("drawing plots", "matplotlib", "report") from error


def draw_reliability(path: Path, calibration: Mapping[str, Any], second: str) -> None:
    """Draw mean outcome against mean probability of the label ``second``, and the share on its side if that differs."""
    rows = calibration["reliability"]
    x, outcome, share = ([row[key] for row in rows] for key in ("mean_probability", "mean_outcome", "share_second"))
    one, other = _LOOKS
    read = calibration["against"] == "readings"
    with _axes(path, 5.8, 6.4) as axes:
        axes.plot([0, 1], [0, 1], color="#777777", linestyle=":", label="probabilities that are exact")
        named = "mean judgement" if read else f"share labelled {second}"
        axes.plot(x, outcome, color=one.color, marker=one.marker, label=named)
        most = max(row["n"] for row in rows)
        axes.scatter(x, outcome, [90 * row["n"] / most for row in rows], color=one.color, marker=one.marker)
        if share != outcome:
            named = f"share judged the likelier to be {second}"
            axes.plot(x, share, color=other.color, marker=other.marker, linestyle="--", label=named)
        axes.set(xlabel=f"mean probability of {second}", ylabel="what came out", title="Reliability")
        axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
        axes.figure.legend(loc="outside lower center", fontsize="small")


def draw_risk_coverage(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Draw accuracy against coverage, every point with its least probability; ``rows`` without accuracy left out."""
    x, y = ([row[key] for row in rows] for key in ("coverage", "accuracy"))
    width, height = max(1 - min(x), 0.1), max(1 - min(y), 0.05)
    with _axes(path, 6.4, 4.4) as axes:
        axes.plot(x, y, color=_LOOKS[0].color, marker=_LOOKS[0].marker)
        for (coverage, accuracy), values in _near(rows, width / 15, height / 15).items():
            named = f"{values[0]:.2f}" if len(values) == 1 else f"{values[0]:.2f} to {values[-1]:.2f}"
            axes.annotate(named, (coverage, accuracy), (4, 5), textcoords="offset points", fontsize="small")
        axes.set_xticks([tick for tick in axes.get_xticks() if tick < 1 + 1e-9])
        axes.set(xlim=(1 - 1.05 * width, 1 + 0.2 * width), ylim=(1 - 1.08 * height, 1 + 0.12 * height))
        axes.set(xlabel="coverage: share of documents that reach the least probability", ylabel="accuracy of these")
        axes.set_title("Accuracy by coverage; beside a point: least probability")


def _near(rows: Sequence[Mapping[str, Any]], width: float, height: float) -> dict[tuple[float, float], list[float]]:
    """Least probabilities by point; what is too near to the point before for a text of its own joins it."""
    points: dict[tuple[float, float], list[float]] = {}
    last = (np.inf, np.inf)
    for row in rows:
        if abs(row["coverage"] - last[0]) > width or abs(row["accuracy"] - last[1]) > height:
            last = row["coverage"], row["accuracy"]
        points.setdefault(last, []).append(row["least_probability"])
    return points


def draw_outcomes(path: Path, counts: Sequence[Sequence[int]], labels: Sequence[str], outcomes: Sequence[str]) -> None:
    """Draw how often each group of true labels came to each outcome, shaded by share of the group.

    Parameters
    ----------
    counts
        Shape ``(n_labels, n_outcomes)``; no row is all 0.
    """
    shares = np.array(counts) / np.sum(counts, axis=1, keepdims=True)
    with _axes(path, 2.6 + len(outcomes), 2.0 + 0.55 * len(labels)) as axes:
        image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
        for (row, column), share in np.ndenumerate(shares):
            color = "white" if share > 0.5 else "black"
            axes.text(column, row, f"{counts[row][column]:,}", ha="center", va="center", color=color)
        axes.set_xticks(range(len(outcomes)), outcomes, rotation=30, ha="right", rotation_mode="anchor")
        axes.set_yticks(range(len(labels)), labels)
        axes.set(xlabel="outcome", ylabel="label", title="Outcomes by label")
        axes.grid(visible=False)
        axes.figure.colorbar(image, label="share of the row")


def draw_scores(path: Path, probabilities: Mapping[str, Mapping[str, Sequence[float]]], labels: Sequence[str]) -> None:
    """Draw the probabilities of the second label by source and title.

    Parameters
    ----------
    probabilities
        By source and label, in [0, 1]; at least one.
    """
    from matplotlib.patches import Patch

    sizes = {source: sum(map(len, parts.values())) for source, parts in probabilities.items()}
    largest = set(sorted(sizes, key=lambda source: -sizes[source])[:MOST_SOURCES])
    sources = [source for source in probabilities if source in largest]
    with _axes(path, 8.5, 1.6 + 0.55 * len(sources)) as axes:
        for row, source in enumerate(sources):
            for label, look, y in zip(labels, _LOOKS, (row - 0.2, row + 0.2), strict=True):
                if values := probabilities[source].get(label):
                    _strip(axes, values, y, look)
            axes.axhline(row + 0.5, color="#dddddd", linewidth=0.8)
        names = [fill(printable(source), 40, max_lines=2, placeholder=" …") for source in sources]
        axes.set_yticks(range(len(sources)), names, fontsize="small")
        axes.grid(visible=False, axis="y")
        axes.set(xlim=(-0.02, 1.02), ylim=(len(sources) - 0.5, -0.5), xlabel=f"probability of {labels[1]}")
        some = f", the {len(sources)} largest of {len(sizes)} sources" if len(sources) < len(sizes) else ""
        axes.set_title(f"Probability by source and label{some}", pad=26)
        patches = [
            Patch(facecolor="white", edgecolor=look.color, hatch=look.hatch, label=f"labelled {label}")
            for label, look in zip(labels, _LOOKS, strict=True)
        ]
        axes.legend(handles=patches, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)


def _strip(axes: Axes, values: Sequence[float], y: float, look: _Look) -> None:
    """Points where there are few; else median, middle half and middle nine tenths."""
    if len(values) < _FEW:
        axes.plot(
            values, [y] * len(values), color=look.color, marker=look.marker, linestyle="", markersize=4, alpha=0.7
        )
    else:
        low, lower, median, upper, high = np.percentile(values, [5, 25, 50, 75, 95])
        axes.hlines(y, low, high, color=look.color, linewidth=1)
        axes.barh(y, upper - lower, 0.3, lower, color="white", edgecolor=look.color, hatch=look.hatch)
        axes.plot([median], [y], color=look.color, marker=look.marker, markeredgecolor="white")
    axes.text(1.03, y, f"n {len(values):,}", va="center", fontsize="x-small", color=look.color)


@contextmanager
def _axes(path: Path, width: float, height: float) -> Iterator[Axes]:
    """Axes to draw on; the same figures give the same bytes whatever the user's own settings are. Sizes in inches."""
    from matplotlib.figure import Figure
    from matplotlib.style import context

    content = io.BytesIO()
    with context(["default", _SETTINGS]), warnings.catch_warnings():
        # A source's name may be in a script that the font lacks: it is drawn as boxes.
        warnings.filterwarnings("ignore", "Glyph .* missing from")
        figure = Figure(figsize=(width, height), layout="constrained")
        yield figure.subplots()
        figure.savefig(content, format="png", dpi=110, metadata={"Software": None})
    path.write_bytes(content.getvalue())
