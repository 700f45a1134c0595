"""RTF, through striprtf, with what it passes over (headers, notes, text boxes) handed to it in turn."""

from __future__ import annotations

import codecs
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from roleclassify.errors import UnreadableDocumentError
from roleclassify.text.document import Document
from roleclassify.text.reading.cleaning import tidy

_TOKEN = re.compile(r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'[0-9a-fA-F]{2}|\\.|[{}]|[^\\{}]+", re.S)
_BODY, _FONTS, _NOWHERE = "body", "fonts", "nowhere"
# Groups of text that striprtf leaves out, by the part of the document that they make up.
_PARTS = {
    **dict.fromkeys(("header", "headerl", "headerr", "headerf"), "headers"),
    **dict.fromkeys(("footer", "footerl", "footerr", "footerf"), "footers"),
    **dict.fromkeys(("shptxt", "dptxbxtext"), "boxes"),
    "footnote": "notes",
    "fonttbl": _FONTS,
}
# Pictures and data, often most of the file; field codes, of which striprtf would glue the address to the words; the
# second copy of a text box, for old programs; and bullets, which are letters of symbol fonts.
_DROPPED = frozenset(
    {"pict", "objdata", "themedata", "colorschememapping", "datastore", "fontemb", "fldinst", "shprslt", "annotation"}
    | {"stylesheet", "listtable", "listoverridetable", "info", "generator", "latentstyles", "rsidtbl", "nonshppict"}
    | {"listtext", "pntext"}
)
_IN_PLACE_OF = {
    "cell": "\\tab ",
    "nestcell": "\\tab ",
    "nestrow": "\\line ",
    "column": "\\line ",
    "softline": " ",
}
# Between two headers, two notes ...; RTF text has no control characters.
_BREAK = "\x1e"
_READING_ORDER = ("headers", _BODY, "boxes", "notes", "footers")
# What an RTF file is in where it names no codepage.
_CHARACTER_SETS = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_CODEPAGE = re.compile(r"\\ansicpg(\d{1,6})")
_HEAD = 1000
_CHARACTER_SET = re.compile(r"\\(mac|pca?)(?![a-zA-Z])")
# Mac character sets that Python has no codec for, by the Windows one for the same language.
_CHARSETS = {78: 128, 79: 136, 80: 129, 81: 178, 82: 177, 85: 134, 86: 238, 87: 204, 88: 222}
_MAX_DEPTH = 500


def read_rtf(content: bytes, name: str) -> Document:
    r"""Read a Rich Text document.

    Parameters
    ----------
    content
        The whole file.
    name
        What to call it.

    Returns
    -------
    Document
        Headers, body, text boxes, notes and footers in that order; deleted and hidden text is left out.

    Raises
    ------
    UnreadableDocumentError
        Damaged beyond reading.

    Examples
    --------
    >>> read_rtf(rb"{\rtf1\ansi{\header Ana\par}Builds {\deleted no }models\par}", "cv.rtf").text
    'Ana\n\nBuilds models'
    """
    from striprtf.striprtf import rtf_to_text

    convert: Callable[..., str] = rtf_to_text
    source = _decoded(content)
    parts = _parts(source)
    fonts = "".join(parts[_FONTS])
    try:
        blocks = [
            convert(f"{{\\rtf1 {{\\fonttbl{fonts}}}{block}}}", encoding=_encoding(source), errors="ignore").strip()
            for part in _READING_ORDER
            for block in "".join(parts[part]).split(_BREAK)
        ]
    except (ValueError, LookupError, TypeError, OverflowError) as error:  # numbers and codepages that do not exist
        raise UnreadableDocumentError(name, "the RTF is damaged", "open it and save it as .docx") from error
    text, warnings = tidy("\n\n".join(dict.fromkeys(block for block in blocks if block)))
    return Document(text=text, source=name, format="rtf", warnings=warnings)


def _decoded(content: bytes) -> str:
    """RTF is ASCII by its own rules; files that break them hold UTF-8 or Windows text."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _encoding(source: str) -> str:
    """Find what the bytes stand for: headers and notes are converted apart from where the file says so."""
    named = _CODEPAGE.search(source, 0, _HEAD)
    if named is not None:
        try:
            return codecs.lookup(f"cp{named[1]}").name
        except LookupError:
            pass
    named = _CHARACTER_SET.search(source, 0, _HEAD)
    return _CHARACTER_SETS[named[1]] if named is not None else "cp1252"


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds up to the closing brace: where text goes, and whether it is shown."""

    part: str = _BODY
    is_hidden: bool = False
    is_deleted: bool = False


def _parts(source: str) -> defaultdict[str, list[str]]:
    """Sort the source into the parts of the document, each still RTF."""
    parts: defaultdict[str, list[str]] = defaultdict(list)
    group, outer = _Group(), list[_Group]()
    for match in _tokens(source):
        token, word, number = match[0], match[1], match[2]
        depth = len(outer) - (token == "}")
        if token == "{":
            outer.append(group)
        elif token == "}":
            group = outer.pop() if outer else group
        elif word is not None:
            group = _entered(group, word, number, parts)
            token = _word(token, word, number)
        elif group.is_hidden or group.is_deleted:
            token = ""
        # Braces within a part pair up, so that leaving out the deepest leaves the others in order.
        if token not in {"{", "}"} or depth < _MAX_DEPTH:
            parts[group.part].append(token)
        if token == "}" and not outer:
            # What follows the document's own group is no part of it.
            break
    return parts


def _tokens(source: str) -> Iterator[re.Match[str]]:
    """Cut the source up, past binary data."""
    skip_to = 0
    for match in _TOKEN.finditer(source):
        if match.start() < skip_to:
            continue
        if match[1] == "bin":
            skip_to = match.end() + max(0, int(match[2] or 0))
        else:
            yield match


def _entered(group: _Group, word: str, number: str | None, parts: defaultdict[str, list[str]]) -> _Group:
    """Follow a control word that changes where text goes or whether it is shown."""
    if group.part == _NOWHERE:
        return group
    if word in _DROPPED:
        return replace(group, part=_NOWHERE)
    if word in _PARTS:
        part = _PARTS[word]
        parts[part].append(_BREAK if part != _FONTS else "")
        return _Group(part)
    if word == "v":
        return replace(group, is_hidden=number != "0")
    if word == "deleted":
        return replace(group, is_deleted=number != "0")
    return replace(group, is_hidden=False, is_deleted=False) if word == "plain" else group


def _word(token: str, word: str, number: str | None) -> str:
    """Pass a control word on, in words that striprtf knows and with numbers that it can bear."""
    if word in _PARTS or word in _DROPPED or word == "rtf":
        return ""
    if word == "uc":
        return f"\\uc{min(max(int(number or 1), 0), 9)} "
    if word == "u" and number is not None and not -0x8000 <= int(number) <= 0x10FFFF:
        return ""
    if word == "fcharset" and number is not None:
        return f"\\fcharset{_CHARSETS.get(int(number), int(number))} "
    if word == "ansicpg" and number in {None, "10000", "0"}:
        return ""
    return _IN_PLACE_OF.get(word, token)
