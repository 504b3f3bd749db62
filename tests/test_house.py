"""The house rules, each a function over a source tree, each proved by a planted violation."""

import ast
import re
from pathlib import Path

import pytest

SRC = Path(__file__).parent.parent / "src" / "openhlh"
FLOORS = [
    {"errors", "units", "sources", "numerals", "claims", "proportions", "tails", "files", "loaded"},
    {"rules"},
    {"content"},
    {
        "patients", "definitions", "regimens", "trials", "literature", "evidence", "pooling", "answers",
        "reviews", "figures", "renderings", "outside",
    },
    {"journeys"},
    {"cli", "web"},
]  # fmt: skip
HOMES = {
    "yaml": {"content"},
    "pydantic": {"content", "rules", "loaded"},
    "typer": {"cli"},
    "rich": {"cli"},
    "rapidfuzz": {"answers"},
    "Stemmer": {"answers"},
    "jinja2": {"renderings"},
    "rispy": {"literature"},
    "bibtexparser": {"literature"},
    "platformdirs": {"journeys"},
    "ibis": {"rules", "patients"},
    "duckdb": {"patients"},
    "pyarrow": {"patients"},
    "pyspark": {"patients"},
    "lxml": {"literature"},
    "pypdfium2": {"literature"},
    "docx": {"literature"},
    "nbib": {"literature"},
    "numpy": {"pooling", "trials"},
    "scipy": {"pooling", "trials"},
    "matplotlib": {"figures"},
}
FORBIDDEN = {"utils", "util", "helpers", "common", "misc", "core", "base", "manager", "service", "types"}
LONGEST_FILE, LONG_BODY, LONGEST_BODY, MOST_PARAMETERS = 400, 25, 45, 6


def modules(src):
    return [(path, ast.parse(path.read_text())) for path in sorted(src.rglob("*.py"))]


def room_of(src, path):
    return path.relative_to(src).parts[0].removesuffix(".py")


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def floor_of(room):
    return next((number for number, rooms in enumerate(FLOORS) if room in rooms), None)


def imports_that_point_up_or_sideways(src):
    found = []
    for path, tree in modules(src):
        room = room_of(src, path)
        if room == "__init__":
            continue
        for name in imported(tree):
            parts = name.split(".")
            if parts[0] != "openhlh" or parts[1] in {room, "__version__"}:
                continue
            here, there = floor_of(room), floor_of(parts[1])
            if here is None or there is None or there > here or (there == here and here != 0):
                found.append(f"{path.name}: {room} imports {parts[1]}")
    return found


def rooms_without_a_floor(src):
    return [
        room
        for room in {room_of(src, path) for path, _ in modules(src)} - {"__init__"}
        if floor_of(room) is None
    ]


def libraries_away_from_home(src):
    return [
        f"{path.name}: {name}"
        for path, tree in modules(src)
        for name in imported(tree)
        if (home := HOMES.get(name.split(".")[0])) and room_of(src, path) not in home
    ]


