"""Bytes into characters: byte-order mark, UTF-8, what the page declares, a guess, and cp1252 last."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_BOMS = (
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LAST_RESORT = "cp1252"
# Guessing among all of Python's hundred encodings turns short Western texts into Chinese; these are the ones met.
_GUESSES = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r", "mac_roman"),
    *("cp932", "euc_jp", "gb18030", "big5", "cp949"),
]
_GUESS_BYTES = 2**18
_SAMPLE = 2**16
_WHITE = frozenset(b"\t\n\v\f\r")
_CONTROL_BYTES = bytes(byte for byte in range(32) if byte not in _WHITE and byte != 27)
_SIGN_IN_WORD = re.compile("[^\\W\\d_][\xa1-\xac\xae-\xb6\xb8-\xbf\xd7\xf7\u20ac\u2020-\u2022\u2030\u0192][^\\W\\d_]")
_MANY_ACCENTS = re.compile("[\xc0-\u017e]{3}")
_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the encoding it was in, and what the user should know about that."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(content: bytes, declared: str | None = None) -> Decoded:
    """Turn bytes into text; never fails.

    Parameters
    ----------
    content
        The whole text file.
    declared
        The encoding that the content itself names, as an HTML page does; used after UTF-8, which cannot be mistaken.

    Returns
    -------
    Decoded
        With a warning where the encoding was guessed.

    Examples
    --------
    >>> decode("señal".encode("utf-16")).text
    'señal'
    >>> decode("Größe und Übung".encode("cp1252")).warnings
    ('encoding guessed: cp1252',)
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark) and len(content) % _unit(encoding) == 0:
            return _exact(content[len(mark) :], encoding)
    wide = _utf_without_mark(content)
    if wide is not None:
        return _exact(content, wide)
    try:
        return Decoded(content.decode("utf-8-sig"), "utf-8")
    except UnicodeDecodeError:
        pass
    if declared is not None:
        text = _attempt(content, declared)
        if text is not None:
            return Decoded(text, declared)
    return _mostly_utf8(content) or _guess(content)


def _unit(encoding: str) -> int:
    """UTF-32's mark is also UTF-16's mark and a NUL: only a whole number of units tells them apart."""
    return 4 if encoding.startswith("utf-32") else 1


def _exact(content: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(content.decode(encoding), encoding)
    except UnicodeDecodeError:
        return Decoded(content.decode(encoding, "replace"), encoding, (f"damaged {encoding} text",))


def _attempt(content: bytes, encoding: str) -> str | None:
    # LookupError: no such encoding, or one such as "zip" that gives no text; ValueError: its name holds a NUL.
    try:
        return content.decode(encoding)
    except (LookupError, ValueError):
        return None


def _utf_without_mark(content: bytes) -> str | None:
    """Tell UTF-16 and UTF-32 by where their NULs fall: Western letters have one in each unit, always on one side."""
    sample = content[: _SAMPLE - _SAMPLE % 4]
    if len(sample) < 4 or b"\0" not in sample:
        return None
    nuls = [sample[place::4].count(0) / len(sample[place::4]) for place in range(4)]
    if min(nuls[1:]) > 0.6 and nuls[0] < 0.1:
        return "utf-32-le"
    if min(nuls[:3]) > 0.6 and nuls[3] < 0.1:
        return "utf-32-be"
    if min(nuls[1], nuls[3]) > 0.5 and max(nuls[0], nuls[2]) < 0.1:
        return "utf-16-le"
    if min(nuls[0], nuls[2]) > 0.5 and max(nuls[1], nuls[3]) < 0.1:
        return "utf-16-be"
    return None


def _mostly_utf8(content: bytes) -> Decoded | None:
    """Take UTF-8 with a few bad bytes for UTF-8: exports cut characters in two and paste cp1252 between."""
    text = content.decode("utf-8", "surrogateescape")
    n_bad = len(_ESCAPED_BYTE.findall(text))
    n_good = sum(1 for character in text if character > "\x7f") - n_bad
    if n_bad > n_good:
        return None
    text = _ESCAPED_BYTE.sub(lambda match: bytes([ord(match[0]) - 0xDC00]).decode(_LAST_RESORT, "replace"), text)
    return Decoded(text, "utf-8", ("damaged utf-8 text",))


def _is_western(content: bytes) -> bool:
    """Recognise cp1252, by far the most common, by what other encodings turn into: signs inside words, and few words.

    Statistics cannot do it: a resume has three accents and a dozen curly quotes.
    """
    text = _attempt(content, _LAST_RESORT)
    if text is None or _SIGN_IN_WORD.search(text) or _MANY_ACCENTS.search(text):
        return False
    n_accented = sum(1 for character in text if character > "\x7f" and character.isalpha())
    return n_accented < 0.5 * sum(map(str.isalpha, text))


def _guess(content: bytes) -> Decoded:
    if _is_western(content[:_GUESS_BYTES]):
        return Decoded(content.decode(_LAST_RESORT, "replace"), _LAST_RESORT, (f"encoding guessed: {_LAST_RESORT}",))
    from charset_normalizer import from_bytes

    best = from_bytes(content[:_GUESS_BYTES], cp_isolation=_GUESSES).best()
    encoding = best.encoding if best is not None else _LAST_RESORT
    text = _attempt(content, encoding)
    if text is None:
        encoding = _LAST_RESORT
        text = content.decode(_LAST_RESORT, "replace")
    return Decoded(text, encoding, (f"encoding guessed: {encoding}",))


def looks_binary(content: bytes) -> bool:
    r"""Say whether bytes are no text in any encoding.

    Examples
    --------
    >>> looks_binary(bytes(range(256)) * 8), looks_binary(b"one stray \x00 in a line"), looks_binary("é".encode())
    (True, False, False)
    """
    sample = content[:_SAMPLE]
    if not sample or sample.startswith(tuple(mark for mark, _ in _BOMS)) or _utf_without_mark(content) is not None:
        return False
    n_control = len(sample) - len(sample.translate(None, _CONTROL_BYTES))
    return n_control / len(sample) > 0.05
