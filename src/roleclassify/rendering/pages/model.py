"""A whole model as a page."""

from __future__ import annotations

from roleclassify.lexicon.roles import SHARED
from roleclassify.model.overview import ModelOverview
from roleclassify.rendering.model import LIMITS, REACHED
from roleclassify.rendering.pages.environment import render
from roleclassify.rendering.pages.views import SIDES
from roleclassify.rendering.words import percent


def model_page(overview: ModelOverview) -> str:
    """Write the page of a model.

    Raises
    ------
    MissingExtraError
        When jinja2 is not installed.
    """
    heaviest = max((abs(item.leaning) for item in overview.concepts), default=1.0) or 1.0
    by_role = {role: [item for item in overview.concepts if item.role == role] for role in (*overview.labels, SHARED)}
    return render(
        "model",
        overview=overview,
        by_role=by_role,
        heaviest=heaviest,
        styles=dict(zip(overview.labels, SIDES, strict=True)),
        limits=LIMITS,
        reached=REACHED,
        percent=percent,
    )
