"""R22: a dose and what its factors make agree: 10 mg/kg for 70 kg is 700 mg."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from openhlh.claims import Claim, Finding, Printed, Product, finding

_ROUNDED, _OFF = Fraction(1, 20), Fraction(3, 20)  # doses are rounded to vials and tablets


def dose_is_its_product(claims: Sequence[Claim]) -> Iterator[Finding]:
    """R22: dose times weight, times a day or number of doses is the amount told beside it."""
    for claim in claims:
        if isinstance(claim, Product) and claim.product is not None:
            yield _judged(claim, claim.product)


def _judged(claim: Product, told: Printed) -> Finding:
    made = claim.scale
    for factor in claim.factors:
        made *= factor.value
    shown = {
        "stated": f"{told.text} {claim.unit}",
        "computed": f"{' x '.join(factor.text for factor in claim.factors)} = {_decimal(made)} {claim.unit}",
    }
    slack = max(_ROUNDED * made, told.step / 2)
    off = abs(told.value - made)
    if off <= slack:
        return finding("R22", claim, "CONSISTENT", "The dose is what its factors make.", **shown)
    shown["difference"] = f"{_decimal(told.value - made)} {claim.unit}"
    why = f"The factors make {_decimal(made)} {claim.unit}, but {told.text} {claim.unit} is printed."
    if off <= _OFF * made:
        return finding("R22", claim, "TENSION", f"{why} It may have been rounded to a package size.", **shown)
    return finding("R22", claim, "INCONSISTENT", f"{why} Please check.", fix=_decimal(made), **shown)


def _decimal(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    return f"{float(value):.4f}".rstrip("0").rstrip(".")


CHECKS = (dose_is_its_product,)
