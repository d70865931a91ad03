"""Where a text stands decides how it is read."""

import pytest

from rune.scan.channel import Channel, channel
from rune.types import Direction, Kind, Message, Trust


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param({"kind": Kind.TOOL_RESULT}, Channel.DATA, id="tool result"),
        pytest.param({"kind": Kind.DOCUMENT, "direction": Direction.INBOUND}, Channel.DATA, id="document"),
        pytest.param({"kind": Kind.MEMORY}, Channel.DATA, id="memory"),
        pytest.param({"direction": Direction.INBOUND}, Channel.USER, id="user's turn"),
        pytest.param({"origins": ("user",)}, Channel.USER, id="user's words inside the group"),
        pytest.param({"trust": Trust.TRUSTED}, Channel.USER, id="trusted agent"),
        pytest.param({"origins": ("user", "web")}, Channel.DATA, id="user quotes the web"),
        pytest.param({"origins": ("tool:search",), "trust": Trust.TRUSTED}, Channel.DATA, id="trusted agent repeats a tool"),
        pytest.param({"origins": ("agent:coder",)}, Channel.AGENT, id="another agent"),
        pytest.param({}, Channel.AGENT, id="nothing known"),
        pytest.param({"kind": Kind.SYSTEM}, Channel.AGENT, id="system"),
        pytest.param({"kind": Kind.CODE, "direction": Direction.INBOUND}, Channel.AGENT, id="code"),
    ],
)
def test_channel(facts: dict[str, object], expected: Channel) -> None:
    assert channel(Message("text", **facts)) is expected  # type: ignore[arg-type]
