"""An answer as Markdown."""

from __future__ import annotations

from typing import Any

ITEMS = {
    "age": "age",
    "trigger": "trigger",
    "line": "line of treatment",
    "cns": "central nervous system",
    "prior_therapy": "earlier treatment",
    "exclusions": "exclusions",
}
_IN_WORDS = "in words only"  # the words themselves stand in JSON and on the HTML page, one line has no room


def as_markdown(answer: dict[str, Any]) -> str:
    """Return the contract object of an answer as a Markdown document."""
    lines = [f"# {escaped(answer['question'])}", ""]
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
    lines += _passages(answer) + _patient(answer) + _refusals(answer) + _references(answer) + _next(answer)
    lines += [
        f"*{answer['notice']}*",
        "",
        f"Review: {answer['review']['status']}. Content {answer['content_version']}.",
    ]
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """Return the words of others on one line, with every sign of Markdown made an ordinary one."""
    flat = " ".join(text.split())
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>#|" else letter for letter in flat)


def passages_title(answer: dict[str, Any]) -> str:
    """Return the title of the passages of the library: quotations of what is cited, or unreviewed text."""
    if answer["answered"]:
        return "Word for word, from your library"
    return "Unreviewed text from your library, not checked"


def passage_place(one: dict[str, Any]) -> str:
    """Return where a passage stands: its source or title, its part, and its characters in the library."""
    named = f"[{one['key']}]" if one["key"] else one["title"]
    part = f", {one['part']}" if one["part"] else ""
    return f"{named}{part} (characters {one['start']}-{one['end']} of {one['document']})"


def _passages(answer: dict[str, Any]) -> list[str]:
    if not answer.get("passages"):
        return []
    lines = [f"## {passages_title(answer)}", ""]
    for one in answer["passages"]:
        lines += [f"- {escaped(passage_place(one))}", "", f"  > {escaped(one['text'])}", ""]
    return lines


def _patient(answer: dict[str, Any]) -> list[str]:
    part = answer.get("patient")
    if not part:
        return []
    lines = [f"## {patient_title(answer)}", ""]
    rows = verdict_rows(part)
    if rows:
        lines += ["| verdict | definition | because |", "|---|---|---|"]
        lines += ["| " + " | ".join(escaped(cell) for cell in row) + " |" for row in rows] + [""]
    for one in part["studies"]:
        lines.append(f"- **[{one['study']}]** {one['title']}: {study_line(one)}")
    lines += [""] if part["studies"] else []
    said = [*part["notes"], *(omission_line(one) for one in part["omitted"])]
    return lines + [f"- {one}" for one in said] + ([""] if said else [])


def patient_title(answer: dict[str, Any]) -> str:
    """Return the title of what holds for one patient, with the day where something was judged."""
    if answer["audience"] == "patient":
        return "For this person"
    return f"For this patient, judged on {answer['patient']['on']}"


def verdict_rows(part: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return verdict, title and reason of each definition, those of refractory disease last."""
    rows = [(one["verdict"], one["title"], one["summary"]) for one in part["definitions"]]
    rows += [(one["verdict"], one["title"], one["why"]) for one in part["refractory"]]
    return [(verdict.replace("_", " "), title, because) for verdict, title, because in rows]


def study_line(one: dict[str, Any]) -> str:
    """Return how a patient compares with a study: every item, with both sides where they are not the same."""
    items = [f"{ITEMS[card['item']]} {_compared(card)}" for card in one["cards"]]
    entry = one["eligibility"]
    if entry:
        lines = {"does not hold": entry["failed"], "not known": entry["open"]}
        said = "".join(f"; {word}: {', '.join(texts)}" for word, texts in lines.items() if texts)
        items.append(f"entry criteria {entry['verdict'].replace('_', ' ')}{said}")
    return "; ".join(items)


def _compared(card: dict[str, Any]) -> str:
    if card["comparison"] in ("same", "not_reported"):
        return str(card["comparison"]).replace("_", " ")
    study = _IN_WORDS if card["study"].startswith(_IN_WORDS) else card["study"]
    return f"{card['comparison']} (patient: {card['this_patient']}; study: {study})"


def omission_line(one: dict[str, str]) -> str:
    """Return what was left out of a patient's file, where and why."""
    return f"left out: {one['where']}: {one['what']}: {one['why']}"


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
