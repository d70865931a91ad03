"""Ways into an agent that no seam of classic AutoGen stands in front of; measured or read, and said in every coverage report."""

from __future__ import annotations

from rune.integrations.base import OpenPath

HISTORY = OpenPath(
    "writes to `_oai_messages`, `chat_messages` or `GroupChat.messages`",
    "read before the next reply of the agent, not when they are written",
    "let messages go through `send`, or pass them to `generate_reply`",
)
CONTEXT = OpenPath(
    "context variables used by tools and conditions",
    "read when they become a system message, not before",
    "scan what is put into them with `shield.scan`",
)
FUNCTIONS = OpenPath(
    "the `functions=` module of a command line executor",
    "is written by the program and imported by the code that runs",
    "scan its source with `shield.scan_code`",
)
CLIENT = OpenPath(
    "direct calls of a model client, reflection summaries among them",
    "the summary is read when it is sent on or returned; the call itself is not",
    "use `last_msg` summaries where that matters",
)
IMAGES = OpenPath(
    "images, audio and files in a message",
    "their content is not read; the finding says so",
    "scan the text recognized in them",
)
REMOTE = OpenPath(
    "agents of another process (a2a), realtime agents, assistants of a provider, `autogen.beta`",
    "their own side is out of reach; what they send to a guarded agent is read",
    "guard them where they run",
)
AWAITED = OpenPath(
    "a human review of code in an awaited chat",
    "AutoGen runs executors without awaiting: the event loop waits while the human answers",
    "review the message that brings the code; the approval covers its execution",
)
REPLACED = OpenPath(
    "methods replaced on an object after `guard`",
    "what replaces a method decides itself whether it calls the guarded one",
    "guard last; coverage shows such a seam as open",
)

OPEN_PATHS = (HISTORY, CONTEXT, FUNCTIONS, CLIENT, IMAGES, REMOTE, AWAITED, REPLACED)
"""Everything a user should know that is not covered."""
