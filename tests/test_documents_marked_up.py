"""JATS, HTML and Word: one readable text, cells with spans and notes, superscripts, parts, references."""

import pytest
from docx import Document as NewWord

from openhlh.literature.reading import read_document

JATS = """<?xml version="1.0"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) v1.0 20120330//EN" "JATS-archivearticle1.dtd">
<article xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:mml="http://www.w3.org/1998/Math/MathML">
<front><journal-meta><journal-title>J Sleep</journal-title></journal-meta><article-meta>
<article-id pub-id-type="pmid">123456</article-id><article-id pub-id-type="doi">10.5555/clerks</article-id>
<title-group><article-title>Blue light for <italic>tired</italic> clerks</article-title></title-group>
<contrib-group><contrib><name><surname>Able</surname></name></contrib></contrib-group>
<pub-date pub-type="ppub"><year>2021</year></pub-date>
<pub-date pub-type="epub"><day>3</day><month>12</month><year>2020</year></pub-date>
<history><date date-type="received"><day>2</day><month>Mar</month><year>2020</year></date></history>
<permissions><copyright-statement>Copyright 1999 of 77 of 88</copyright-statement></permissions>
<abstract><sec><title>Results</title><p>Of 34&#160;clerks, 12 (35.3&#8201;%) slept.</p></sec></abstract>
</article-meta></front>
<body><sec sec-type="intro"><title>Why</title><p>Clerks sleep for years.<sup><xref ref-type="bibr" rid="B1">1</xref>,<xref
ref-type="bibr" rid="B2">2</xref></sup> Others say so <xref ref-type="bibr" rid="B1">1</xref> too [<xref ref-type="bibr"
rid="B1">1</xref>,<xref ref-type="bibr" rid="B2">2</xref>] and so.<xref ref-type="bibr" rid="B2">2</xref></p></sec>
<sec><title>Methods</title><sec><title>Conclusions of others</title><p>We counted 3 &#xD7; 10<sup>9</sup> CD4<sup>+</sup> sheep
on the 2<sup>nd</sup> night in CO<sub>2</sub>, so&#173;und.</p><p><inline-formula><alternatives><tex-math>\\begin{document}9/7</tex-math><mml:math>
<mml:mfrac><mml:mn>12</mml:mn><mml:mn>34</mml:mn></mml:mfrac></mml:math></alternatives></inline-formula></p></sec></sec>
<sec sec-type="results"><title>What came</title><p>Good nights.</p>
<fig id="F1"><label>Figure 1</label><caption><p>Sheep.</p></caption><graphic xlink:href="x.jpg"/></fig>
<table-wrap id="T1"><label>Table 1</label><caption><title>Nights</title></caption><table>
<thead><tr><th rowspan="2">Room</th><th colspan="2">Slept</th></tr><tr><th>North<sup>*</sup></th><th>South</th></tr></thead>
<tbody><tr><td rowspan="2">Score</td><td>5/8<sup>a</sup></td><td>7/8<xref ref-type="table-fn" rid="TF1"><sup>a</sup></xref></td></tr>
<tr><td>8 (30.8)<sup>1,b</sup></td><td>2 &#xD7; 10<sup>6</sup></td></tr><tr><td>Area, m<sup>2</sup></td><td/><td>12<break/>(35%)</td></tr></tbody></table>
<table-wrap-foot><fn id="TF1"><label>a</label><p>One was away.</p></fn><fn><p><sup>b</sup> Two were.</p></fn><p>SD, standard doze.</p></table-wrap-foot></table-wrap>
</sec></body>
<back><ack><p>We thank the sheep.</p></ack><ref-list><title>References</title>
<ref id="B1"><label>1</label><element-citation><person-group><name><surname>Able</surname><given-names>A</given-names></name></person-group>
<article-title>Sheep</article-title><source>J Sleep</source><year>2011</year><volume>3</volume><fpage>12</fpage><lpage>19</lpage></element-citation></ref>
<ref id="B2"><label>[2]</label><mixed-citation><name><surname>Baker</surname><given-names>B</given-names></name> (<year>2012</year>) <article-title>Goats</article-title>.
<source>J Sleep</source><volume>7</volume>: <fpage>12</fpage>&#8211;<lpage>19</lpage></mixed-citation></ref></ref-list></back></article>"""


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "article.nxml"
    path.write_text(JATS, encoding="utf-8")
    return read_document(path)


def rows(table):
    found = {}
    for cell in table.cells:
        found.setdefault(cell.row, {})[cell.column] = cell.text
    return [[row[column] for column in sorted(row)] for _, row in sorted(found.items())]


