"""How well does `hlh check` do on invented papers with planted errors? Precision and recall, kind by kind.

One command: `python validation/check_papers.py` (2,000 abstracts and 300 full texts, seed 1). With
`--held-out` the papers use templates that are used nowhere else, with `--fresh` those of another writer; `--show missed` prints the cases,
`--write FOLDER` writes the papers with the list of what is planted, and checks nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from validation.papers.paper import KINDS, Paper, make_paper
from validation.papers.scoring import Score, scored

CHUNK = 20
Task = tuple[int, range, bool, bool, bool]


def papers_of(task: Task) -> Iterator[Paper]:
    """Yield the papers of a task: seed, numbers, full texts or abstracts, held out, fresh."""
    seed, numbers, full, held_out, fresh = task
    for number in numbers:
        yield make_paper(seed, number, full=full, held_out=held_out, fresh=fresh)


def examine(task: Task) -> tuple[Score, float]:
    """Return the score of the papers of a task and the seconds that the checks took."""
    from openhlh.journeys.check import check_file

    score, seconds = Score(), 0.0
    with tempfile.TemporaryDirectory() as folder:
        for paper in papers_of(task):
            path = Path(folder, paper.name)
            path.write_text(paper.source, encoding="utf-8")
            start = time.perf_counter()
            checked = check_file(path)
            seconds += time.perf_counter() - start
            score.add(scored(paper, checked))
    return score, seconds


def tasks_of(asked: argparse.Namespace) -> list[Task]:
    """Return the work in pieces: full texts first, which take longest."""
    return [
        (asked.seed, range(first, min(first + CHUNK, count)), full, asked.held_out, asked.fresh)
        for full, count in ((True, asked.full), (False, asked.abstracts))
        for first in range(0, count, CHUNK)
    ]


def write(asked: argparse.Namespace) -> None:
    """Write the papers into a folder, and `planted.json` with kind, right value and words of each error."""
    folder = Path(asked.write)
    folder.mkdir(parents=True, exist_ok=True)
    planted = {}
    for task in tasks_of(asked):
        for paper in papers_of(task):
            name = f"{'full' if paper.full else 'abstract'}_{paper.name}"
            (folder / name).write_text(paper.source, encoding="utf-8")
            planted[name] = [
                {"kind": one.kind, "right": one.right, "words": [s[a:b] for s, a, b in one.places]}
                for one in paper.planted
            ]
    (folder / "planted.json").write_text(json.dumps(planted, indent=1))
    print(f"{len(planted)} papers in {folder}")


def tell(score: Score, show: str) -> None:
    """Print the counts, and the cases that were asked for."""
    for case in score.cases:
        if show and (show == "all" or show in {case.what, case.kind}):
            print(f"{case.what} [{case.kind}] {case.paper}: {case.words}")
    print(f"{'planted error':<28}{'planted':>8}{'found':>8}{'doubted':>8}{'recall':>8}")
    for kind in KINDS:
        if number := score.planted[kind]:
            found, doubted = score.found[kind], score.doubted[kind]
            print(f"{kind:<28}{number:>8}{found:>8}{doubted:>8}{found / number:>8.3f}")
    totals = (score.planted.total(), score.found.total(), score.doubted.total())
    print(f"{'all':<28}{totals[0]:>8}{totals[1]:>8}{totals[2]:>8}{float(score.recall):>8.3f}")
    wrong = score.false_alarms.total()
    print(f"alarms: {score.right_alarms} right, {wrong} false, precision {float(score.precision):.4f}")
    if wrong:
        print("false alarms by rule:", ", ".join(f"{a} {n}" for a, n in score.false_alarms.most_common()))
    print(f"papers: {score.papers}, of them clean {score.clean}, clean but accused {score.clean_accused}")
    for beside in ("with total", "without total"):
        told, found, only, unread = (
            score.shares[f"{beside}: {name}"] for name in ("told", "found", "percent only", "not read")
        )
        print(
            f"printed count and percent {beside}: {told}, found {found} ({found / max(told, 1):.4f}), "
            f"percent only {only}, not read {unread}"
        )
    if score.unplaced:
        print(f"planted errors whose words the reader did not keep: {score.unplaced}")


def main() -> int:
    """Make the papers, check them, print the score; 1 where it stays below the aims."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--abstracts", type=int, default=2000)
    parser.add_argument("--full", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument(
        "--show", default="", metavar="CASE", help="missed, 'false alarm', a kind, a rule or all"
    )
    parser.add_argument("--write", default="", metavar="FOLDER")
    asked = parser.parse_args()
    if asked.write:
        write(asked)
        return 0
    start, score, seconds = time.perf_counter(), Score(), 0.0
    with Pool(2) as pool:
        for part, took in pool.imap(examine, tasks_of(asked)):
            score.add(part)
            seconds += took
    tell(score, asked.show)
    print(f"{time.perf_counter() - start:.0f} s, of them {seconds:.0f} s of checking on two cores together")
    return int(score.precision < 0.98 or score.recall < 0.95)


if __name__ == "__main__":
    sys.exit(main())
