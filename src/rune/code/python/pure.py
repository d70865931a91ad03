"""Functions and methods of Python that only compute: their result is known where their arguments are."""

from __future__ import annotations

import html
import json
import re
import shlex
import urllib.parse
from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING

from rune.code.decode import decode
from rune.code.python import constants
from rune.code.python.call import Call
from rune.code.values import (
    CONSTANT_CHARS,
    ITEMS,
    UNKNOWN,
    Constant,
    Value,
    concatenate,
    constant,
    content_labels,
    element,
    join,
    sequence,
    text,
)

if TYPE_CHECKING:
    from rune.code.python.interpreter import Interpreter

JSON_DEPTH = 6
"""Levels of a JSON text that are looked into."""

SHELL_CHARS = 10_000
"""Characters of a command line that are split into words."""

Pure = Callable[["Interpreter", Call], Value]


def _mapped(function: Callable[..., Constant], call: Call) -> Value:
    return constants.attempted(function, call.first.constants, call.labels)


def _each(function: Callable[..., Constant]) -> Pure:
    return lambda _reader, call: _mapped(function, call)


def _decoding(encoding: str) -> Pure:
    return lambda _reader, call: decode(encoding, call.first)


def _codec(_reader: Interpreter, call: Call) -> Value:
    name = (call.argument(1, "encoding").text or "").lower().replace("-", "").replace("_", "")
    encoding = _CODECS.get(name)
    return decode(encoding, call.first) if encoding else call.first


_CODECS = {
    "rot13": "rot13", "rot": "rot13", "base64": "base64", "base64codec": "base64", "hex": "hex", "hexcodec": "hex", "zip": "zlib",
    "zlib": "zlib", "zlibcodec": "zlib", "bz2": "bz2", "bz2codec": "bz2", "uu": "uu", "uucodec": "uu", "unicodeescape": "escape",
    "rawunicodeescape": "escape", "quopri": "quoted-printable", "quopricodec": "quoted-printable", "utf7": "utf-7", "utf16": "utf-16",
    "utf16le": "utf-16",
}  # fmt: skip


def _number(item: Constant) -> int:
    if isinstance(item, str) and len(item) > 1000:
        raise ValueError
    return int(item)  # type: ignore[arg-type]


def _integer(_reader: Interpreter, call: Call) -> Value:
    base = call.argument(1, "base").integer
    if base is None:
        return _mapped(_number, call)
    return _mapped(lambda item: int(item, base) if len(item) <= 1000 else None, call)


def _text(_reader: Interpreter, call: Call) -> Value:
    if call.arguments[1:] or "encoding" in call.keywords:
        return _mapped(lambda item: item.decode("utf-8", "replace"), call)
    return constants.spelled(call.first) if call.first.constants else Value((), call.labels)


def _list(_reader: Interpreter, call: Call) -> Value:
    listed = constants.elements(call.first)
    if listed.items is None and call.first.fields is not None:
        listed = sequence(constant((key,)) for key in call.first.fields if isinstance(key, (str, bytes, int, float)))
    return Value((), call.labels, call.first.names if listed.items is None else (), listed.items)


def _reversed(_reader: Interpreter, call: Call) -> Value:
    items = constants.elements(call.first).items
    return Value((), call.labels, (), items[::-1] if items is not None else None)


def _zipped(_reader: Interpreter, call: Call) -> Value:
    columns = [constants.elements(argument).items for argument in call.arguments]
    if not columns or any(column is None for column in columns):
        return Value((), call.labels)
    return sequence(sequence(row) for row in zip(*(column or () for column in columns), strict=False)).labeled(call.labels)


def _enumerated(_reader: Interpreter, call: Call) -> Value:
    items = constants.elements(call.first).items
    if items is None:
        return sequence([sequence([UNKNOWN, element(call.first)])])
    return sequence(sequence([constant((position,)), item]) for position, item in enumerate(items[: constants.ROUNDS]))


def _range(_reader: Interpreter, call: Call) -> Value:
    bounds = [bound for argument in call.arguments[:3] if (bound := argument.integer) is not None]
    if not bounds or len(bounds) != len(call.arguments[:3]) or (len(bounds) == 3 and bounds[2] == 0):
        return UNKNOWN
    counted = range(*bounds)
    try:
        long = len(counted) > ITEMS
    except OverflowError:
        long = True
    return Value((), 0, ("range()",)) if long else sequence(constant((number,)) for number in counted)


