"""The model as a folder of plain data: ``bundle.json``, ``lexicon.json`` and ``weights.npz``."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from roleclassify.errors import BundleError
from roleclassify.lexicon.compiled import CompiledLexicon
from roleclassify.model.decision import Thresholds
from roleclassify.model.features import FeatureSpace
from roleclassify.model.linear import LinearModel
from roleclassify.text.language import FunctionWords

SCHEMA_VERSION = 1
"""Raised whenever a reader of the version before could not read the folder."""

_PARTS = ("lexicon.json", "weights.npz")


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
        Log-odds of a data or machine-learning role against any other occupation.
    provenance
        What it was trained on and with; plain JSON values.
    """

    name: str
    version: str
    space: FeatureSpace
    leaning: LinearModel
    domain: LinearModel
    thresholds: Thresholds
    function_words: FunctionWords
    provenance: Mapping[str, Any] = field(default_factory=dict)

    @property
    def labels(self) -> tuple[str, str]:
        """The two labels; a positive score leans to the second."""
        return self.space.lexicon.labels


def write_bundle(bundle: Bundle, folder: Path) -> None:
    """Write a bundle; equal bundles give equal bytes.

    Each file appears whole or not at all, and ``bundle.json``, which vouches for the others, comes last.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parts = {"lexicon.json": _to_json(bundle.space.lexicon.to_json()), "weights.npz": _weights(bundle)}
    written = {
        "schema_version": SCHEMA_VERSION,
        "name": bundle.name,
        "version": bundle.version,
        "labels": list(bundle.labels),
        "thresholds": asdict(bundle.thresholds),
        "term_norm": bundle.space.term_norm,
        "concept_scale": bundle.space.concept_scale,
        "bias": {"leaning": bundle.leaning.bias, "domain": bundle.domain.bias},
        "function_words": {
            "english": sorted(bundle.function_words.english),
            "foreign": {word: list(languages) for word, languages in sorted(bundle.function_words.foreign.items())},
        },
        "provenance": dict(bundle.provenance),
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in parts.items()},
    }
    for name, content in {**parts, "bundle.json": _to_json(written)}.items():
        _replace(folder / name, content)


def read_bundle(folder: Path) -> Bundle:
    """Read a bundle; nothing in it is executed.

    Raises
    ------
    BundleError
        When a part is missing, its hash differs, or the schema is another.
    """
    written = _read_header(folder)
    parts = {name: _read_part(folder, name, written["sha256"].get(name)) for name in _PARTS}
    try:
        return _build(written, json.loads(parts["lexicon.json"]), parts["weights.npz"])
    except (KeyError, TypeError, ValueError, AttributeError, zipfile.BadZipFile) as error:
        raise BundleError(
            str(folder), f"its parts do not fit together ({type(error).__name__})", "train or fetch it again"
        ) from error


def _read_header(folder: Path) -> dict[str, Any]:
    path = folder / "bundle.json"
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        why = f"no model bundle here ({path.name}: {error.strerror})"
        raise BundleError(str(folder), why, "name a folder that `roleclassify train` wrote") from error
    except ValueError as error:
        raise BundleError(str(folder), f"{path.name} is not JSON", "train or fetch it again") from error
    version = written.get("schema_version") if isinstance(written, dict) else None
    if version != SCHEMA_VERSION or not isinstance(written.get("sha256"), dict):
        why = f"schema version {version!r}, this program reads {SCHEMA_VERSION}"
        raise BundleError(str(folder), why, "train it again or use the program version that wrote it")
    return dict(written)


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
    import numpy as np

    with np.load(io.BytesIO(weights), allow_pickle=False) as arrays:
        columns = {name: arrays[name] for name in arrays.files}
    vocabulary = {
        term: index for index, term in enumerate(columns["terms"].tobytes().decode("utf-8").split("\n")) if term
    }
    lexicon = CompiledLexicon.from_json(lexicon_json)
    n_terms, n_concepts = len(vocabulary), len(lexicon.concepts)
    models = {}
    for question in ("leaning", "domain"):
        of_terms, of_concepts = columns[f"{question}_terms"], columns[f"{question}_concepts"]
        if of_terms.shape != (n_terms,) or of_concepts.shape != (n_concepts,):
            raise ValueError("weights and features differ in number")
        models[question] = LinearModel(
            float(written["bias"][question]), tuple(of_terms.tolist()), tuple(of_concepts.tolist())
        )
    words = written["function_words"]
    foreign = {word: tuple(languages) for word, languages in words["foreign"].items()}
    return Bundle(
        name=written["name"],
        version=written["version"],
        space=FeatureSpace(
            vocabulary,
            tuple(columns["idf"].tolist()),
            float(written["term_norm"]),
            lexicon,
            float(written["concept_scale"]),
        ),
        leaning=models["leaning"],
        domain=models["domain"],
        thresholds=Thresholds(**written["thresholds"]),
        function_words=FunctionWords(frozenset(words["english"]), foreign),
        provenance=written["provenance"],
    )


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
