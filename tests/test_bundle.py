from __future__ import annotations

import hashlib
import io
import json
import pickle
import shutil

import numpy as np
import pytest

from roleclassify.classifier import default_bundle
from roleclassify.errors import BundleError
from roleclassify.model.bundle import SCHEMA_VERSION, read_bundle, write_bundle


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(default_bundle(), tmp_path / "bundle")


def test_bundle_survives_writing_and_reading(tmp_path):
    bundle = read_bundle(default_bundle())
    write_bundle(bundle, tmp_path / "copy")
    assert read_bundle(tmp_path / "copy") == bundle


def test_bundle_has_the_same_bytes_again(tmp_path):
    bundle = read_bundle(default_bundle())
    write_bundle(bundle, tmp_path / "copy")
    for name in ("bundle.json", "lexicon.json", "weights.npz"):
        assert (tmp_path / "copy" / name).read_bytes() == (default_bundle() / name).read_bytes()


def test_bundle_leaves_no_partial_files(tmp_path):
    write_bundle(read_bundle(default_bundle()), tmp_path / "copy")
    assert sorted(path.name for path in (tmp_path / "copy").iterdir()) == ["bundle.json", "lexicon.json", "weights.npz"]


def test_shipped_bundle_is_under_a_megabyte():
    assert (
        sum((default_bundle() / name).stat().st_size for name in ("bundle.json", "lexicon.json", "weights.npz"))
        < 1_000_000
    )


def test_shipped_bundle_has_no_term_of_names_or_benefits():
    vocabulary = read_bundle(default_bundle()).space.vocabulary
    words = {word for term in vocabulary for word in term.split()}
    assert not words & {
        "salary",
        "insurance",
        "london",
        "berlin",
        "january",
        "anna",
        "she",
        "pension",
        "scientist",
        "scientists",
        "hybrid",
        "age",
        "young",
        "women",
        "visa",
    }
    assert not any(word.isdigit() for word in words)


@pytest.mark.parametrize(
    ("name", "problem"),
    [("bundle.json", "no model bundle here"), ("lexicon.json", "cannot be read"), ("weights.npz", "cannot be read")],
)
def test_bundle_without_a_part_says_which(folder, name, problem):
    (folder / name).unlink()
    with pytest.raises(BundleError, match=rf"{problem}") as caught:
        read_bundle(folder)
    assert name in str(caught.value)


@pytest.mark.parametrize("name", ["lexicon.json", "weights.npz"])
def test_bundle_with_a_changed_part_is_refused(folder, name):
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(BundleError, match="vouches"):
        read_bundle(folder)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        json.dumps({"schema_version": SCHEMA_VERSION + 1, "sha256": {}}),
        json.dumps({"schema_version": SCHEMA_VERSION}),
    ],
)
def test_bundle_of_another_schema_is_refused(folder, content):
    (folder / "bundle.json").write_text(content, encoding="utf-8")
    with pytest.raises(BundleError, match=r"schema|not JSON"):
        read_bundle(folder)


@pytest.mark.parametrize(
    "change",
    [
        {"thresholds": {}},
        {"bias": {}},
        {"function_words": 3},
        {"bias": {"leaning": float("nan"), "domain": 0}},
        {"term_norm": 0},
        {"concept_norm": "1"},
        {"thresholds": {"evidence": 1, "domain_probability": 2, "probability": 0.6}},
        {"labels": ["a", "b"]},
        {"provenance": {"n_documents": [1, 2]}},
        {"provenance": {"versions": {"numpy": 2}}},
    ],
)
def test_bundle_whose_header_is_incomplete_is_refused(folder, change):
    written = json.loads((folder / "bundle.json").read_text(encoding="utf-8"))
    (folder / "bundle.json").write_text(json.dumps({**written, **change}), encoding="utf-8")
    with pytest.raises(BundleError, match="do not fit together"):
        read_bundle(folder)


def vouch_for(folder, name, content):
    """Replace a part and its hash: what somebody could send who means harm."""
    (folder / name).write_bytes(content)
    written = json.loads((folder / "bundle.json").read_text(encoding="utf-8"))
    written["sha256"][name] = hashlib.sha256(content).hexdigest()
    (folder / "bundle.json").write_text(json.dumps(written), encoding="utf-8")


def test_bundle_never_reads_a_pickle(folder):
    vouch_for(folder, "weights.npz", pickle.dumps({"terms": b""}))
    with pytest.raises(BundleError, match="do not fit together"):
        read_bundle(folder)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("leaning_terms", lambda values: np.full_like(values, np.nan)),
        ("domain_concepts", lambda values: np.full_like(values, np.inf)),
        ("idf", lambda values: values * 1e300),
        ("idf", lambda values: values[:-1]),
        ("leaning_concepts", lambda values: values[:, None]),
        ("domain_terms", lambda values: values.astype(str)),
        ("domain_terms", lambda values: values.astype(complex)),
        ("terms", lambda values: values[: len(values) // 2]),
        ("terms", lambda values: values.astype(object)),
        ("presence_first_concepts", lambda values: values + 1.0),
        ("presence_second_concepts", lambda values: values * np.nan),
        ("matches_concepts", lambda values: values * 0.0),
    ],
)
def test_bundle_whose_numbers_cannot_be_computed_with_is_refused(folder, name, change):
    with np.load(folder / "weights.npz") as arrays:
        columns = {key: arrays[key] for key in arrays.files}
    content = io.BytesIO()
    np.savez(content, **{**columns, name: change(columns[name])})
    vouch_for(folder, "weights.npz", content.getvalue())
    with pytest.raises(BundleError, match="do not fit together"):
        read_bundle(folder)


@pytest.mark.parametrize(
    "change",
    [
        lambda lexicon: lexicon.update(labels=["one", "one"]),
        lambda lexicon: lexicon.update(labels=["data-scientist", "undetermined"]),
        lambda lexicon: lexicon.update(labels=["b", "a"]),
        lambda lexicon: lexicon["concepts"][0].update(role="nurse"),
        lambda lexicon: lexicon["concepts"].pop(),
        lambda lexicon: lexicon["titles"].update(patterns=[["data-scientist", "("]]),
        lambda lexicon: lexicon.pop("contrasts"),
    ],
)
def test_bundle_whose_lexicon_is_out_of_order_is_refused(folder, change):
    lexicon = json.loads((folder / "lexicon.json").read_text(encoding="utf-8"))
    change(lexicon)
    vouch_for(folder, "lexicon.json", json.dumps(lexicon).encode())
    with pytest.raises(BundleError, match="do not fit together"):
        read_bundle(folder)


@pytest.mark.parametrize("name", ["bundle.json", "lexicon.json"])
def test_bundle_nested_without_end_is_refused(folder, name):
    if name == "bundle.json":
        (folder / name).write_text("[" * 100_000, encoding="utf-8")
    else:
        vouch_for(folder, name, b"[" * 100_000)
    with pytest.raises(BundleError):
        read_bundle(folder)
