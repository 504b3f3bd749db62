"""`hlh ask`: one question, a follow-up, or a dialogue on the terminal."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openhlh.cli.visible import json_text, visible
from openhlh.errors import WrongInput
from openhlh.journeys.ask import Asked, ask, recall, remember

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from openhlh.answers.answer import Audience
    from openhlh.answers.frame import Frame
    from openhlh.journeys.ask_patient import OnePatient

REFUSED = 3
_BYE = {"", "quit", "exit", "bye", "q"}


@dataclass(frozen=True)
class Wish:
    """How an answer is wanted."""

    audience: Audience
    as_json: bool
    markdown: bool
    html: Path | None
    references: Path | None
    follow: bool
    explain: bool
    patient: Path | None = None
    library: Path | None = None


def run(question: str, wish: Wish) -> int:
    """Answer the question and return the exit code: 0 answered, 3 refused."""
    if wish.as_json and wish.markdown:
        raise WrongInput("--json and --markdown both write to stdout", where="hlh ask", remedy="choose one")
    if wish.references:
        _writer(wish.references)  # a wrong ending is said before anything is written
    patient = _patient(wish)
    if not question and sys.stdin is not None and sys.stdin.isatty():
        return _dialogue(wish, patient)
    piped = "" if question or sys.stdin is None else sys.stdin.read()
    asked = ask(question or piped, wish.audience, recall() if wish.follow else None)
    _show(_beside(_with_passages(asked, wish), patient), wish)
    _remember(asked)
    return 0 if asked.answer.answered else REFUSED


def _patient(wish: Wish) -> OnePatient | None:
    """Read the patient before anything is answered, so that a wrong file costs no half answer."""
    if wish.patient is None:
        return None
    from openhlh.journeys.ask_patient import read_one

    return read_one(wish.patient)


def _beside(asked: Asked, patient: OnePatient | None) -> Asked:
    if patient is None:
        return asked
    from openhlh.journeys.ask_patient import beside_patient

    return beside_patient(asked, patient)


def _with_passages(asked: Asked, wish: Wish) -> Asked:
    """Add passages of the library; the usual one may fail, and the answer stands without it."""
    from openhlh.journeys.ask_library import beside_library

    try:
        return beside_library(asked, wish.library)
    except WrongInput as error:
        if wish.library:
            raise
        sys.stderr.write(f"hlh: answered without your library. {visible(str(error))}\n")
        return asked


def _dialogue(wish: Wish, patient: OnePatient | None) -> int:
    before: Frame | None = recall() if wish.follow else None
    sys.stderr.write("Ask about HLH; an empty line ends the conversation.\n")
    while True:
        try:
            question = input("? ").strip()
        except EOFError:
            return 0
        if question.lower() in _BYE:
            return 0
        asked = ask(question, wish.audience, before)
        _show(_beside(_with_passages(asked, wish), patient), wish)
        _remember(asked)
        before = asked.frame


def _remember(asked: Asked) -> None:
    """Keep the conversation; where that fails the answer still stands, and the reason is said."""
    try:
        remember(asked.frame)
    except OSError as error:
        sys.stderr.write(f"hlh: this conversation cannot be continued with --follow ({error.strerror})\n")


def _show(asked: Asked, wish: Wish) -> None:
    if wish.explain:
        sys.stderr.write(json.dumps(asked.frame.shown(), ensure_ascii=False, indent=2, default=list) + "\n")
    contract = asked.answer.contract()
    if wish.html:
        _write_page(contract, wish.html)
    if wish.references:
        _write_references(contract, wish.references)
    if wish.as_json:
        sys.stdout.write(json_text(contract))
    elif wish.markdown:
        from openhlh.renderings.markdown import as_markdown

        sys.stdout.write(as_markdown(contract))
    elif not wish.html:
        from openhlh.cli.terminal import show

        show(contract, asked.frame.corrected)


def _write_page(contract: dict[str, Any], path: Path) -> None:
    from openhlh.files import write_atomically
    from openhlh.renderings.page import as_page

    write_atomically(path, as_page(contract))
    sys.stderr.write(f"written: {path}\n")


def _write_references(contract: dict[str, Any], path: Path) -> None:
    from openhlh.files import write_atomically

    write_atomically(path, _writer(path)(contract["references"]))
    sys.stderr.write(f"written: {path}\n")


def _writer(path: Path) -> Callable[[list[Mapping[str, Any]]], str]:
    from openhlh.literature.records import WRITERS

    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise WrongInput(
            f"no such format of references: {path.suffix or 'no ending'}",
            where="hlh ask --references",
            remedy=f"end the file name in {', '.join(WRITERS)}",
        )
    return writer
