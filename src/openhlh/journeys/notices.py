"""The notice that stands under every result, for the journeys that need no other page."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=1)
def notice() -> str:
    """Return the notice that stands under every result."""
    from openhlh.content.described import HERE, read_folder
    from openhlh.content.shelf_pages import Notice

    return read_folder(HERE, "notices", Notice)["not_a_device"].text
