"""Files are written whole, and only where a file belongs."""

import os

import pytest

from openhlh.errors import WrongInput
from openhlh.files import write_atomically


def test_a_link_keeps_its_place_and_its_target_is_written(tmp_path):
    target, link = tmp_path / "real.html", tmp_path / "link.html"
    target.write_text("old")
    link.symlink_to(target)
    write_atomically(link, "new")

    assert link.is_symlink()
    assert target.read_text() == "new"


def test_what_is_no_file_is_never_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for place in (pipe, tmp_path):
        with pytest.raises(WrongInput, match="no file"):
            write_atomically(place, "new")

    assert pipe.is_fifo()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["pipe"]
