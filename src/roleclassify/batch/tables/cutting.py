"""Cut a stream of lines into blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from roleclassify.batch.tables.block import Block
from roleclassify.batch.tables.csv_records import n_line_ends
from roleclassify.batch.tables.stream import Stream


def line_blocks(
    stream: Stream, stored: Stream, last_end: Callable[[bytes, bool], int], line: int, block_bytes: int
) -> Iterator[Block]:
    """Cut a stream where ``last_end`` finds that a record ends in its first ``block_bytes``, or twice that, and so on.

    ``last_end`` is also told whether nothing follows; then it must find one.

    Where it is cut so depends on the content alone, not on how it comes in.
    """
    number = 0
    n_bytes = block_bytes
    while content := stream.peek(n_bytes):
        is_short = len(content) < n_bytes
        end = last_end(content, is_short and stream.failure is None)
        if not end and is_short and stream.failure is not None:
            raise stream.failure
        if not end:
            n_bytes *= 2
            continue
        n_bytes = block_bytes
        taken = stream.read(end)
        yield Block(number, taken, line, stored.taken)
        number += 1
        line += n_line_ends(taken, 0, end)