def functions(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def body_length(node):
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def too_large(src):
    found, lengths = [], []
    for path, tree in modules(src):
        if len(path.read_text().splitlines()) > LONGEST_FILE:
            found.append(f"{path.name} is longer than {LONGEST_FILE} lines")
        for node in functions(tree):
            lengths.append(body_length(node))
            if lengths[-1] > LONGEST_BODY:
                found.append(f"{path.name}: {node.name} has a body of {lengths[-1]} lines")
            arguments = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
            names = [one.arg for one in arguments if one.arg not in {"self", "cls"}]
            if len(names) > MOST_PARAMETERS and path.parent.name != "cli":
                found.append(f"{path.name}: {node.name} has {len(names)} parameters")
    if lengths and sum(length <= LONG_BODY for length in lengths) < 0.9 * len(lengths):
        found.append(f"fewer than nine in ten bodies are up to {LONG_BODY} lines")
    return found


def without_docstring(src):
    found = []
    for path, tree in modules(src):
        if not ast.get_docstring(tree):
            found.append(f"{path.name} has no docstring")
        for node in tree.body:
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if public and not ast.get_docstring(node):
                found.append(f"{path.name}: {node.name} has no docstring")
    return found


def forbidden_names(src):
    return [str(path) for path in src.rglob("*") if path.stem in FORBIDDEN]


def clinical_numbers_in_code(src):
    """A comparison sign, a number and a laboratory unit in one string belong on a page."""
    limit = re.compile(r"(>=|<=|>|<)\s*\d+(\.\d+)?\s*(ug/L|g/L|U/mL|10\*9/L|mmol/L|mg/kg|mg/m2)")
    return [
        f"{path.name}: {node.value!r}"
        for path, tree in modules(src)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and limit.search(node.value)
    ]


def circles(src):
    """Modules that import each other, directly or through others, lazy and type-only imports included."""
    names = {
        ".".join(("openhlh", *path.relative_to(src).with_suffix("").parts)): tree
        for path, tree in modules(src)
    }
    arrows = {
        name: {
            one for asked in imported(tree) for one in names if asked == one or asked.startswith(f"{one}.")
        }
        for name, tree in names.items()
    }

    def reaches(start, goal):
        seen, waiting = set(), list(arrows[start])
        while waiting:
            here = waiting.pop()
            if here == goal:
                return True
            if here not in seen:
                seen.add(here)
                waiting += arrows[here]
        return False

    return sorted(name for name in names if not name.endswith("__init__") and reaches(name, name))


RULES = [
    circles,
    imports_that_point_up_or_sideways,
    rooms_without_a_floor,
    libraries_away_from_home,
    too_large,
    without_docstring,
    forbidden_names,
    clinical_numbers_in_code,
]
LONG = "def f(a):\n    '''Do.'''\n" + "    a = a + 1\n" * (LONGEST_BODY + 1)
VIOLATIONS = [
    (circles, "answers/x.py", "def f():\n    from openhlh.answers.x import g\n"),
    (imports_that_point_up_or_sideways, "content/x.py", "'''X.'''\nfrom openhlh.answers import frame\n"),
    (imports_that_point_up_or_sideways, "answers/x.py", "'''X.'''\nfrom openhlh.evidence import checks\n"),
    (imports_that_point_up_or_sideways, "answers/x.py", "def f():\n    from openhlh.journeys import ask\n"),
    (rooms_without_a_floor, "attic/x.py", "'''X.'''\n"),
    (libraries_away_from_home, "answers/x.py", "'''X.'''\nimport yaml\n"),
    (libraries_away_from_home, "journeys/x.py", "def f():\n    from rich.console import Console\n"),
    (too_large, "answers/x.py", "'''X.'''\n" + "a = 1\n" * LONGEST_FILE),
    (too_large, "answers/x.py", "'''X.'''\n" + LONG),
    (too_large, "answers/x.py", "def f(a, b, c, d, e, f, g):\n    return a\n"),
    (without_docstring, "answers/x.py", "a = 1\n"),
    (without_docstring, "answers/x.py", "'''X.'''\ndef f():\n    return 1\n"),
    (forbidden_names, "answers/helpers.py", "'''X.'''\n"),
    (clinical_numbers_in_code, "answers/x.py", "LIMIT = '>= 500 ug/L'\n"),
]  # fmt: skip


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_its_rules(rule):
    assert rule(SRC) == []


@pytest.mark.parametrize(("rule", "path", "text"), VIOLATIONS)
def test_a_planted_violation_is_found(rule, path, text, tmp_path):
    planted = tmp_path / path
    planted.parent.mkdir(parents=True)
    planted.write_text(text)
    assert rule(tmp_path) != []


def test_every_rule_has_a_planted_violation():
    assert {rule for rule, _, _ in VIOLATIONS} == set(RULES)


def test_no_committed_file_names_a_path_of_the_machine():
    root = SRC.parent.parent
    parts = ["/" + "work/", "/" + "tmp/", "/" + "root/"]
    names = ["Makefile", "pyproject.toml", "README.md", "CONTRIBUTING.md", "requirements.lock", ".ci/run"]
    texts = {
        path: path.read_text()
        for path in [*(root / name for name in names), *SRC.rglob("*.py"), *SRC.rglob("*.yaml")]
    }
    assert [str(path) for path, text in texts.items() if any(part in text for part in parts)] == []
