"""PDF: words as they were written, however they were drawn; columns one after the other."""

import logging
import random
import zlib
from pathlib import Path

import pytest

from roleclassify.errors import UnreadableDocumentError
from roleclassify.text.reading import pdf, read, read_bytes
from roleclassify.text.reading.hyphenation import join_broken_words

DOCUMENTS = Path(__file__).parent / "documents"
HELVETICA = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
COURIER = HELVETICA.replace(b"Helvetica", b"Courier")


def pdf_of(*contents, font=COURIER, resources=b"", page=b"", extra=()):
    """Write a PDF with a page for each content stream; objects 1 and 2 are the catalogue and the page tree."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"", font]
    kids = []
    for content in contents:
        raw = content.encode("cp1252") if isinstance(content, str) else content
        objects.append(b"<</Length %d>>stream\n%b\nendstream" % (len(raw), raw))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>%b>>/Contents %d 0 R%b>>"
            % (resources, len(objects), page)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Kids[%b]/Count %d>>" % (b" ".join(kids), len(kids))
    objects.extend(extra)
    return assembled(objects)


def assembled(objects):
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def shown(text, x, y, size=10):
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /F {size} Tf {x:g} {y:g} Td ({escaped}) Tj ET\n"


def text_of(*contents, **options):
    return read_bytes(pdf_of(*contents, **options), "cv.pdf").text


COURIER_WIDTH = 6  # points, at size 10


def letters(text, x=50, y=700, tracking=0.0, width=COURIER_WIDTH):
    """Draw each letter by itself and spaces not at all."""
    step = width + tracking
    return [shown(letter, x + number * step, y) for number, letter in enumerate(text) if letter != " "]


def test_letters_drawn_one_by_one_in_any_order():
    lines = ["Deployed fraud models to production", "and measured their drift every day"]
    drawn = [letter for number, line in enumerate(lines) for letter in letters(line, y=700 - 13 * number)]
    random.Random(4).shuffle(drawn)
    assert text_of("".join(drawn)) == "\n".join(lines)


@pytest.mark.parametrize("tracking", [1.5, 2.5])
def test_letters_spaced_out_on_purpose_are_words(tracking):
    line = "WORK EXPERIENCE AND ML OPS"
    assert text_of("".join(letters(line, tracking=tracking))) == line


def test_text_drawn_twice_to_look_bold_is_read_once():
    assert text_of(shown("Skilled staff", 50, 700) + shown("Skilled staff", 50.4, 700.2)) == "Skilled staff"
    assert text_of(shown("ill ", 50, 700) + shown("ill ", 50, 600)) == "ill\n\nill"


def test_kerning_is_no_space_and_a_narrow_space_is_one():
    assert text_of("BT /F 10 Tf 50 700 Td [(T) 80 (eam) -60 (s)] TJ ET") == "Teams"
    assert text_of("BT /F 10 Tf 50 700 Td [(data) -180 (science)] TJ ET") == "data science"
    assert text_of("BT /F 10 Tf 50 700 Td -4 Tw (data science) Tj ET") == "data science"
    assert text_of(r"BT /F 10 Tf 50 700 Td (data\ science \\ two) Tj ET") == "data science \\ two"


def test_superscripts_stay_on_their_line():
    assert (
        text_of(shown("the 10", 50, 700) + shown("th", 86, 703.5, 6) + shown("percentile", 96, 700))
        == "the 10th percentile"
    )


def test_forms_inside_forms_are_read():
    def form(content, resources):
        return b"<</Subtype/Form/BBox[0 0 600 800]/Resources<<%b>>/Length %d>>stream\n%b\nendstream" % (
            resources,
            len(content),
            content,
        )

    inner = form(shown("models", 92, 700).encode(), b"/Font<</F 3 0 R>>")
    outer = form(b"/In Do", b"/XObject<</In 7 0 R>>")
    content = shown("Deploy", 50, 700) + "/Out Do"
    assert text_of(content, resources=b"/XObject<</Out 6 0 R>>", extra=[outer, inner]) == "Deploy models"


def test_filled_form_fields_are_read():
    def stream(content):
        return b"<</Subtype/Form/BBox[5 5 200 20]/Length %d>>stream\n%b\nendstream" % (len(content), content)

    field = b"<</Subtype/Widget/Rect[105 705 300 720]/AP<</N %d 0 R>>/F %d>>"
    content = pdf_of(
        shown("Skills:", 50, 707),
        page=b"/Annots[6 0 R 7 0 R 8 0 R]",
        extra=[
            field % (9, 4),
            field % (10, 2),
            b"<</Subtype/Text/Contents(comment)>>",
            stream(shown("Python", 5, 7).encode()),
            stream(shown("hidden", 5, 7).encode()),
        ],
    )
    assert read_bytes(content, "cv.pdf").text == "Skills: Python"


def test_text_beside_the_page_is_not_seen():
    assert text_of(shown("seen", 50, 700) + shown("python python", 50, 2000) + shown("keyword", -900, 50)) == "seen"


def test_sideways_text_comes_last_and_whole():
    sideways = "BT /F 10 Tf 0 1 -1 0 20 300 Tm (Curriculum vitae) Tj ET\n"
    assert (
        text_of(sideways + shown("Builds models and serves them", 50, 700))
        == "Builds models and serves them\n\nCurriculum vitae"
    )
    turned = pdf_of("BT /F 10 Tf 0 1 -1 0 100 100 Tm (Upright again) Tj ET", page=b"/Rotate 90")
    assert read_bytes(turned, "cv.pdf").text == "Upright again"


def test_stated_text_replaces_glyphs():
    span = "/Span <</ActualText (fi)>> BDC BT /F 10 Tf 50 700 Td (X) Tj ET EMC " + shown("nance", 56, 700)
    assert text_of(span) == "finance"


TO_UNICODE = b"""/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <FF> endcodespacerange
2 beginbfrange <65> <65> <D83DDE00> <66> <67> [<D83DDE00> <D83DDE00>] endbfrange
5 beginbfchar <20> <0020> <61> <FB01> <62> <F0B7> <63> <F19D> <64> <00660066> endbfchar endcmap end"""


def mapped(text):
    font = COURIER.replace(b">>", b"/ToUnicode 6 0 R>>")
    cmap = b"<</Length %d>>stream\n%b\nendstream" % (len(TO_UNICODE), TO_UNICODE)
    return read_bytes(pdf_of(shown(text, 50, 700), font=font, extra=[cmap]), "cv.pdf")


def test_ligatures_bullets_and_icons():
    assert mapped("aNANCE").text == "fiNANCE"
    assert (mapped("b ITEM").text, mapped("b ITEM").warnings) == ("• ITEM", ())
    assert mapped("c PHONE").text == "PHONE"
    assert mapped("c PHONE").warnings == ("icon glyphs without a meaning were replaced by spaces",)


def test_width_of_ligatures_in_standard_fonts():
    # Without it the letters after "ff" are drawn over it, and the next piece seems to stand apart.
    font = HELVETICA.replace(b">>", b"/ToUnicode 6 0 R>>")
    cmap = b"<</Length %d>>stream\n%b\nendstream" % (len(TO_UNICODE), TO_UNICODE)
    content = "BT /F 10 Tf 50 700 Td [(Od) 20 (ICE)] TJ ET"
    assert read_bytes(pdf_of(content, font=font, extra=[cmap]), "cv.pdf").text == "OffICE"


def test_glyphs_without_a_meaning_become_spaces_and_are_reported():
    font = HELVETICA.replace(b"/WinAnsiEncoding", b"<</Differences[128/g17]>>")
    document = read_bytes(pdf_of(shown("€DATA", 50, 700), font=font), "cv.pdf")
    assert document.text == "DATA"
    assert document.warnings == ("20% of the letters have no meaning in their font and were replaced by spaces",)


def page_of_columns(left, right, x_right=300, lead_left=13.0, lead_right=11.3):
    """Draw two columns line by line, in turn, as a browser might."""
    drawn = []
    for number in range(max(len(left), len(right))):
        drawn += [shown(line, 50, 700 - lead_left * number) for line in left[number : number + 1]]
        drawn += [shown(line, x_right, 697 - lead_right * number) for line in right[number : number + 1]]
    return "".join(drawn)


LEFT = ["Python and SQL", "Kubernetes", "Terraform", "Airflow", "Bayes", "Spark"]
RIGHT = [f"Line {word} of the experience column" for word in ("one", "two", "three", "four", "five", "six", "seven")]


def test_columns_are_read_to_their_end_before_the_next():
    title = shown("Mara Testfield, builder of models for many years and more", 50, 740)
    footer = shown("A footer that runs over the whole width of the page, as footers do", 50, 500)
    text = text_of(title + page_of_columns(LEFT, RIGHT) + footer)
    assert [line for line in text.split("\n") if line] == [
        "Mara Testfield, builder of models for many years and more",
        *LEFT,
        *RIGHT,
        "A footer that runs over the whole width of the page, as footers do",
    ]


def test_columns_close_to_each_other_on_one_grid():
    left = [f"The left column says so {word}" for word in ("once", "twice", "often", "again", "always")]
    text = text_of(
        page_of_columns(left, RIGHT[:5], x_right=50 + 30 * 6 + 7, lead_left=12, lead_right=12).replace("697", "700")
    )
    lines = [line for line in text.split("\n") if line]
    assert lines == left + RIGHT[:5]


def test_dates_stay_beside_what_they_date():
    jobs = [f"Engineer of models at Company number {number}" for number in range(6)]
    drawn = "".join(
        shown(job, 50, 700 - 13 * n) + shown(f"20{n}0-20{n}5", 450, 700 - 13 * n) for n, job in enumerate(jobs)
    )
    assert text_of(drawn) == "\n".join(f"{job}\t20{n}0-20{n}5" for n, job in enumerate(jobs))


def test_headings_in_the_margin_stay_beside_their_section():
    lines = [f"Sentence {number} of the long main column of this resume" for number in range(24)]
    drawn = "".join(shown(line, 180, 700 - 13 * n) for n, line in enumerate(lines))
    drawn += "".join(
        shown(head, 50, 705 - 13 * n) for n, head in ((0, "Profile"), (6, "Work"), (12, "Study"), (18, "Other"))
    )
    text = text_of(drawn)
    assert text.index("Sentence 5") < text.index("Work") < text.index("Sentence 12")


def test_words_broken_at_line_ends():
    assert text_of(shown("respon-", 50, 700) + shown("sibility for data", 50, 688)) == "responsibility for data"
    assert text_of(shown("real-", 50, 700) + shown("time models", 50, 688)) == "real-\ntime models"
    # Not into the next cell of a table.
    cells = "".join(
        shown(text, x, y)
        for text, x, y in [("four", 50, 700), ("first-", 200, 700), ("years", 50, 688), ("line", 200, 688)]
    )
    assert text_of(cells) == "four\tfirst-\nyears\tline"


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("an exam-\nple", "an example"),
        ("soft\xad\nhyphen", "softhyphen"),
        ("state-of-the-\nart", "state-of-the-\nart"),
        ("Saint-\nGermain", "Saint-\nGermain"),
        ("END-\nTO", "END-\nTO"),
        ("EXPERI-\nENCE", "EXPERIENCE"),
        ("pre-process and pre-\nprocess", "pre-process and pre-\nprocess"),
        ("follow-\nup followup", "followup followup"),
        ("10-\n12 years, A-\nlevel", "10-\n12 years, A-\nlevel"),
        ("end-\n\nnext", "end-\n\nnext"),
    ],
)
def test_joining(text, joined):
    assert join_broken_words(text) == joined


def test_pages_and_blank_pages():
    document = read_bytes(pdf_of(shown("one", 50, 700), "", shown("three", 50, 700)), "cv.pdf")
    assert (document.text, document.pages, document.warnings) == ("one\n\nthree", 3, ())


def test_glued_words_are_reported():
    glued = "Builtfrauddetectionmodelsandservedthem"
    document = read_bytes(pdf_of(shown(glued, 50, 700) + shown(glued, 50, 600)), "cv.pdf")
    assert document.warnings == ("words glued together (2 of 2 words are longer than 25 letters)",)
    assert glued not in document.warnings[0]


def test_limits(monkeypatch):
    monkeypatch.setattr(pdf, "MAX_PAGES", 2)
    document = read_bytes(pdf_of(*(shown(word, 50, 700) for word in ("one", "two", "three"))), "cv.pdf")
    assert (document.text, document.pages) == ("one\n\ntwo", 2)
    assert document.warnings == ("truncated (too long or too complex; 2 pages were read)",)


def test_endless_work_is_cut(monkeypatch):
    monkeypatch.setattr(pdf, "MAX_SECONDS", -1.0)
    with pytest.raises(UnreadableDocumentError):
        read_bytes(pdf_of(shown("one", 50, 700)), "cv.pdf")


def test_font_tables_that_would_take_hours_are_left_out():
    table = b"1 beginbfrange <00000000> <7FFFFFFF> <0041> endbfrange"
    cmap = b"<</Length %d>>stream\n%b\nendstream" % (len(table), table)
    simple = COURIER.replace(b">>", b"/ToUnicode 6 0 R/FirstChar 999999999999>>")
    assert read_bytes(pdf_of(shown("text", 50, 700), font=simple, extra=[cmap]), "cv.pdf").text == "text"
    wide = (
        b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/ToUnicode 6 0 R/DescendantFonts[<</Type/Font"
        b"/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)>>/W[0 999999999999 500]"
        b"/FontDescriptor<</FontName/X/FontBBox[0 0 1 1]>>>>]>>"
    )
    pair = b"1 beginbfrange <0041> <0042> <0061> endbfrange"
    cmap = b"<</Length %d>>stream\n%b\nendstream" % (len(pair), pair)
    content = "BT /F 10 Tf 50 700 Td <00410042> Tj ET"
    assert read_bytes(pdf_of(content, font=wide, extra=[cmap]), "cv.pdf").text == "ab"


def test_rows_of_a_length_that_cannot_be_are_refused():
    content = pdf_of("").replace(
        b"<</Length 0>>", b"<</Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 999999999>>/Length 0>>"
    )
    with pytest.raises(UnreadableDocumentError, match="damaged"):
        read_bytes(content, "cv.pdf")


def test_list_of_single_letters_is_no_spaced_out_word():
    words = ["Latin", "Extended", *"ABCDEFGHKLMNOPRS"]
    drawn, x = [], 50.0
    for word in words:
        drawn += letters(word, x=x)
        x += len(word) * COURIER_WIDTH + 2.8
    assert text_of("".join(drawn)) == " ".join(words)


def test_decompression_bombs_are_refused(monkeypatch):
    monkeypatch.setattr(pdf, "MAX_STREAM_BYTES", 2**20)
    bomb = zlib.compress(bytes(2**21), 9)
    content = pdf_of("").replace(
        b"<</Length 0>>stream\n", b"<</Filter/FlateDecode/Length %d>>stream\n%b" % (len(bomb), bomb)
    )
    with pytest.raises(UnreadableDocumentError, match="far more"):
        read_bytes(content, "cv.pdf")


@pytest.mark.parametrize("lost", [40, 400, 700])
def test_file_cut_short_gives_what_is_there(lost):
    content = pdf_of(*(shown(f"Page {number} of models", 50, 700) for number in range(4)))
    document = read_bytes(content[:-lost], "cv.pdf")
    assert document.text.startswith("Page 0 of models")
    assert document.warnings[0] == "truncated (file damaged; what could be read was)"


def test_nothing_is_logged_and_logging_is_left_alone(caplog, capfd):
    logger = logging.getLogger("pdfminer")
    before = (logger.propagate, logger.level, list(logger.handlers))
    content = pdf_of(shown("secretword", 50, 700)).replace(b"/MediaBox[0 0 595 842]", b"/MediaBox[(secretword)]")
    with caplog.at_level(logging.DEBUG):
        try:
            read_bytes(content, "cv.pdf")
        except UnreadableDocumentError as error:
            assert "secretword" not in str(error)
        read(DOCUMENTS / "truncated.pdf")
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")
    assert (logger.propagate, logger.level, list(logger.handlers)) == before
