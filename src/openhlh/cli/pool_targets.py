"""Where `hlh pool` writes: looked at before anything is computed, so that nothing is lost."""

from __future__ import annotations

import os
from pathlib import Path

from openhlh.errors import WrongInput

_FIGURES = {".svg", ".png"}


def check_targets(forest: Path | None, r_code: Path | None, table: Path | None) -> None:
    """Raise WrongInput for a target that cannot be written, that is the table itself, or named twice."""
    named = [(option, path) for option, path in (("--forest", forest), ("--r", r_code)) if path is not None]
    if forest is not None and forest.suffix.lower() not in _FIGURES:
        raise WrongInput(
            f"a figure cannot be written as `{forest.suffix}`",
            where=str(forest),
            remedy="name a file that ends with .svg or .png",
        )
    taken = {table.resolve(): "--csv"} if table is not None else {}
    for option, path in named:
        _require_writable(option, path)
        if path.resolve() in taken:
            raise WrongInput(
                f"this is the file of {taken[path.resolve()]}",
                where=f"{option} {path}",
                why="one would overwrite the other",
                remedy="name another file",
            )
        taken[path.resolve()] = option


def _require_writable(option: str, path: Path) -> None:
    folder = path.resolve().parent
    if path.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
        raise WrongInput(
            "nothing can be written there",
            where=f"{option} {path}",
            why="it is a folder, or its folder does not exist or is closed to you",
            remedy="name a file in a folder that exists and that you may write to",
        )
