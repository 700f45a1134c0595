"""Data frames in, the same frames with answers out."""

from __future__ import annotations

import sys

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import roleclassify
from roleclassify.batch.answers import column_names
from roleclassify.errors import MissingExtraError, TableUsageError

ML = (
    "We deploy models to Kubernetes with CI/CD, watch drift in production, and run a feature store and "
    "training pipelines on Airflow. You own low-latency inference and model serving."
)
DS = (
    "Design A/B tests with product managers, estimate causal effects, and present findings to stakeholders "
    "with dashboards. You know statistics, hypothesis testing and SQL."
)
NURSE = "Care for patients on the ward, give medication, keep charts, and work night shifts with the team."
TITLED = f"Data Scientist\n\n{ML}"

LIBRARIES = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.table}
NAMES = column_names(("data-scientist", "ml-engineer"), "role_")

texts = st.one_of(
    st.none(),
    st.sampled_from([ML, DS, NURSE, TITLED, "", "  \n", "Données et modèles", "R, C++ and SQL"]),
    st.lists(st.sampled_from([*ML.split(), *DS.split(), "[ROLE]", "\n", "a@b.org"]), max_size=30).map(" ".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
)


def column(frame, name):
    """Values of a column; what the library holds to be missing is None."""
    to_list = {pd.DataFrame: "tolist", pl.DataFrame: "to_list", pa.Table: "to_pylist"}[type(frame)]
    values = getattr(frame[name], to_list)()
    if isinstance(frame, pd.DataFrame):
        return [None if pd.isna(value) else value for value in values]
    return values


def names_of(frame):
    return frame.column_names if isinstance(frame, pa.Table) else list(frame.columns)


@pytest.mark.parametrize("library", LIBRARIES)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(texts, max_size=30))
def test_answers_are_those_of_classify(library, classifier, rows):
    before = LIBRARIES[library]({"id": list(range(len(rows))), "text": pa.array(rows, pa.string())})
    after = roleclassify.score_frame(before, "text", classifier=classifier)

    assert type(after) is type(before)
    assert names_of(before) == ["id", "text"]
    assert names_of(after) == ["id", "text", *NAMES]
    assert column(after, "id") == list(range(len(rows)))
    assert column(after, "text") == rows
    results = [classifier.classify(text or "") for text in rows]
    assert column(after, "role_label") == [result.label for result in results]
    assert column(after, "role_reason") == [result.reason and result.reason.value for result in results]
    assert column(after, "role_stated_title") == [result.stated_title for result in results]
    assert column(after, "role_title_mismatch") == [
        result.stated_title != result.label if result.stated_title and not result.reason else None for result in results
    ]
    assert column(after, "role_evidence") == column(after, "role_error") == [None] * len(rows)
    for name, expected in {
        "role_probability": [result.probability for result in results],
        "role_p_data_scientist": [result.probabilities["data-scientist"] for result in results],
        "role_p_ml_engineer": [result.probabilities["ml-engineer"] for result in results],
        "role_domain_probability": [result.domain and result.domain.probability for result in results],
    }.items():
        assert column(after, name) == [value if value is None else pytest.approx(value, abs=1e-9) for value in expected]


PANDAS = {
    "str": pd.Series([ML, None, DS], dtype="str"),
    "string": pd.Series([ML, pd.NA, DS], dtype="string"),
    "object": pd.Series([f"\ud800 {ML}", float("nan"), DS], dtype="object"),  # half of a pair: no valid Unicode
    "arrow": pd.Series([ML, None, DS], dtype=pd.ArrowDtype(pa.large_string())),
    "category": pd.Series([ML, None, DS], dtype="category"),
}
POLARS = {
    "string": pl.Series([ML, None, DS], dtype=pl.String),
    "categorical": pl.Series([ML, None, DS], dtype=pl.Categorical),
    "enum": pl.Series([ML, None, DS], dtype=pl.Enum([DS, ML])),
    "object": pl.Series([ML, None, DS], dtype=pl.Object),
}
PYARROW = {
    "string": pa.array([ML, None, DS]),
    "large": pa.array([ML, None, DS], pa.large_string()),
    "view": pa.array([ML, None, DS], pa.string_view()),
    "dictionary": pa.array([ML, None, DS]).dictionary_encode(),
    "chunks": pa.chunked_array([[ML], [], [None, DS]], pa.string()),
}
COLUMNS = {
    **{f"pandas {name}": pd.DataFrame({"text": values}) for name, values in PANDAS.items()},
    **{f"polars {name}": pl.DataFrame({"text": values}) for name, values in POLARS.items()},
    **{f"pyarrow {name}": pa.table({"text": values}) for name, values in PYARROW.items()},
}


