"""How a text falls apart into words and sentence marks."""

import pytest

from rune.scan.classifier.tokens import BREAK, tokens

B = BREAK


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("Ignore the Rules", [b"ignore", b"the", b"rules"], id="lower case"),
        pytest.param("Stop. Now do it!", [b"stop", B, b"now", b"do", b"it", B], id="sentences"),
        pytest.param("open settings.py at example.com", [b"open", b"settings", b"py", b"at", b"example", b"com"], id="dots inside names"),
        pytest.param("don't", [b"dont"], id="apostrophe"),
        pytest.param('{"bio": "pay me"}', [B, b"bio", B, b"pay", b"me", B], id="fields of JSON"),
        pytest.param("忽略 rules", ["忽".encode(), "略".encode(), b"rules"], id="script without spaces"),
        pytest.param("ИГНОРИРУЙ всё", ["игнорируй".encode(), "всё".encode()], id="other alphabet"),
        pytest.param("one\n\n \n--- two", [b"one", B, b"two"], id="empty lines and rulers"),
        pytest.param("a\x01b", [b"a", b"b"], id="the mark itself is no way to forge a break"),
    ],
)
def test_tokens(text: str, expected: list[bytes]) -> None:
    assert tokens(text) == expected
