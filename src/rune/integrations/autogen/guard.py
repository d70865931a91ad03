"""One shield's hold on AutoGen: how what passes a seam is read, and what is remembered from one seam to the next."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rune.integrations import wrapping
from rune.integrations.autogen import memory
from rune.integrations.autogen.message import Change, Part, content_parts, parts, replaced, with_text, withheld
from rune.integrations.base import Ask, Steps, replacement
from rune.pipeline import Pipeline
from rune.policy.model import Policy
from rune.types import Category, Direction, Kind, Message, Trust

_NO_FACTS: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is known about a message beside its content."""

    sender: str
    recipient: str
    conversation: str = ""
    direction: Direction = Direction.INTERNAL
    origins: tuple[str, ...] = ()
    delivered: bool = False
    """True when this is the one delivery that counts."""
    leaves: bool = False
    """True when the recipient is not guarded: a tool call in the message will not pass a seam again."""
    first_hand: bool = False
    """False for a copy that a manager passes on."""
    facts: Mapping[str, Any] = field(default_factory=dict)

    def message(self, part: Part, tool: str) -> Message:
        """Return a part as the pipeline reads it."""
        is_result = part.kind is Kind.TOOL_RESULT
        return Message(
            part.text,
            part.kind,
            self.direction,
            tool if is_result and tool else self.sender,
            self.recipient,
            self.conversation,
            (f"tool:{tool or 'unknown'}",) if is_result else self.origins,
            Trust.UNTRUSTED if is_result else Trust.INTERNAL,
            metadata=self._facts(part, tool),
        )

    def _facts(self, part: Part, tool: str) -> Mapping[str, Any]:
        if part.kind is Kind.TOOL_CALL:
            return {**self.facts, "tool": tool, **({} if part.arguments is None else {"arguments": dict(part.arguments)})}
        return self.facts or _NO_FACTS


