"""What statsmodels says on the same sets: writes statsmodels.json (statsmodels is no dependency of ours).

Run it with any Python that has statsmodels: `python validation/pooling/peers_statsmodels.py`. It offers no
proportion as an effect, so the logit with half a patient added to studies at 0 % or 100 % goes in, as for R.
"""

import csv
import json
import math
import sys
import warnings
from pathlib import Path

import numpy as np
import statsmodels
from statsmodels.stats.meta_analysis import combine_effects

HERE = Path(__file__).parent


def effects(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return the logits and their variances of one set."""
    with path.open(newline="") as file:
        rows = [(int(r["events"]), int(r["total"])) for r in csv.DictReader(file)]
    halves = [0.5 if x in (0, n) else 0.0 for x, n in rows]
    a = np.array([x + h for (x, _), h in zip(rows, halves, strict=True)])
    b = np.array([n - x + h for (x, n), h in zip(rows, halves, strict=True)])
    return np.log(a / b), 1 / a + 1 / b


def plain(value: float) -> float | str:
    """Return a number as JSON has it: what is not finite is named."""
    return float(value) if math.isfinite(value) else str(float(value))


def combined(path: Path, method: str) -> dict[str, object]:
    """Return pooled logit, error, tau squared and t interval, or the error in its words."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            found = combine_effects(*effects(path), method_re=method, use_t=False)
            frame = found.summary_frame().loc["random effect"]
            result = {"mu": plain(found.mean_effect_re), "se": plain(found.sd_eff_w_re), "tau2": plain(found.tau2),
                      "low": plain(frame["ci_low"]), "high": plain(frame["ci_upp"])}  # fmt: skip
        except Exception as error:  # that it stops is the finding
            result = {"error": f"{type(error).__name__}: {error}"}
    return result | ({"warnings": sorted({str(one.message) for one in said})} if said else {})


def main() -> None:
    """Write all sets."""
    sets = {
        path.stem: {"dl": combined(path, "dl"), "iterated": combined(path, "iterated")}
        for path in sorted((HERE / "data").glob("*.csv"))
    }
    versions = {
        "statsmodels": statsmodels.__version__,
        "numpy": np.__version__,
        "python": sys.version.split()[0],
    }
    (HERE / "statsmodels.json").write_text(json.dumps({"versions": versions, "sets": sets}, indent=1) + "\n")


if __name__ == "__main__":
    main()
