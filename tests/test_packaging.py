"""What is installed works: wheel, sdist, editable."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import roleclassify
from conftest import ROOT
from roleclassify.classifier import default_bundle

CODE = """
import roleclassify
print(roleclassify.__file__)
print(roleclassify.load().classify("Deploy models with Docker and Kubernetes.").label)
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Wheel and sdist, built with what is installed, without a network."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT], check=True, capture_output=True
    )
    return folder


def run_from(folder, tmp_path):
    program = f"import sys; sys.path.insert(0, {str(folder)!r})\n{CODE}"
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    where, label = done.stdout.split()
    assert Path(where).is_relative_to(folder)
    return label


def test_wheel_works_when_installed(built, tmp_path):
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        archive.extractall(tmp_path / "site")
    assert "roleclassify/models/ds-vs-mle/bundle.json" in names
    assert "roleclassify/lexicon/ds_mle.toml" in names
    assert "roleclassify/py.typed" in names
    assert not [name for name in names if name.startswith(("tests", "data", "examples"))]
    assert run_from(tmp_path / "site", tmp_path) == "ml-engineer"


def test_sdist_holds_the_sources_and_works_unpacked(built, tmp_path):
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (folder,) = [path for path in tmp_path.iterdir() if path.is_dir()]
    for name in (
        "models/ds-vs-mle/bundle.json",
        "tests/conftest.py",
        "data/labeled/documents.jsonl",
        "Makefile",
        "constraints.txt",
        "LICENSE",
    ):
        assert (folder / name).is_file()
    assert not list(folder.glob("**/.venv"))
    assert run_from(folder / "src", tmp_path) == "ml-engineer"


def test_editable_install_finds_the_model_of_the_checkout():
    if not Path(roleclassify.__file__).is_relative_to(ROOT):
        pytest.skip("the package is not installed editable")
    assert default_bundle() == ROOT / "models" / "ds-vs-mle"


def test_missing_model_says_what_to_do(monkeypatch, tmp_path):
    from roleclassify import classifier
    from roleclassify.errors import BundleError

    monkeypatch.setattr(classifier, "__file__", str(tmp_path / "a" / "b" / "classifier.py"))
    with pytest.raises(BundleError, match="install roleclassify again"):
        default_bundle()


def test_version_is_the_same_everywhere():
    assert f'version = "{roleclassify.__version__}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_constraints_pin_every_package_and_name_no_address():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert all(line.count("==") == 1 and "/" not in line and "@" not in line for line in pins)
    assert {"numpy", "scikit-learn", "spacy", "pdfminer.six", "pytest"} <= {
        line.split("==")[0].lower() for line in pins
    }
