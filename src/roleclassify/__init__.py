"""Says whether a resume or job posting leans towards data scientist or ML engineer, how strongly, and why.

Public names are imported at first use, so that ``import roleclassify`` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from roleclassify.classifier import RoleClassifier, load
    from roleclassify.errors import RoleClassifyError
    from roleclassify.evidence.comparison import Comparison
    from roleclassify.evidence.counterfactuals import Counterfactuals
    from roleclassify.integrations.frames import score_frame
    from roleclassify.result import Answer, Classification, Contribution, Explanation
    from roleclassify.text.document import Document
    from roleclassify.text.reading import read

__version__ = "0.1.0"

_HOMES = {
    "Answer": "roleclassify.result",
    "Classification": "roleclassify.result",
    "Comparison": "roleclassify.evidence.comparison",
    "Contribution": "roleclassify.result",
    "Counterfactuals": "roleclassify.evidence.counterfactuals",
    "Document": "roleclassify.text.document",
    "Explanation": "roleclassify.result",
    "RoleClassifier": "roleclassify.classifier",
    "RoleClassifyError": "roleclassify.errors",
    "load": "roleclassify.classifier",
    "read": "roleclassify.text.reading",
    "score_frame": "roleclassify.integrations.frames",
}

__all__ = [
    "Answer",
    "Classification",
    "Comparison",
    "Contribution",
    "Counterfactuals",
    "Document",
    "Explanation",
    "RoleClassifier",
    "RoleClassifyError",
    "load",
    "read",
    "score_frame",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
