"""A forest plot: studies, pooled results and prediction intervals on one page, doubts in plain sight.

Values in, SVG or PNG out. What cannot be trusted is told apart by form as well as by colour (hatched square,
sign and number beside the row, a note below), so that it survives a grey printer and colour blindness.
"""

from __future__ import annotations

from pathlib import Path

from openhlh.errors import WrongInput
from openhlh.figures.forest_drawing import drawn
from openhlh.figures.forest_values import Forest, ForestPanel, ForestRow, ForestSummary
from openhlh.files import write_atomically

__all__ = [
    "Forest",
    "ForestPanel",
    "ForestRow",
    "ForestSummary",
    "forest_png",
    "forest_svg",
    "write_forest",
]


def forest_svg(forest: Forest) -> str:
    """Return the figure as SVG: text as text, an id on every mark, a title on every row."""
    sheet, height = drawn(forest)
    return sheet.svg(height)


def forest_png(forest: Forest) -> bytes:
    """Return the figure as PNG, 200 dots per inch."""
    sheet, height = drawn(forest)
    return sheet.png(height)


def write_forest(forest: Forest, path: Path) -> None:
    """Write the figure to a file, at once or not at all; WrongInput for an ending other than .svg or .png."""
    ending = path.suffix.lower()
    if ending not in {".svg", ".png"}:
        raise WrongInput(
            f"a figure cannot be written as `{ending or path.name}`",
            where=str(path),
            remedy="name a file that ends with .svg or .png",
        )
    write_atomically(path, forest_svg(forest) if ending == ".svg" else forest_png(forest))
