"""Shared fixtures: the shelves that ship, an answerer over them, and a state folder of its own per test."""

import shutil
from pathlib import Path

import pytest

from openhlh.answers.answering import Answerer
from openhlh.content.shelves import Shelves, read
from openhlh.journeys.ask import answerer as build_answerer

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shelves() -> Shelves:
    return read()


@pytest.fixture(scope="session")
def answerer() -> Answerer:
    return build_answerer()


@pytest.fixture(autouse=True)
def own_state(tmp_path, monkeypatch):
    monkeypatch.setenv("HLH_STATE", str(tmp_path / "state"))


@pytest.fixture(scope="session")
def shared() -> Path:
    if not (SHARED / "sources").is_dir():
        pytest.skip("needs the user's documents in ../shared, which are not part of the repository")
    return SHARED


def text_of(contract: dict) -> str:
    """Return all statements, doubts and refusals of an answer as one text."""
    parts = [one["text"] for section in contract["sections"] for one in section["statements"]]
    parts += [
        doubt for section in contract["sections"] for one in section["statements"] for doubt in one["doubts"]
    ]
    return "\n".join([*parts, *(f"{one['text']}. {one['reason']}" for one in contract["refusals"])])


@pytest.fixture
def copy_of_shelves(tmp_path) -> Path:
    """Return a copy of the shelves that a test may spoil."""
    from openhlh.content.shelves import HERE

    copy = tmp_path / "content"
    shutil.copytree(HERE, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__", "schemas"))
    return copy