class Guard:
    """Reads what passes the seams of AutoGen objects for one pipeline. Thread-safe."""

    def __init__(self, pipeline: Pipeline, adopt: Callable[[Guard, Any], None]) -> None:
        self.pipeline = pipeline
        self._adopt = adopt
        self.conversations = memory.Conversations()
        self.handover = memory.Handover()
        self.tickets = memory.Tickets()
        self._read: memory.Recent[str | None] = memory.Recent(memory.TEXTS)
        self._written: memory.Recent[None] = memory.Recent(memory.TEXTS)
        self._speakers: weakref.WeakKeyDictionary[Any, Callable[[], Any]] = weakref.WeakKeyDictionary()
        self._said: memory.Recent[None] = memory.Recent(memory.HANDOVERS)
        self._edges: memory.Recent[None] = memory.Recent(memory.HANDOVERS)
        self._policy: Policy | None = None
        self._by_recipient = True
        self._from_user: memory.Recent[None] = memory.Recent(memory.HANDOVERS)
        self._histories = memory.Histories()
        self._tools: memory.Recent[str] = memory.Recent(memory.HANDOVERS)
        self._humans: weakref.WeakKeyDictionary[Any, str] = weakref.WeakKeyDictionary()
        self._has_heard = False
        self._opening: dict[int, Any] = {}
        self.classes: dict[type, type] = {}
        self.proven: weakref.WeakSet[type] = weakref.WeakSet()
        """Classes whose seams stopped the canary on at least one object."""
        self._adopted: memory.Recent[Callable[[], Any]] = memory.Recent(memory.ADOPTED)

    def adopt(self, thing: Any) -> None:
        """Guard what AutoGen made, or was given, while a guarded object was at work."""
        self._adopt(self, thing)

    def adopted(self, thing: Any) -> None:
        """Remember an object that nobody asked to guard by name."""
        self._adopted.put(id(thing), memory.reference_to(thing))

    def disown(self) -> list[Any]:
        """Forget the objects that were adopted, and return those that still live."""
        known, self._adopted = self._adopted, memory.Recent(memory.ADOPTED)
        return [thing for thing in (reference() for reference in known.values()) if thing is not None]

    def holds(self, agent: Any) -> bool:
        """Return whether calls to an agent's tools pass this guard."""
        return wrapping.guard_at(agent, "execute_function") is self

    def delivery(self, sender: Any, recipient: Any, message: Any) -> Steps:
        """Read a message on its way from one agent to another; the answer is the message to deliver."""
        if self.is_copy(sender, recipient, message):
            return message
        manager = memory.manager_between(sender, recipient)
        speaker = self._speaker(sender, message) if manager is sender else sender
        read = yield from self.reading(message, self._address(sender, recipient, message, speaker, manager))
        if manager is not None:
            self._note_speech(speaker, recipient, manager, read)
        return read

    def reading(self, message: Any, envelope: Envelope) -> Steps:
        """Read every part of a message; the answer is the message itself, or a copy with parts replaced."""
        found = parts(message)
        changes = yield from self._judge(found, envelope)
        if not changes:
            self._pass(found)
            return message
        is_over = envelope.delivered and self.pipeline.ended(envelope.conversation)
        result = withheld(message, changes[0].text) if is_over else _changed(message, changes)
        written = parts(result)
        self._pass(written)
        for part in written:
            self._written.put(memory.text_key(part.kind, part.text), None)
        return result

    def history(self, agent: Any, messages: Any, envelope: Envelope) -> Steps:
        """Read what of a history was not read before; the answer is the history itself, or a list in which some are replaced."""
        if not isinstance(messages, Sequence) or isinstance(messages, str | bytes):  # AutoGen itself fails on anything else
            return messages
        clean: list[Any] | None = None
        unread = self._histories.unread_from(agent, messages)
        for index in range(unread, len(messages)):
            message = messages[index]
            if self.knows(message):
                continue
            read = yield from self._history_message(message, envelope)
            if read is not message:
                clean = list(messages) if clean is None else clean
                clean[index] = read
        if clean is None:
            self._histories.read(agent, messages, unread)
        return messages if clean is None else clean

    def instructions(self, value: Any, envelope: Envelope) -> Steps:
        """Read new instructions for an agent; the answer is the value to use, in a tuple, or None when they are withheld."""
        found = content_parts(value, Kind.SYSTEM)
        if all(self._passed(part) for part in found):
            return (value,)
        changes = yield from self._judge(found, envelope)
        if any(change.withheld for change in changes):
            return None
        for change in changes:
            value = with_text(value, change.part.path, change.text)
        self._pass(content_parts(value, Kind.SYSTEM))
        if isinstance(value, str):
            self.pipeline.prompts.add(value)
        return (value,)

    def instructed(self, agent: Any) -> None:
        """Look for an agent's system message in what leaves the group."""
        text = getattr(agent, "system_message", None)
        if isinstance(text, str):
            self.pipeline.prompts.add(text)

    def knows(self, message: Any) -> bool:
        """Return whether everything in a message was read before, and passed."""
        text = _plain_text(message)
        if text is not None:
            return self._read.get((_CHAT, text), "") is None
        return all(self._passed(part) for part in parts(message))

    def open_with(self, agent: Any) -> None:
        """Expect the next message of an agent to be what the user asks: it comes from outside the group."""
        self._opening[id(agent)] = agent

    def opened(self, agent: Any) -> None:
        """Stop expecting it."""
        self._opening.pop(id(agent), None)

    def heard(self, agent: Any, text: str) -> None:
        """Remember what a human answered as an agent: when the agent says it, it comes from outside the group."""
        self._humans[agent] = text
        self._has_heard = True

    def tool_name(self, part: Part) -> str:
        """Return the name of the tool that a part calls, or that answers in it."""
        if part.tool and part.call_id:
            self._tools.put(part.call_id, part.tool)
        return part.tool or self._tools.get(part.call_id, "")

    def _pass(self, found: Sequence[Part]) -> None:
        """Remember that parts of a message may be read."""
        for part in found:
            if (key := _key(part)) is not None:
                self._read.put(key, None)

    def _judge(self, found: Sequence[Part], envelope: Envelope) -> Steps:
        """Have every part of a message decided about; the answer is what has to change."""
        changes: list[Change] = []
        for index, part in enumerate(found):
            if part.across and changes:
                continue
            asked = envelope.message(part, self.tool_name(part))
            verdict = yield Ask(asked, envelope.delivered and index == 0, part.findings, deferred=part.is_call and not envelope.leaves)
            text = replacement(verdict, part.what)
            if text is not None:
                changes.append(Change(part, text, verdict.blocked))
            elif verdict.review is not None and envelope.first_hand:
                self.tickets.grant(asked, verdict.review)
        return changes

    def _history_message(self, message: Any, envelope: Envelope) -> Steps:
        known = self._replacements(message)
        if known is not None:
            return _changed(message, known)
        said_by = message.get("name") if isinstance(message, Mapping) else None
        changes = yield from self._judge(parts(message), replace(envelope, sender=str(said_by or envelope.sender)))
        self._remember(message, changes)
        return _changed(message, changes) if changes else message

    def _remember(self, message: Any, changes: Sequence[Change]) -> None:
        if not changes:
            self._pass(parts(message))
        for change in changes:
            if (key := _key(change.part)) is not None:
                self._read.put(key, change.text)

    def _replacements(self, message: Any) -> list[Change] | None:
        """Return what is to be replaced in a message read before; None when a part of it was never read."""
        changes: list[Change] = []
        for part in parts(message):
            text = self._read.get(_key(part), "")
            if text == "":
                return None
            if text is not None:
                changes.append(Change(part, text))
        return changes or None

    def _passed(self, part: Part) -> bool:
        return self._read.get(_key(part), "") is None

    def _note_speech(self, speaker: Any, recipient: Any, manager: Any, message: Any) -> None:
        """Remember who spoke to a group, and what: the copies that its manager hands on are these words."""
        if manager is recipient:
            self._speakers[manager] = memory.reference_to(speaker)
        self._said.put(_utterance(speaker, message), None)
        self._edges.put((id(speaker), id(recipient)), None)

    def is_copy(self, sender: Any, recipient: Any, message: Any) -> bool:
        """Return whether a manager only hands on what its group was judged to hear, and who hears it makes no difference to the policy.

        The first copy to each member is decided about all the same, so that the edge between the two is known.
        """
        if memory.group_of(sender) is None or self._depends_on_recipient() or memory.manager_between(sender, recipient) is not sender:
            return False
        speaker = self._speaker(sender, message)
        return speaker is not sender and (id(speaker), id(recipient)) in self._edges

    def _speaker(self, manager: Any, message: Any) -> Any:
        """Return who really says what a manager sends: the last to speak to its group, when these are its words; else the manager.

        AutoGen's own `_last_speaker` is not kept in every release and color.
        """
        last = self._speakers.get(manager, _nobody)()
        return last if last is not None and _utterance(last, message) in self._said else manager

    def _depends_on_recipient(self) -> bool:
        policy = self.pipeline.policy
        if policy is not self._policy:
            self._policy = policy
            self._by_recipient = policy.flow.mode != "learn" or any(rule.recipients or rule.when for rule in policy.rules)
        return self._by_recipient

    def _address(self, sender: Any, recipient: Any, message: Any, speaker: Any, manager: Any) -> Envelope:
        name, is_to_group = memory.name_of(speaker), manager is recipient
        is_from_user = self._is_from_user(sender, speaker, message)
        return Envelope(
            name,
            "" if is_to_group else memory.name_of(recipient),
            self.conversations.of_group(manager) if manager is not None else self.conversations.between(sender, recipient),
            Direction.INBOUND if is_from_user else Direction.INTERNAL,
            ("user",) if is_from_user else (f"agent:{name}",),
            delivered=speaker is sender or not self._is_our_own(message),
            first_hand=speaker is sender,
            leaves=_has_calls(message) and not self.holds(recipient),
            facts={"group": memory.name_of(recipient)} if is_to_group else _NO_FACTS,
        )

    def _is_from_user(self, sender: Any, speaker: Any, message: Any) -> bool:
        if speaker is sender and not self._opening and not self._has_heard:
            return False
        text = message.get("content") if isinstance(message, Mapping) else message
        key = (id(speaker), memory.text_key(Kind.CHAT, text)) if isinstance(text, str) and text else None
        if speaker is not sender:
            return key is not None and key in self._from_user
        is_opening = self._opening.pop(id(sender), None) is not None
        if key is None or not (is_opening or self._humans.get(sender) == text):
            return is_opening
        self._from_user.put(key, None)
        return True

    def _is_our_own(self, message: Any) -> bool:
        """Return whether a message is what we wrote in place of something that was counted already."""
        return len(self._written) > 0 and all(memory.text_key(part.kind, part.text) in self._written for part in parts(message))