@pytest.mark.parametrize("before", COLUMNS.values(), ids=COLUMNS.keys())
def test_every_type_of_text_column(before, classifier):
    after = roleclassify.score_frame(before, "text", classifier=classifier)
    assert column(after, "role_label") == ["ml-engineer", "undetermined", "data-scientist"]
    assert column(after, "role_reason") == [None, "empty", None]
    assert column(after, "role_error") == [None, None, None]
    # The text column is as it was, type and all.
    if isinstance(before, pd.DataFrame):
        pd.testing.assert_frame_equal(after[["text"]], before)
    else:
        assert after.select(["text"]).schema == before.schema
        assert column(after, "text") == column(before, "text")


@pytest.mark.parametrize("n_rows", [0, 1, 3])
def test_types_of_the_new_columns(n_rows, classifier):
    # Three times nothing: a column without any value keeps its type too.
    rows = {"text": pa.array([None] * n_rows, pa.string())}
    pandas, polars, pyarrow = (
        roleclassify.score_frame(make(rows), "text", classifier=classifier) for make in LIBRARIES.values()
    )
    string = str(pd.Series(["x"], dtype="str").dtype)  # object before pandas 3
    numbers = [name for name in NAMES if "probability" in name or "_p_" in name]
    for name in NAMES:
        kind = "number" if name in numbers else "boolean" if name == "role_title_mismatch" else "string"
        assert str(pandas[name].dtype) == {"number": "float64", "boolean": "boolean", "string": string}[kind]
        assert polars[name].dtype == {"number": pl.Float64, "boolean": pl.Boolean, "string": pl.String}[kind]
        assert str(pyarrow[name].type) == {"number": "double", "boolean": "bool", "string": "string"}[kind]
    assert [len(pandas), len(polars), len(pyarrow)] == [n_rows] * 3


NO_STRINGS = {
    "pandas mixed": (pd.DataFrame({"text": [7, None, b"bytes", pd.NaT, pd.NA, float("nan"), ["x"], ML]}), "pPpPPPpp"),
    "pandas floats": (pd.DataFrame({"text": [1.5, float("nan")]}), "pP"),
    "polars floats": (pl.DataFrame({"text": [1.5, float("nan"), None]}), "pPP"),
    "polars dates": (pl.DataFrame({"text": pl.Series([0, None]).cast(pl.Date)}), "pP"),
    "pyarrow lists": (pa.table({"text": [["x"], None]}), "pP"),
    "pyarrow bytes": (pa.table({"text": [b"secret", None]}), "pP"),
}


@pytest.mark.parametrize(("before", "expected"), NO_STRINGS.values(), ids=NO_STRINGS.keys())
def test_value_that_is_no_string_has_an_error_in_its_place(before, expected, classifier):
    after = roleclassify.score_frame(before, "text", classifier=classifier)
    values = column(before, "text") if not isinstance(before, pd.DataFrame) else list(before["text"])
    for value, wanted, reason, error in zip(
        values, expected, column(after, "role_reason"), column(after, "role_error"), strict=True
    ):
        if wanted == "P":
            assert (reason, error) == ("empty", None)
        elif isinstance(value, str):
            assert (reason, error) == (None, None)
        else:
            assert reason is None
            assert error == f"a value of type {type(value).__name__} is no text; convert the column to strings"
            assert "secret" not in error


INDEXES = {
    "strings": pd.Index(["c", "a", "b"], name="key"),
    "duplicates": pd.Index([4, 4, 4]),
    "several levels": pd.MultiIndex.from_tuples([("x", 1), ("x", 1), ("y", 0)], names=["site", "number"]),
    "dates": pd.date_range("2024-01-01", periods=3, freq="D"),
    "missing": pd.Index([None, "a", None], dtype="object"),
}


@pytest.mark.parametrize("index", INDEXES.values(), ids=INDEXES.keys())
def test_pandas_index_is_kept(index, classifier):
    before = pd.DataFrame({"text": [ML, "", DS], 3: [1, 2, 3]}, index=index)
    before.attrs["kept"] = True
    copy = before.copy(deep=True)
    after = roleclassify.score_frame(before, "text", classifier=classifier)
    pd.testing.assert_frame_equal(before, copy)
    pd.testing.assert_frame_equal(after[["text", 3]], before)
    assert after.attrs == {"kept": True}
    assert list(after["role_label"]) == ["ml-engineer", "undetermined", "data-scientist"]


def test_slice_of_a_pandas_frame(classifier):
    before = pd.DataFrame({"text": [ML, DS] * 4})[1::3]
    after = roleclassify.score_frame(before, "text", classifier=classifier)
    assert list(after.index) == [1, 4, 7]
    assert list(after["role_label"]) == ["data-scientist", "ml-engineer", "data-scientist"]


