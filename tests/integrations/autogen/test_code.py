"""What runs is what was read, all of it or nothing; what does not run says so in the executor's own words."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.integrations.autogen.conftest import NOISE
from tests.integrations.conftest import Decisions

from rune import integrations
from rune.integrations.base import WITHHELD_EXIT_CODE
from rune.pipeline import Pipeline
from rune.review.request import ReviewRequest
from rune.testing import Marker
from rune.testing.marker import fenced
from rune.types import Decision, Review

autogen = pytest.importorskip("autogen")
pytestmark = [pytest.mark.autogen, *(pytest.mark.filterwarnings(line) for line in NOISE)]

from autogen.coding import CodeBlock, LocalCommandLineCodeExecutor  # noqa: E402 - after the check that AutoGen is there
from autogen.coding.base import CodeResult  # noqa: E402
from pydantic import BaseModel  # noqa: E402

from rune.testing import autogen as scripted  # noqa: E402

Guard = Callable[[Any], Any]
HONEST = "print(20 + 22)"


class Recorder:
    """An executor of somebody's own: keeps what it was told to run."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    @property
    def code_extractor(self) -> Any:
        return autogen.coding.MarkdownCodeExtractor()

    def execute_code_blocks(self, code_blocks: list[CodeBlock]) -> CodeResult:
        self.ran += [block.code for block in code_blocks]
        return CodeResult(exit_code=0, output="ok")

    def restart(self) -> None:
        self.ran.clear()


class Detailed(CodeResult):
    took: float = 0.0


class Demanding(CodeResult):
    took: float


class PydanticExecutor(BaseModel):
    """An executor that is a pydantic model, as the IPython ones are."""

    name: str = "pydantic"
    ran: list[str] = []

    @property
    def code_extractor(self) -> Any:
        return autogen.coding.MarkdownCodeExtractor()

    def execute_code_blocks(self, code_blocks: list[CodeBlock]) -> Detailed:
        self.ran += [block.code for block in code_blocks]
        return Detailed(exit_code=0, output="ok")

    def restart(self) -> None:
        self.ran.clear()


class SlottedExecutor(Recorder):
    """One that has no room for anything of ours, and a result that cannot be made without it."""

    __slots__ = ()

    def execute_code_blocks(self, code_blocks: list[CodeBlock]) -> Demanding:
        self.ran += [block.code for block in code_blocks]
        return Demanding(exit_code=0, output="ok", took=0.1)


def runner_with(executor: Any) -> Any:
    config = {"executor": executor}
    return autogen.ConversableAgent("runner", llm_config=False, human_input_mode="NEVER", code_execution_config=config)


def legacy_runner(folder: Path) -> Any:
    config = {"use_docker": False, "work_dir": str(folder)}
    return autogen.ConversableAgent("runner", llm_config=False, code_execution_config=config)


def block(code: str, language: str = "python") -> CodeBlock:
    return CodeBlock(code=code, language=language)


@pytest.mark.parametrize("make", [Recorder, PydanticExecutor, SlottedExecutor])
def test_honest_code_runs_and_hostile_code_does_not(make: Callable[[], Any], guard: Guard, marker: Marker) -> None:
    executor = guard(make())

    honest = executor.execute_code_blocks([block(HONEST)])
    hostile = executor.execute_code_blocks([block(marker.hidden)])

    assert executor.ran == [HONEST]
    assert honest.exit_code == 0
    assert hostile.exit_code == WITHHELD_EXIT_CODE
    assert "withheld" in hostile.output
    assert "exec" not in hostile.output


@pytest.mark.parametrize(
    ("make", "result"),
    [
        pytest.param(Recorder, CodeResult, id="declared"),
        pytest.param(PydanticExecutor, Detailed, id="declared, with defaults"),
        pytest.param(SlottedExecutor, CodeResult, id="declared, but needs more than we know"),
        pytest.param(LocalCommandLineCodeExecutor, autogen.coding.base.CommandLineCodeResult, id="AutoGen's own"),
    ],
)
def test_a_withheld_run_has_the_executors_own_result_type(make: Callable[[], Any], result: type, guard: Guard, marker: Marker) -> None:
    assert type(guard(make()).execute_code_blocks([block(marker.hidden)])) is result


