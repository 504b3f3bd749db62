"""Hostile and broken files: a clear word that names the file, and never a crash or a wrong text."""

import os
import time
import tracemalloc
import zipfile
from io import BytesIO

import pytest
from docx import Document as NewWord
from fpdf import FPDF

from openhlh.errors import WrongInput
from openhlh.literature.reading import documents_in, read_document, read_text

LONG = 300_000


def put(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def refused(path):
    """Return what is said of a file that cannot be read; it names the file and says what to do."""
    with pytest.raises(WrongInput) as error:
        read_document(path)
    assert path.name in error.value.where
    assert error.value.remedy
    return error.value.what


def bomb(encoding):
    levels = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 12))
    return (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY l0 "lol">{levels}]>'
        "<article><body><p>&l11;</p></body></article>"
    ).encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_xml_bomb_is_refused(tmp_path, encoding):
    assert "entities" in refused(put(tmp_path, "bomb.xml", bomb(encoding)))


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY x SYSTEM "{secret}">',
        '<!ENTITY % x SYSTEM "{secret}"> %x;',
        '<!ENTITY x "harmless">',
        '<!ENTITY x PUBLIC "a" "http://192.0.2.1/x">',
    ],
)
def test_entities_of_a_files_own_are_refused(tmp_path, declared):
    secret = put(tmp_path, "secret.txt", "the secret")
    xml = f"<!DOCTYPE a [{declared.format(secret=secret)}]><article><body><p>&x;</p></body></article>"
    assert "entities" in refused(put(tmp_path, "entity.xml", xml))


def test_nothing_is_fetched_for_an_external_dtd(tmp_path):
    xml = (
        '<!DOCTYPE article SYSTEM "http://192.0.2.1/jats.dtd"><article><body><p>12 of 34</p></body></article>'
    )
    assert read_document(put(tmp_path, "article.xml", xml)).text == "12 of 34"


def test_pictures_that_a_publisher_declares_are_no_attack(tmp_path):
    xml = '<!DOCTYPE a [<!ENTITY g SYSTEM "g.gif" NDATA gif>]><article><body><p>12 of 34</p></body></article>'
    assert read_document(put(tmp_path, "article.xml", xml)).text == "12 of 34"


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        ("<article><body><p>12 of", "broken"),
        ("<article>" + "<sec>" * 9_000, "broken"),
        ('<?xml version="1.0"?><note/>', "no article"),
        ('<?xml version="1.0"?>', "broken"),
    ],
)
def test_xml_that_is_no_whole_article_is_refused(tmp_path, xml, said):
    assert said in refused(put(tmp_path, "article.xml", xml))


def test_spans_of_millions_stay_small(tmp_path):
    cell = '<td rowspan="99999999" colspan="99999999999">7</td>'
    xml = f"<article><body><table-wrap><table>{f'<tr>{cell}</tr>' * 30}</table></table-wrap></body></article>"
    (table,) = read_document(put(tmp_path, "article.xml", xml)).tables
    assert len(table.cells) < 400_000


def test_a_page_too_deep_or_without_words_is_refused(tmp_path):
    assert "nested" in refused(put(tmp_path, "deep.html", "<html><p>12 of 34" + "<div>" * 50_000))
    assert "no words" in refused(put(tmp_path, "bare.html", "<html><script>12 of 34</script></html>"))


def pdf_of(*pages, **locked):
    pdf = FPDF()
    pdf.set_font("Helvetica", size=11)
    for words in pages:
        pdf.add_page()
        if words:
            pdf.multi_cell(0, 6, words)
        else:
            pdf.rect(10, 10, 50, 50)
    if locked:
        pdf.set_encryption(**locked)
    return bytes(pdf.output())


def test_a_locked_pdf_says_so(tmp_path):
    data = pdf_of("12 of 34", owner_password="one", user_password="two")  # noqa: S106
    assert "password" in refused(put(tmp_path, "locked.pdf", data))


def test_a_pdf_that_only_forbids_printing_is_read(tmp_path):
    data = pdf_of("12 of 34", owner_password="one")  # noqa: S106
    assert read_document(put(tmp_path, "open.pdf", data)).text == "12 of 34"


@pytest.mark.parametrize("kept", [0.02, 0.5, 0.9])
def test_a_pdf_that_was_cut_short_is_refused(tmp_path, kept):
    whole = pdf_of("12 of 34")
    assert "broken" in refused(put(tmp_path, "cut.pdf", whole[: int(len(whole) * kept)]))


def test_a_pdf_of_pictures_is_refused_and_single_pictures_are_told(tmp_path):
    assert "pictures" in refused(put(tmp_path, "scan.pdf", pdf_of("", "")))
    assert read_document(put(tmp_path, "some.pdf", pdf_of("12 of 34", "", "5 of 6"))).notes == (
        "no text on page 2",
    )


def test_two_thousand_pages_are_read_in_seconds_with_flat_memory(tmp_path):
    path = put(tmp_path, "long.pdf", pdf_of(*(f"Page {page}: 12 of 34." for page in range(2_000))))
    tracemalloc.start()
    start = time.perf_counter()
    document = read_document(path)
    spent = time.perf_counter() - start
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(document.pages) == 2_000
    assert document.page(document.text.index("Page 1999")) == 2_000
    assert spent < 30
    assert most < 60 * 1024 * 1024


def zipped(**members):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def test_a_zip_bomb_in_word_is_refused_unopened(tmp_path):
    path = put(tmp_path, "bomb.docx", zipped(**{"word/document.xml": b" " * (150 * 1024 * 1024)}))
    start = time.perf_counter()
    assert "unpack" in refused(path)
    assert time.perf_counter() - start < 2


