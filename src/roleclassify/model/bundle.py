"""The model as a folder of plain data: ``bundle.json``, ``lexicon.json`` and ``weights.npz``."""

from __future__ import annotations

import hashlib
import io
import json
import math
import os
import re
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from roleclassify.errors import BundleError
from roleclassify.lexicon.compiled import CompiledLexicon
from roleclassify.model.decision import Thresholds
from roleclassify.model.features import FeatureSpace
from roleclassify.model.linear import LinearModel
from roleclassify.model.usage import ConceptUsage
from roleclassify.text.language import FunctionWords

if TYPE_CHECKING:
    from roleclassify.lexicon.overlay import Overlay

SCHEMA_VERSION = 3
"""Raised whenever a reader of the version before could not read the folder."""

_PARTS = ("lexicon.json", "weights.npz")
_NUMBERS = (
    "idf",
    *("leaning_terms", "leaning_concepts", "domain_terms", "domain_concepts"),
    *("presence_first_concepts", "presence_second_concepts", "matches_concepts"),
)
_LARGEST = 1e6
"""No weight, bias or scale is near it; beyond, sums could overflow."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Everything that an answer rests on.

    Attributes
    ----------
    name, version
        Together they name the model in every answer.
    space
        The features.
    leaning
        Log-odds of the second label against the first.
    domain
        Log-odds of work of either role against any other occupation.
    usage
        What is common in documents of either role.
    provenance
        What it was trained on and with; plain JSON values.
    digest
        sha256 of the ``bundle.json`` that it was read from; empty for one that was trained in memory.
    overlay
        The concepts laid over the model as it was trained, or None; such a model lives in memory only.
    """

    name: str
    version: str
    space: FeatureSpace
    leaning: LinearModel
    domain: LinearModel
    usage: ConceptUsage
    thresholds: Thresholds
    function_words: FunctionWords
    provenance: Mapping[str, Any] = field(default_factory=dict)
    digest: str = field(default="", compare=False)
    overlay: Overlay | None = None

    @property
    def title(self) -> str:
        """Name and version, and the name of the lexicon laid over it."""
        return f"{self.name} {self.version}" + (f" + {self.overlay.name}" if self.overlay else "")

    @property
    def labels(self) -> tuple[str, str]:
        """The two labels; a positive score leans to the second."""
        return self.space.lexicon.labels


def write_bundle(bundle: Bundle, folder: Path) -> None:
    """Write a bundle; equal bundles give equal bytes.

    Each file appears whole or not at all, and ``bundle.json``, which vouches for the others, comes last.

    Raises
    ------
    BundleError
        When concepts are laid over it: a folder would no longer tell which weights were learned.
    """
    if bundle.overlay is not None:
        why = f"a model with {bundle.overlay.name} laid over it is not written"
        raise BundleError(str(folder), why, "train with it (roleclassify train --lexicon)")
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in _files(bundle).items():
        _replace(folder / name, content)


def digest_of(bundle: Bundle) -> str:
    """Give the sha256 of the ``bundle.json`` that a bundle was read from, or would be written as."""
    return bundle.digest or hashlib.sha256(_files(bundle)["bundle.json"]).hexdigest()


def _files(bundle: Bundle) -> dict[str, bytes]:
    """Give the content of each file of a bundle."""
    parts = {"lexicon.json": _to_json(bundle.space.lexicon.to_json()), "weights.npz": _weights(bundle)}
    written = {
        "schema_version": SCHEMA_VERSION,
        "name": bundle.name,
        "version": bundle.version,
        "labels": list(bundle.labels),
        "thresholds": asdict(bundle.thresholds),
        "term_norm": bundle.space.term_norm,
        "concept_norm": bundle.space.concept_norm,
        "bias": {"leaning": bundle.leaning.bias, "domain": bundle.domain.bias},
        "function_words": {
            "english": sorted(bundle.function_words.english),
            "foreign": {word: list(languages) for word, languages in sorted(bundle.function_words.foreign.items())},
        },
        "provenance": dict(bundle.provenance),
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in parts.items()},
    }
    return {**parts, "bundle.json": _to_json(written)}


def read_bundle(folder: Path) -> Bundle:
    """Read a bundle; nothing in it is executed.

    Raises
    ------
    BundleError
        When a part is missing, its hash differs, or the schema is another.
    """
    written, digest = _read_header(folder)
    parts = {name: _read_part(folder, name, written["sha256"].get(name)) for name in _PARTS}
    try:
        return replace(_build(written, json.loads(parts["lexicon.json"]), parts["weights.npz"]), digest=digest)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, re.error, zipfile.BadZipFile) as error:
        raise BundleError(
            str(folder), f"its parts do not fit together ({type(error).__name__})", "train or fetch it again"
        ) from error


def _read_header(folder: Path) -> tuple[dict[str, Any], str]:
    path = folder / "bundle.json"
    try:
        content = path.read_bytes()
        written = json.loads(content)
    except OSError as error:
        why = f"no model bundle here ({path.name}: {error.strerror})"
        raise BundleError(str(folder), why, "name a folder that `roleclassify train` wrote") from error
    except (ValueError, RecursionError) as error:
        raise BundleError(str(folder), f"{path.name} is not JSON", "train or fetch it again") from error
    version = written.get("schema_version") if isinstance(written, dict) else None
    if version is True or version != SCHEMA_VERSION or not isinstance(written.get("sha256"), dict):
        why = f"schema version {version!r}, this program reads {SCHEMA_VERSION}"
        raise BundleError(str(folder), why, "train it again or use the program version that wrote it")
    return dict(written), hashlib.sha256(content).hexdigest()


