"""Drawing a forest plot from top to bottom: heads, panels, the axis, the key, the notes."""

from __future__ import annotations

from dataclasses import dataclass, field

from openhlh.figures.canvas import INK, PAPER, RULE, SOFT, Sheet, text_width, wrapped
from openhlh.figures.forest_layout import (
    GAP,
    LEADING,
    MARGIN,
    SIZE,
    Cells,
    Layout,
    layout_of,
    prediction_cells,
    row_cells,
    row_words,
    summary_cells,
)
from openhlh.figures.forest_marks import BAR, DOUBT, Pen
from openhlh.figures.forest_values import Forest, ForestPanel, ForestRow, ForestSummary

_NOTE, _TITLE = 8.0, 12.0
_BAND = "#f4f5f7"
_PAD = 7.0  # above and below the text of a row, together


@dataclass
class _Page:
    """The figure while it is drawn: `y` is how far down it has come."""

    forest: Forest
    sheet: Sheet
    layout: Layout
    pen: Pen
    numbers: dict[str, int]
    y: float = MARGIN
    bands: list[tuple[float, float]] = field(default_factory=list)


def drawn(forest: Forest) -> tuple[Sheet, float]:
    """Return the sheet with the figure on it, and the height that it needs in points."""
    numbers = {doubt: at for at, doubt in enumerate(_doubts(forest), start=1)}
    layout = layout_of(forest, numbers)
    sheet = Sheet(layout.width, forest.title)
    page = _Page(forest, sheet, layout, Pen(sheet, layout.axis), numbers)
    _head(page)
    top = page.y
    for at, panel in enumerate(forest.panels, start=1):
        _panel(page, panel, at)
    if forest.summary is not None:
        page.y += 4
        _summary(page, forest.summary, "overall")
    page.y += 4
    _background(page, top)
    _axis(page)
    _key(page)
    _notes(page)
    return sheet, page.y + MARGIN


def _doubts(forest: Forest) -> list[str]:
    return list(dict.fromkeys(doubt for row in forest.rows for doubt in row.doubts))


def _head(page: _Page) -> None:
    with page.sheet.group("title"):
        for line in wrapped(page.forest.title, page.layout.width - 2 * MARGIN, 4, _TITLE, bold=True):
            page.sheet.text((MARGIN, page.y + 8), line, size=_TITLE, bold=True)
            page.y += 16
    page.y += 8
    with page.sheet.group("heads"):
        for column in page.layout.columns.values():
            page.sheet.text(
                (column.anchor, page.y + 6), column.head, size=SIZE, bold=True, ha=column.side, color=SOFT
            )
        page.y += 15
        edges = [(MARGIN, page.y), (page.layout.width - MARGIN, page.y)]
        page.sheet.line(edges, "heads-rule", color=INK, linewidth=0.9)
    page.y += 3


def _panel(page: _Page, panel: ForestPanel, at: int) -> None:
    if panel.title:
        page.y += 4
        with page.sheet.group(f"panel-{at}-title"):
            for line in wrapped(panel.title, page.layout.width - 2 * MARGIN, 2, SIZE, bold=True):
                page.sheet.text((MARGIN, page.y + 8), line, size=SIZE, bold=True)
                page.y += 14
    heaviest = max((row.weight or 0.0 for row in page.forest.rows if not row.left_out), default=0.0)
    for number, row in enumerate(panel.rows, start=1):
        if number % 2:
            page.bands.append((page.y, _height(page, row)))
        _study(page, row, heaviest, f"row-{at}-{number}")
    if panel.summary is not None:
        _summary(page, panel.summary, f"panel-{at}")
    page.y += 3


def _height(page: _Page, row: ForestRow) -> float:
    return _PAD + LEADING * _deepest(page.layout.lines(row_cells(row, page.numbers, page.forest.scale)))


def _deepest(cells: dict[str, list[str]]) -> int:
    return max((len(lines) for lines in cells.values()), default=1)


