"""The builder makes the same trees as the pages, with the same checks."""

import pytest
from pydantic import ValidationError

from openhlh.content.reader import read_tree
from openhlh.content.shelves import HERE, read
from openhlh.rules import tree
from openhlh.rules.build import (
    age,
    all_of,
    alternative,
    any_of,
    applies_if,
    at_baseline,
    at_least,
    change,
    definition,
    exposure,
    finding,
    item,
    measure,
    normalised,
    not_,
    parameter,
    score,
)

ANEMIA = any_of(
    measure("hemoglobin") < "90 g/L", all_of(age(below="28 d"), measure("hemoglobin") < "100 g/L")
)


def test_a_built_rule_equals_the_same_rule_read_from_yaml(tmp_path):
    page = tmp_path / "rule.yaml"
    page.write_text(
        """
at_least: 2
of:
  - {measure: ferritin, at_least: 500 ug/L, id: ferritin}
  - {measure: temperature, at_least: {parameter: fever}, or_finding: fever}
  - any:
      - {measure: hemoglobin, below: 90 g/L}
      - all: [{age: {below: 28 d}}, {measure: hemoglobin, below: 100 g/L}]
""",
        encoding="utf-8",
    )
    read_rule = tree.RULE.validate_python(read_tree(page)[0])
    built = at_least(
        2,
        measure("ferritin", id="ferritin") >= "500 ug/L",
        measure("temperature", or_finding="fever") >= parameter("fever"),
        ANEMIA,
    )
    assert built == read_rule
    assert tree.as_tree(built) == tree.as_tree(read_rule)


@pytest.mark.parametrize(
    ("built", "expected"),
    [
        (measure("a") > "1 g/L", {"measure": "a", "above": "1 g/L"}),
        (measure("a", pick="latest") <= "1 g/L", {"measure": "a", "pick": "latest", "at_most": "1 g/L"}),
        (change("a") <= "2/3", {"change": "a", "at_most_times": "2/3"}),
        (change("a") >= "2", {"change": "a", "at_least_times": "2"}),
        (finding("a", "b"), {"finding": ["a", "b"]}),
        (exposure("a", lasted_at_least=3), {"exposure": "a", "lasted_at_least": 3}),
        (not_(finding("a")), {"not": {"finding": "a"}}),
        (normalised(finding("a")), {"normalised": {"finding": "a"}}),
        (at_baseline(finding("a")), {"at_baseline": {"finding": "a"}}),
        (applies_if(finding("a"), finding("b")), {"applies_if": {"finding": "a"}, "then": {"finding": "b"}}),
        (alternative(finding("a"), finding("b")), {"alternative": {"finding": "a"}, "beside": {"finding": "b"}}),
        (definition("a", reaches="pr"), {"definition": "a", "reaches": "pr"} ),
        (
            score(3, item("a", (1, finding("a")), (3, finding("b")))),
            {"score": [{"id": "a", "steps": [{"points": 1, "when": {"finding": "a"}}, {"points": 3, "when": {"finding": "b"}}]}], "at_least": 3},
        ),
    ],
)  # fmt: skip
def test_every_kind_has_its_builder(built, expected):
    assert tree.as_tree(built) == expected


def test_a_built_rule_is_checked_like_a_page():
    with pytest.raises(ValidationError, match="can never be met"):
        at_least(3, finding("a"), finding("b"))
    with pytest.raises(ValidationError, match="no quantity"):
        measure("ferritin") >= "much"  # noqa: B015 - the comparison builds


def test_the_shipped_hlh_2004_can_be_rebuilt_from_its_own_mapping():
    page = read(HERE).definitions["hlh_2004"]
    again = tree.RULE.validate_python(tree.as_tree(page.logic.rule))
    assert again == page.logic.rule