def test_an_article_says_what_it_is(article):
    assert (article.format, article.title) == ("jats", "Blue light for tired clerks")
    assert (article.doi, article.pmid, article.year) == ("10.5555/clerks", "123456", 2021)
    assert article.published == (2020, 12, 3)
    assert "Received 2020-03-02. Published 2020-12-03." in article.text


def test_sections_have_roles_and_nested_ones_keep_the_outer(article):
    def where(words):
        return article.where(article.text.index(words))

    assert where("Blue light") == "title"
    assert where("12 (35.3") == "abstract"
    assert where("Clerks sleep") == "background"
    assert where("We counted") == "methods"
    assert where("Good nights") == "results"
    assert where("Sheep.") == "figure"
    assert where("We thank") == "acknowledgements"
    assert where("1. Able") == "references"
    assert where("One was away") == "table 1"


def test_white_space_is_plain_and_what_is_not_text_is_left_out(article):
    assert "Of 34 clerks, 12 (35.3 %) slept." in article.text
    assert "sound." in article.text
    for left_out in ("Copyright", "begin{document}", "x.jpg", "Able A\n"):
        assert left_out not in article.text
    assert "12/34" in article.text


def test_superscripts_never_run_into_numbers(article):
    assert "for years.^1,2 Others say so 1 too [1,2] and so.^2" in article.text
    assert "3 × 10^9 CD4+ sheep on the 2nd night in CO2" in article.text
    lifted = [article.text[start:end] for start, end in article.raised]
    assert {"^1,2", "^2", "^9", "^6", "^a", "^1,b"} <= set(lifted)


def test_cells_keep_spans_heads_and_notes_apart_from_numbers(article):
    (table,) = article.tables
    assert (table.label, table.caption, table.certain) == ("table 1", "Nights", True)
    assert rows(table) == [
        ["Room", "Slept", "Slept"],
        ["Room", "North", "South"],
        ["Score", "5/8", "7/8"],
        ["Score", "8 (30.8)", "2 × 10^6"],
        ["Area, m^2", "", "12 (35%)"],
    ]
    assert all(article.text[cell.start : cell.end] == cell.text for cell in table.cells)
    notes = {cell.text: cell.notes for cell in table.cells if cell.notes}
    assert notes == {"North": ("*",), "5/8": ("a",), "7/8": ("a",), "8 (30.8)": ("1", "b")}
    assert {cell.text for cell in table.cells if cell.header} == {
        "Room",
        "Slept",
        "North",
        "South",
        "Score",
        "Area, m^2",
    }
    assert table.footnotes == (("a", "One was away."), ("b", "Two were."), ("", "SD, standard doze."))
    assert "Score\t5/8^a\t7/8^a\n\t8 (30.8)^1,b" in article.text


def test_references_are_written_as_printed_with_number_and_year(article):
    assert [(one.number, one.year) for one in article.references] == [(1, 2011), (2, 2012)]
    assert article.references[0].text == "Able A, Sheep. J Sleep. 2011 3 12 19"
    assert article.references[1].text == "Baker B (2012) Goats. J Sleep 7: 12–19"


def test_an_article_within_another_element_is_found(tmp_path):
    path = tmp_path / "set.xml"
    body = "<article><body><p>One {} of 34.</p></body></article>"
    path.write_text(f"<pmc-articleset>{body.format('first')}{body.format('second')}</pmc-articleset>")
    document = read_document(path)
    assert "first" in document.text
    assert document.notes == ("1 more articles in this file were not read",)


def test_entities_of_the_public_dtd_are_read_as_signs(tmp_path):
    path = tmp_path / "article.xml"
    path.write_text(
        '<!DOCTYPE article PUBLIC "-//NLM//DTD JATS//EN" "JATS.dtd"><article><body><p>5&nbsp;&mu;g of 7</p></body></article>'
    )
    assert read_document(path).text == "5 µg of 7" or read_document(path).text == "5 μg of 7"


