"""What the tests of tables share: answers that need no model, and a run in one process."""

from __future__ import annotations

import pickle
from pathlib import Path

from roleclassify.batch.answers import Answers, column_names
from roleclassify.batch.tables.table import open_source, plan_target, read_rows
from roleclassify.evidence.pieces import Piece

LABELS = ("first-role", "second-role")
ADDED = list(column_names(LABELS, "role_"))


def answers_for(rows, *, label="near-tie", error=None, piece="tool kit"):
    """The same answer to every row; a row's problem is its error."""
    n = len(rows.texts)
    evidence = (
        Piece(piece, "concept", LABELS[1], 0.25, (piece, "tool")),
        Piece("it's", "term", LABELS[0], -0.5, ("it's",)),
    )
    return Answers(
        LABELS,
        label=[label] * n,
        reason=[None] * n,
        probability=[0.75] * n,
        first_probability=[0.75] * n,
        second_probability=[0.25] * n,
        domain_probability=[0.5] * n,
        stated_title=[None] * n,
        title_mismatch=[False] * n,
        evidence=[evidence] * n,
        error=[rows.problems.get(position, error) for position in range(n)],
    )


def score(
    folder: Path,
    content: bytes,
    *,
    input_name="in.csv",
    name="out.csv",
    form=None,
    input_form=None,
    text_column=None,
    block_bytes=2**21,
) -> bytes:
    """Run a whole table through, as an engine of one process would; layout, blocks and target travel as pickles."""
    source_path, output = folder / input_name, folder / name
    source_path.write_bytes(content)
    chunks = folder / "chunks"
    with open_source(str(source_path), form=input_form, text_column=text_column) as source, chunks.open("wb") as file:
        target = plan_target(source.layout, labels=LABELS, prefix="role_", path=str(output), form=form)
        file.write(target.header())
        layout, target = pickle.loads(pickle.dumps((source.layout, target)))
        numbers = []
        for block in source.blocks(block_bytes):
            numbers.append(block.number)
            rows = read_rows(pickle.loads(pickle.dumps(block)), layout)
            file.write(target.encode(rows, answers_for(rows)))
        assert numbers == list(range(len(numbers)))
    target.finish(chunks, output)
    assert not chunks.exists()
    return output.read_bytes()
