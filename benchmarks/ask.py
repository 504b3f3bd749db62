"""How fast `hlh ask` is: warm answers in one process, and cold starts against starting Python itself.

One command (`make bench`), both sides in the same run; ratios move less with the machine than times do.
Warm: every development question, clinician's answer from question to contract object, in random order.
Cold: whole processes, median of several, against `python -c pass` of the same interpreter.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import time
from pathlib import Path

import yaml

from openhlh.journeys.ask import answerer, ask

ROUNDS, STARTS = 20, 9
QUESTIONS = [
    one["ask"]
    for one in yaml.safe_load(
        (Path(__file__).parent.parent / "tests" / "development_questions.yaml").read_text()
    )
]
HLH = str(Path(sys.executable).parent / "hlh")


def warm() -> None:
    """Print answers per second, median and 95th percentile."""
    answerer()
    chance = random.Random(1)  # noqa: S311 - the order of questions
    asked = QUESTIONS * ROUNDS
    chance.shuffle(asked)
    for question in QUESTIONS:
        ask(question)
    times = []
    for question in asked:
        start = time.perf_counter()
        ask(question).answer.contract()
        times.append(time.perf_counter() - start)
    p95 = statistics.quantiles(times, n=20)[-1]
    print(f"warm: {len(times)} answers, {len(times) / sum(times):.0f} per second,", end=" ")
    print(f"median {1000 * statistics.median(times):.1f} ms, p95 {1000 * p95:.1f} ms (aim: p95 under 20 ms)")


def cold() -> None:
    """Print process times of the command against an empty interpreter."""
    bare = start_time([sys.executable, "-c", "pass"])
    print(f"cold: python -c pass {1000 * bare:.0f} ms")
    runs = {
        "hlh --version": [HLH, "--version"],
        "hlh --help": [HLH, "--help"],
        "hlh ask (narrow)": [HLH, "ask", "How long did remissions on anakinra last?"],
        "hlh ask (broad)": [HLH, "ask", "What are the treatment options for refractory HLH?"],
    }
    for name, command in runs.items():
        taken = start_time(command)
        aim = " (aim: under 700 ms)" if "ask" in name else ""
        print(f"cold: {name} {1000 * taken:.0f} ms, {taken / bare:.1f} times python -c pass{aim}")


def start_time(command: list[str]) -> float:
    """Return the median wall time of a process in seconds, the first start left out."""
    times = []
    for _ in range(STARTS + 1):
        start = time.perf_counter()
        subprocess.run(command, capture_output=True, check=True, stdin=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


if __name__ == "__main__":
    warm()
    cold()
