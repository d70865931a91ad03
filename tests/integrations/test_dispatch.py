"""Only the adapter of an object's own framework is imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

from rune import integrations
from rune.errors import NotProtected

PROGRAM = """
import sys
import rune.integrations as integrations
from rune.errors import NotProtected
class Thing: pass
for call in (lambda: integrations.coverage(Thing()), lambda: integrations.unguard(Thing())):
    try:
        call()
    except NotProtected as error:
        print(error)
print("autogen" in sys.modules, "rune.integrations.autogen" in sys.modules)
"""


def test_an_object_of_no_framework_imports_none() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)

    lines = done.stdout.splitlines()
    refused = (
        "`__main__.Thing` cannot be guarded; pass an agent, group chat, group chat manager, pattern or code executor of classic AutoGen."
    )
    assert lines == [refused, refused, "False False"]


@pytest.mark.parametrize("thing", [None, 3, "text", object()], ids=lambda thing: type(thing).__name__)
def test_what_is_not_supported_is_named(thing: object) -> None:
    with pytest.raises(NotProtected, match=f"`builtins.{type(thing).__name__}` cannot be guarded"):
        integrations.coverage(thing)
