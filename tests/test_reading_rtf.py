"""RTF: what striprtf passes over is read too, and what it chokes on is kept from it."""

import pytest

from roleclassify.text.reading import read_bytes


def text_of(body, head=r"\ansi\ansicpg1252"):
    return read_bytes(rf"{{\rtf1{head} {body}}}".encode("latin-1"), "cv.rtf").text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"one\par two\line three\tab four", "one\ntwo\nthree\tfour"),
        (r"caf\'e9 \u8211? na\u239\'efve \u8220\'93x\u8221\'94", "café \u2013 naïve “x”"),
        (r"{\uc2 \u26085xx\u26412xx}", "日本"),
        (r"\u-10179?\u-8704?", "\U0001f600"),
        (r"\u-10179? half", "half"),
        (r"\u99999999? \uc \uc-3 kept", "? kept"),
        (r"a\cell b\cell\row c\cell d\cell\row", "a\tb\nc\td"),
        (r"a\nestcell b\nestcell{\*\nesttableprops\trowd\nestrow}end", "a\tb\tend"),
        (r"{\deleted gone}{\v hidden}{\v\v0 seen }kept {\deleted x\plain y}", "seen kept y"),
        (r"{\field{\*\fldinst HYPERLINK \"https://example.com\"}{\fldrslt profile}}", "profile"),
        (r"{\header head\par}{\footer foot\par}body", "head\n\nbody\n\nfoot"),
        (r"{\headerf head\par}{\headerr head\par}body", "head\n\nbody"),
        (r"body{\footnote first}{\footnote\ftnalt second} goes on", "body goes on\n\nfirst\n\nsecond"),
        (r"{\shp{\*\shpinst{\shptxt boxed\par}}{\shprslt{\*\do{\dptxbxtext boxed}}}}body", "body\n\nboxed"),
        (r"{\pict\wmetafile8 0123abcd}x{\*\themedata 504b}y{\object{\*\objdata 0105}{\result z}}", "xy"),
        (r"{\pict\bin6 }}}{{{}text", "text"),
        (r"{\info{\author Somebody}{\title Something}}text", "text"),
        (r"{\listtext\'b7\tab}item\par{\pntext\'b7\tab}item", "item\nitem"),
        (
            r"soft\-ware on\_call no\~break \{braces\} back\\slash",
            "software on\u2011call no\xa0break {braces} back\\slash",
        ),
        (r"}after the end", ""),
    ],
)
def test_body(body, text):
    assert text_of(body) == text


def test_codepages():
    assert text_of(r"\'c8\'ed\'e6", head=r"\ansi\ansicpg1251") == "Инж"
    assert text_of(r"{\fonttbl{\f0\fcharset204 Arial;}{\f1\fcharset238 Arial;}}{\f0\'c8}{\f1\'b3}") == "Иł"
    assert text_of(r"\'8e", head=r"\mac") == "é"
    assert text_of(r"{\header \'c8}\'ed", head=r"\ansi\ansicpg1251") == "И\n\nн"
    assert text_of(r"\'82", head=r"\pc") == "é"
    assert text_of(r"{\fonttbl{\f0\fcharset78 Osaka;}}\f0\'82\'a0") == "あ"
    assert text_of(r"{\fonttbl{\f0\fcharset999 X;}}\f0\'e9") == "é"
    assert text_of(r"\'e9", head=r"\ansi\ansicpg99999") in {"", "é"}
    assert read_bytes(r"{\rtf1\ansi naïve}".encode(), "cv.rtf").text == "naïve"
    assert read_bytes(r"{\rtf1\ansi naïve}".encode("cp1252"), "cv.rtf").text == "naïve"


def test_hostile_nesting_and_length():
    assert text_of("{" * 20_000 + "deep" + "}" * 20_000) == "deep"
    assert "kept" in text_of(r"{\field{\*\fldinst " * 3_000 + "kept" + "}}" * 3_000 + "kept")
    assert text_of("kept" + r"{\*\x" * 5_000).startswith("kept")
