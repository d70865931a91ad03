"""Python functions that touch files."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from rune.code import rules
from rune.code.python import constants
from rune.code.python.call import Call
from rune.code.tables import each
from rune.code.values import HOLE, LISTING, OUTPUT, UNKNOWN, Value, constant, join, sequence, text

if TYPE_CHECKING:
    from rune.code.python.interpreter import Interpreter

Handler = Callable[["Interpreter", Call], Value]

_WRITES = re.compile(r"[wax+]")


def _open(reader: Interpreter, call: Call) -> Value:
    return _opened(reader, call.argument(0, "file"), call.argument(1, "mode"))


def _opened(reader: Interpreter, path: Value, mode: Value) -> Value:
    files = reader.session.files
    spelled = mode.text or "r"
    content = UNKNOWN
    if _WRITES.search(spelled):
        append = "a" in spelled or "+" in spelled
        files.write(path, append=append)
    else:
        content = files.read(path)
    return Value((), content.labels, ("open()",), None, {"path": path, "content": content, "written": constant((spelled,))})


def _open_path(reader: Interpreter, call: Call) -> Value:
    return _opened(reader, call.receiver, call.argument(0, "mode"))


def _open_descriptor(reader: Interpreter, call: Call) -> Value:
    flags = " ".join(call.argument(1).names)
    writes = any(word in flags for word in ("O_WRONLY", "O_RDWR", "O_CREAT", "O_APPEND", "O_TRUNC")) or not flags
    return _opened(reader, call.first, text("w" if writes else "r"))


def _content(_reader: Interpreter, call: Call) -> Value:
    fields = call.receiver.fields or {}
    content = fields.get("content", UNKNOWN)
    return Value(content.constants, content.labels | call.receiver.labels)


def _content_lines(reader: Interpreter, call: Call) -> Value:
    content = _content(reader, call)
    return sequence([Value((), content.labels)]).labeled(content.labels)


def _write(reader: Interpreter, call: Call) -> Value:
    return _added(reader, call.receiver, call.first)


def _added(reader: Interpreter, handle: Value, content: Value) -> Value:
    fields = handle.fields or {}
    if "path" in fields and "written" in fields:
        reader.session.files.add(fields["path"], content)
    return UNKNOWN


def _dump(reader: Interpreter, call: Call) -> Value:
    return _added(reader, call.argument(1), Value((), call.first.labels))


def _copy_handles(reader: Interpreter, call: Call) -> Value:
    return _added(reader, call.argument(1), _content(reader, Call("", [], {}, call.first)))


def _read(position: int = 0, keyword: str = "") -> Handler:
    def handle(reader: Interpreter, call: Call) -> Value:
        path = call.argument(position, keyword)
        if any("://" in name[:12] for name in path.texts):
            return reader.session.network.exchange(path)
        return Value((), reader.session.files.read(path).labels | call.labels, (f"{call.name}()",))

    return handle


def _read_receiver(reader: Interpreter, call: Call) -> Value:
    content = reader.session.files.read(call.receiver)
    return Value(content.constants, content.labels)


def _write_receiver(reader: Interpreter, call: Call) -> Value:
    reader.session.files.write(call.receiver, call.first)
    return UNKNOWN


def _written(position: int = 0, keyword: str = "") -> Handler:
    def handle(reader: Interpreter, call: Call) -> Value:
        path = call.argument(position, keyword)
        if path.names == () or "pathlib.Path()" in path.names:
            reader.session.files.write(path, Value((), call.receiver.labels))
        return UNKNOWN

    return handle


def _delete(reader: Interpreter, call: Call) -> Value:
    reader.session.files.delete(call.first)
    return UNKNOWN


def _delete_tree(reader: Interpreter, call: Call) -> Value:
    reader.session.files.delete(call.first, tree=True)
    return UNKNOWN


def _delete_receiver(reader: Interpreter, call: Call) -> Value:
    reader.session.files.delete(call.receiver)
    return UNKNOWN


def _copy(reader: Interpreter, call: Call) -> Value:
    reader.session.files.copy(call.argument(0, "src"), call.argument(1, "dst"))
    return call.argument(1, "dst")


def _move(reader: Interpreter, call: Call) -> Value:
    reader.session.files.copy(call.argument(0, "src"), call.argument(1, "dst"), move=True)
    return call.argument(1, "dst")


def _move_receiver(reader: Interpreter, call: Call) -> Value:
    reader.session.files.copy(call.receiver, call.first, move=True)
    return call.first


def _link(reader: Interpreter, call: Call) -> Value:
    reader.session.files.link(call.first, call.argument(1))
    return UNKNOWN


def _enter(reader: Interpreter, call: Call) -> Value:
    reader.session.files.enter(call.first)
    return UNKNOWN


def _link_receiver(reader: Interpreter, call: Call) -> Value:
    return _link(reader, Call("", [call.first, call.receiver]))


def _settings(reader: Interpreter, call: Call) -> Value:
    return Value((), reader.session.files.read(call.first if call.arguments else text(".env")).labels)


def _list(reader: Interpreter, call: Call) -> Value:
    return reader.session.files.list_folder(call.first if call.arguments else text("."))


def _entries(owner: Value) -> Value:
    """Return paths below a folder whose names are not known."""
    below = constants.path_join([owner, text(HOLE)], name="") if owner.texts else UNKNOWN
    return Value(below.constants, below.labels | LISTING)


def _walk(reader: Interpreter, call: Call) -> Value:
    reader.session.files.list_folder(call.first)
    names = sequence([Value((), LISTING)])
    root = Value(call.first.constants, LISTING)
    return sequence([sequence([join(root, _entries(call.first)), names, names])])


def _glob(reader: Interpreter, call: Call) -> Value:
    pattern = call.argument(0, "pathname")
    reader.session.files.list_folder(constant(_fixed_part(path) for path in pattern.texts))
    return sequence([Value(pattern.constants, pattern.labels | LISTING)])


def _fixed_part(pattern: str) -> str:
    """Return the folder of a pattern above its first wildcard."""
    fixed = re.split(r"[*?\[]", pattern, maxsplit=1)[0]
    return fixed.rpartition("/")[0] or ("/" if fixed.startswith("/") else ".")


def _scan(reader: Interpreter, call: Call) -> Value:
    reader.session.files.list_folder(call.first)
    return sequence([_entries(call.first)._replace(names=("pathlib.Path()",))])


def _scan_receiver(reader: Interpreter, call: Call) -> Value:
    reader.session.files.list_folder(call.receiver)
    return sequence([_entries(call.receiver)._replace(names=("pathlib.Path()",))])


def _mode(value: Value) -> str:
    number = value.integer
    if number is not None and 0 <= number < 1 << 16:
        return f"{number:04o}"
    names = " ".join(value.names)
    return "+s" if "S_ISUID" in names or "S_ISGID" in names else ""


def _chmod(reader: Interpreter, call: Call) -> Value:
    reader.session.files.permit(call.first, _mode(call.argument(1, "mode")))
    return UNKNOWN


def _chmod_receiver(reader: Interpreter, call: Call) -> Value:
    reader.session.files.permit(call.receiver, _mode(call.argument(0, "mode")))
    return UNKNOWN


def _chown(reader: Interpreter, call: Call) -> Value:
    reader.session.files.permit(call.first, owner=True)
    return UNKNOWN


def _archive(reader: Interpreter, call: Call) -> Value:
    reader.session.files.write(call.first, Value((), reader.session.files.read(call.argument(2, "root_dir")).labels))
    return call.first


def _archive_file(reader: Interpreter, call: Call) -> Value:
    path = call.argument(0, "name") if "name" in call.keywords else call.argument(0, "file")
    return _opened(reader, path, call.argument(1, "mode"))._replace(names=("archive()",))


def _archive_add(reader: Interpreter, call: Call) -> Value:
    return _added(reader, call.receiver, Value((), reader.session.files.read(call.first).labels))


def _extract(reader: Interpreter, call: Call) -> Value:
    reader.session.files.write(call.argument(0, "path"), Value((), call.receiver.labels))
    return UNKNOWN


def _registry(reader: Interpreter, call: Call) -> Value:
    words = [word.lower() for argument in call.arguments for word in argument.texts]
    if any("currentversion\\run" in word or "\\services\\" in word or "winlogon" in word for word in words):
        reader.session.report(rules.PERSISTS, "registry")
    return Value(tuple(constants_of(call)), 0, ("winreg.key()",))


def constants_of(call: Call) -> list[str]:
    """Return the texts among the arguments of a call."""
    return [word for argument in call.arguments for word in argument.texts][:12]


def _expand(_reader: Interpreter, call: Call) -> Value:
    return call.receiver


def _joined_path(_reader: Interpreter, call: Call) -> Value:
    return constants.path_join([call.receiver, *call.arguments])


def _found_program(_reader: Interpreter, call: Call) -> Value:
    return Value(call.first.constants, OUTPUT if not call.first.constants else 0)


_PATH = "pathlib.Path()"
FUNCTIONS: dict[str, Handler] = {
    **each("open io.open codecs.open gzip.open bz2.open lzma.open aiofiles.open io.FileIO", _open),
    **each("zipfile.ZipFile tarfile.open tarfile.TarFile tarfile.TarFile.open h5py.File", _archive_file),
    "os.open": _open_descriptor,
    "os.fdopen": lambda _reader, call: call.first,
    "os.read": _content,
    "open().read": _content,
    "open().readline": _content,
    "open().readlines": _content_lines,
    "open().write": _write,
    "open().writelines": _write,
    "os.write": lambda reader, call: _added(reader, call.first, call.argument(1)),
    **each("archive().add archive().write", _archive_add),
    **each("archive().writestr archive().addfile", _write),
    **each("archive().extractall archive().extract", _extract),
    **each("archive().read archive().extractfile archive().open", _content),
    "json.dump": _dump,
    "pickle.dump": _dump,
    "yaml.dump": _dump,
    "shutil.copyfileobj": _copy_handles,
    **each("os.remove os.unlink os.rmdir os.removedirs", _delete),
    "shutil.rmtree": _delete_tree,
    "send2trash.send2trash": _delete_tree,
    **each("shutil.copy shutil.copy2 shutil.copyfile shutil.copytree", _copy),
    **each("shutil.move os.rename os.replace os.renames", _move),
    **each("os.symlink os.link", _link),
    **each("os.chdir contextlib.chdir", _enter),
    **each("os.listdir", _list),
    "os.scandir": _scan,
    **each("os.walk os.fwalk", _walk),
    **each("glob.glob glob.iglob", _glob),
    **each("os.chmod os.lchmod os.fchmod", _chmod),
    **each("os.chown os.lchown os.fchown shutil.chown", _chown),
    **each("os.mkdir os.makedirs os.mknod os.mkfifo os.truncate", _written()),
    "os.path.exists": lambda _reader, _call: UNKNOWN,
    "shutil.make_archive": _archive,
    "shutil.unpack_archive": _written(1, "extract_dir"),
    "shutil.which": _found_program,
    **each("linecache.getline linecache.getlines fileinput.input tokenize.open numpy.genfromtxt", _read()),
    **each("numpy.loadtxt numpy.fromfile sqlite3.connect mmap.mmap configparser.ConfigParser().read", _read()),
    **{f"pandas.read_{kind}": _read() for kind in ("csv", "json", "excel", "table", "html", "parquet", "fwf", "xml", "feather")},
    **each("winreg.SetValueEx winreg.OpenKey winreg.CreateKey winreg.CreateKeyEx winreg.OpenKeyEx", _registry),
    **dict.fromkeys((f"{_PATH}.read_text", f"{_PATH}.read_bytes"), _read_receiver),
    **dict.fromkeys((f"{_PATH}.write_text", f"{_PATH}.write_bytes", f"{_PATH}.touch", f"{_PATH}.mkdir"), _write_receiver),
    f"{_PATH}.open": _open_path,
    **dict.fromkeys((f"{_PATH}.unlink", f"{_PATH}.rmdir"), _delete_receiver),
    **dict.fromkeys((f"{_PATH}.iterdir", f"{_PATH}.glob", f"{_PATH}.rglob", f"{_PATH}.walk"), _scan_receiver),
    **dict.fromkeys((f"{_PATH}.rename", f"{_PATH}.replace"), _move_receiver),
    f"{_PATH}.chmod": _chmod_receiver,
    **dict.fromkeys((f"{_PATH}.symlink_to", f"{_PATH}.hardlink_to"), _link_receiver),
    **dict.fromkeys((f"{_PATH}.expanduser", f"{_PATH}.resolve", f"{_PATH}.absolute", f"{_PATH}.as_posix"), _expand),
    **dict.fromkeys((f"{_PATH}.with_suffix", f"{_PATH}.relative_to", f"{_PATH}.with_name"), _expand),
    f"{_PATH}.joinpath": _joined_path,
    "dotenv.dotenv_values": _settings,
}  # fmt: skip

METHODS: dict[str, Handler] = {
    **each("to_csv to_excel to_json to_parquet to_pickle to_html to_feather savefig write_image", _written()),
    **each("save tofile write_html savetxt imwrite save_pretrained", _written()),
    "write_text": _write_receiver,
    "write_bytes": _write_receiver,
    "read_text": _read_receiver,
    "read_bytes": _read_receiver,
}
"""By the name of the method alone, for objects that are not known."""
