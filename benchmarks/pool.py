"""How fast `hlh pool` is, beside R on the same data in the same run (where Rscript with metafor is found).

One command (`make bench`). 14 studies (dat.pritz1997 of R's metadat); medians of several runs, and ratios.
"""

from __future__ import annotations

import csv
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

from openhlh.pooling.bayes_binomial import bayes_binomial
from openhlh.pooling.bayes_normal import bayes_normal
from openhlh.pooling.effects import single_arm_effects
from openhlh.pooling.glmm import glmm
from openhlh.pooling.glmm_point import glmm_point
from openhlh.pooling.sensitivity import influence, leave_one_out
from openhlh.pooling.series import Series

DATA = Path(__file__).parent.parent / "validation" / "pooling" / "data" / "pritz1997.csv"
HLH = str(Path(sys.executable).parent / "hlh")
RUNS = 15
PROGRAM = r"""
suppressMessages(library(metafor)); d <- read.csv(commandArgs(TRUE)[1])
clock <- function(code, runs) { f <- substitute(code); e <- parent.frame(); eval(f, e)
  median(sapply(seq_len(runs), function(i) system.time(eval(f, e), gcFirst = FALSE)[["elapsed"]])) }
fit <- function(d, ...) suppressWarnings(rma.glmm(measure = "PLO", xi = d$events, ni = d$total, ...))
cat("fit", clock(fit(d), 11), "\n")
cat("fit100", clock(fit(d, nAGQ = 100), 5), "\n")
cat("loo", clock(for (i in seq_len(nrow(d))) fit(d[-i, ]), 3), "\n")
cat("version", as.character(packageVersion("metafor")), "\n")
"""


def series() -> Series:
    """Return the 14 studies."""
    with DATA.open(newline="") as file:
        rows = list(csv.DictReader(file))
    return Series(
        tuple(row["label"] for row in rows),
        tuple(int(row["events"]) for row in rows),
        tuple(int(row["total"]) for row in rows),
    )


def variants(data: Series) -> list[Series]:
    """Return the studies with one event less in one of them: a new problem for every run, no cache helps."""
    return [
        Series(data.labels, (*data.events[:at], count - 1, *data.events[at + 1 :]), data.totals)
        for at, count in enumerate(data.events)
        if count
    ]


def processor_seconds() -> float:
    """Return what this process and the ones that it ran have computed: steadier than the clock under load."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def milliseconds(work: Callable[[], object], runs: int) -> tuple[float, float]:
    """Return the median time and processor time of some work after a warm start."""
    work()
    taken, used = [], []
    for _ in range(runs):
        start, begun = time.perf_counter(), processor_seconds()
        work()
        taken.append(1000 * (time.perf_counter() - start))
        used.append(1000 * (processor_seconds() - begun))
    return statistics.median(taken), statistics.median(used)


def everything(data: Series) -> object:
    """Fit with both profile intervals, leave one study out at a time, and the influence of each."""
    whole = glmm(data)
    return influence(whole, leave_one_out(data, glmm_point))


def cold(*command: str) -> Callable[[], object]:
    """Return a run of a command in a new process."""
    return lambda: subprocess.run(command, check=True, capture_output=True)


def of_r() -> dict[str, str]:
    """Return R's seconds by name, or nothing where R or metafor is missing."""
    found = shutil.which("Rscript")
    if found is None:
        return {}
    done = subprocess.run([found, "-e", PROGRAM, str(DATA)], capture_output=True, text=True, check=False)
    return dict(line.split() for line in done.stdout.splitlines()) if done.returncode == 0 else {}


def main() -> None:
    """Print every figure with its aim and its reference."""
    data, r = series(), of_r()
    many = cycle(variants(data))
    beside = {"fit": "fit", "fit, both profiles, leave-one-out, influence": "loo"}
    work: dict[str, tuple[Callable[[], object], float, int]] = {
        "fit": (lambda: glmm_point(next(many)), 5, RUNS),
        "fit, both profiles, leave-one-out, influence": (lambda: everything(next(many)), 300, 5),
        "Bayes, normal-normal": (lambda: bayes_normal(single_arm_effects(next(many), "PLO")), 5, RUNS),
        "Bayes, binomial-normal": (lambda: bayes_binomial(next(many)), 300, 5),
        "hlh pool --csv, new process": (cold(HLH, "pool", "--csv", str(DATA)), 500, 5),
    }
    print(
        f"{len(data.labels)} studies, medians"
        + (f"; metafor {r['version']} in the same run" if r else "; no R here")
    )
    for name, (run, aim, runs) in work.items():
        taken, used = milliseconds(run, runs)
        line = f"{name:48} {taken:8.1f} ms (aim {aim:g}; processor {used:.1f})"
        if r and name in beside:
            theirs = 1000 * float(r[beside[name]])
            line += f"   R {theirs:.0f} ms, {theirs / taken:.0f} times"
        print(line, flush=True)
    if r:
        print(f"R with 100 nodes, one fit: {1000 * float(r['fit100']):.0f} ms; its leave-one-out only refits")


if __name__ == "__main__":
    main()
