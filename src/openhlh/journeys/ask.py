"""A question asked: frame, answer, and the conversation that a follow-up continues."""

from __future__ import annotations

import gc
import json
import os
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openhlh.answers.answering import Answerer
from openhlh.answers.frame import Frame, kept, restored
from openhlh.content.described import HERE, read_described
from openhlh.errors import WrongInput

if TYPE_CHECKING:
    from collections.abc import Container

    from openhlh.answers.answer import Answer, Audience

_POOLING = "pooling"


@dataclass(frozen=True)
class Asked:
    """A question with its frame and its answer."""

    frame: Frame
    answer: Answer


@lru_cache(maxsize=2)
def answerer(folder: Path = HERE) -> Answerer:
    """Return the answerer of the shelves below a folder, built once.

    The collector pauses meanwhile: it would walk objects that all stay (619 ms against 576 ms for a cold
    `hlh ask`, medians of benchmarks/ask.py without and with the pause).
    """
    gc.disable()
    try:
        return Answerer.of(read_described(folder))
    finally:
        gc.enable()


def ask(question: str, audience: Audience = "clinician", before: Frame | None = None) -> Asked:
    """Return the answer to a question; `before` is the frame of the question that it follows."""
    question = readable(question)
    if not question.strip():
        raise WrongInput("the question is empty", where="hlh ask", remedy='type it in quotes: hlh ask "..."')
    asker = answerer()
    frame = asker.frame(question, before)
    answer = asker.answer(question, frame, audience)
    if _POOLING in frame.intents:
        from openhlh.journeys.ask_pooled import beside_pooled

        answer = beside_pooled(answer, frame, asker.shelves)
    return Asked(frame, answer)


def readable(question: str) -> str:
    """Return the question without control characters and broken bytes, which upset terminals."""
    whole = question.encode("utf-8", "replace").decode("utf-8")
    return "".join(" " if unicodedata.category(sign) in {"Cc", "Cf"} else sign for sign in whole).strip()


def conversation_file() -> Path:
    """Return where the last conversation is kept (HLH_STATE overrides the folder)."""
    import platformdirs

    folder = os.environ.get("HLH_STATE") or platformdirs.user_state_dir("openhlh")
    return Path(folder) / "conversation.json"


def remember(frame: Frame) -> None:
    """Keep the frame for a follow-up: ids of the shelves only, never the words of a question."""
    path = conversation_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_text(json.dumps(kept(frame)), encoding="utf-8")
    part.replace(path)


def recall() -> Frame:
    """Return the frame of the last question; WrongInput where there is none."""
    path = conversation_file()
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        state = None
    if not isinstance(state, dict):
        raise WrongInput(
            "there is no conversation to follow",
            where="hlh ask --follow",
            remedy="ask a first question without --follow",
        )
    return restored(_still_on_shelves(state))


def _still_on_shelves(state: dict[str, Any]) -> dict[str, Any]:
    """Leave out ids that an upgrade took off the shelves since the conversation was kept."""
    shelves = answerer().shelves
    genes = {gene.symbol for gene in shelves.genes.genes}
    have: dict[str, Container[str]] = {
        name: getattr(shelves, name) for name in ("drugs", "regimens", "studies", "definitions")
    } | {"genes": genes}
    return {
        name: [one for one in ids if isinstance(one, str) and one in have.get(name, ids)]
        for name, ids in state.items()
        if isinstance(ids, list)
    }
