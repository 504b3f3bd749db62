"""What the columns of a reader's own table are: the names that tools use for counts, effects and survival."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from openhlh.errors import WrongInput

Kind = Literal["counts", "comparison", "effects", "survival"]
KINDS: tuple[Kind, ...] = get_args(Kind)

# each role with the names that R packages, spreadsheets and papers give it, in plain form (see _plain)
ROLES: dict[str, tuple[str, ...]] = {
    "label": (
        *("label", "study", "studies", "slab", "studlab", "study_id", "studyid", "author", "authors"),
        *("first_author", "trial", "paper", "name", "id"),
    ),
    "events": ("events", "event", "x", "xi"),
    "totals": ("total", "totals", "n", "ni"),
    "events_1": (
        *("ai", "event_e", "events_e", "events_1", "events1", "event_1", "event1", "events_t", "event_t"),
        *("tpos", "x1", "x1i", "r1", "xt", "xti", "x_t", "events_exp", "events_treated", "events_treatment"),
    ),
    "totals_1": (
        *("n1i", "n_e", "total_e", "total_1", "totals_1", "total1", "n_1", "n1", "n_t", "total_t", "nt"),
        *("nti", "n_exp", "total_exp", "total_treated", "total_treatment", "n_treated", "n_treatment"),
    ),
    "others_1": ("bi", "tneg"),
    "events_2": (
        *("ci", "event_c", "events_c", "events_2", "events2", "event_2", "event2", "cpos", "x2", "x2i", "r2"),
        *("xc", "xci", "x_c", "events_ctrl", "events_control"),
    ),
    "totals_2": (
        *("n2i", "n_c", "total_c", "total_2", "totals_2", "total2", "n_2", "n2", "nc", "nci"),
        *("n_ctrl", "total_ctrl", "total_control", "n_control"),
    ),
    "others_2": ("di", "cneg"),
    "values": ("yi", "te", "effect"),
    "variances": ("vi", "variance", "var"),
    "errors": ("sei", "se", "sete", "se_te", "standard_error", "std_err"),
    "survival": ("survival", "surv"),
    "at_risk": ("at_risk", "n_risk", "n_at_risk", "nrisk"),
    "lower": ("lower", "ci_low", "ci_lower", "low"),
    "upper": ("upper", "ci_high", "ci_upper", "high"),
}
# names that mean something else often enough that any of the above comes first
_WEAKER: dict[str, tuple[str, ...]] = {
    "events": ("responders", "cases", "r", "n_events"),
    "totals": ("patients", "evaluable", "sample_size", "size"),
}
_NEEDED: dict[Kind, tuple[tuple[str, ...], ...]] = {
    "counts": (("events", "totals"),),
    "comparison": (
        ("events_1", "totals_1", "events_2", "totals_2"),
        ("events_1", "others_1", "events_2", "others_2"),
    ),
    "effects": (("values", "variances"), ("values", "errors")),
    "survival": (("survival", "at_risk"), ("survival", "lower", "upper")),
}
_SAID: dict[Kind, str] = {
    "counts": "label, events, total",
    "comparison": "label, events_1, total_1, events_2, total_2 (or ai, bi, ci, di)",
    "effects": "label, yi and vi (or sei)",
    "survival": "label, survival and at_risk (or lower and upper)",
}


@dataclass(frozen=True)
class Columns:
    """The kind of a table, the column of each role that it uses, and the columns that are left over."""

    kind: Kind
    roles: Mapping[str, str]
    extras: tuple[str, ...]


def columns_of(header: Sequence[str], where: str, kind: Kind | None = None) -> Columns:
    """Return what the columns are; WrongInput where they are none of the kinds, or more than one."""
    found = _roles(header)
    fitting = {one: roles for one in KINDS if (roles := _fit(one, found))}
    if kind is not None:
        fitting = {one: roles for one, roles in fitting.items() if one == kind}
    if not fitting:
        raise _nothing(header, where, kind)
    if len(fitting) > 1:
        raise WrongInput(
            f"the table can be read as {' or as '.join(fitting)}",
            where=where,
            why=f"it has the columns {', '.join(header)}",
            remedy="keep the columns of one kind, or rename the others (counts_events, old_yi)",
        )
    ((chosen, roles),) = fitting.items()
    if label := found.get("label"):
        roles = ("label", *roles)
        found = {**found, "label": label[:1]}
    used = {role: _one(role, found[role], where) for role in roles}
    return Columns(chosen, used, tuple(one for one in header if one not in used.values()))


def _roles(header: Sequence[str]) -> dict[str, list[str]]:
    """Return the columns of each role, in the order of preference of the names."""
    plain = {_plain(name): name for name in header}
    found = {role: [plain[name] for name in names if name in plain] for role, names in ROLES.items()}
    for role, names in _WEAKER.items():
        found[role] = found[role] or [plain[name] for name in names if name in plain]
    return {role: names for role, names in found.items() if names}


def _fit(kind: Kind, found: Mapping[str, list[str]]) -> tuple[str, ...]:
    for roles in _NEEDED[kind]:
        if all(role in found for role in roles):
            optional = (
                ("lower", "upper") if kind == "survival" and "lower" in found and "upper" in found else ()
            )
            return tuple(dict.fromkeys((*roles, *optional)))
    return ()


def _one(role: str, names: Sequence[str], where: str) -> str:
    if len(names) > 1:
        raise WrongInput(
            f"the columns {' and '.join(names)} can both be the {role.replace('_', ' ')}",
            where=where,
            why="a guess would pool the wrong numbers",
            remedy="rename the one that is not meant",
        )
    return names[0]


def _nothing(header: Sequence[str], where: str, kind: Kind | None) -> WrongInput:
    wanted = [kind] if kind else list(KINDS)
    return WrongInput(
        f"the columns are not those of {kind or 'a table that can be pooled'}",
        where=where,
        why=f"it has {', '.join(name or '(no name)' for name in header)}",
        remedy="name the columns: " + "; ".join(_SAID[one] for one in wanted),
    )


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
