"""A sheet measured in points, drawn with matplotlib's objects: same bytes on every run, text kept as text.

The origin is the upper left corner and y grows downwards. What is drawn stands in groups; each has an id and
a title, which a screen reader reads instead of the marks. Nothing is kept in matplotlib's global state.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from matplotlib.text import Text

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase

INK, SOFT, RULE, PAPER = "#1a1a1a", "#5f5f5f", "#b8b8b8", "#ffffff"
FONT = "DejaVu Sans"  # comes with matplotlib, so that it exists everywhere
_FAMILY = f"font-family: '{FONT}', Verdana, sans-serif"  # Verdana has the same widths
_POINTS = 72.0
_PNG_DPI = 200

Point = tuple[float, float]


class _Group(Artist):
    """Parts that are drawn as one group with an id."""

    def __init__(self, gid: str, parts: list[Artist]) -> None:
        super().__init__()
        self.set_gid(gid)
        self.parts = parts

    def draw(self, renderer: RendererBase) -> None:
        renderer.open_group("group", gid=self.get_gid())
        for part in self.parts:
            part.draw(renderer)
        renderer.close_group("group")


class Sheet:
    """A figure that is being drawn; ids are unique because each is given once."""

    def __init__(self, width: float, title: str) -> None:
        """Start an empty sheet of a width in points; the title is the figure's name for a screen reader."""
        self.width, self.title = width, printable(title)
        self._figure = Figure(facecolor=PAPER)
        self._axes = self._figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self._axes.set_axis_off()
        self._titles: dict[str, str] = {}
        self._parts: list[Artist] | None = None

    @contextmanager
    def group(self, gid: str, title: str = "", *, behind: bool = False) -> Iterator[None]:
        """Collect what is drawn meanwhile into one group with this id and title; `behind` the others."""
        self._parts = []
        yield
        group = _Group(gid, self._parts)
        group.set_zorder(0 if behind else 1)
        self._parts = None
        self._axes.add_artist(group)
        if title:
            self._titles[gid] = printable(title)

    def text(self, at: Point, words: str, gid: str = "", **style: object) -> None:
        """Write a line of text; `at` is its anchor on the middle of the line. Style is matplotlib's."""
        size = style.pop("size", 9.0)
        bold = "bold" if style.pop("bold", False) else "normal"
        font = FontProperties(family=FONT, size=size, weight=bold)  # type: ignore[arg-type]
        drawn = Text(*at, printable(words), fontproperties=font, verticalalignment="center_baseline")
        drawn.set(**{"color": INK, "parse_math": False, **style})
        self._add(drawn, gid)

    def line(self, points: Sequence[Point], gid: str = "", **style: object) -> None:
        """Draw a line through points. Style is matplotlib's."""
        across, down = zip(*points, strict=True)
        drawn = Line2D(across, down, solid_capstyle="butt")
        drawn.set(**{"color": INK, "linewidth": 1.0, **style})
        self._add(drawn, gid)

    def shape(self, points: Sequence[Point], gid: str = "", **style: object) -> None:
        """Draw a closed shape. Style is matplotlib's (facecolor, edgecolor, hatch, linewidth)."""
        drawn = Polygon(points, closed=True)
        drawn.set_hatch_linewidth(0.9)
        drawn.set(**{"facecolor": INK, "edgecolor": INK, "linewidth": 0.8, **style})
        self._add(drawn, gid)

    def _add(self, part: Artist, gid: str) -> None:
        if gid:
            part.set_gid(gid)
        part.set_figure(self._figure)
        part.set_transform(self._axes.transData)
        part.set_clip_on(False)
        if self._parts is None:
            self._axes.add_artist(part)
        else:
            self._parts.append(part)

    def svg(self, height: float) -> str:
        """Return the sheet as SVG with this height in points."""
        drawn = BytesIO()
        with self._ready(height):
            FigureCanvasSVG(self._figure).print_svg(  # type: ignore[no-untyped-call]
                drawn, metadata={"Date": None, "Creator": "OpenHLH", "Title": self.title}
            )
        text = drawn.getvalue().decode("utf-8").replace(f"font-family: '{FONT}'", _FAMILY)
        for gid, title in self._titles.items():
            opened = f'<g id="{gid}">'
            text = text.replace(opened, f'<g id="{gid}" role="img"><title>{escape(title)}</title>', 1)
        return text

    def png(self, height: float) -> bytes:
        """Return the sheet as PNG with this height in points."""
        drawn = BytesIO()
        with self._ready(height):
            self._figure.set_dpi(_PNG_DPI)
            FigureCanvasAgg(self._figure).print_png(  # type: ignore[no-untyped-call]
                drawn, metadata={"Software": "OpenHLH", "Title": self.title}
            )
        return drawn.getvalue()

    @contextmanager
    def _ready(self, height: float) -> Iterator[None]:
        self._figure.set_size_inches(self.width / _POINTS, height / _POINTS)
        self._figure.set_dpi(_POINTS)
        self._axes.set_xlim(0, self.width)
        self._axes.set_ylim(height, 0)
        with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "openhlh"}), _any_glyph():
            yield


@contextmanager
def _any_glyph() -> Iterator[None]:
    """Let a sign pass that the font does not have: a browser has another font, paper shows a box."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font", category=UserWarning)
        yield


def printable(words: str) -> str:
    """Return words on one line, without signs that XML or a reader cannot take."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())


@lru_cache(maxsize=8192)
def text_width(words: str, size: float = 9.0, *, bold: bool = False) -> float:
    """Return the width of a line of text in points."""
    font = get_font(findfont(FontProperties(family=FONT, weight="bold" if bold else "normal")))
    font.set_size(size, _POINTS)
    with _any_glyph():
        font.set_text(printable(words), 0.0)
    return float(font.get_width_height()[0]) / 64


def wrapped(words: str, width: float, most: int, size: float = 9.0, *, bold: bool = False) -> list[str]:
    """Return words as at most so many lines of a width in points; what does not fit ends with an ellipsis."""
    lines: list[str] = []
    for word in _breakable(printable(words).split(), width, size, bold=bold):
        if lines and text_width(f"{lines[-1]} {word}", size, bold=bold) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and text_width(f"{last}…", size, bold=bold) > width:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip()}…"]


def _breakable(words: list[str], width: float, size: float, *, bold: bool) -> Iterator[str]:
    """Yield the words; one that is wider than a line is cut into pieces that fit."""
    for word in words:
        rest = word
        while text_width(rest, size, bold=bold) > width and len(rest) > 1:
            fits = 1
            while text_width(rest[: fits + 1], size, bold=bold) <= width:
                fits += 1
            yield rest[:fits]
            rest = rest[fits:]
        yield rest
