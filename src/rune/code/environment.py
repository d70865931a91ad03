"""What reading an environment variable yields."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rune.code.values import ENV_KEY, ENVIRONMENT, HOST_FACTS, Value, text

if TYPE_CHECKING:
    from rune.code.session import Session

_KEY = re.compile(
    r"key|token|secret|passw|passphrase|credential|auth|private|(?:^|_)(?:pwd|pat|dsn|cookie)$|database_url|conn(?:ection)?_str",
    re.IGNORECASE,
)
_KNOWN = {
    "HOME": text("~"),
    "USERPROFILE": text("~"),
    "APPDATA": text("%appdata%"),
    "LOCALAPPDATA": text("%localappdata%"),
    "TMPDIR": text("/tmp"),  # noqa: S108 - the value of a variable, nothing is written
    "TEMP": text("/tmp"),  # noqa: S108
    "TMP": text("/tmp"),  # noqa: S108
    "PWD": text("."),
    "SHELL": text("/bin/sh"),
    "PATH": text("/usr/local/bin:/usr/bin:/bin"),
    "IFS": text(" \t\n"),
    "USER": Value((), HOST_FACTS),
    "LOGNAME": Value((), HOST_FACTS),
    "HOSTNAME": Value((), HOST_FACTS),
}


def variable(session: Session, name: str) -> Value:
    """Report that a variable is read and return what it is known to hold."""
    session.use("environment", name)
    known = session.exported.get(name) or _KNOWN.get(name.upper())
    if known is not None:
        return known
    return Value((), ENV_KEY) if is_key(name) else Value()


def is_key(name: str) -> bool:
    """Tell whether a variable of this name usually holds a credential."""
    return bool(_KEY.search(name[:200]))


def everything(session: Session) -> Value:
    """Report that the whole environment is read."""
    session.use("environment", "*")
    return Value((), ENVIRONMENT)
