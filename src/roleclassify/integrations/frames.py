"""Data frames in, the same frames with answers out: pandas, polars, pyarrow and what else narwhals reads eagerly."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from roleclassify.batch.answers import Answers, column_names
from roleclassify.batch.scorer import MAX_CHARACTERS, BatchScorer
from roleclassify.batch.tables.answer_cells import evidence_text
from roleclassify.batch.tables.columns import is_text_name, listed
from roleclassify.classifier import RoleClassifier, load
from roleclassify.errors import MissingExtraError, TableUsageError

if TYPE_CHECKING:
    import narwhals.stable.v1 as nw

FrameT = TypeVar("FrameT")

_ROWS = 500
"""Rows scored at once: what bounds memory, beside the frame and its answers."""

_KINDS: dict[str, Literal["string", "number", "boolean"]] = {
    "label": "string",
    "reason": "string",
    "probability": "number",
    "first_probability": "number",
    "second_probability": "number",
    "domain_probability": "number",
    "stated_title": "string",
    "title_mismatch": "boolean",
    "evidence": "string",
    "error": "string",
}
"""Attribute of ``Answers`` to what its column holds, in the order of ``column_names``."""


def score_frame(
    df: FrameT,
    text: str | None = None,
    *,
    classifier: RoleClassifier | None = None,
    evidence: int = 0,
    prefix: str = "role_",
    max_characters: int = MAX_CHARACTERS,
) -> FrameT:
    """Give a data frame with an answer for each row.

    Parameters
    ----------
    df
        An eager data frame of pandas, polars or pyarrow, or of another library that narwhals reads; it is not changed.
    text
        Name of the column to read; None is the only one whose name is among text, description, job_description,
        jobdescription, resume, resume_text, body, content (case-blind). A missing value is answered as an empty text
        is; one that is no string has an error.
    classifier
        The model; None is the shipped one.
    evidence
        Pieces of evidence for each row, written as text with contributions in log-odds.
    prefix
        What the names of the new columns begin with.
    max_characters
        A longer text is not scored; its answer has an error.

    Returns
    -------
    FrameT
        The same type, with the same n rows, order, index and columns, and ten new columns after them: label, reason,
        probability, one ``p_`` column for each label, domain_probability, stated_title, title_mismatch, evidence and
        error. Probabilities are floats in [0, 1], ``title_mismatch`` is a nullable boolean, the others are strings;
        what does not apply is missing, as the library writes it.

    Raises
    ------
    TableUsageError
        When ``df`` is no eager data frame, has no such column, or has one of the new columns already.
    MissingExtraError
        When narwhals is not installed.

    Examples
    --------
    >>> import pandas
    >>> postings = pandas.DataFrame({"body": ["Deploy models to Kubernetes with CI/CD.", None]})
    >>> score_frame(postings)["role_reason"][1]
    'empty'
    """
    frame = _eager(df)
    classifier = classifier or load()
    names = dict(zip(_KINDS, column_names(classifier.labels, prefix), strict=True))
    column = frame.get_column(_text_column(frame.columns, text))
    if taken := [name for name in names.values() if name in frame.columns]:
        raise TableUsageError("data frame", f"it has already {listed(taken)}", "choose other names with prefix=")
    scorer = BatchScorer(classifier, evidence=evidence, max_characters=max_characters)
    columns = _answer_columns(column, scorer)
    append = _append_to_pandas if frame.implementation.is_pandas_like() else _append
    return cast(FrameT, append(frame, columns, names))


def _eager(df: object) -> nw.DataFrame[Any]:
    try:
        import narwhals.stable.v1 as nw
    except ModuleNotFoundError as error:
        raise MissingExtraError("scoring a data frame", "narwhals", "frames") from error
    kind = f"{type(df).__module__.partition('.')[0]} {type(df).__name__}"
    try:
        frame = nw.from_native(df, pass_through=True)
    except ValueError as error:  # pandas and pyarrow allow two columns of one name
        raise TableUsageError(kind, "two columns have the same name", "rename one of them") from error
    if isinstance(frame, nw.LazyFrame):
        raise TableUsageError(kind, "it is lazy and has no rows yet", "call collect() first")
    if not isinstance(frame, nw.DataFrame):
        raise TableUsageError(kind, "not a data frame", "pass one of pandas, polars or pyarrow")
    return frame


def _text_column(columns: Sequence[str], named: str | None) -> str:
    """Choose the column as ``roleclassify score`` does."""
    if named is not None:
        found, why = [name for name in columns if name == named], f"no column {named!r}"
    else:
        found = [name for name in columns if isinstance(name, str) and is_text_name(name)]
        why = "several columns could hold the texts" if found else "no column has a usual name for texts"
    if len(found) == 1:
        return found[0]
    names = listed([str(name) for name in columns])
    raise TableUsageError("data frame", f"{why}; columns: {names}", "choose one with text=")


def _answer_columns(texts: nw.Series[Any], scorer: BatchScorer) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {attribute: [] for attribute in _KINDS}
    for first in range(0, len(texts), _ROWS):
        part = texts[first : first + _ROWS]
        answers = scorer.score(*_strings(part.to_list(), part.is_null().to_list()))
        for attribute, values in columns.items():
            values.extend(getattr(answers, attribute) if attribute != "evidence" else _evidence(answers))
    return columns


def _strings(values: Sequence[object], missing: Sequence[bool]) -> tuple[list[str | None], dict[int, str]]:
    """Tell texts and missing values (None) from problems."""
    texts: list[str | None] = []
    problems: dict[int, str] = {}
    for position, (value, is_missing) in enumerate(zip(values, missing, strict=True)):
        texts.append(value if isinstance(value, str) else None)
        is_nan = isinstance(value, float) and math.isnan(value)  # polars and pyarrow do not count it as missing
        if not (isinstance(value, str) or is_missing or is_nan):
            problems[position] = f"a value of type {type(value).__name__} is no text; convert the column to strings"
    return texts, problems


def _evidence(answers: Answers) -> list[str | None]:
    return [evidence_text(pieces) or None for pieces in answers.evidence]


def _append(frame: nw.DataFrame[Any], columns: dict[str, list[Any]], names: dict[str, str]) -> object:
    import narwhals.stable.v1 as nw

    dtypes: dict[str, Any] = {"string": nw.String, "number": nw.Float64, "boolean": nw.Boolean}
    added = nw.from_dict(
        {names[attribute]: values for attribute, values in columns.items()},
        {names[attribute]: dtypes[kind] for attribute, kind in _KINDS.items()},
        backend=frame.implementation,
    )
    return frame.with_columns(*added.iter_columns()).to_native()


def _append_to_pandas(frame: nw.DataFrame[Any], columns: dict[str, list[Any]], names: dict[str, str]) -> object:
    """Append without narwhals: it has no missing value for a boolean of pandas."""
    import narwhals.stable.v1 as nw

    native, pandas = frame.to_native(), nw.get_native_namespace(frame)
    dtypes = {"string": "str", "number": "float64", "boolean": "boolean"}
    series = {
        names[attribute]: pandas.Series(values, index=native.index, dtype=dtypes[_KINDS[attribute]])
        for attribute, values in columns.items()
    }
    return native.assign(**series)