def test_a_word_file_of_too_many_members_is_refused(tmp_path):
    members = {f"word/{number}.xml": b"x" for number in range(10_001)}
    assert "unpack" in refused(put(tmp_path, "many.docx", zipped(**{"word/document.xml": b"x"}, **members)))


def test_entities_in_word_are_refused(tmp_path):
    xml = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'
    assert "entities" in refused(put(tmp_path, "entity.docx", zipped(**{"word/document.xml": xml})))


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"a.txt": b"x"}, "archive"),
        ({"xl/workbook.xml": b"x"}, "Excel"),
        ({"content.xml": b"x"}, "OpenDocument"),
        ({"word/document.xml": b"<x"}, "broken"),
    ],
)
def test_other_archives_are_named(tmp_path, members, said):
    assert said in refused(put(tmp_path, "other.docx", zipped(**members)))


def test_a_word_file_that_was_cut_short_is_refused(tmp_path):
    whole = BytesIO()
    NewWord().save(whole)
    assert "cut short" in refused(put(tmp_path, "cut.docx", whole.getvalue()[:-2_000]))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \n\t", "empty"),
        (b"12 of\x00 34", "not text"),
        (bytes(range(256)) * 9, "not text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "picture"),
        (b"{\\rtf1 12 of 34}", "RTF"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "old Word"),
        (b"\x1f\x8b\x08" + bytes(20), "gzip"),
    ],
)
def test_what_is_no_document_is_named(tmp_path, data, said):
    assert said in refused(put(tmp_path, "paper.txt", data))


def test_files_are_read_for_what_they_are_whatever_their_name(tmp_path):
    word = BytesIO()
    manuscript = NewWord()
    manuscript.add_paragraph("12 of 34")
    manuscript.save(word)
    files = {
        "a.txt": (pdf_of("12 of 34"), "pdf"),
        "b.pdf": (b"12 of 34", "text"),
        "c.txt": (b"<!DOCTYPE html><html><p>12 of 34</p></html>", "html"),
        "d.html": (b'<?xml version="1.0"?><article><body><p>12 of 34</p></body></article>', "jats"),
        "e.xml": (b'<?xml version="1.0"?><!DOCTYPE html><html><p>12 of 34</p></html>', "html"),
        "f.md": (word.getvalue(), "docx"),
    }
    for name, (data, kind) in files.items():
        document = read_document(put(tmp_path, name, data))
        assert (document.format, document.text) == (kind, "12 of 34"), name


def test_paths_that_lead_to_no_file_are_refused(tmp_path):
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    put(tmp_path, "file.txt", "12 of 34")
    assert "cannot be read" in refused(tmp_path / "gone.txt")
    assert "cannot be read" in refused(tmp_path / "missing.txt")
    assert "cannot be read" in refused(tmp_path / "file.txt" / "below.txt")
    assert "folder" in refused(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path):
    path = put(tmp_path, "closed.txt", "12 of 34")
    path.chmod(0)
    assert "cannot be read" in refused(path)


def test_a_text_over_the_limit_is_refused_before_it_is_read_whole(tmp_path):
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.write(b"12 of 34 ")
        file.truncate(600 * 1024 * 1024)
    assert "larger than" in refused(path)


def test_fifty_megabytes_of_digits_are_read_at_once_and_told(tmp_path):
    path = put(tmp_path, "digits.txt", b"1234567890" * 5_000_000)
    start = time.perf_counter()
    document = read_document(path)
    assert time.perf_counter() - start < 10
    assert len(document.text) == 50_000_000
    assert "too long" in document.notes[0]


@pytest.mark.parametrize(
    "piece",
    [
        "a ", "1234567890", "12 ", "\t", "a\tb\n", "1\t" * 99 + "\n", "|", "| a | b |\n", ":", "Results: ", "RESULTS ",
        "A", "Results\n", "Abstract\nMethods\n", "Patient 1 Patient 2 Patient 3 ", "Aa ", "4 ", "1. A\n", "1Able ",
        "\n", " ", ". ", "^", "¹,", "published ", "TABLE 1 ", "doi:10.1000/", "- ", "\nfigure 1.", "#", "10^",
    ],
)  # fmt: skip
@pytest.mark.parametrize("head", ["", "Patient 1 Patient 2 Patient 3 ", "References\n"])
def test_long_repeats_take_no_more_than_linear_time(head, piece):
    text = head + piece * (LONG // len(piece))
    start = time.perf_counter()
    read_text(text)
    # A linear reader needs less than a second for this; a quadratic one minutes.
    assert time.perf_counter() - start < 10


def test_a_folder_is_read_in_order_and_nothing_in_it_is_dropped_silently(tmp_path):
    for name in ("b.txt", "a/z.pdf", "a/c.md", ".hidden.txt", ".git/x.txt", "table.csv", "noname"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        put(tmp_path, name, pdf_of("12 of 34") if name in {"a/z.pdf", "noname"} else "12,34")
    (tmp_path / "broken.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "broken").symlink_to(tmp_path / "nowhere")
    found = documents_in([tmp_path, tmp_path / "b.txt"])
    assert [str(path.relative_to(tmp_path)) for path in found.files] == [
        "a/c.md", "a/z.pdf", "b.txt", "broken.txt", "noname",
    ]  # fmt: skip
    assert {path.name for path, _ in found.passed_over} == {"broken", "table.csv"}
    assert all(reason for _, reason in found.passed_over)


def test_a_path_that_does_not_exist_is_no_folder(tmp_path):
    with pytest.raises(WrongInput, match="no such file"):
        documents_in([tmp_path / "nowhere"])