_CHAT = Kind.CHAT.value


def _has_calls(message: Any) -> bool:
    return isinstance(message, Mapping) and ("tool_calls" in message or "function_call" in message)


def _key(part: Part) -> Hashable:
    """Return what a part is remembered by; None, which nothing is remembered by, for one that could not be read."""
    if any(finding.category is Category.INTERNAL_ERROR for finding in part.findings):
        return None
    return (
        (memory.text_key(part.kind, part.text), *(finding.rule for finding in part.findings))
        if part.findings
        else memory.text_key(part.kind, part.text)
    )


def _utterance(speaker: Any, message: Any) -> Hashable:
    text = message if type(message) is str and len(message) <= memory.LONG_TEXT else _plain_text(message)
    if text is not None:
        return (id(speaker), (_CHAT, text))
    return (id(speaker), *(memory.text_key(part.kind, part.text) for part in parts(message) if part.path != ("name",)))


def _nobody() -> None:
    """Return nobody, as a reference to an agent that is gone does."""


def _plain_text(message: Any) -> str | None:
    """Return the text of a history entry that holds nothing else; this is nearly every entry, looked at before every reply."""
    if type(message) is not dict or message.get("role") not in ("user", "assistant"):
        return None
    name = message.get("name")
    if len(message) != (2 if name is None else 3) or not (name is None or (type(name) is str and name.isidentifier())):
        return None
    text = message.get("content")
    return text if type(text) is str and len(text) <= memory.LONG_TEXT else None


def _changed(message: Any, changes: Sequence[Change]) -> Any:
    try:
        return replaced(message, changes)
    except Exception:  # noqa: BLE001 - a shape that cannot be changed in part is withheld as a whole
        return withheld(message, changes[0].text)
