"""Subgroups: one fit for each, and a test of whether they differ.

The test is exact where the model is: with counts and the logistic model it is the likelihood ratio of one
mean per group against one for all, with one tau squared for all groups (separate ones need more studies than
there are). Other models give Q between the groups, from their estimates and standard errors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from openhlh.errors import WrongInput
from openhlh.pooling.fit import Fit, HeterogeneityTest
from openhlh.pooling.likelihood import counts_of
from openhlh.pooling.maximum import maximise
from openhlh.pooling.sensitivity import Data
from openhlh.pooling.series import Series
from openhlh.tails import chi2_upper

NOT_STATED = "not stated"
TESTS = {
    "lr-groups": "likelihood ratio of one mean per group against one for all, tau² common to all groups",
    "q-between": "Q between the groups: squared distances of their estimates, each over its squared error",
}


@dataclass(frozen=True)
class Group:
    """One subgroup: the studies in it and their fit, with a tau squared of its own."""

    name: str
    labels: tuple[str, ...]
    fit: Fit

    @property
    def k(self) -> int:
        """The number of studies."""
        return len(self.labels)


@dataclass(frozen=True)
class Subgroups:
    """The groups in order of appearance (not stated last), the test of their difference, what it leaves out.

    `test` is None where fewer than two groups can be compared; `tested` names the groups that it compares.
    """

    groups: tuple[Group, ...]
    test: HeterogeneityTest | None
    tested: tuple[str, ...]
    notes: tuple[str, ...]


def by_group(data: Data, groups: Sequence[str | None], pooler: Callable[[Data], Fit]) -> Subgroups:
    """Return the fit of each group and the test of their difference; `groups` has one name per study.

    Studies whose group is missing or empty are a group named `not stated`: fitted and shown, but not tested,
    since it is a mixture. A group without an estimate on the scale of the model (all or no patients with the
    event) is not tested either, and `notes` says so.
    """
    if len(groups) != data.k:
        raise WrongInput(
            f"{len(groups)} groups for {data.k} studies",
            why="each study is in one",
            remedy="give one name per study, empty where it is not known",
        )
    names = [(name or "").strip() or NOT_STATED for name in groups]
    ordered = sorted(dict.fromkeys(names), key=lambda name: name == NOT_STATED)
    where = {name: [at for at, one in enumerate(names) if one == name] for name in ordered}
    found = tuple(Group(name, (part := data.only(where[name])).labels, pooler(part)) for name in ordered)
    if isinstance(data, Series) and all(group.fit.model == "glmm" for group in found):
        return _compared_by_likelihood(data, found, where)
    return _compared_by_q(found)


def _compared_by_likelihood(
    series: Series, groups: tuple[Group, ...], where: dict[str, list[int]]
) -> Subgroups:
    """Compare the groups that have both events and patients without: only these have a finite mean."""

    def is_open(name: str) -> bool:
        events = sum(series.events[at] for at in where[name])
        return 0 < events < sum(series.totals[at] for at in where[name])

    tested, notes = _chosen(groups, lambda group: is_open(group.name))
    together = series.only([at for name in tested for at in where[name]]) if tested else series
    if len(tested) < 2:
        return Subgroups(groups, None, (), notes)
    if together.k == len(tested):
        return Subgroups(
            groups, None, (), (*notes, "One study per group: groups cannot be told from studies.")
        )
    if all(x in {0, n} for x, n in zip(together.events, together.totals, strict=True)):
        return Subgroups(
            groups, None, (), (*notes, "In every study all patients or none had the event: no test exists.")
        )
    belongs = np.repeat(np.arange(len(tested)), [len(where[name]) for name in tested])
    counts, ones = counts_of(together), np.ones((together.k, 1))
    apart = maximise(counts, np.eye(len(tested))[belongs]).log_likelihood
    statistic = max(0.0, 2 * (apart - maximise(counts, ones).log_likelihood))
    return Subgroups(groups, _test("lr-groups", statistic, len(tested) - 1), tested, notes)


def _compared_by_q(groups: tuple[Group, ...]) -> Subgroups:
    tested, notes = _chosen(groups, lambda group: group.fit.scale_estimate is not None and bool(group.fit.se))
    if len(tested) < 2:
        return Subgroups(groups, None, (), notes)
    fits = [group.fit for group in groups if group.name in tested]
    values = np.array([fit.scale_estimate for fit in fits], dtype=float)
    weights = 1 / np.array([fit.se for fit in fits], dtype=float) ** 2
    centre = float((weights * values).sum() / weights.sum())
    statistic = float((weights * (values - centre) ** 2).sum())
    return Subgroups(groups, _test("q-between", statistic, len(tested) - 1), tested, notes)


def _chosen(
    groups: tuple[Group, ...], is_open: Callable[[Group], bool]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the groups that can be tested, and a note for each that can't."""
    tested, notes = [], []
    for group in groups:
        if group.name == NOT_STATED:
            notes.append(f"{group.k} of the studies do not state their group: shown, not tested.")
        elif is_open(group):
            tested.append(group.name)
        else:
            notes.append(f"{group.name} is not tested: it has no finite estimate with an error.")
    return tuple(tested), tuple(notes)


def _test(name: str, statistic: float, df: int) -> HeterogeneityTest:
    return HeterogeneityTest(name, TESTS[name], statistic, df, chi2_upper(statistic, df))