def test_subclass_and_metadata_are_kept(classifier):
    class Export(pd.DataFrame):
        @property
        def _constructor(self):
            return Export

    assert type(roleclassify.score_frame(Export({"text": [ML]}), "text", classifier=classifier)) is Export
    table = pa.table({"text": [ML]}).replace_schema_metadata({"made by": "hand"})
    assert roleclassify.score_frame(table, "text", classifier=classifier).schema.metadata == {b"made by": b"hand"}


@pytest.mark.parametrize("library", LIBRARIES)
def test_evidence_prefix_and_longest_text(library, classifier):
    before = LIBRARIES[library]({"text": [ML, TITLED, "", NURSE * 20]})
    after = roleclassify.score_frame(
        before, "text", classifier=classifier, evidence=2, prefix="fit ", max_characters=len(TITLED)
    )
    assert names_of(after)[1] == "fit label"
    first, titled, empty, long = column(after, "fit evidence")
    assert len(first.split("; ")) == 2
    name, contribution = first.split("; ")[0].rsplit(" ", 1)
    strongest = {piece.feature: piece.contribution for piece in classifier.explain(ML).leaning.contributions}
    assert contribution == f"{strongest[name]:+.2f}"
    assert titled and empty is None and long is None
    assert column(after, "fit title_mismatch") == [None, True, None, None]
    assert column(after, "fit label")[3] == "undetermined"
    assert column(after, "fit error")[:3] == [None, None, None]
    assert str(len(TITLED)) in column(after, "fit error")[3]


def test_rows_are_scored_in_slices_and_stay_in_order(classifier, monkeypatch):
    from roleclassify.integrations import frames

    sizes = []

    class Watched(frames.BatchScorer):
        def score(self, texts, problems=None):
            sizes.append(len(texts))
            return super().score(texts, problems)

    monkeypatch.setattr(frames, "BatchScorer", Watched)
    rows = ["", 5] * 600 + [ML]
    after = roleclassify.score_frame(pd.DataFrame({"text": rows}), "text", classifier=classifier)
    assert sizes == [500, 500, 201]
    assert list(after["role_error"].notna()) == [value == 5 for value in rows]
    assert after["role_label"].iloc[-1] == "ml-engineer"


@pytest.mark.parametrize("name", ["Job_Description", "resume", "TEXT", " body"])
def test_the_one_column_with_a_usual_name_is_read(name, classifier):
    before = pd.DataFrame({"title": ["x"], name: [ML], 7: [0]})
    assert list(roleclassify.score_frame(before, classifier=classifier)["role_label"]) == ["ml-engineer"]


WRONG = {
    "missing column": (pd.DataFrame({"a": [1], "b": [2]}), "text", r"no column 'text'; columns: 'a', 'b'; .*text="),
    "no column at all": (pd.DataFrame(), "text", r"no column 'text'; columns: none; "),
    "no usual name": (pl.DataFrame({"a": [1]}), None, r"no column has a usual name.*columns: 'a'; .*text="),
    "numbered columns": (pd.DataFrame([["x", "y"]]), None, r"no column has a usual name.*columns: '0', '1'; .*text="),
    "two usual names": (pa.table({"text": ["x"], "Body": ["y"]}), None, r"several columns.*: 'text', 'Body'; .*text="),
    "column there": (pl.DataFrame({"text": ["x"], "role_error": [1]}), None, r"already 'role_error'; .*prefix="),
    "lazy": (pl.LazyFrame({"text": ["x"]}), "text", r"polars LazyFrame: it is lazy.*call collect\(\) first"),
    "series": (pl.Series(["secret"]), "text", r"polars Series: not a data frame; pass one of pandas"),
    "dict": ({"text": ["secret"]}, "text", r"dict: not a data frame"),
    "none": (None, None, r"NoneType: not a data frame"),
    "same name, pandas": (pd.DataFrame([["secret", "y"]], columns=["text", "text"]), None, "same name; rename"),
    "same name, pyarrow": (pa.table([["secret"], ["y"]], names=["text", "text"]), None, "same name; rename"),
}


@pytest.mark.parametrize(("frame", "text", "message"), WRONG.values(), ids=WRONG.keys())
def test_wrong_frame_says_what_to_do(frame, text, message, classifier):
    with pytest.raises(TableUsageError, match=message) as caught:
        roleclassify.score_frame(frame, text, classifier=classifier)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_without_narwhals_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "narwhals.stable.v1", None)
    with pytest.raises(MissingExtraError, match=r"narwhals.*roleclassify\[frames\]"):
        roleclassify.score_frame(pd.DataFrame({"text": [ML]}), "text")


def test_the_shipped_model_is_the_default():
    after = roleclassify.score_frame(pl.DataFrame({"text": [ML]}), "text")
    assert after["role_label"].to_list() == ["ml-engineer"]
