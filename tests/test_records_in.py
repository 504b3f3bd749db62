"""Reference records of five forms: each is read or listed with its reason, none is lost (all invented)."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhlh.errors import WrongInput
from openhlh.literature.library_items import plain_doi, plain_pmid
from openhlh.literature.records_in import form_of, read_records

RIS = (
    "TY  - JOUR\nTI  - Blue herons and their ferritin\nAU  - Doe, Jane\nAU  - Roe, Rita\nJO  - J Invent\n"
    "PY  - 2019/03/\nDO  - https://doi.org/10.1000/Heron.1\nAB  - Herons were counted.\n  Twice.\nER  - \n\n"
    "TY  - JOUR\nT1  - Second tale\nDB  - PubMed\nAN  - 00012345\nER  - \n"
)
NBIB = (
    "PMID- 777\nOWN - NLM\nIS  - not an issn at all\nTI  - Otters, an invented \n      register\nAB  - Of 9 otters 3 slept.\n"
    "FAU - Doe, Jane\nAU  - Doe J\nTA  - J Invent\nDP  - 2020 Spring\nPHST- strange\nAID - S001 [pii]\n"
    "LID - 10.1000/otter.2 [doi]\nMH  - Otters\n\nPMID- 778\nTI  - Another\nCN  - The Otter Group\n\n"
)
BIB = (
    "@comment{not a record}\n@string{ji = {J Invent}}\n"
    "@article{one, title={50% of {OTTERS} by \\'Elan}, author={M{\\\"u}ller, A and Roe, R}, journal=ji,\n"
    " year=2021, doi={10.1000/b.1}, abstract={Of all, 50% slept\n and \\emph{woke} again.}}\n"
    "@misc(two, title={In round brackets})\n"
)
CSV = (
    "Title,DOI,PMID,Year,Authors,Journal,Abstract\n"
    '"Snow, ice\nand fog",10.1000/C.1,42.0,2001,"Doe J; Roe R",J Invent,"He said ""no""."\n\n'
    "Plain,,,,,,\n"
)
ENDNOTE = (
    '<?xml version="1.0" encoding="UTF-16"?><xml><records>'
    '<record><contributors><authors><author><style face="x">Doe, Jane</style></author></authors></contributors>'
    "<titles><title><style>Two </style><style>halves</style></title></titles><dates><year>1999</year></dates>"
    "<remote-database-name>NLM</remote-database-name><accession-num>555</accession-num>"
    "<electronic-resource-num>doi:10.1000/E.1</electronic-resource-num><abstract>Short.</abstract></record>"
    "<record><titles><title>Numbered elsewhere</title></titles><accession-num>666</accession-num></record>"
    "</records></xml>"
)


def written(folder, name, text):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(folder, name, text):
    path = written(folder, name, text)
    return read_records(path, form_of(path))


def told(found):
    return len(found.records) + len(found.unread)


def test_ris_is_read_with_every_field(tmp_path):
    found = read(tmp_path, "a.ris", RIS)
    first, second = found.records
    assert (first.title, first.authors) == ("Blue herons and their ferritin", ("Doe, Jane", "Roe, Rita"))
    assert (first.doi, first.year, first.journal) == ("10.1000/heron.1", 2019, "J Invent")
    assert first.abstract == "Herons were counted. Twice."
    assert (second.title, second.pmid, second.at) == ("Second tale", "12345", "line 12")


def test_nbib_is_read_though_a_field_that_nobody_needs_is_broken(tmp_path):
    first, second = read(tmp_path, "a.nbib", NBIB).records
    assert (first.title, first.pmid) == ("Otters, an invented register", "777")
    assert (first.doi, first.year, first.authors) == ("10.1000/otter.2", 2020, ("Doe, Jane",))
    assert (first.abstract, first.journal) == ("Of 9 otters 3 slept.", "J Invent")
    assert second.authors == ("The Otter Group",)


def test_an_empty_field_costs_no_record(tmp_path):
    found = read(tmp_path, "a.nbib", "PMID- 1\nTI  - Good\nAB  - \n\nPMID- 2\nTI  - Fine\nAB  -\n")
    assert [one.abstract for one in found.records] == ["", ""]


def test_bibtex_keeps_what_follows_a_percent_sign_and_spells_out_accents(tmp_path):
    first, second = read(tmp_path, "a.bib", BIB).records
    assert first.title == "50% of OTTERS by Élan"
    assert first.abstract == "Of all, 50% slept and woke again."
    assert (first.authors, first.journal, first.year) == (("Müller, A", "Roe, R"), "J Invent", 2021)
    assert second.title == "In round brackets"


def test_csv_is_read_by_its_head_in_any_case(tmp_path):
    first, second = read(tmp_path, "a.csv", CSV).records
    assert (first.title, first.doi, first.pmid) == ("Snow, ice and fog", "10.1000/c.1", "42")
    assert (first.authors, first.year, first.abstract) == (("Doe J", "Roe R"), 2001, 'He said "no".')
    assert (second.title, second.doi, second.authors) == ("Plain", "", ())


def test_endnote_is_read_and_a_number_of_another_database_is_no_pubmed_number(tmp_path):
    first, second = read(tmp_path, "a.xml", ENDNOTE).records
    assert (first.title, first.pmid, first.doi) == ("Two halves", "555", "10.1000/e.1")
    assert (first.authors, first.year, first.abstract) == (("Doe, Jane",), 1999, "Short.")
    assert second.pmid == ""


@pytest.mark.parametrize(
    ("name", "text", "records", "reasons"),
    [
        (
            "no_end.ris",
            "TY  - JOUR\nTI  - Never ends\nTY  - JOUR\nTI  - Ends\nER  - \n",
            1,
            ["ER is missing"],
        ),
        ("last.ris", RIS + "TY  - JOUR\nTI  - Cut off", 2, ["ER is missing"]),
        ("no_start.ris", "TI  - Headless\nER  - \n" + RIS, 2, ["TY is missing"]),
        ("no_title.ris", "TY  - JOUR\nAU  - Doe\nER  - \n" + RIS, 2, ["no title"]),
        ("open.bib", "@article{a, title={never {closed}\n\n@article{b, title={fine}}", 1, ["line 1"]),
        ("twice.bib", "@article{a, title={x}}\n@article{a, title={y}}\n", 1, ["Duplicate"]),
        ("field.bib", "@article{a, title={x}, title={y}}\n@misc{b, title={z}}", 1, ["Duplicate field"]),
        ("long.csv", "title,doi\nA,10.1000/a,extra\nB,\n", 1, ["3 cells"]),
        ("tag.nbib", "PMID- 1\nTI  - Good\n\nPMID- 2\nTI  - Bad\nthis is no tag\n", 1, ["cannot be read"]),
        ("before.nbib", "TI  - Headless\n\n" + NBIB, 2, ["PMID is missing"]),
        ("number.nbib", "PMID- twelve\nTI  - Bad\n\nPMID- 2\nTI  - Good\n", 1, ["cannot be read"]),
        ("untitled.xml", ENDNOTE.replace("<title>Numbered elsewhere</title>", ""), 1, ["no title"]),
    ],
)
def test_a_broken_record_is_listed_and_the_others_are_read(tmp_path, name, text, records, reasons):
    found = read(tmp_path, name, text)
    assert len(found.records) == records
    assert told(found) == found.count == records + len(reasons)
    for one, reason in zip(found.unread, reasons, strict=True):
        assert reason in f"{one.at}: {one.why}"


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("empty.ris", "", "no record"),
        ("blank.bib", "\n\n", "no record"),
        ("words.nbib", "", "no record"),
        ("head.csv", "title,doi\n", "no record"),
        ("nohead.csv", "name,doi\nx,y\n", "does not name `title`"),
        ("twohead.csv", "title,Title\nx,y\n", "twice"),
        ("quote.csv", 'title,doi\n"never closed,x\nB,y\n', "line 3"),
        ("latin.ris", RIS.replace("Blue", "Bl\xfce").encode("latin-1"), "line 2 is not in UTF-8"),
        ("cut.xml", "<xml>\n<records><record><titles>", "no XML"),
        (
            "entity.xml",
            '<!DOCTYPE xml [<!ENTITY a "b">]><xml> <records><record><titles><title>&a;</title></titles></record></records></xml>',
            "entities",
        ),
    ],
)
def test_a_file_that_cannot_be_counted_on_is_refused_whole(tmp_path, name, text, what):
    path = written(tmp_path, name, text)
    with pytest.raises(WrongInput, match=re.escape(what)) as refused:
        read_records(path, form_of(path) or "endnote")
    assert "nothing of it was stored" in refused.value.why


def test_records_that_the_parser_overlooks_are_noticed(tmp_path, monkeypatch):
    """The reader gives one record less than the file has marks: nothing is taken."""
    import rispy

    monkeypatch.setattr(
        rispy, "loads", lambda text: [] if "Second" in text else rispy.RisParser().parse(text)
    )
    found = read(tmp_path, "a.ris", RIS)
    assert [one.why for one in found.unread] == ["the record cannot be read"]
    import bibtexparser

    monkeypatch.setattr(bibtexparser, "parse_string", lambda _: bibtexparser.Library())
    with pytest.raises(WrongInput, match="holds 2 records by their marks, 0"):
        read(tmp_path, "a.bib", BIB)


def test_a_doi_that_is_none_is_left_out_and_said(tmp_path):
    (one,) = read(tmp_path, "a.csv", "title,doi\nA,n/a\n").records
    assert (one.doi, one.remark) == ("", "its DOI is none and was left out: n/a")


@pytest.mark.parametrize(
    ("name", "head", "form"),
    [
        ("a.txt", "TY  - JOUR\n", "ris"),
        ("a.txt", "\nPMID- 12\nTI  - x", "nbib"),
        ("a.txt", "Plain words of a paper", ""),
        ("a.xml", "<?xml version='1.0'?><xml><records>", "endnote"),
        ("a.xml", "<?xml version='1.0'?><article>", ""),
        ("a.pdf", "TY  - JOUR\n", ""),
        ("A.RIS", "", "ris"),
    ],
)
def test_the_form_is_told_by_name_or_by_the_first_words(tmp_path, name, head, form):
    assert form_of(written(tmp_path, name, head)) == form


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16"])
def test_marked_codings_and_other_line_ends_are_read(tmp_path, coding):
    found = read(tmp_path, "a.ris", RIS.replace("\n", "\r\n").replace("Doe", "Döe").encode(coding))
    assert [one.authors[:1] for one in found.records] == [("Döe, Jane",), ()]
    old = read(tmp_path, "old.ris", RIS.replace("\n", "\r"))
    assert len(old.records) == 2


@pytest.mark.parametrize("form", ["ris", "nbib", "bib", "csv", "xml"])
def test_ten_thousand_records_are_all_read(tmp_path, form):
    count = 10_000
    one = {
        "ris": "TY  - JOUR\nTI  - Tale {0}\nDO  - 10.1000/r{0}\nER  - \n",
        "nbib": "PMID- {0}\nTI  - Tale {0}\n\n",
        "bib": "@article{{k{0}, title={{Tale {0}}}}}\n",
        "csv": "Tale {0},10.1000/c{0}\n",
        "xml": "<record><titles><title>Tale {0}</title></titles></record>",
    }[form]
    body = "".join(one.format(number) for number in range(1, count + 1))
    around = {"csv": ("title,doi\n", ""), "xml": ("<xml><records>", "</records></xml>")}
    before, after = around.get(form, ("", ""))
    found = read(tmp_path, f"many.{form}", before + body + after)
    assert [one.title for one in found.records] == [f"Tale {number}" for number in range(1, count + 1)]
    assert found.count == count


LINES = st.lists(
    st.sampled_from(
        ["TY  - JOUR", "ER  - ", "TI  - A tale", "AB  - words", "PMID- 7", "", "loose", "      more"]
    ),
    max_size=30,
)


@given(lines=LINES, form=st.sampled_from(["ris", "nbib"]))
def test_no_shuffled_file_loses_a_record(tmp_path_factory, lines, form):
    path = tmp_path_factory.mktemp("shuffled") / "a.txt"
    path.write_text("\n".join(lines))
    marks = sum(line.startswith("TY  -" if form == "ris" else "PMID-") for line in lines)
    if (form == "ris" and not any(re.match(r"[A-Z]{2}  -", line) for line in lines)) or not any(lines):
        with pytest.raises(WrongInput, match="no record"):
            read_records(path, form)
        return
    found = read_records(path, form)
    assert told(found) == found.count >= marks


def test_identifiers_are_compared_in_one_form():
    forms = [
        "10.1000/AbC",
        "https://doi.org/10.1000/abc",
        "http://dx.doi.org/10.1000/ABC",
        "DOI: 10.1000/abc.",
    ]
    assert {plain_doi(form) for form in [*forms, "https://doi.org/10.1000%2Fabc"]} == {"10.1000/abc"}
    assert [plain_pmid(form) for form in ("PMID:0012", "12.0", "123456789", "12a", "0")] == [
        "12",
        "12",
        "",
        "",
        "",
    ]