def _dictionary(_reader: Interpreter, call: Call) -> Value:
    fields = dict(call.first.fields or {})
    fields.update(call.keywords)
    if call.first.fields is None and call.first.items is None and not call.keywords:
        return Value((), call.labels, call.first.names)
    for pair in call.first.items or ():
        if pair.items is not None and len(pair.items) == 2 and pair.items[0].constants:
            fields[pair.items[0].constants[0]] = pair.items[1]
    return Value((), call.labels, (), None, fields)


def _alternatives(_reader: Interpreter, call: Call) -> Value:
    found = element(call.first) if len(call.arguments) == 1 else UNKNOWN
    for argument in call.arguments[1:]:
        found = join(found, argument)
    return found


def _same(_reader: Interpreter, call: Call) -> Value:
    return call.first.labeled(call.labels)


def _carried(_reader: Interpreter, call: Call) -> Value:
    return Value((), call.labels)


def _path_joined(_reader: Interpreter, call: Call) -> Value:
    return constants.path_join(call.arguments, name="")


def _path_object(_reader: Interpreter, call: Call) -> Value:
    return constants.path_join(call.arguments or [text(".")])


def _base_name(item: str) -> str:
    return item.rstrip("/").rsplit("/", 1)[-1]


def _folder(item: str) -> str:
    return item.rpartition("/")[0] or "."


def _literal(_reader: Interpreter, call: Call) -> Value:
    return Value(call.first.constants if not call.first.texts else (), call.labels)


def _loaded(_reader: Interpreter, call: Call) -> Value:
    """`json.loads` of a known text is that text's content."""
    if call.first.text is None:
        return Value((), call.labels)
    try:
        return _from_json(json.loads(call.first.text), JSON_DEPTH).labeled(call.labels)
    except (ValueError, RecursionError):
        return Value((), call.labels)


def _from_json(loaded: object, depth: int) -> Value:
    if isinstance(loaded, (str, int, float, type(None))):
        return constant((loaded,))
    if depth and isinstance(loaded, list):
        return sequence(_from_json(item, depth - 1) for item in loaded[:ITEMS])
    if depth and isinstance(loaded, dict):
        return Value(fields={key: _from_json(item, depth - 1) for key, item in islice(loaded.items(), ITEMS)})
    return UNKNOWN


def _shell_words(_reader: Interpreter, call: Call) -> Value:
    try:
        words = shlex.split((call.first.text or "")[:SHELL_CHARS])
    except ValueError:
        words = []
    return Value((), call.labels, (), tuple(text(word) for word in words)) if words else Value((), call.labels)


def _chained(_reader: Interpreter, call: Call) -> Value:
    lists = call.first.items if call.name.endswith("iterable") else call.arguments
    items = [item for part in lists or () for item in constants.elements(part).items or (element(part),)]
    return sequence(items).labeled(call.labels)


def _fixed(value: Value) -> Pure:
    return lambda _reader, _call: value


