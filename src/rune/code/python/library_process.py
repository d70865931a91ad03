"""Python functions that run code, start or end processes, or reach below Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rune.code import rules
from rune.code.environment import everything, variable
from rune.code.python.call import Call
from rune.code.python.frame import Partial
from rune.code.python.names import canonical, imported
from rune.code.tables import each, words
from rune.code.values import (
    DECODED,
    DESERIALIZED,
    ENV_KEY,
    ENVIRONMENT,
    HOLE,
    INPUT,
    NETWORK,
    OUTPUT,
    PROCESS,
    UNKNOWN,
    Value,
    concatenate,
    content_labels,
    join,
    named,
    sequence,
    text,
)

if TYPE_CHECKING:
    from rune.code.python.interpreter import Interpreter

Handler = Callable[["Interpreter", Call], Value]


def _code(reader: Interpreter, call: Call) -> Value:
    source = call.argument(0, "source")
    if any(name.startswith("compile()") for name in source.names):
        return UNKNOWN
    before = reader.session.acts()
    reader.session.execution.code(source)
    _judge_text(reader, source, before)
    return UNKNOWN


def _judge_text(reader: Interpreter, source: Value, before: int) -> None:
    """Report a text that was evaluated and did more than compute."""
    if source.texts and reader.session.acts() > before:
        reader.session.report(rules.TEXT_ACTS, source.text or "")


def _evaluated(reader: Interpreter, call: Call) -> Value:
    """`eval` of a known expression is that expression."""
    source = call.first
    if source.texts and not content_labels(source) and HOLE not in source.texts[0]:
        found = UNKNOWN
        before = reader.session.acts()
        for spelled in source.texts:
            found = join(found, reader.expression(spelled))
        _judge_text(reader, source, before)
        return found
    reader.session.execution.code(source)
    return Value((), source.labels)


def _compiled(reader: Interpreter, call: Call) -> Value:
    mode = call.argument(2, "mode").text
    if mode == "eval" and not content_labels(call.first) and call.first.texts:
        return call.first
    if call.argument(1).text is not None or len(call.arguments) > 1:
        reader.session.execution.code(call.argument(0, "source"))
    return named("compile()")


def _code_file(reader: Interpreter, call: Call) -> Value:
    for path in call.first.texts:
        reader.session.execution.file(path)
    return UNKNOWN


def _measured(reader: Interpreter, call: Call) -> Value:
    """`timeit` and the profilers take code as text."""
    for source in call.arguments[:2]:
        if source.texts:
            reader.session.execution.code(source)
    return UNKNOWN


def _import(reader: Interpreter, call: Call) -> Value:
    names = call.argument(0, "name").texts
    for name in names:
        imported(reader.session, name)
    if not names:
        reader.session.use("dynamic", "?")
    top = "fromlist" not in call.keywords and len(call.arguments) < 4 and call.name == "__import__"
    return Value((), 0, tuple(canonical(name.split(".")[0] if top else name) for name in names))


def _modules(_reader: Interpreter, call: Call) -> Value:
    return Value((), 0, tuple(canonical(name) for name in call.first.texts))


def _command(reader: Interpreter, call: Call) -> Value:
    return reader.session.execution.command(call.argument(0, "cmd" if "cmd" in call.keywords else "command"))


def _spawn(reader: Interpreter, call: Call) -> Value:
    """The `subprocess` family: a list of words, or a text with `shell=True`."""
    _endless(reader)
    command = call.argument(0, "args")
    _pass_environment(reader, call.keywords.get("env", UNKNOWN))
    folder = reader.session.files.directory
    if "cwd" in call.keywords:
        reader.session.files.enter(call.keywords["cwd"])
    if any("socket.socket()" in name for stream in ("stdin", "stdout", "stderr") for name in call.keywords.get(stream, UNKNOWN).names):
        reader.session.report(rules.REVERSE_SHELL, command.text or "")
    result = _run(reader, command, call)
    reader.session.files.directory = folder
    labels = (result.labels & ~OUTPUT) | OUTPUT
    return Value(result.constants, labels, (f"{call.name}()",))


def _pass_environment(reader: Interpreter, variables: Value) -> None:
    for name, value in (variables.fields or {}).items():
        if isinstance(name, str):
            reader.session.exported[name] = value


def _run(reader: Interpreter, command: Value, call: Call) -> Value:
    execution = reader.session.execution
    if command.items is None:
        return execution.command(command)
    shell = call.keywords.get("shell", UNKNOWN)
    if shell.constants == (True,) and command.items:
        return execution.command(command.items[0])
    return execution.program(command.items, call.keywords.get("input", UNKNOWN))


def _fed(reader: Interpreter, call: Call) -> Value:
    """What is written to a process that was started: commands, if that process is a shell."""
    if content_labels(call.given) & NETWORK:
        reader.session.report(rules.RUNS_DOWNLOAD, call.name)
    return Value((), OUTPUT)


def _spawn_words(reader: Interpreter, call: Call) -> Value:
    """Functions that take the program and its arguments one by one: `os.execlp`, `create_subprocess_exec`."""
    _endless(reader)
    words = call.arguments
    if call.name.startswith(("os.exec", "os.spawn")):
        words = words[2 if call.name.startswith("os.spawn") else 1 :]
        words = words[:-1] if call.name.endswith("e") else words
    if len(words) == 1 and words[0].items is not None:
        words = words[0].items
    return reader.session.execution.program(words or call.arguments)


def _spawn_terminal(reader: Interpreter, call: Call) -> Value:
    """`pty.spawn`: an interactive shell makes sense only for someone at the other end of a connection."""
    if reader.session.network.connected:
        reader.session.report(rules.REVERSE_SHELL, call.first.text or "")
    return _run(reader, call.first, call)


def _duplicate(reader: Interpreter, call: Call) -> Value:
    if reader.session.network.connected and "socket.socket().fileno()" in call.first.names:
        reader.session.report(rules.REVERSE_SHELL, "dup2")
    return UNKNOWN


def _endless(reader: Interpreter) -> None:
    if reader.session.endless:
        reader.session.report(rules.EXHAUSTS)


def _fork(reader: Interpreter, _call: Call) -> Value:
    _endless(reader)
    return UNKNOWN


def _thread(reader: Interpreter, call: Call) -> Value:
    _endless(reader)
    return reader.fallback(call)


def _kill(reader: Interpreter, call: Call) -> Value:
    own = any(name.startswith(("subprocess.", "multiprocessing.", "asyncio.", "os.getpid", "os.fork")) for name in call.first.names)
    if not own:
        reader.session.execution.kill(call.first)
    return UNKNOWN


def _processes(_reader: Interpreter, _call: Call) -> Value:
    return sequence([Value((), PROCESS, ("psutil.Process()",))]).labeled(PROCESS)


def _process(_reader: Interpreter, call: Call) -> Value:
    found = PROCESS if call.first.labels & (PROCESS | OUTPUT) else 0
    return Value(call.first.constants, found, ("psutil.Process()",))


def _kill_receiver(reader: Interpreter, call: Call) -> Value:
    reader.session.execution.kill(Value(call.receiver.constants, call.receiver.labels))
    return UNKNOWN


def _privilege(reader: Interpreter, call: Call) -> Value:
    if call.first.number == 0:
        reader.session.report(rules.PRIVILEGE, call.name)
    return UNKNOWN


def _escape(reader: Interpreter, call: Call) -> Value:
    reader.session.report(rules.ESCAPES, call.name)
    return UNKNOWN


def _native(reader: Interpreter, call: Call) -> Value:
    reader.session.report(rules.NATIVE, call.name)
    return Value(
        (), call.labels & ~(ENV_KEY | ENVIRONMENT), ("ctypes.CDLL()" if "DLL" in call.name or "Library" in call.name else f"{call.name}()",)
    )


def _watch(reader: Interpreter, call: Call) -> Value:
    reader.session.report(rules.WATCHES, call.name)
    return Value((), PROCESS)


def _capture(reader: Interpreter, call: Call) -> Value:
    if call.first.integer is not None:
        reader.session.report(rules.WATCHES, call.name)
    return named(f"{call.name}()")


def _deserialize(reader: Interpreter, call: Call) -> Value:
    labels = content_labels(call.given)
    if any(name in ("pickle.dumps()", "marshal.dumps()") for name in call.first.names):
        return Value((), labels)
    if any(item.endswith("Loader") and "Unsafe" not in item for value in call.given.items or () for item in value.names):
        return Value((), labels)
    if labels & NETWORK:
        reader.session.report(rules.RUNS_DOWNLOAD, call.name)
    elif labels & DECODED and call.first.constants:
        reader.session.report(rules.RUNS_DECODED, call.name)
    else:
        reader.session.report(rules.DESERIALIZES, call.name)
    return Value((), labels | DESERIALIZED)


def _serialize(_reader: Interpreter, call: Call) -> Value:
    return Value((), call.labels, (f"{call.name}()",))


def _code_object(reader: Interpreter, call: Call) -> Value:
    reader.session.report(rules.RUNS_DECODED if call.labels & (DESERIALIZED | DECODED) else rules.NATIVE, call.name)
    return named("types.function()")


def _input(_reader: Interpreter, _call: Call) -> Value:
    return Value((), INPUT)


def _variable(reader: Interpreter, call: Call) -> Value:
    if not call.first.texts:
        return call.argument(1)
    found = UNKNOWN
    for name in call.first.texts:
        found = join(found, variable(reader.session, name))
    fallback = call.argument(1)
    return found if not fallback.constants else join(found, Value(fallback.constants))


def _whole_environment(reader: Interpreter, _call: Call) -> Value:
    return Value((), everything(reader.session).labels, ("os.environ",))


def _environment_items(reader: Interpreter, _call: Call) -> Value:
    return everything(reader.session)


def _nothing(_reader: Interpreter, _call: Call) -> Value:
    return UNKNOWN


def _putenv(reader: Interpreter, call: Call) -> Value:
    reader.session.exported.update(dict.fromkeys(call.first.texts, call.argument(1)))
    return UNKNOWN


def _shown(reader: Interpreter, call: Call) -> Value:
    if "file" in call.keywords:
        path = (call.keywords["file"].fields or {}).get("path", UNKNOWN)
        reader.session.files.add(path, concatenate((*call.arguments[:1], text("\n"))))
        return UNKNOWN
    labels = content_labels(Value((), 0, (), tuple(call.arguments)))
    if labels & ENVIRONMENT:
        reader.session.report(rules.SHOWS_ENVIRONMENT)
    elif any(argument.labels & ENV_KEY and not argument.names for argument in call.arguments):
        reader.session.report(rules.SHOWS_KEY)
    return UNKNOWN


def _partial(_reader: Interpreter, call: Call) -> Value:
    if not call.arguments:
        return UNKNOWN
    return Value(target=Partial(call.first, tuple(call.arguments[1:]), call.keywords))


def _getter(_reader: Interpreter, call: Call) -> Value:
    return Value(call.first.constants, 0, (f"{call.name}()",), tuple(call.arguments[1:]))


def _reduced(reader: Interpreter, call: Call) -> Value:
    """`functools.reduce(f, items)`: `f` sees two elements at a time."""
    items = call.argument(1).items or ()
    value = items[0] if items else call.argument(2)
    for item in items[1:]:
        value = reader.call(call.first, [value, item])
    return value


def _notebook_code(reader: Interpreter, call: Call) -> Value:
    reader.session.unreadable(call.first.text or "")
    return UNKNOWN


def _schedule(reader: Interpreter, call: Call) -> Value:
    reader.session.report(rules.PERSISTS, call.name)
    return UNKNOWN


_SPAWN = tuple(f"subprocess.{name}" for name in ("run", "Popen", "call", "check_call", "check_output"))
_SHELL = words(
    """
    os.system os.popen os.popen2 os.popen3 os.popen4 os.startfile subprocess.getoutput subprocess.getstatusoutput popen2.popen2
    asyncio.create_subprocess_shell pexpect.spawn pexpect.run get_ipython().system get_ipython().getoutput platform.popen invoke.run
    plumbum.local trio.run_process ctypes.CDLL().system ctypes.cdll.msvcrt.system
    """
)
_WORDS = words(
    """
    os.execl os.execle os.execlp os.execlpe os.execv os.execve os.execvp os.execvpe os.spawnl os.spawnle os.spawnlp os.spawnlpe os.spawnv
    os.spawnve os.spawnvp os.spawnvpe os.posix_spawn os.posix_spawnp asyncio.create_subprocess_exec _posixsubprocess.fork_exec sh.Command
    """
)
_CODE = words("exec execfile code.interact code.InteractiveInterpreter().runsource code.InteractiveConsole().push get_ipython().run_cell")
_LOADS = words(
    """
    pickle.loads pickle.load pickle.Unpickler marshal.loads marshal.load yaml.load yaml.unsafe_load yaml.full_load_all shelve.open
    jsonpickle.decode jsonpickle.loads joblib.load pandas.read_pickle torch.load
    """
)

FUNCTIONS: dict[str, Handler] = {
    **dict.fromkeys(_CODE, _code),
    "eval": _evaluated,
    "compile": _compiled,
    "runpy.run_path": _code_file,
    **each("timeit.timeit timeit.repeat cProfile.run profile.run pdb.run trace.Trace().run cProfile.runctx", _measured),
    **each("__import__ importlib.import_module importlib.__import__ importlib.reload", _import),
    "sys.modules.get": _modules,
    **dict.fromkeys(_SHELL, _command),
    **dict.fromkeys(_SPAWN, _spawn),
    **dict.fromkeys(_WORDS, _spawn_words),
    **each("subprocess.Popen().stdin.write subprocess.Popen().communicate pexpect.spawn().sendline", _fed),
    "pty.spawn": _spawn_terminal,
    **each("os.dup2 os.dup", _duplicate),
    **each("os.fork os.forkpty os.vfork", _fork),
    **each("threading.Thread multiprocessing.Process threading.start_new_thread", _thread),
    **each("os.kill os.killpg signal.pidfd_send_signal", _kill),
    **each("psutil.process_iter psutil.pids", _processes),
    "psutil.Process": _process,
    **{f"psutil.Process().{verb}": _kill_receiver for verb in ("kill", "terminate", "suspend", "send_signal")},
    **each("os.setuid os.seteuid os.setgid os.setegid os.setreuid os.setresuid os.setregid os.setresgid", _privilege),
    **each("os.chroot os.pivot_root os.unshare os.setns", _escape),
    **each(
        """
        ctypes.CDLL ctypes.cdll.LoadLibrary ctypes.WinDLL ctypes.PyDLL ctypes.windll.LoadLibrary cffi.FFI ctypes.memmove
        ctypes.string_at ctypes.windll.kernel32.VirtualAlloc ctypes.pythonapi.PyRun_SimpleString os.memfd_create sys.settrace
        """,
        _native,
    ),
    **each("types.CodeType types.FunctionType types.LambdaType", _code_object),
    **each(
        """
        pynput.keyboard.Listener pynput.mouse.Listener keyboard.on_press keyboard.record keyboard.hook keyboard.on_release
        pyautogui.screenshot PIL.ImageGrab.grab mss.mss pyscreenshot.grab pyperclip.paste sounddevice.rec
        win32clipboard.GetClipboardData browser_cookie3.chrome browser_cookie3.load browser_cookie3.firefox
        """,
        _watch,
    ),
    "cv2.VideoCapture": _capture,
    **dict.fromkeys(_LOADS, _deserialize),
    **each("pickle.dumps marshal.dumps", _serialize),
    **each("input raw_input getpass.getpass sys.stdin.read sys.stdin.readline", _input),
    **each("os.getenv os.environ.get os.environ.pop os.environ.setdefault os.getenvb", _variable),
    **each("os.environ.copy", _whole_environment),
    **each("os.environ.items os.environ.values os.environ.__str__ os.environ.__repr__", _environment_items),
    **each("os.environ.update os.environ.keys os.environ.__contains__ os.environ.clear", _nothing),
    **each("print pprint.pprint sys.stdout.write logging.info logging.debug logging.error display rich.print", _shown),
    "os.putenv": _putenv,
    **each("functools.partial functools.partialmethod", _partial),
    **each("operator.attrgetter operator.methodcaller operator.itemgetter", _getter),
    "functools.reduce": _reduced,
    "reduce": _reduced,
    "get_ipython().run_cell_magic": _notebook_code,
    **each("crontab.CronTab().write crontab.CronTab().new", _schedule),
}

DANGEROUS = frozenset({*_CODE, "eval", "compile", *_SHELL, *_SPAWN, *_WORDS, "pty.spawn", "pickle.loads", "marshal.loads", "os.kill"})
"""Functions that run code or commands, or end processes."""
