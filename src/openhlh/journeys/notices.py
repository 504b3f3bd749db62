"""The notice that stands under every result, for the journeys that need no other page."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def notice() -> str:
    """Return the notice that stands under every result."""
    from openhlh import content
    from openhlh.content.reader import read_page
    from openhlh.content.shelf_pages import Notice

    path = Path(content.__file__).parent / "notices" / "not_a_device.yaml"
    return read_page(path, Notice, "content/notices/not_a_device.yaml").text
