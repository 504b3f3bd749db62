"""How fast `hlh check` is, beside one regular expression over the same files, and whether memory stays flat.

One command (`make bench`), both sides in the same run. The papers are invented (validation/papers).
Abstracts: one process, papers per second and core. Full texts: `hlh check FOLDER` on all cores. Memory:
`hlh check FOLDER` over 1,000 and over 10,000 abstracts, the highest resident size of all its processes.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parent.parent))

from validation.papers.paper import make_paper

from openhlh.journeys.check import check_file
from openhlh.literature.reading import read_document

ABSTRACTS, FULL, MANY, COPIES = 1000, 60, 10_000, 4
HLH = str(Path(sys.executable).parent / "hlh")
SHARE = re.compile(r"\d+\s*(?:/|of)\s*\d+[^.;()]{0,30}\(\s*\d+(?:\.\d+)?\s*%")


def write(folder: Path, count: int, *, full: bool) -> list[Path]:
    """Write invented papers and return their files."""
    paths = []
    for number in range(count):
        paper = make_paper(7, number, full=full)
        path = folder / f"{number:05d}_{paper.name}"
        path.write_text(paper.source, encoding="utf-8")
        paths.append(path)
    return paths


def by_expression(path: Path) -> int:
    """Read a file and count what one regular expression finds: the least that any check has to do."""
    return len(SHARE.findall(read_document(path).text))


def seconds(work: Callable[[Path], object], paths: list[Path]) -> float:
    """Return how long some work takes on every file, after a warm start."""
    work(paths[0])
    start = time.perf_counter()
    for path in paths:
        work(path)
    return time.perf_counter() - start


def command(folder: Path) -> tuple[float, float]:
    """Run `hlh check` on a folder and return its seconds and the highest resident size in MB."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [HLH, "check", str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    highest, watched = 0, psutil.Process(process.pid)
    while process.poll() is None:
        try:
            family = [watched, *watched.children(recursive=True)]
            highest = max(highest, sum(one.memory_info().rss for one in family))
        except psutil.NoSuchProcess:
            pass
        time.sleep(0.05)
    return time.perf_counter() - start, highest / 1e6


def main() -> None:
    """Print every figure with its reference."""
    with tempfile.TemporaryDirectory() as place:
        short, long, few, many = (Path(place, name) for name in ("short", "long", "few", "many"))
        for folder in (short, long, few, many):
            folder.mkdir()
        papers = write(short, ABSTRACTS, full=False)
        ours, reference = seconds(check_file, papers), seconds(by_expression, papers)
        print(
            f"abstracts, one process: {ABSTRACTS / ours:.0f} a second"
            f" (reading and one expression: {ABSTRACTS / reference:.0f}; {ours / reference:.1f} times)"
        )
        papers = write(long, FULL, full=True)
        ours, reference = seconds(check_file, papers), seconds(by_expression, papers)
        size = sum(path.stat().st_size for path in papers) / FULL / 1000
        print(
            f"full texts of {size:.0f} kB, one process: {FULL / ours:.1f} a second"
            f" (reading and one expression: {FULL / reference:.0f}; {ours / reference:.1f} times)"
        )
        for copy in range(1, COPIES):
            for path in papers:
                (long / f"{copy}_{path.name}").write_bytes(path.read_bytes())
        took, _ = command(long)
        print(
            f"full texts, hlh check FOLDER on all cores: {COPIES * FULL / took:.1f} a second, start included"
        )
        sources = sorted(short.iterdir())
        for folder, count in ((few, MANY // 10), (many, MANY)):
            for number in range(count):
                source = sources[number % ABSTRACTS]
                (folder / f"{number:05d}{source.suffix}").write_bytes(source.read_bytes())
            took, highest = command(folder)
            print(f"{count} abstracts, hlh check FOLDER: {took:.1f} s, {highest:.0f} MB at most")


if __name__ == "__main__":
    main()
