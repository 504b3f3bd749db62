"""An answer as Markdown."""

from __future__ import annotations

from typing import Any


def as_markdown(answer: dict[str, Any]) -> str:
    """Return the contract object of an answer as a Markdown document."""
    lines = [f"# {_escaped(answer['question'])}", ""]
    seen: set[str] = set()
    for section in answer["sections"]:
        lines += [f"## {section['title']}", ""]
        for one in section["statements"]:
            keys = "".join(f" [{key}]" for key in one["citations"])
            lines.append(f"- {one['text']}{keys}")
            for doubt in one["doubts"]:
                lines += [] if doubt in seen else [f"  - **Doubt:** {doubt}"]
                seen.add(doubt)
        lines.append("")
    lines += _refusals(answer) + _references(answer) + _next(answer)
    lines += [
        f"*{answer['notice']}*",
        "",
        f"Review: {answer['review']['status']}. Content {answer['content_version']}.",
    ]
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    flat = " ".join(text.split())
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>#|" else letter for letter in flat)


def _refusals(answer: dict[str, Any]) -> list[str]:
    if not answer["refusals"]:
        return []
    rows = [f"- {one['text']}. {one['reason']}." for one in answer["refusals"]]
    return ["## Not answered", "", *rows, ""]


def _references(answer: dict[str, Any]) -> list[str]:
    if not answer["references"]:
        return []
    return [
        "## References",
        "",
        *(f"- [{one['key']}] {reference_line(one)}" for one in answer["references"]),
        "",
    ]


def _next(answer: dict[str, Any]) -> list[str]:
    if not answer["follow_ups"]:
        return []
    return ["## You may ask next", "", *(f"- {question}" for question in answer["follow_ups"]), ""]


def reference_line(one: dict[str, Any]) -> str:
    """Return one reference as a line: authors, title, journal, year, identifiers, review status."""
    authors = ", ".join(one["authors"])
    place = " ".join(str(part) for part in (one["journal"], one["year"], one["volume"]) if part)
    pages = f":{one['pages']}" if one["pages"] else ""
    identifiers = [f"doi {one['doi']}" if one["doi"] else "", f"PMID {one['pmid']}" if one["pmid"] else ""]
    parts = [authors, one["title"], f"{place}{pages}", *identifiers]
    return f"{'. '.join(part for part in parts if part)} ({one['status']})"
