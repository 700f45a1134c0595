"""A stream of bytes in any encoding into a stream of UTF-8."""

from __future__ import annotations

import codecs
import re

from roleclassify.batch.tables.stream import Stream
from roleclassify.errors import TableError
from roleclassify.text.reading.charset import decode
from roleclassify.text.reading.signatures import ZIP, refusal

_SAMPLE_BYTES = 2**20
_HIGH_BYTES = bytes(range(0x80, 0x100))
_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def as_utf8(stream: Stream, source: str) -> tuple[Stream, bool]:
    """Give the stream as UTF-8 without a byte-order mark, and whether it takes one for programs to see that it is.

    It does where it had one, and where its encoding was another: what opens that might not guess UTF-8.

    The encoding is told from a sample of the beginning. Bytes that are no character of it come through as they are
    (of UTF-16 and UTF-32, where no byte stands for itself, as U+FFFD).

    Raises
    ------
    TableError
        When the content is no text.
    """
    sample = stream.peek(_SAMPLE_BYTES)
    if sample.startswith(ZIP) or refusal(sample):
        raise TableError(source, "it holds no text", "export the table as CSV, JSON Lines or Parquet and score that")
    # The sample may end within a character, which must not count against UTF-8.
    encoding = decode(sample if b"\0" in sample else sample.rstrip(_HIGH_BYTES)).encoding
    mark = "\ufeff".encode(encoding) if encoding.startswith("utf") else b""
    has_mark = bool(mark) and sample.startswith(mark)
    if has_mark:
        stream.read(len(mark))
    if encoding == "utf-8":
        return stream, has_mark
    table = _single_byte_table(encoding)
    # A byte that has no meaning in a multi-byte encoding passes as itself.
    errors = "replace" if encoding.startswith("utf") else "surrogateescape"
    decoder = codecs.getincrementaldecoder(encoding)(errors)

    def read(n_bytes: int) -> bytes:
        # An incremental decoder may take bytes and give no character yet; that is not the end.
        while content := stream.read(n_bytes):
            text = codecs.charmap_decode(content, "strict", table)[0] if table else decoder.decode(content)
            if text:
                return text.encode("utf-8", "surrogateescape")
        return decoder.decode(b"", final=True).encode("utf-8", "surrogateescape")

    return Stream(read), True


def _single_byte_table(encoding: str) -> str | None:
    """Characters of the 256 bytes, undefined ones as the control character of that number; None for other encodings."""
    if not encoding.startswith(("cp125", "koi8", "mac", "latin", "iso8859")):
        return None
    return "".join(bytes([byte]).decode(encoding, "ignore") or chr(byte) for byte in range(256))


def text_of(content: bytes) -> str:
    r"""Decode UTF-8; a byte that is none is read as cp1252, which is what is pasted into it.

    Examples
    --------
    >>> text_of("señal".encode()), text_of(b"se\xf1al")
    ('señal', 'señal')
    """
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _ESCAPED_BYTE.sub(_as_cp1252, content.decode("utf-8", "surrogateescape"))


def _as_cp1252(escaped: re.Match[str]) -> str:
    byte = ord(escaped[0]) - 0xDC00
    return bytes([byte]).decode("cp1252", "ignore") or chr(byte)


def without_surrogates(text: str) -> str:
    """Replace halves of characters, which JSON can escape and UTF-8 cannot hold, by U+FFFD."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)
