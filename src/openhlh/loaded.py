"""What is loaded from a page: frozen, with no unknown keys, its words short and closed."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


def _yes_or_no(value: object) -> object:
    words = {"yes": True, "no": False, True: True, False: False}
    if isinstance(value, str | bool) and value in words:
        return words[value]
    raise ValueError("write yes or no")


YesNo = Annotated[bool, BeforeValidator(_yes_or_no)]


class Frozen(BaseModel):
    """A value that cannot change and knows no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")