@pytest.mark.parametrize("position", [0, 1, 2])
def test_one_withheld_block_withholds_the_run(position: int, guard: Guard, marker: Marker) -> None:
    executor = guard(Recorder())
    blocks = [block(HONEST), block(HONEST)]
    blocks.insert(position, block(marker.hidden))

    assert executor.execute_code_blocks(code_blocks=blocks).exit_code == WITHHELD_EXIT_CODE
    assert executor.ran == []


def test_code_changed_after_it_was_read_does_not_run(make_pipeline: Callable[..., Pipeline], marker: Marker) -> None:
    swapped = block("print('REVIEW-ME')")

    class Swapping:
        def ask(self, request: ReviewRequest) -> Review:
            swapped.code = marker.hidden
            return Review(Decision.APPROVE)

    executor = integrations.guard(Recorder(), make_pipeline(ASKING, Swapping()))

    executor.execute_code_blocks([swapped])

    assert executor.ran == ["print('REVIEW-ME')"]


def test_the_verdict_names_the_hash_of_what_runs(guard: Guard, decisions: Decisions) -> None:
    guard(Recorder()).execute_code_blocks([block(HONEST)])

    [(message, verdict, _)] = [entry for entry in decisions.made if entry[0].kind == "code"]
    assert verdict.content_hash == hashlib.sha256(HONEST.encode()).hexdigest()
    assert message.metadata["language"] == "python"


class Homeless(Recorder):
    @property
    def work_dir(self) -> str:
        raise ImportError("this executor's package is not installed")


@pytest.mark.parametrize(
    ("make", "folder"),
    [
        pytest.param(lambda path: LocalCommandLineCodeExecutor(work_dir=path), True, id="given"),
        pytest.param(lambda _: Recorder(), False, id="none"),
        pytest.param(lambda _: Homeless(), False, id="cannot be asked"),
    ],
)
def test_the_folder_that_code_may_write_in_is_told(
    make: Callable[[Path], Any], folder: bool, guard: Guard, decisions: Decisions, tmp_path: Path
) -> None:
    guard(make(tmp_path)).execute_code_blocks([block(HONEST)])

    [message] = decisions.of_kind("code")
    assert message.metadata.get("work_dir") == (str(tmp_path) if folder else None)


def test_a_legacy_agents_folder_is_told_too(guard: Guard, decisions: Decisions, tmp_path: Path) -> None:
    guard(legacy_runner(tmp_path)).execute_code_blocks([("python", HONEST)])

    assert decisions.of_kind("code")[0].metadata["work_dir"] == str(tmp_path)


def test_code_modified_by_the_reviewer_runs_as_modified(make_pipeline: Callable[..., Pipeline]) -> None:
    class Editing:
        def ask(self, request: ReviewRequest) -> Review:
            return Review(Decision.MODIFY, text="print('safe')")

    executor = integrations.guard(Recorder(), make_pipeline(ASKING, Editing()))

    assert executor.execute_code_blocks([block("print('REVIEW-ME')")]).exit_code == 0
    assert executor.ran == ["print('safe')"]


REDACTING = {
    "version": "1",
    "extends": "balanced",
    "rules": [{"name": "cut-secrets", "category": "secret", "kind": "code", "action": "redact"}],
}


def test_redacted_code_runs_only_without_the_secret(make_pipeline: Callable[..., Pipeline]) -> None:
    secret = "AKIA" + "IOSFODNN7ABCDEFG"
    executor = integrations.guard(Recorder(), make_pipeline(REDACTING))

    executor.execute_code_blocks([block(f"key = '{secret}'")])

    assert all(secret not in code for code in executor.ran)


ASKING = {
    "version": "1",
    "extends": "balanced",
    "rules": [{"name": "ask", "when": 'message.text.contains("REVIEW-ME")', "action": "review"}],
}