def _read_part(folder: Path, name: str, expected: str | None) -> bytes:
    try:
        content = (folder / name).read_bytes()
    except OSError as error:
        raise BundleError(
            str(folder), f"{name} cannot be read ({error.strerror})", "train or fetch it again"
        ) from error
    if hashlib.sha256(content).hexdigest() != expected:
        raise BundleError(
            str(folder), f"{name} is not the file that bundle.json vouches for", "train or fetch it again"
        )
    return content


def _build(written: dict[str, Any], lexicon_json: dict[str, Any], weights: bytes) -> Bundle:
    lexicon = CompiledLexicon.from_json(lexicon_json)
    vocabulary, numbers = _read_weights(weights)
    shapes = {"idf": len(vocabulary), "terms": len(vocabulary), "concepts": len(lexicon.concepts)}
    _require(all(len(values) == shapes[name.split("_")[-1]] for name, values in numbers.items()), "numbers of weights")
    models = {
        question: LinearModel(
            _finite(written["bias"][question]), numbers[f"{question}_terms"], numbers[f"{question}_concepts"]
        )
        for question in ("leaning", "domain")
    }
    term_norm, concept_norm = _finite(written["term_norm"]), _finite(written["concept_norm"])
    _require(term_norm > 0 and concept_norm > 0, "norms")
    words = written["function_words"]
    foreign = {str(word): tuple(languages) for word, languages in words["foreign"].items()}
    _require(lexicon.labels == tuple(written["labels"]), "labels")
    return Bundle(
        name=str(written["name"]),
        version=str(written["version"]),
        space=FeatureSpace(vocabulary, numbers["idf"], term_norm, concept_norm, lexicon),
        leaning=models["leaning"],
        domain=models["domain"],
        usage=_usage(numbers),
        thresholds=_thresholds(written["thresholds"]),
        function_words=FunctionWords(frozenset(words["english"]), foreign),
        provenance=_provenance(written["provenance"]),
    )


def _read_weights(content: bytes) -> tuple[dict[str, int], dict[str, tuple[float, ...]]]:
    """Read the vocabulary and the arrays of numbers, and nothing else that the file may hold."""
    import numpy as np

    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        terms = arrays["terms"]
        columns = {name: arrays[name] for name in _NUMBERS}
    _require(terms.dtype == np.uint8, "terms")
    vocabulary = {term: index for index, term in enumerate(terms.tobytes().decode("utf-8").split("\n")) if term}
    for name, column in columns.items():
        plain = column.dtype == np.float64 and column.ndim == 1
        _require(plain and bool(np.all(np.abs(column) < _LARGEST)), name)
    return vocabulary, {name: tuple(column.tolist()) for name, column in columns.items()}


def _provenance(written: dict[str, Any]) -> dict[str, Any]:
    """Check what is shown of it; other entries may be anything."""
    for name, kinds in (("n_documents", int), ("versions", str), ("thresholds_out_of_fold", int | float)):
        entries = written.get(name, {})
        _require(isinstance(entries, dict) and all(isinstance(entry, kinds) for entry in entries.values()), name)
    return dict(written)


def _usage(numbers: Mapping[str, tuple[float, ...]]) -> ConceptUsage:
    first, second = numbers["presence_first_concepts"], numbers["presence_second_concepts"]
    matches = numbers["matches_concepts"]
    _require(all(0 <= fraction <= 1 for fraction in (*first, *second)), "presence")
    _require(all(count >= 1 for count in matches), "matches")
    return ConceptUsage((first, second), matches)


def _thresholds(written: dict[str, Any]) -> Thresholds:
    thresholds = Thresholds(
        int(written["evidence"]), _finite(written["domain_probability"]), _finite(written["probability"])
    )
    in_range = 0.5 <= thresholds.domain_probability <= 1 and 0.5 <= thresholds.probability <= 1
    _require(thresholds.evidence >= 0 and in_range, "thresholds")
    return thresholds


def _finite(value: object) -> float:
    """Take a number that can be computed with: no text, no truth value, no NaN, no infinity."""
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not math.isfinite(value)
        or abs(value) >= _LARGEST
    ):
        raise ValueError("a number is out of range")
    return float(value)


def _require(condition: bool, what: str) -> None:
    if not condition:
        raise ValueError(f"{what} out of order")


def _weights(bundle: Bundle) -> bytes:
    import numpy as np

    terms = "\n".join(sorted(bundle.space.vocabulary, key=bundle.space.vocabulary.__getitem__))
    content = io.BytesIO()
    np.savez_compressed(
        content,
        terms=np.frombuffer(terms.encode("utf-8"), dtype=np.uint8),
        idf=np.array(bundle.space.idf, dtype=np.float64),
        leaning_terms=np.array(bundle.leaning.term_weights, dtype=np.float64),
        leaning_concepts=np.array(bundle.leaning.concept_weights, dtype=np.float64),
        domain_terms=np.array(bundle.domain.term_weights, dtype=np.float64),
        domain_concepts=np.array(bundle.domain.concept_weights, dtype=np.float64),
        presence_first_concepts=np.array(bundle.usage.presence[0], dtype=np.float64),
        presence_second_concepts=np.array(bundle.usage.presence[1], dtype=np.float64),
        matches_concepts=np.array(bundle.usage.matches, dtype=np.float64),
    )
    return content.getvalue()


def _to_json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def _replace(path: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
