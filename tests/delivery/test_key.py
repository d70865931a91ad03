import copy
import pickle  # noqa: TID251 - to prove that it is refused
import traceback

import pytest

from rune.delivery.key import ApiKey
from rune.errors import ConfigurationError

SECRET = "0123456789abcdefXYZ"


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        pytest.param(f"rune_live_{SECRET}", "live", "ApiKey('rune_live_…')", id="live"),
        pytest.param(f"rune_test_{SECRET}", "test", "ApiKey('rune_test_…')", id="test"),
        pytest.param(SECRET, "other", "ApiKey('…')", id="any other text"),
    ],
)
def test_a_key_shows_its_form_and_nothing_else(value: str, kind: str, shown: str) -> None:
    key = ApiKey(value)

    assert (key.kind, repr(key), f"{key}", key.reveal()) == (kind, shown, shown, value)


@pytest.mark.parametrize("value", ["", "   ", None, b"rune_live_x", 7], ids=repr)
def test_what_is_no_key_is_refused_without_showing_it(value: object) -> None:
    with pytest.raises(ConfigurationError, match="api_key is"):
        ApiKey(value)  # type: ignore[arg-type]


def test_no_traceback_and_no_copy_carries_it_away() -> None:
    key = ApiKey(f"rune_live_{SECRET}")
    assert SECRET not in "".join(traceback.format_exception_only(RuntimeError(f"request with {key} failed")))
    for carry in (pickle.dumps, copy.copy):
        with pytest.raises(TypeError, match="not serialized"):
            carry(key)
