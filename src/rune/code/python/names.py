"""Dotted names in one spelling, and what importing a module says."""

from __future__ import annotations

import sys

from rune.code import rules
from rune.code.session import Session
from rune.code.values import Value

_MODULES = {
    "posix": "os",
    "nt": "os",
    "posixpath": "os.path",
    "ntpath": "os.path",
    "__builtin__": "builtins",
    "__builtins__": "builtins",
    "_io": "io",
    "_pickle": "pickle",
    "cPickle": "pickle",
    "dill": "pickle",
    "cloudpickle": "pickle",
    "_socket": "socket",
    "_thread": "threading",
    "subprocess32": "subprocess",
    "commands": "subprocess",
    "urllib2": "urllib.request",
    "httplib": "http.client",
    "pathlib2": "pathlib",
    "_ctypes": "ctypes",
    "_winreg": "winreg",
    "imp": "importlib",
    "gevent.subprocess": "subprocess",
    "multiprocess": "multiprocessing",
    "curl_cffi.requests": "requests",
}
_REACHED = frozenset({"os", "sys", "subprocess", "builtins", "socket", "shutil", "importlib", "ctypes", "pickle", "urllib"})
"""Modules that many others hold as an attribute: `shutil.os.system` is `os.system`."""
_DICTIONARY = frozenset({"get", "pop", "items", "keys", "values", "update", "__getitem__"})
_HIDING = ("__dict__", "__globals__", "f_globals", "f_builtins", "gi_frame.f_globals")

_NATIVE = frozenset({"ctypes", "cffi", "_cffi_backend"})
_WATCHING = frozenset({"pynput", "keyboard", "mouse", "pyxhook", "pyHook"})
_ATTACKING = frozenset(
    {"impacket", "pwn", "pwntools", "pymetasploit3", "scapy", "mitmproxy", "bloodhound", "ldapdomaindump", "crackmapexec"}
)


def canonical(name: str) -> str:
    """Return a dotted name in one spelling: aliases of modules undone, builtins without their module."""
    if name in _MODULES:
        return _MODULES[name]
    head, dot, rest = name.partition(".")
    if head in _MODULES:
        return canonical(f"{_MODULES[head]}.{rest}")
    if head == "builtins" and dot:
        return rest.removeprefix("__dict__.") if rest != "__dict__" else name
    return name


def attribute(name: str, key: str) -> str:
    """Return the dotted name of an attribute, or of an entry of a module's dictionary."""
    if key in _REACHED and name != key and name not in ("asyncio", "gevent", "anyio", "trio", "zmq", "eventlet"):
        return key
    for hiding in _HIDING:
        if name.endswith("." + hiding) and key not in _DICTIONARY:
            name = name[: -len(hiding) - 1]
            if key in ("__builtins__", "builtins"):
                return "builtins"
    return canonical(f"{name}.{key}"[:200])


def imported(session: Session, name: str) -> None:
    """Report that a module is imported."""
    top = name.split(".", maxsplit=1)[0]
    if top and top not in sys.stdlib_module_names:
        session.use("package", top)
    if top in _NATIVE:
        session.report(rules.NATIVE, name)
    elif top in _WATCHING:
        session.report(rules.WATCHES, name)
    elif top in _ATTACKING:
        session.report(rules.PROBES, name)


def of_module(value: Value) -> bool:
    """Tell whether a value is a module of the standard library or `builtins`."""
    return any(name == "builtins" or name in sys.stdlib_module_names for name in value.names)