class Approving:
    def __init__(self) -> None:
        self.asked: list[str] = []
        self.threads: list[bool] = []

    def ask(self, request: ReviewRequest) -> Review:
        self.asked.append(request.message.kind.value)
        self.threads.append(threading.current_thread() is threading.main_thread())
        return Review(Decision.APPROVE)


def test_code_approved_with_its_message_runs_once_without_a_second_question(
    talk: Callable[..., Any], make_pipeline: Callable[..., Pipeline], decisions: Decisions
) -> None:
    reviewer, executor = Approving(), Recorder()
    pipeline = make_pipeline(ASKING, reviewer)
    runner = runner_with(executor)
    coder = integrations.guard(scripted.agent("coder", [fenced("print('REVIEW-ME')")]), pipeline)

    talk(integrations.guard(runner, pipeline), coder, "Please calculate.", max_turns=2)

    assert [code.strip() for code in executor.ran] == ["print('REVIEW-ME')"]
    assert reviewer.asked == ["chat"]
    reviewed = [(message.kind, verdict.review) for message, verdict, event in decisions.made if event == "review"]
    assert [(kind, review.decision) for kind, review in reviewed if review] == [("chat", Decision.APPROVE), ("code", Decision.APPROVE)]


def test_code_nobody_was_shown_is_asked_about(make_pipeline: Callable[..., Pipeline]) -> None:
    reviewer = Approving()
    executor = integrations.guard(Recorder(), make_pipeline(ASKING, reviewer))

    for _ in range(2):
        executor.execute_code_blocks([block("print('REVIEW-ME')")])

    assert reviewer.asked == ["code", "code"]


def test_a_legacy_agent_says_why_it_did_not_run(guard: Guard, marker: Marker, tmp_path: Path) -> None:
    agent = guard(legacy_runner(tmp_path))

    code, output = agent.execute_code_blocks([("python", marker.hidden)])

    assert (code, marker.exists) == (WITHHELD_EXIT_CODE, False)
    assert "withheld" in output


def test_a_legacy_agent_runs_honest_code_and_reads_it_once(guard: Guard, decisions: Decisions, tmp_path: Path) -> None:
    agent = guard(legacy_runner(tmp_path))

    code, output = agent.execute_code_blocks([("python", HONEST)])

    assert (code, output.strip()) == (0, "42")
    assert len(decisions.of_kind("code")) == 1


def test_an_executor_exchanged_after_the_guard_is_guarded_when_it_is_used(guard: Guard, decisions: Decisions) -> None:
    agent = guard(runner_with(Recorder()))
    agent._code_executor = late = Recorder()

    agent.generate_reply(messages=[{"role": "user", "content": fenced(HONEST)}])

    assert late.ran == [message.text for message in decisions.of_kind("code")] == [HONEST]


def test_the_group_reads_why_code_did_not_run(talk: Callable[..., Any], guard: Guard, marker: Marker) -> None:
    runner = runner_with(Recorder())
    user = autogen.ConversableAgent("user", llm_config=False, human_input_mode="NEVER")
    coder = scripted.agent("coder", [fenced(f"import os\nos.system('rm -rf {marker.path.parent}/x ~')")])
    manager = guard(scripted.group(user, coder, runner, scripted.agent("reviewer", ["I see."]), rounds=4))

    talk(user, manager, "Please calculate.")

    assert "withheld" in str(manager.groupchat.messages)
    assert runner._code_executor.ran == []
    assert len(manager.groupchat.messages) == 4


@pytest.mark.skipif(not hasattr(autogen.coding, "jupyter"), reason="no IPython executor in this environment")
def test_the_ipython_executor_is_held(guard: Guard, marker: Marker) -> None:
    executor_class = pytest.importorskip("autogen.coding.jupyter").EmbeddedIPythonCodeExecutor
    try:
        executor = executor_class()
    except Exception as error:  # noqa: BLE001 - whatever keeps the kernel from starting
        pytest.skip(f"no kernel: {error}")
    assert guard(executor).execute_code_blocks([block(marker.hidden)]).exit_code == WITHHELD_EXIT_CODE
