"""Shares in table cells: which cells are counts with percents, and which are means."""

from pathlib import Path

from openhlh.claims import Proportion
from openhlh.literature.reading import read_text
from openhlh.literature.table_counts import table_count_claims

TABLE = (
    "Table 1. Values of the two groups; n (%) where not said otherwise\n\n"
    "Item\tSprays (n = 34)\tCreams (n = 36)\n"
    "Rash\t12 (35.3)\t20 (55.6)\n"
    "Mean (SD) cups a day\t10 (13.7)\t9 (12.2)\n"
    "Fever\t17 (50.0)\t9 (25.0)\n"
)


def test_a_mean_with_its_deviation_is_no_share_under_a_caption_with_a_percent_sign():
    document = read_text(TABLE, str(Path("paper.txt")))
    found = [one for one in table_count_claims(document) if isinstance(one, Proportion)]

    assert [one.count.text for one in found if one.count] == ["12", "20", "17", "9"]
