"""The key of a Rune service: shown nowhere."""

from __future__ import annotations

from rune.errors import ConfigurationError


class ApiKey:
    """Wraps a key so that no log line, traceback or `repr` shows it.

    Any text is taken; the service decides whether it is a key. `rune_live_...` and `rune_test_...` are the usual forms.

    Args:
        value: the key.

    Raises:
        ConfigurationError: it is empty or no text.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        if not isinstance(value, str):
            raise ConfigurationError(f"api_key is a `{type(value).__name__}`; pass the key as text.")
        if not value.strip():
            raise ConfigurationError("api_key is empty; pass a key such as `rune_live_...`, or none to stay local.")
        self._value = value

    @property
    def kind(self) -> str:
        """`live`, `test`, or `other` when the key has neither form."""
        return next((kind for kind in ("live", "test") if self._value.startswith(f"rune_{kind}_")), "other")

    def reveal(self) -> str:
        """Return the key itself, for the header of a request and nothing else."""
        return self._value

    def __repr__(self) -> str:
        """Show the form of the key and none of its secret."""
        return f"ApiKey('rune_{self.kind}_…')" if self.kind != "other" else "ApiKey('…')"

    __str__ = __repr__

    def __reduce__(self) -> str | tuple[object, ...]:
        """Refuse to be serialized."""
        raise TypeError("an api key is not serialized; read it from the environment in each process.")