FUNCTIONS: dict[str, Pure] = {
    "str": _text,
    "bytes": lambda reader, call: (
        _encoded(reader, call) if call.first.texts and len(call.arguments) > 1 else constants.to_bytes(call.first)
    ),
    "bytearray": lambda _reader, call: constants.to_bytes(call.first),
    "memoryview": _same,
    "bytes.fromhex": _decoding("hex"),
    "bytearray.fromhex": _decoding("hex"),
    "int": _integer,
    "chr": _each(chr),
    "ord": _each(ord),
    "hex": _each(lambda item: hex(item) if item.bit_length() < 8192 else None),
    "float": _each(lambda item: float(item) if not isinstance(item, str) or len(item) < 100 else None),
    "len": _fixed(UNKNOWN),
    "list": _list,
    "tuple": _list,
    "set": _list,
    "sorted": _carried,
    "iter": lambda reader, call: Value((), 0, ("iter()",)) if len(call.arguments) > 1 else _list(reader, call),
    "reversed": _reversed,
    "zip": _zipped,
    "enumerate": _enumerated,
    "range": _range,
    "dict": _dictionary,
    "min": _alternatives,
    "max": _alternatives,
    "next": _alternatives,
    "random.choice": _alternatives,
    "random.sample": _same,
    "copy.copy": _same,
    "copy.deepcopy": _same,
    "repr": _carried,
    "format": _same,
    "ascii": _carried,
    "shlex.split": _shell_words,
    **dict.fromkeys(("itertools.chain", "itertools.chain.from_iterable"), _chained),
    "filter": lambda _reader, call: call.argument(1),
    "json.dumps": _carried,
    "json.loads": _loaded,
    "json.load": _carried,
    "pprint.pformat": _carried,
    "ast.literal_eval": _literal,
    "textwrap.dedent": _same,
    "inspect.cleandoc": _same,
    "html.unescape": _each(html.unescape),
    "shlex.quote": _same,
    "re.sub": lambda _reader, call: Value((), call.labels),
    "re.escape": _same,
    "io.BytesIO": _same,
    "io.StringIO": _same,
    "string.ascii_lowercase": _carried,
    "base64.b64decode": _decoding("base64"),
    "base64.standard_b64decode": _decoding("base64"),
    "base64.urlsafe_b64decode": _decoding("base64url"),
    "base64.decodebytes": _decoding("base64"),
    "base64.decodestring": _decoding("base64"),
    "base64.b32decode": _decoding("base32"),
    "base64.b16decode": _decoding("hex"),
    "base64.b85decode": _decoding("base85"),
    "base64.a85decode": _decoding("ascii85"),
    "binascii.unhexlify": _decoding("hex"),
    "binascii.a2b_hex": _decoding("hex"),
    "binascii.a2b_base64": _decoding("base64"),
    "binascii.a2b_uu": _decoding("uu"),
    "zlib.decompress": _decoding("zlib"),
    "gzip.decompress": _decoding("gzip"),
    "bz2.decompress": _decoding("bz2"),
    "lzma.decompress": _decoding("lzma"),
    "quopri.decodestring": _decoding("quoted-printable"),
    "codecs.decode": _codec,
    "codecs.encode": _codec,
    "urllib.parse.unquote": _each(urllib.parse.unquote),
    "urllib.parse.unquote_plus": _each(urllib.parse.unquote_plus),
    "urllib.parse.quote": _same,
    "urllib.parse.quote_plus": _same,
    "urllib.parse.urlencode": _carried,
    "urllib.parse.urljoin": lambda _reader, call: concatenate((call.first, text("/"), call.argument(1))),
    "os.path.join": _path_joined,
    "os.path.expanduser": _same,
    "os.path.expandvars": _same,
    "os.path.abspath": _same,
    "os.path.realpath": _same,
    "os.path.normpath": _same,
    "os.fspath": _same,
    "os.fsencode": _same,
    "os.fsdecode": _same,
    "os.path.basename": _each(_base_name),
    "os.path.dirname": _each(_folder),
    "os.getcwd": _fixed(text(".")),
    "os.path.curdir": _fixed(text(".")),
    "pathlib.Path": _path_object,
    "pathlib.PosixPath": _path_object,
    "pathlib.PurePath": _path_object,
    "pathlib.PurePosixPath": _path_object,
    "pathlib.WindowsPath": _path_object,
    "pathlib.Path.home": _fixed(Value(("~",), 0, ("pathlib.Path()",))),
    "pathlib.Path.cwd": _fixed(Value((".",), 0, ("pathlib.Path()",))),
    "tempfile.gettempdir": _fixed(text("/tmp")),  # noqa: S108 - what the code would get, nothing is written
    "tempfile.mkdtemp": _fixed(text("/tmp/tmpdir")),  # noqa: S108
    "tempfile.mkstemp": _fixed(text("/tmp/tmpfile")),  # noqa: S108
    "tempfile.mktemp": _fixed(text("/tmp/tmpfile")),  # noqa: S108
}


def _encoded(_reader: Interpreter, call: Call) -> Value:
    return constant((item.encode("utf-8", "replace") if isinstance(item, str) else item for item in call.first.constants), call.labels)


def _bounded(method: str) -> Pure:
    """Call a method of `str` or `bytes` on each constant, with constant arguments."""

    def apply(_reader: Interpreter, call: Call) -> Value:
        arguments = [argument.constants[0] for argument in call.arguments if argument.constants]
        if len(arguments) != len(call.arguments):
            return Value((), call.labels)
        return constants.attempted(lambda item: getattr(item, method)(*arguments), call.receiver.constants, call.labels)

    return apply


