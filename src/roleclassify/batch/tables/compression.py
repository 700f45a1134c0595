"""Compressed input, told by its first bytes; compressed output, told by its name."""

from __future__ import annotations

import bz2
import gzip
import zlib
from collections.abc import Callable
from pathlib import PurePath
from typing import BinaryIO, Literal, cast

from roleclassify.batch.tables.arrow import import_pyarrow
from roleclassify.batch.tables.stream import Stream
from roleclassify.errors import TableError

Compression = Literal["gz", "bz2", "zst"]

_SUFFIXES: dict[str, Compression] = {".gz": "gz", ".gzip": "gz", ".bz2": "bz2", ".zst": "zst", ".zstd": "zst"}
_BLOCK_MAGIC = (b"\x31\x41\x59\x26\x53\x59", b"\x17\x72\x45\x38\x50\x90")  # "BZh" alone could be a column's name
_READ_BYTES = 2**16
_GZIP_LEVEL, _BZ2_LEVEL = 6, 9


def compression_of_name(name: str) -> tuple[Compression | None, str]:
    """Split a file's name into how it is compressed and the name without that.

    Examples
    --------
    >>> compression_of_name("postings.csv.GZ"), compression_of_name("postings.csv")
    (('gz', 'postings.csv'), (None, 'postings.csv'))
    """
    compression = _SUFFIXES.get(PurePath(name).suffix.lower())
    return compression, str(PurePath(name).with_suffix("")) if compression else name


def compression_of_content(head: bytes) -> Compression | None:
    """Tell how content is compressed by its first ten bytes."""
    if head.startswith(b"\x1f\x8b\x08"):
        return "gz"
    if head.startswith(b"BZh") and head[4:10] in _BLOCK_MAGIC:
        return "bz2"
    return "zst" if head.startswith(b"\x28\xb5\x2f\xfd") else None


def decompressed(stored: Stream, source: str) -> Stream:
    """Unpack what is compressed; members or frames one after the other are one content.

    Reading raises TableError where the input is damaged, cut short, or cannot be read.
    """
    compression = compression_of_content(stored.peek(10))
    if compression is None:
        return stored
    read = _reader(compression, stored)

    def checked(n_bytes: int) -> bytes:
        try:
            # What a failing call had unpacked already is lost: small calls lose little.
            return read(min(n_bytes, _READ_BYTES))
        except TableError:
            raise
        except (OSError, EOFError, ValueError, zlib.error) as error:
            raise TableError(
                source, f"its {compression} compression is damaged or cut short", "get the file again"
            ) from error

    return Stream(checked)


def _reader(compression: Compression, stored: Stream) -> Callable[[int], bytes]:
    # Neither of the other two asks for more of a file than to be read.
    if compression == "bz2":
        return _Bz2Members(stored).read
    if compression == "gz":
        return gzip.GzipFile(fileobj=cast("BinaryIO", stored), mode="rb").read1
    pyarrow = import_pyarrow("zstd compression")
    file = pyarrow.PythonFile(stored, mode="r")
    return cast("Callable[[int], bytes]", pyarrow.CompressedInputStream(file, "zstd").read)


class _Bz2Members:
    """Unpacks bzip2 streams one after the other; ``bz2.BZ2File`` takes damage in a later one for the end."""

    def __init__(self, stored: Stream) -> None:
        self._stored = stored
        self._member = bz2.BZ2Decompressor()

    def read(self, n_bytes: int) -> bytes:
        while True:
            packed = b""
            if self._member.eof:
                packed = self._member.unused_data or self._stored.read(_READ_BYTES)
                if not packed:
                    return b""
                self._member = bz2.BZ2Decompressor()
            elif self._member.needs_input:
                packed = self._stored.read(_READ_BYTES)
                if not packed:
                    raise EOFError
            content = self._member.decompress(packed, n_bytes)
            if content:
                return content


def compress(content: bytes, compression: Compression | None) -> bytes:
    """Pack bytes as a member, stream or frame of their own; the same bytes give the same."""
    if compression is None:
        return content
    if compression == "gz":
        return gzip.compress(content, _GZIP_LEVEL, mtime=0)
    if compression == "bz2":
        return bz2.compress(content, _BZ2_LEVEL)
    return cast("bytes", import_pyarrow("zstd compression").Codec("zstd").compress(content, asbytes=True))


def require_codec(compression: Compression | None) -> None:
    """Raise MissingExtraError when the compression needs a package that is missing."""
    if compression == "zst":
        import_pyarrow("zstd compression")
