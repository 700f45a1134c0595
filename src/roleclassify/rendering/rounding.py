"""Rounding of figures that a reader may add up."""

from __future__ import annotations

import math
from collections.abc import Sequence


def add_up(parts: Sequence[float], total: int | None = None) -> list[int]:
    """Round to hundredths so that the rounded parts make the rounded whole: the largest-remainder method.

    Parameters
    ----------
    total
        Of the parts, in hundredths, where it was rounded before (up or down); None rounds their sum.

    Returns
    -------
    list of int
        In hundredths, each less than one away from its part.

    Examples
    --------
    >>> add_up([0.334, 0.334, 0.332])
    [34, 33, 33]
    """
    exact = [100 * part for part in parts]
    rounded = [math.floor(part) for part in exact]
    whole = round(math.fsum(exact)) if total is None else total
    order = sorted(range(len(exact)), key=lambda number: (rounded[number] - exact[number], number))
    for number in order[: max(0, whole - sum(rounded))]:
        rounded[number] += 1
    return rounded
