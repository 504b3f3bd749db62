"""Two-arm data sets that several test files share, and a strategy for invented ones."""

from hypothesis import strategies as st

from openhlh.pooling.series import Comparison

SPARSE = Comparison(
    tuple("uvwxyz"), (1, 0, 3, 0, 2, 5), (10, 12, 25, 8, 9, 40), (4, 0, 6, 3, 0, 11), (11, 9, 24, 8, 10, 38)
)
BCG = Comparison(  # metafor's dat.bcg
    tuple("abcdefghijklm"),
    (4, 6, 3, 62, 33, 180, 8, 505, 29, 17, 186, 5, 27),
    (123, 306, 231, 13598, 5069, 1541, 2545, 88391, 7499, 1716, 50634, 2498, 16913),
    (11, 29, 11, 248, 47, 372, 10, 499, 45, 65, 141, 3, 29),
    (139, 303, 220, 12867, 5808, 1451, 629, 88391, 7277, 1665, 27338, 2341, 17854),
)
FULL = Comparison(("p", "q", "r"), (3, 8, 5), (3, 9, 5), (1, 4, 5), (5, 11, 5))
NIELWEISE = Comparison(  # metafor's dat.nielweise2007
    tuple("abcdefghijklmnopqr"),
    (0, 1, 2, 0, 5, 1, 1, 1, 1, 1, 0, 0, 3, 6, 0, 0, 1, 4),
    (116, 44, 208, 130, 151, 98, 174, 74, 97, 113, 66, 70, 188, 187, 118, 252, 345, 64),
    (3, 3, 9, 7, 6, 4, 3, 2, 19, 2, 7, 1, 5, 11, 0, 1, 3, 1),
    (117, 35, 195, 136, 157, 139, 177, 39, 103, 122, 64, 58, 175, 180, 105, 262, 362, 69),
)
SPREAD = Comparison(  # invented: effects that differ
    tuple("fghijk"),
    (12, 3, 15, 9, 2, 20),
    (20, 22, 25, 31, 19, 40),
    (5, 8, 4, 12, 6, 7),
    (21, 19, 24, 28, 20, 38),
)


@st.composite
def comparisons(draw, most=10**6):
    k = draw(st.integers(1, 5))
    totals = [draw(st.integers(1, most)) for _ in range(2 * k)]
    events = [draw(st.one_of(st.just(0), st.just(n), st.integers(0, n))) for n in totals]
    return Comparison(
        tuple(f"s{at}" for at in range(k)),
        tuple(events[:k]),
        tuple(totals[:k]),
        tuple(events[k:]),
        tuple(totals[k:]),
    )
