"""The third set of wordings: which list of templates it puts in the place of which."""

from __future__ import annotations

from . import (
    arms,
    centres,
    estimates,
    fresh_shares,
    fresh_times,
    fresh_traps,
    fresh_values,
    partitions,
    prose,
    share_templates,
    tables,
    times,
    traps,
    twice,
)

Lists = dict[tuple[str, ...], tuple[str, ...]]
OLD = (arms, centres, estimates, partitions, prose, share_templates, tables, times, traps)
NEW = (fresh_shares, fresh_times, fresh_traps, fresh_values)


def _named(modules: tuple[object, ...]) -> dict[str, tuple[str, ...]]:
    """Return the lists of templates of these modules by name."""
    return {
        name: value
        for module in modules
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, tuple) and value and isinstance(value[0], str)
    }


def _instead() -> Lists:
    """Return the new list for each old one, most of which have a successor of the same name."""
    old, new = _named(OLD), _named(NEW)
    lists = {old[name]: new[name] for name in new if name in old}
    return lists | {twice.NAMED: new["TWICE"]}


INSTEAD = _instead()
