"""The command `hlh` run in this process: what it prints, and its exit code."""

import io
import sys
from dataclasses import dataclass

from openhlh.cli.main import run


@dataclass(frozen=True)
class Done:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str


def hlh(monkeypatch, *arguments, stdin=None):
    """Run `hlh` as the shell would, piped, with bytes or text on stdin (None: a closed terminal)."""
    raw = stdin.encode() if isinstance(stdin, str) else stdin or b""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with monkeypatch.context() as patch:
        patch.setattr(sys, "argv", ["hlh", *map(str, arguments)])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        code = 0
        try:
            run()
        except SystemExit as leaving:
            code = leaving.code or 0
        said = [stream.buffer.getvalue().decode() for stream in (out, err)]
    assert "Traceback" not in said[1]
    assert "a mistake of OpenHLH itself" not in said[1], said[1]
    return Done(code, *said)
