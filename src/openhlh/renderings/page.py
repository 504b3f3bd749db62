"""An answer as one self-contained, accessible HTML page: no script, no request, dark mode, print."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openhlh.renderings.markdown import (
    ITEMS,
    omission_line,
    passage_place,
    passages_title,
    patient_title,
    reference_line,
    verdict_rows,
)

if TYPE_CHECKING:
    from jinja2 import Template


def as_page(answer: dict[str, Any]) -> str:
    """Return the contract object of an answer as an HTML document."""
    part = answer.get("patient")
    shown = {
        "patient": part,
        "patient_title": patient_title(answer) if part else "",
        "verdicts": verdict_rows(part) if part else [],
        "omission": omission_line,
        "items": ITEMS,
        "passages": answer.get("passages", ()),
        "passages_title": passages_title(answer),
        "place": passage_place,
    }
    return _template().render(answer=answer, line=reference_line, **shown) + "\n"


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("page.html")
