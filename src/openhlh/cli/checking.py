"""`hlh check`: one paper with its findings in their context, or a table over many."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openhlh.cli.visible import json_text, visible
from openhlh.errors import WrongInput
from openhlh.journeys.check import CheckedDocument, as_contract
from openhlh.journeys.notices import notice

if TYPE_CHECKING:
    from openhlh.journeys.check_many import Outcome

_CONTEXT = 90  # characters of the text on either side of a finding
_SAID = {
    "does_not_hold": "does not hold",
    "tension": "tension",
    "holds": "holds",
    "cannot_check": "can't be checked",
}
_MARKS = {"does_not_hold": "✗", "tension": "!", "holds": "✓", "cannot_check": "–"}
_STYLES = {"does_not_hold": "bold red", "tension": "yellow", "holds": "green", "cannot_check": "dim"}
_TOLD_EVERY = 100


@dataclass(frozen=True)
class Wish:
    """What is wanted of the check."""

    against: str | None
    html: Path | None
    text: bool
    every: bool
    as_json: bool


def run(files: list[Path], wish: Wish) -> int:
    """Check the files; return 1 where something does not hold, 2 where a file could not be read, else 0."""
    single = len(files) == 1 and not files[0].is_dir()
    if not single:
        if wish.against or wish.html or wish.text:
            raise WrongInput(
                "this is made of one document at a time",
                where="--against, --html or --text",
                remedy="name one file",
            )
        return _many(files, wish)
    if wish.text:
        from openhlh.literature.reading import read_document

        sys.stdout.write(read_document(files[0]).text)
        return 0
    from openhlh.journeys.check_many import check_one, patience

    with patience(files[0]):
        checked = check_one(files[0])
    if wish.html is not None:
        _write_page(checked, wish.html)
    if wish.against:
        return _against(checked, wish.against, as_json=wish.as_json)
    if wish.as_json:
        sys.stdout.write(json_text(as_contract(checked, files[0])))
    else:
        _show(checked, every=wish.every)
    return 1 if checked.summary["does_not_hold"] else 0


def _show(checked: CheckedDocument, *, every: bool) -> None:
    """Print the findings that a reader must see, each with its words marked in the text, and the counts."""
    from openhlh.cli.tables import console

    out = console()
    order = list(_SAID) if every else ["does_not_hold", "tension"]
    for note in checked.document.notes:
        out.print(f"note: {visible(note)}")
    for verdict in order:
        for one in checked.findings:
            if one.verdict == verdict:
                for line, style in _lines(checked, one):
                    out.print(line, style=style)
    counts = checked.summary
    told = ", ".join(f"{counts[verdict]} {_SAID[verdict]}" for verdict in _SAID)
    out.print(f"{visible(checked.document.name)}: {told}")
    kinds = Counter(one.claim.kind.replace("_", " ") for one in checked.findings)
    out.print("read: " + ", ".join(f"{count} {kind}" for kind, count in kinds.most_common()), style="dim")
    out.print(notice(), style="dim")


def _lines(checked: CheckedDocument, one: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - a Finding
    """Yield the lines about one finding with their styles."""
    text, claim = checked.document.text, one.claim
    page = checked.document.page(claim.start)
    place = ", ".join(
        filter(None, [claim.where, f"page {page}" if page else "", f"{claim.start}–{claim.end}"])
    )
    yield (
        f"{_MARKS[one.verdict]} {_SAID[one.verdict]} [{one.rule or 'read'} {one.word}] {place}",
        _STYLES[one.verdict],
    )
    before = text[max(0, claim.start - _CONTEXT) : claim.start]
    behind = text[claim.end : claim.end + _CONTEXT]
    yield f"    …{_plain(before)}⟦{_plain(text[claim.start : claim.end])}⟧{_plain(behind)}…", ""
    parts = [("stated", one.stated), ("computed", one.computed), ("apart", one.difference)]
    parts += [("reading", one.convention), ("would hold", one.fix)]
    yield "    " + "; ".join(f"{name}: {_plain(value)}" for name, value in parts if value), ""
    moves = " A pooled number would move." if one.moves_pool else ""
    yield f"    {_plain(one.why)}{moves}\n", ""


def _plain(words: str) -> str:
    return visible(" ".join(words.split(" ")).replace("\n", " ").replace("\t", " | "))


def _write_page(checked: CheckedDocument, path: Path) -> None:
    from openhlh.files import write_atomically
    from openhlh.renderings.checked import as_checked_page

    write_atomically(path, as_checked_page(as_contract(checked), checked.document.text))
    sys.stderr.write(f"written: {path}\n")


def _against(checked: CheckedDocument, study: str, *, as_json: bool) -> int:
    """Print the numbers of a study page that the document does not state; exit code 1 where there are any."""
    from openhlh.cli.tables import console, print_table
    from openhlh.journeys.compare import compared

    numbers = compared(checked.document, study)
    missing = [one for one in numbers if not one.stated]
    if as_json:
        entries = [vars(one) for one in numbers]
        sys.stdout.write(json_text({"study": study, "document": checked.document.name, "numbers": entries}))
    else:
        rows = [[one.path, one.value, one.at] for one in missing]
        if rows:
            print_table(console(), ["number of the page", "value", "its place"], rows)
        sys.stdout.write(
            f"{study}: {len(numbers)} numbers on the page, {len(missing)} of them not in "
            f"{visible(checked.document.name)}\n"
        )
    return 1 if missing else 0


def _many(paths: list[Path], wish: Wish) -> int:
    from openhlh.journeys.check_many import check_many, files_of

    files, passed_over = files_of(paths)
    outcomes = _told(check_many(files, brief=not wish.as_json), len(files))
    return (_print_json if wish.as_json else _print_table)(outcomes, passed_over)


def _told(outcomes: Iterator[Outcome], total: int) -> Iterator[Outcome]:
    for done, outcome in enumerate(outcomes, start=1):
        if done % _TOLD_EVERY == 0 or done == total:
            sys.stderr.write(f"{done} of {total} documents\n")
        yield outcome


def _print_json(outcomes: Iterator[Outcome], passed_over: list[Outcome]) -> int:
    """Print one JSON object piece by piece, so that ten thousand documents need no memory."""
    totals: Counter[str] = Counter()
    errors = [{"file": str(one.path), "error": one.error} for one in passed_over]
    failed = False
    sys.stdout.write('{"documents": [')
    separator = ""
    for one in outcomes:
        if one.checked is None:
            errors.append({"file": str(one.path), "error": one.error})
            failed = True
            continue
        totals.update(one.checked["summary"])
        sys.stdout.write(separator + json_text(one.checked).rstrip("\n"))
        separator = ",\n"
    summary = {verdict: totals[verdict] for verdict in ("holds", "tension", "does_not_hold", "cannot_check")}
    rest = {"errors": errors, "summary": summary, "notice": notice()}
    sys.stdout.write("],\n" + json_text(rest).lstrip("{"))
    return _code(totals, failed)


def _print_table(outcomes: Iterator[Outcome], passed_over: list[Outcome]) -> int:
    from openhlh.cli.tables import console, print_table

    totals: Counter[str] = Counter()
    rows, errors = [], list(passed_over)
    for one in outcomes:
        if one.checked is None:
            errors.append(one)
            continue
        counts = one.checked["summary"]
        totals.update(counts)
        first = next(
            (f"{c['text']}: {c['why']}" for c in one.checked["claims"] if c["verdict"] == "does_not_hold"), ""
        )
        rows.append(
            [visible(one.path.name), *(str(counts[verdict]) for verdict in _SAID), _plain(first)[:110]]
        )
    if rows:
        print_table(console(), ["document", *_SAID.values(), "first that does not hold"], rows)
    for one in errors:
        sys.stdout.write(
            f"{visible(one.error if str(one.path) in one.error else f'{one.path}: {one.error}')}\n"
        )
    told = ", ".join(f"{totals[verdict]} {_SAID[verdict]}" for verdict in _SAID)
    sys.stdout.write(f"{len(rows)} documents, {len(errors)} not read: {told}\n{notice()}\n")
    return _code(totals, any(not one.error.startswith("passed over") for one in errors))


def _code(totals: Counter[str], failed: bool) -> int:
    if failed:
        return 2
    return 1 if totals["does_not_hold"] else 0
