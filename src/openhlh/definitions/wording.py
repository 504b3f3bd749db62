"""Verdicts, limits and reasons in words: the only place where a rule becomes a phrase."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from openhlh.rules import tree
from openhlh.rules.facts import Given, Measurement, Seen
from openhlh.rules.plain import Judged
from openhlh.rules.verdicts import Reason, Verdict

SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<"}
REASONS: dict[Reason, str] = {
    Reason.NOT_MEASURED: "not recorded",
    Reason.NO_BASELINE: "no baseline to compare with",
    Reason.OUT_OF_WINDOW: "recorded only outside the window",
    Reason.PENDING: "result pending",
    Reason.NO_LABORATORY_LIMIT: "the laboratory's limit of normal is not given",
    Reason.IMPLAUSIBLE: "the recorded value is not believable",
    Reason.UNIT_NOT_COMPARABLE: "its unit cannot be compared with the limit",
    Reason.CENSORED: "known only as a bound, on the wrong side of the limit",
    Reason.CONFOUNDED: "cannot be read under a drug that changes it",
    Reason.CONFLICTING: "results of the same day disagree",
    Reason.AGE_UNCLEAR: "the birthday is not known exactly enough",
}
VERDICTS = {
    Verdict.MET: "met",
    Verdict.NOT_MET: "not met",
    Verdict.UNKNOWN: "unknown",
    Verdict.NOT_APPLICABLE: "not applicable",
}
_COUNT = {"d": "days", "wk": "weeks", "mo": "months", "a": "years"}


def number(value: Decimal | Fraction | int | float | str) -> str:
    """Return a number without needless zeros or digits.

    >>> number(Decimal("38.50")), number(Fraction(53, 20)), number(Decimal("40000"))
    ('38.5', '2.65', '40000')
    """
    text = f"{float(value):.6g}" if isinstance(value, Fraction | float) else str(value)
    if "e" in text.lower():
        text = f"{Decimal(text):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def limit_of(rule: tree.Rule | tree.ScoreItem) -> str | None:
    """Return a line's limit as it reads on its page: `≥ 500 ug/L`, `2 of 3`, None where it has none."""
    match rule:
        case tree.Measure():
            others = "".join(f" ({text})" for text in rule.printed_also)
            return f"{SIGNS[rule.sign]} {_bound(str(rule.limit))}{others}"
        case tree.Age():
            sign, text = rule.age.sign_and_limit
            count, unit = text.split()
            return f"{SIGNS[sign]} {count} {_COUNT[unit]}"
        case tree.Change():
            sign, factor = rule.sign_and_factor
            return f"{SIGNS[sign]} {factor} × baseline"
        case tree.AtLeast():
            return f"≥ {rule.at_least} of {len(rule.of)}"
        case tree.Score():
            return f"≥ {rule.at_least} points"
        case tree.ScoreItem():
            return f"up to {max(step.points for step in rule.steps)} points"
        case tree.Any_():
            limits = [limit for one in rule.some if (limit := _named_limit(one))]
            return " or ".join(limits) or None
        case tree.All():
            limits = [limit for one in rule.every if (limit := _named_limit(one))]
            return " and ".join(limits) or None
        case tree.Normalised():
            return f"{limit_of(rule.normalised) or 'normal'}, abnormal at baseline"
        case tree.AppliesIf():
            return limit_of(rule.then)
        case tree.Not():
            inner = limit_of(rule.denied)
            return f"not: {inner}" if inner else None
    return None


def _named_limit(rule: tree.Rule) -> str | None:
    limit = limit_of(rule)
    if limit and isinstance(rule, tree.Measure | tree.Change):
        name = rule.measure if isinstance(rule, tree.Measure) else rule.change
        return f"{name.replace('_', ' ')} {limit}"
    return f"age {limit}" if limit and isinstance(rule, tree.Age) else limit


def _bound(text: str) -> str:
    count, _, unit = text.partition(" ")
    names = {"ULN": "upper limit of normal", "LLN": "lower limit of normal"}
    if unit in names:
        return names[unit] if count == "1" else f"{count} × {names[unit]}"
    return text


def name_of(rule: tree.Rule | tree.ScoreItem) -> str:
    """Return how a line is called."""
    if rule.text:
        return rule.text
    if rule.id:
        return rule.id.replace("_", " ")
    match rule:
        case tree.Measure():
            return rule.measure.replace("_", " ")
        case tree.Finding():
            return tree.names_of(rule.finding)[0].replace("_", " ")
        case tree.Exposure():
            return tree.names_of(rule.exposure)[0].replace("_", " ")
        case tree.Change():
            return f"change of {rule.change.replace('_', ' ')}"
        case tree.Age():
            return "age"
    return type(rule).__name__.strip("_").lower()


def value_of(fact: Measurement | Seen | Given | None) -> str | None:
    """Return a fact as it was reported."""
    match fact:
        case Measurement():
            if fact.value is None:
                return {"L": "below normal", "N": "normal", "H": "above normal"}.get(fact.flag)
            return f"{fact.comparator}{number(fact.value)} {fact.unit or ''}".strip()
        case Seen():
            return {True: "present", False: "absent", None: "pending"}[fact.present]
        case Given():
            return "given" if fact.given else "not given"
    return None


def day_of(fact: Measurement | Seen | Given | None) -> str | None:
    """Return the day of a fact in ISO form."""
    if fact is None:
        return None
    day = fact.start if isinstance(fact, Given) else fact.on
    return day.isoformat() if day else None


def why(judged: Judged) -> str:
    """Return why a line has its verdict."""
    if judged.verdict is Verdict.UNKNOWN:
        return REASONS[judged.ruling.reason or Reason.NOT_MEASURED]
    if judged.verdict is Verdict.NOT_APPLICABLE:
        return "the condition for this line does not hold"
    if judged.lower is not None and judged.inside:
        unit = (
            "points"
            if isinstance(judged.rule, tree.ScoreItem | tree.Score)
            else f"of {len(judged.inside)} met"
        )
        between = f"{judged.lower}" if judged.lower == judged.upper else f"{judged.lower} to {judged.upper}"
        return f"{between} {unit}"
    said, before = value_of(judged.fact), value_of(judged.baseline)
    return f"{before} at baseline, now {said}" if said and before else VERDICTS[judged.verdict]
