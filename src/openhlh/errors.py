"""What can go wrong, and the one way in which we say it.

OpenHLHError            exit code 2
├── WrongInput          the user's input cannot be used                      2
│   └── WrongPage       a shelf page does not hold its contract              2
├── Refusal             nothing on the shelves answers                       3
└── MissingPart         an extra, a file or a server that is needed is away  4

Every error says where it happened, what is wrong, why that matters and what to do.
"""

from __future__ import annotations


class OpenHLHError(Exception):
    """An error that is shown to the user as four short parts, never as a traceback."""

    exit_code = 2

    def __init__(self, what: str, *, where: str = "", why: str = "", remedy: str = "") -> None:
        """Keep the four parts; `where` names a file and line, an option or a key."""
        self.where, self.what, self.why, self.remedy = where, what, why, remedy
        super().__init__(str(self))

    def __str__(self) -> str:
        """Return the error as prose: where: what. why. To do: remedy."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        parts = [head.rstrip(".") + "."]
        if self.why:
            parts.append(f"{self.why[0].upper()}{self.why[1:].rstrip('.')}.")
        if self.remedy:
            parts.append(f"To do: {self.remedy.rstrip('.')}.")
        return " ".join(parts)


class WrongInput(OpenHLHError):
    """The user's input cannot be used as it is."""


class WrongPage(WrongInput):
    """A shelf page does not hold its contract."""


class Refusal(OpenHLHError):
    """Nothing on the shelves answers the question."""

    exit_code = 3


class MissingPart(OpenHLHError):
    """A needed part (an extra, a file, a server) is not there."""

    exit_code = 4
