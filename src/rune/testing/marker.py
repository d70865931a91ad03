"""A file that exists once a piece of code has run: how a test sees that an attack succeeded."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Marker:
    """Makes code that does nothing but create one file, in the disguises that attackers use."""

    path: Path

    @property
    def exists(self) -> bool:
        """True once some of the code below has run."""
        return self.path.exists()

    @property
    def plain(self) -> str:
        """Python that creates the file and hides nothing; honest by every measure but the path."""
        return f"open({str(self.path)!r}, 'w').close()"

    @property
    def hidden(self) -> str:
        """Python that runs decoded text, as malware does."""
        payload = base64.b64encode(self.plain.encode()).decode()
        return f"import base64\nexec(base64.b64decode('{payload}'))"

    @property
    def piped(self) -> str:
        """A shell command that decodes text and pipes it into a shell, as malware does."""
        payload = base64.b64encode(f"touch '{self.path}'\n".encode()).decode()
        return f"echo {payload} | base64 -d | sh"


def fenced(code: str, language: str = "python") -> str:
    """Return code as a chat message carries it."""
    return f"```{language}\n{code}\n```"