def _replaced(_reader: Interpreter, call: Call) -> Value:
    found: list[Constant] = []
    old, new = (call.argument(position).constants[:1] for position in (0, 1))
    for item in call.receiver.constants:
        if not old or not new or type(item) is not type(old[0]) or type(item) is not type(new[0]) or not isinstance(item, (str, bytes)):
            continue
        if item.count(old[0]) * len(new[0]) <= CONSTANT_CHARS:  # type: ignore[arg-type]
            found.append(item.replace(old[0], new[0]))  # type: ignore[arg-type]
    return constant(found, call.labels)


def _split(_reader: Interpreter, call: Call) -> Value:
    separators = [argument.constants[0] for argument in call.arguments if argument.constants]
    for item in call.receiver.constants:
        try:
            pieces = item.split(*separators)  # type: ignore[union-attr, arg-type]
        except (TypeError, ValueError, AttributeError):
            continue
        return Value((), call.labels, (), tuple(constant((piece,)) for piece in islice(pieces, ITEMS)))
    return Value((), call.labels)


def _lines(_reader: Interpreter, call: Call) -> Value:
    for item in call.receiver.constants:
        if isinstance(item, (str, bytes)):
            return Value((), call.labels, (), tuple(constant((line,)) for line in item.splitlines()[:ITEMS]))
    return Value((), call.labels)


def _decode_text(reader: Interpreter, call: Call) -> Value:
    name = (call.argument(0, "encoding").text or "utf-8").lower().replace("-", "").replace("_", "")
    if name in _CODECS:
        return _codec(reader, Call("codecs.decode", [call.receiver, *call.arguments], call.keywords, call.receiver))
    return constant((item.decode("utf-8", "replace") if isinstance(item, bytes) else item for item in call.receiver.constants), call.labels)


def _encode_text(reader: Interpreter, call: Call) -> Value:
    if (call.first.text or "").lower().replace("_", "") in ("rot13", "hex", "base64"):
        return _decode_text(reader, call)
    return constant((item.encode("utf-8", "replace") if isinstance(item, str) else item for item in call.receiver.constants), call.labels)


def _translate(_reader: Interpreter, call: Call) -> Value:
    table = {key: item.constants[0] for key, item in (call.first.fields or {}).items() if item.constants}
    if not table or not all(isinstance(key, int) for key in table):
        return Value((), call.labels)
    kept = {key: item for key, item in table.items() if item is None or isinstance(item, (str, int))}
    return constant((item.translate(kept) for item in call.receiver.constants if isinstance(item, str)), call.labels)


def make_table(_reader: Interpreter, call: Call) -> Value:
    """Return the table that `str.maketrans` makes."""
    first, second, gone = (call.argument(position).text for position in range(3))
    fields: dict[object, Value] = {}
    if first is not None and second is not None:
        fields = {ord(a): constant((ord(b),)) for a, b in zip(first[:ITEMS], second[:ITEMS], strict=False)}
    elif call.first.fields:
        for key, value in call.first.fields.items():
            fields[ord(key) if isinstance(key, str) and len(key) == 1 else key] = value
    fields.update({ord(character): constant((None,)) for character in (gone or "")[:ITEMS]})
    return Value((), call.labels, (), None, fields)


FUNCTIONS["str.maketrans"] = make_table


def _receiver(_reader: Interpreter, call: Call) -> Value:
    return call.receiver.labeled(call.labels)


def _content(_reader: Interpreter, call: Call) -> Value:
    return Value(call.receiver.constants, content_labels(call.receiver))


METHODS: dict[str, Pure] = {
    "join": lambda _reader, call: constants.joined(call.receiver, call.first),
    "format": lambda _reader, call: constants.format_text(call.receiver, call.arguments, call.keywords),
    "format_map": lambda _reader, call: constants.format_text(call.receiver, (), call.first.fields or {}),
    "replace": _replaced,
    "split": _split,
    "rsplit": _split,
    "splitlines": _lines,
    "decode": _decode_text,
    "encode": _encode_text,
    "translate": _translate,
    "tobytes": _receiver,
    "getvalue": _content,
    "hex": _bounded("hex"),
    **{
        name: _bounded(name)
        for name in (
            "lower", "upper", "swapcase", "title", "capitalize", "casefold", "strip", "lstrip", "rstrip", "removeprefix", "removesuffix",
        )
    },
}  # fmt: skip
"""Methods of text; `zfill`, `ljust` and the like are left out, because their result may be as long as the code wants."""

IDENTITY = re.compile(r"(?:copy|cast|astype|flatten|tolist)\Z")