HTML = """<!DOCTYPE html><html><head><meta charset="{charset}"><meta name="citation_doi" content="10.5555/page">
<meta name="citation_publication_date" content="2021/03/04"><style>p {{ }}</style><title>x</title></head><body>
<nav>Menu 1 of 2</nav><h1>Blue light for tired clerks</h1><h2>Abstract</h2><h3>Results</h3>
<p>Of 34&nbsp;clerks, 12 (35&thinsp;%) slept – for 3&nbsp;years.<sup><a href="#r1">1,2</a></sup></p><h2>Results</h2>
<p>Good<br>nights<script>1 of 2</script></p><p>Table 2. Rooms</p>
<table><thead><tr><th rowspan=2>Room<th colspan=2>Slept<tr><th>North<th>South</thead>
<tr><td>Score<td>5/8<sup>a</sup><td>10<sup>9</sup></table><p><sup>a</sup>One was away.</p>
<h2>References</h2><ol><li>Able A. One. J Sleep. 2011;1:2.</li><li>Baker B. Two. J Sleep. 2012;1:2.</li></ol></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252"])
def test_a_page_is_read_like_an_article(tmp_path, charset):
    path = tmp_path / "page.html"
    path.write_bytes(HTML.format(charset=charset).encode(charset))
    page = read_document(path)
    assert (page.format, page.title, page.doi) == ("html", "Blue light for tired clerks", "10.5555/page")
    assert (page.year, page.published) == (2021, (2021, 3, 4))
    assert "Of 34 clerks, 12 (35 %) slept – for 3 years.^1,2" in page.text
    assert "Menu" not in page.text
    assert "1 of 2" not in page.text
    assert page.where(page.text.index("12 (35")) == "abstract"
    assert page.where(page.text.index("Good")) == "results"
    (table,) = page.tables
    assert (table.label, table.caption) == ("table 2", "Rooms")
    assert rows(table) == [["Room", "Slept", "Slept"], ["Room", "North", "South"], ["Score", "5/8", "10^9"]]
    assert table.footnotes == (("a", "One was away."),)
    assert all(page.text[cell.start : cell.end] == cell.text for cell in table.cells)
    assert [(one.number, one.year) for one in page.references] == [(1, 2011), (2, 2012)]


def test_a_layout_table_around_everything_hides_no_words(tmp_path):
    path = tmp_path / "page.html"
    path.write_text("<html><table><tr><td>Outer words<table><tr><td>12<td>34</table></table></html>")
    page = read_document(path)
    assert "Outer words" in page.text
    assert rows(page.tables[0]) == [["12", "34"]]


@pytest.fixture
def manuscript(tmp_path):
    word = NewWord()
    word.add_heading("Blue light for tired clerks", 0)
    word.add_heading("Abstract", 1)
    line = word.add_paragraph("Of 34 clerks, 12 (35.3%) slept for years.")
    line.add_run("1,").font.superscript = True
    line.add_run("2").font.superscript = True
    line.add_run(" They counted 10")
    line.add_run("9").font.superscript = True
    line.add_run(" sheep.")
    word.add_heading("Results", 1)
    word.add_paragraph("Table 1. Rooms")
    table = word.add_table(4, 3)
    cells = [["Room", "Slept", ""], ["", "North", "South"], ["Score", "5/8", "7/8"], ["", "6/8", ""]]
    for row, line in enumerate(cells):
        for column, words in enumerate(line):
            table.cell(row, column).text = words
    table.cell(0, 1).merge(table.cell(0, 2)).text = "Slept"
    table.cell(0, 0).merge(table.cell(1, 0)).text = "Room"
    table.cell(2, 1).paragraphs[0].add_run("a").font.superscript = True
    word.add_paragraph("a One was away.")
    word.add_heading("References", 1)
    word.add_paragraph("1. Able A. One. J Sleep. 2011;1:2.")
    word.add_paragraph("2. Baker B. Two. J Sleep. 2012;1:2.")
    path = tmp_path / "manuscript.docx"
    word.save(path)
    return read_document(path)


def test_a_manuscript_is_read_like_an_article(manuscript):
    assert (manuscript.format, manuscript.title) == ("docx", "Blue light for tired clerks")
    assert "for years.^1,2 They counted 10^9 sheep." in manuscript.text
    assert manuscript.where(manuscript.text.index("12 (35")) == "abstract"
    (table,) = manuscript.tables
    assert (table.label, table.caption) == ("table 1", "Rooms")
    assert rows(table) == [
        ["Room", "Slept", "Slept"],
        ["Room", "North", "South"],
        ["Score", "5/8", "7/8"],
        ["", "6/8", ""],
    ]
    assert next(cell for cell in table.cells if cell.text == "5/8").notes == ("a",)
    assert table.footnotes == (("a", "One was away."),)
    assert [(one.number, one.year) for one in manuscript.references] == [(1, 2011), (2, 2012)]


def test_what_was_struck_out_in_word_is_not_read(tmp_path):
    word = NewWord()
    word.add_paragraph("12 of 34 slept.")
    word.save(tmp_path / "plain.docx")
    body = word.element.body
    run = body.p_lst[0].r_lst[0]
    struck = run.makeelement(run.tag.replace("}r", "}del"), {})
    run.addprevious(struck)
    gone = run.makeelement(run.tag, {})
    words = run.makeelement(run.tag.replace("}r", "}delText"), {})
    words.text = "99 of 88 "
    gone.append(words)
    struck.append(gone)
    path = tmp_path / "struck.docx"
    word.save(path)
    assert read_document(path).text == "12 of 34 slept."