def _study(page: _Page, row: ForestRow, heaviest: float, gid: str) -> None:
    cells, height = row_cells(row, page.numbers, page.forest.scale), _height(page, row)
    middle = page.y + height / 2
    with page.sheet.group(gid, row_words(row, page.forest.scale)):
        _cells(page, cells, middle, SOFT if row.left_out else INK)
        page.pen.study(row, middle, heaviest, gid)
    page.y += height


def _cells(page: _Page, cells: Cells, middle: float, colour: str, *, bold: bool = False) -> None:
    for name, lines in page.layout.lines(cells, bold=bold).items():
        column, first = page.layout.columns[name], middle - LEADING * (len(lines) - 1) / 2
        for at, line in enumerate(lines):
            page.sheet.text(
                (column.anchor, first + LEADING * at),
                line,
                size=SIZE,
                bold=bold,
                ha=column.side,
                color=DOUBT if name == "doubt" and colour == INK else colour,
            )


def _summary(page: _Page, one: ForestSummary, gid: str) -> None:
    """Draw a pooled result: the diamond, the prediction interval as a line of its own, tau squared."""
    cells = summary_cells(one, page.forest.scale)
    height = _PAD + LEADING * _deepest(page.layout.lines(cells, bold=True))
    middle = page.y + height / 2
    with page.sheet.group(f"{gid}-summary", f"{one.label}: {cells['estimate'] or 'not pooled'}"):
        _cells(page, cells, middle, INK, bold=True)
        page.pen.diamond(one, middle, f"{gid}-summary")
    page.y += height
    if one.predicts:
        _prediction(page, one, gid)
    if one.tau2:
        _tau2(page, one.tau2, gid)


def _prediction(page: _Page, one: ForestSummary, gid: str) -> None:
    cells = prediction_cells(one, page.forest.scale)
    height = _PAD + LEADING * _deepest(page.layout.lines(cells))
    middle = page.y + height / 2
    with page.sheet.group(f"{gid}-prediction-row", f"{one.prediction_label}: {cells['estimate']}"):
        _cells(page, cells, middle, INK)
        page.pen.bar((one.prediction_low, one.prediction_high), middle, gid)
    page.y += height


def _tau2(page: _Page, words: str, gid: str) -> None:
    """Write a line about the differences between studies, on paper that hides the lines behind it."""
    lines = wrapped(words, page.layout.width - 2 * MARGIN, 3, _NOTE)
    right = MARGIN + max((text_width(line, _NOTE) for line in lines), default=0.0)
    bottom = page.y + LEADING * len(lines)
    corners = [(MARGIN, page.y), (right, page.y), (right, bottom), (MARGIN, bottom)]
    with page.sheet.group(f"{gid}-tau2"):
        page.sheet.shape(corners, f"{gid}-tau2-paper", facecolor=PAPER, edgecolor="none")
        for line in lines:
            page.sheet.text((MARGIN, page.y + 6), line, size=_NOTE, color=SOFT)
            page.y += LEADING
    page.y += 3


def _background(page: _Page, top: float) -> None:
    """Draw what stands behind the rows: bands that lead the eye, the neutral value, the pooled estimate."""
    layout, one = page.layout, page.forest.summary
    with page.sheet.group("background", behind=True):
        for at, (y, height) in enumerate(page.bands, start=1):
            left, right = MARGIN - 4, layout.width - MARGIN + 4
            corners = [(left, y), (right, y), (right, y + height), (left, y + height)]
            page.sheet.shape(corners, f"band-{at}", facecolor=_BAND, edgecolor="none")
        if layout.axis.neutral is not None:
            x = layout.axis.x(layout.axis.neutral)
            page.sheet.line([(x, top), (x, page.y)], "neutral-line", color=SOFT, linewidth=0.9)
        if one is not None and layout.axis.reaches(one.estimate):
            x = layout.axis.x(one.estimate or 0.0)
            dashes = (0, (3, 3))
            page.sheet.line(
                [(x, top), (x, page.y)], "pooled-line", color=RULE, linestyle=dashes, linewidth=0.9
            )


