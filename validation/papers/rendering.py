"""An invented paper as plain text, as Markdown with pipe tables, or as JATS XML."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from .lists import entries
from .wording import Pen, Said

FORMS = ("text", "markdown", "jats")
CITED = re.compile("\ue000(.*?)\ue001")
HEADINGS = {
    "background": ("Introduction", "Background", "1. Introduction"),
    "methods": ("Methods", "Materials and methods", "Patients and Methods", "2. Methods"),
    "results": ("Results", "Findings", "3. Results"),
    "discussion": ("Discussion", "Comment", "4. Discussion"),
    "conclusion": ("Conclusion", "Conclusions"),
}
SURNAMES = entries(
    "Abelin Brosk Castrel Dunmore Eklof Farouz Gandry Holvik Imrith Jasko Kolber Lunde Marrow Nestor Oduya "
    "Pelz Quist Rasmo Sandeva Tolmar Ulven Varga Wexel Yilm Zander"
)
JOURNALS = ("J Inv Med", "Arch Imag Clin", "Ann Feign Ther", "Acta Ficta", "Int J Made Up Stud")


@dataclass
class Draft:
    """The sentences, tables, title and number of references of a paper that is not yet set."""

    sentences: list[Said] = field(default_factory=list)
    grids: list[Any] = field(default_factory=list)
    title: str = ""
    references: int = 0


def rendered(draft: Draft, form: str, pen: Pen) -> str:
    """Return the source of the paper in one of the forms."""
    pen.chance.shuffle(draft.sentences)
    full = bool(draft.references)
    if form == "jats":
        return _jats(draft, pen)
    plain = form == "text"
    cite = pen.style.reference if plain else "[{}]".format
    lines = [draft.title if plain else f"# {draft.title}", ""]
    lines += _cited(_abstract(draft, pen, form, full), cite)
    if full:
        for section, titles in HEADINGS.items():
            heading = pen.chance.choice(titles)
            lines += [heading if plain else f"## {heading}", ""]
            for paragraph in _paragraphs(draft, section, pen):
                lines += [CITED.sub(lambda found: cite(found[1]), paragraph), ""]
            if section == "results":
                lines += [line for grid in draft.grids for line in _grid_lines(grid, plain)]
        lines += ["References" if plain else "## References", ""]
        lines += [f"{at}. {entry}" for at, entry in enumerate(_entries(draft, pen), 1)]
    return "\n".join(lines) + "\n"


def _cited(lines: list[str], cite: Callable[[str], str]) -> list[str]:
    return [CITED.sub(lambda found: cite(found[1]), line) for line in lines]


def _of(draft: Draft, section: str) -> list[str]:
    return [one.text for one in draft.sentences if one.section == section]


def _abstract(draft: Draft, pen: Pen, form: str, full: bool) -> list[str]:
    """Return the lines of the abstract: labelled, run on, or in one paragraph; then the article's history."""
    if full:
        body = " ".join(_of(draft, "abstract"))
        lines = [("Abstract" if form == "text" else "## Abstract"), "", body, ""]
        return lines + [line for one in _of(draft, "history") for line in (one, "")]
    style = pen.chance.choice(("{}: ", "{}\n", "", "{}. "))
    labels = {
        "background": "Background",
        "methods": "Methods",
        "results": "Results",
        "conclusion": "Conclusions",
    }
    lines = []
    for section, label in labels.items():
        words = _of(draft, section) + (_of(draft, "discussion") if section == "conclusion" else [])
        shown = label.upper() if pen.chance.random() < 0.5 else label
        shown = f"**{shown}**" if form == "markdown" and pen.chance.random() < 0.5 else shown
        lines.append((style.format(shown) if style else "") + " ".join(words))
    lines += _of(draft, "history")
    return [" ".join(lines)] if not style else lines


def _paragraphs(draft: Draft, section: str, pen: Pen) -> list[str]:
    """Return the sentences of a section in paragraphs of four to nine."""
    sentences, found = _of(draft, section), []
    while sentences:
        size = pen.chance.randint(4, 9)
        found.append(" ".join(sentences[:size]))
        sentences = sentences[size:]
    return found


def _grid_lines(grid: Any, plain: bool) -> list[str]:
    """Return a table with tabs, or with pipes."""
    rows = [grid.head, *(row.cells for row in grid.rows)]
    if plain:
        return [f"Table {grid.number}. {grid.caption}.", *("\t".join(row) for row in rows), ""]
    shown = ["| " + " | ".join(row) + " |" for row in rows]
    shown.insert(1, "|" + "---|" * len(grid.head))
    return [f"**Table {grid.number}.** {grid.caption}.", "", *shown, ""]


def _entries(draft: Draft, pen: Pen) -> list[str]:
    """Return invented entries of a reference list."""
    chance = pen.chance
    found: list[str] = []
    for _ in range(draft.references):
        names = ", ".join(f"{name} {chr(chance.randint(65, 90))}" for name in chance.sample(SURNAMES, 3))
        subject = chance.choice(
            ("outcomes", "dosing", "safety", "diagnosis", "registry data", "late effects")
        )
        first = chance.randint(100, 900)
        where = f"{chance.choice(JOURNALS)}. {chance.randint(1985, 2005)};{chance.randint(2, 90)}({chance.randint(1, 12)})"
        found.append(
            f"{names}. A study of {subject} in number {len(found) + 1}. {where}:{first}-{first + 7}."
        )
    return found


def _jats(draft: Draft, pen: Pen) -> str:
    """Return the paper as a JATS article with tables, citations and a reference list."""
    raised = pen.chance.random() < 0.4

    def linked(found: re.Match[str]) -> str:
        first = re.match(r"\d+", found[1])
        link = f'<xref ref-type="bibr" rid="B{first[0] if first else 1}">{found[1]}</xref>'
        return f"<sup>{link}</sup>" if raised else f" [{link}]"

    def paragraph(text: str) -> str:
        return f"<p>{CITED.sub(linked, escape(text))}</p>"

    abstract = paragraph(" ".join(_of(draft, "abstract")))
    sections = []
    for section, titles in HEADINGS.items():
        title = f"<title>{pen.chance.choice(titles)}</title>"
        inner = "".join(paragraph(one) for one in _paragraphs(draft, section, pen))
        inner += "".join(_table_wrap(grid) for grid in draft.grids) if section == "results" else ""
        sections.append(f'<sec sec-type="{section}">{title}{inner}</sec>')
    notes = "".join(paragraph(one) for one in _of(draft, "history"))
    entries = "".join(
        f'<ref id="B{at}"><label>{at}</label><mixed-citation>{escape(entry)}</mixed-citation></ref>'
        for at, entry in enumerate(_entries(draft, pen), 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<article article-type="research-article" xmlns:xlink="http://www.w3.org/1999/xlink"><front><article-meta>'
        f"<title-group><article-title>{escape(draft.title)}</article-title></title-group>"
        f"<abstract>{abstract}</abstract></article-meta></front>\n<body>{''.join(sections)}</body>\n"
        f"<back>{f'<notes>{notes}</notes>' if notes else ''}<ref-list><title>References</title>{entries}</ref-list></back></article>\n"
    )


def _table_wrap(grid: Any) -> str:
    """Return a table of JATS."""

    def row(cells: tuple[str, ...], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"

    body = "".join(row(one.cells, "td") for one in grid.rows)
    return (
        f'<table-wrap id="T{grid.number}"><label>Table {grid.number}</label><caption><p>{escape(grid.caption)}.</p>'
        f"</caption><table><thead>{row(grid.head, 'th')}</thead><tbody>{body}</tbody></table></table-wrap>\n"
    )
