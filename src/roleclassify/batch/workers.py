"""Blocks of rows in, chunks of output out, in order: in this process or in several."""

from __future__ import annotations

import itertools
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import cast

from roleclassify.batch.pool import receive, send
from roleclassify.batch.scorer import BatchScorer
from roleclassify.batch.tables.block import Block, Layout, Target
from roleclassify.batch.tables.table import read_rows
from roleclassify.batch.tally import Tally
from roleclassify.classifier import RoleClassifier
from roleclassify.errors import RoleClassifyError, TableError

_AHEAD_PER_WORKER = 2
"""Blocks for each worker that may be ahead of the oldest unfinished one; it bounds the chunks that wait their turn."""


@dataclass(frozen=True, slots=True)
class Work:
    """What it takes to score any block of one input; travels to a worker once.

    Attributes
    ----------
    source
        Name of the input.
    layout
        Of the input.
    target
        How rows and answers are written.
    evidence
        Pieces of evidence for each row.
    max_characters
        A row with a longer text has an error.
    """

    source: str
    classifier: RoleClassifier
    layout: Layout
    target: Target
    evidence: int
    max_characters: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """The output of one block.

    Attributes
    ----------
    number
        Of the block, from 0.
    content
        Bytes of the output.
    position
        Where the block ends in the input, in bytes.
    """

    number: int
    content: bytes
    position: int
    tally: Tally


class BlockError(RoleClassifyError):
    """A block that cannot be scored for a fault of this program.

    Parameters
    ----------
    where
        Name of the input, and where in it the block begins.
    kind
        Name of the exception's type. Its message is left out: it could hold some of the text.
    """

    def __init__(self, where: str, kind: str) -> None:
        super().__init__(
            f"{where}: the rows from here on cannot be scored ({kind}), which is a fault of this program; "
            "please report it, in these words"
        )
        self._parts = (where, kind)

    def __reduce__(self) -> tuple[type[BlockError], tuple[str, str]]:
        """Travel between processes."""
        return (type(self), self._parts)


class BlockScorer:
    """Scores one block after the other; keeps one scorer, and what that has learnt about words, for its life."""

    def __init__(self, work: Work, scorer: BatchScorer | None = None) -> None:
        self._source = work.source
        self._layout = work.layout
        self._target = work.target
        self._scorer = scorer or BatchScorer(
            work.classifier, evidence=work.evidence, max_characters=work.max_characters
        )

    def score(self, block: Block) -> Chunk:
        """Read the block's rows, answer them and write both.

        Raises
        ------
        TableError
            When the rows cannot be read, or not written as was asked for.
        BlockError
            When anything else goes wrong.
        """
        try:
            return self._score(block)
        except TableError:
            raise
        except Exception as error:
            unit = "row" if self._layout.form == "parquet" else "line"
            # Its own message, which could hold some of the text, is not to be shown as the cause either.
            raise BlockError(f"{self._source}, {unit} {block.line}", type(error).__name__) from None

    def outcome(self, block: Block) -> Chunk | RoleClassifyError:
        """Score, and give the error where that fails."""
        try:
            return self.score(block)
        except (TableError, BlockError) as error:
            return error

    def _score(self, block: Block) -> Chunk:
        rows = read_rows(block, self._layout)
        answers = self._scorer.score(rows.texts, rows.problems)
        content = self._target.encode(rows, answers)
        return Chunk(block.number, content, block.position, Tally.of(answers, rows.ragged))


def score_blocks(
    work: Work, blocks: Iterable[Block], workers: Sequence[Connection] = (), scorer: BatchScorer | None = None
) -> Generator[Chunk]:
    """Score blocks and yield their chunks in order, a bounded number ahead of the one who asks.

    Parameters
    ----------
    workers
        From :func:`roleclassify.batch.pool.start_workers`; without any, this process scores. The chunks do not depend
        on it.
    scorer
        One that has learnt words already, for this process; None makes one.

    Raises
    ------
    TableError, BlockError
        As :meth:`BlockScorer.score` does.
    WorkerDiedError
        When a worker was killed.
    """
    remaining = iter(blocks)
    first = list(itertools.islice(remaining, 2))
    if len(first) < 2 or not workers:
        yield from map(BlockScorer(work, scorer).score, itertools.chain(first, remaining))
        return
    for pipe in workers:
        send(pipe, work)
    yield from _score_with(workers, itertools.chain(first, remaining))


def _score_with(pipes: Sequence[Connection], blocks: Iterator[Block]) -> Iterator[Chunk]:
    """Keep every worker at it, one block each; the next block is cut in the meantime."""
    idle, busy = list(pipes), dict[Connection, int]()
    finished: dict[int, Chunk | RoleClassifyError] = {}  # those that wait their turn
    following = next(blocks, None)
    turn = following.number if following else 0
    while following or busy or finished:
        while following and idle and following.number < turn + _AHEAD_PER_WORKER * len(pipes):
            pipe = idle.pop()
            send(pipe, following)
            busy[pipe] = following.number
            following = next(blocks, None)
        if turn in finished:
            outcome = finished.pop(turn)
            if isinstance(outcome, RoleClassifyError):
                raise outcome
            yield outcome
            turn += 1
            continue
        for pipe in cast("list[Connection]", wait(list(busy))):
            finished[busy.pop(pipe)] = receive(pipe)
            idle.append(pipe)