def _axis(page: _Page) -> None:
    axis, y = page.layout.axis, page.y
    with page.sheet.group("axis"):
        page.sheet.line([(axis.left, y), (axis.right, y)], "axis-line")
        for at, (x, words) in enumerate(axis.ticks(), start=1):
            page.sheet.line([(x, y), (x, y + 4)], f"tick-{at}")
            page.sheet.text((x, y + 11), words, size=_NOTE, ha="center")
        page.y += 18
        middle = (page.layout.plot_left + page.layout.plot_right) / 2
        for line in wrapped(page.forest.axis_label, page.layout.plot_right - page.layout.plot_left, 3, SIZE):
            page.sheet.text((middle, page.y + 6), line, size=SIZE, ha="center")
            page.y += LEADING
    page.y += 10


def _key(page: _Page) -> None:
    """Say what the marks mean, only those that occur."""
    x = MARGIN
    with page.sheet.group("key"):
        for name, words in _keys(page.forest):
            width = 16 + text_width(words, _NOTE)
            if x > MARGIN and x + width > page.layout.width - MARGIN:
                x, page.y = MARGIN, page.y + 14
            _key_mark(page, name, x + 5)
            page.sheet.text((x + 16, page.y + 6), words, size=_NOTE, color=SOFT)
            x += width + GAP
        page.y += 18


def _keys(forest: Forest) -> list[tuple[str, str]]:
    pooled = [row for row in forest.rows if not row.left_out]
    weighted = any(row.weight is not None for row in pooled)
    asked = [
        ("study", "study: area by weight, line: interval" if weighted else "study, line: interval", pooled),
        ("doubt", "hatched: carries a doubt, see its number below", [row for row in pooled if row.doubts]),
        ("left_out", "grey ring: left out of the pool", [row for row in forest.rows if row.left_out]),
        ("diamond", "pooled, ends: interval", [o for o in forest.summaries if o.estimate is not None]),
        ("bar", "prediction interval", [one for one in forest.summaries if one.predicts]),
    ]
    return [(name, words) for name, words, those in asked if those]


def _key_mark(page: _Page, name: str, x: float) -> None:
    y, gid = page.y + 6, f"key-{name}"
    if name in ("study", "doubt"):
        page.pen.square((x, y), 4.0, gid, hatched=name == "doubt")
    elif name == "left_out":
        page.pen.ring((x, y), gid)
    elif name == "diamond":
        page.sheet.shape([(x - 6, y), (x, y - 4.5), (x + 6, y), (x, y + 4.5)], gid)
    else:
        page.sheet.shape(
            [(x - 6, y - 2.5), (x + 6, y - 2.5), (x + 6, y + 2.5), (x - 6, y + 2.5)], gid, facecolor=BAR
        )


def _notes(page: _Page) -> None:
    told = [("note", "", note, INK) for note in page.forest.notes]
    told += [("doubt", str(number), doubt, INK) for doubt, number in page.numbers.items()]
    told += [("footnote", "", note, SOFT) for note in page.forest.footnotes]
    for at, (kind, mark, words, colour) in enumerate(told, start=1):
        with page.sheet.group(f"{kind}-{mark or at}"):
            _paragraph(page, mark, words, colour)


def _paragraph(page: _Page, mark: str, words: str, colour: str) -> None:
    indent = MARGIN + (20 if mark else 0)
    if mark:
        page.sheet.text((MARGIN, page.y + 5), mark, size=_NOTE, bold=True, color=DOUBT)
    for line in wrapped(words, page.layout.width - MARGIN - indent, 8, _NOTE):
        page.sheet.text((indent, page.y + 5), line, size=_NOTE, color=colour)
        page.y += LEADING
    page.y += 2
