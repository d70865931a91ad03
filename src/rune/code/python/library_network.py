"""Python functions that talk to the network."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rune.code import rules
from rune.code.python.call import Call
from rune.code.tables import each
from rune.code.values import (
    CONFIG,
    ENVIRONMENT,
    HOST_FACTS,
    NETWORK,
    SECRET,
    UNKNOWN,
    Value,
    concatenate,
    content_labels,
    join,
    named,
    text,
)

if TYPE_CHECKING:
    from rune.code.python.interpreter import Interpreter

Handler = Callable[["Interpreter", Call], Value]

_SENSITIVE = SECRET | ENVIRONMENT | CONFIG


def _request(position: int = 0) -> Handler:
    """A function that sends a request to the URL at one position; everything else given is sent along."""

    def handle(reader: Interpreter, call: Call) -> Value:
        target = call.argument(position, "url")
        base = (call.receiver.fields or {}).get("base_url")
        if base is not None:
            target = concatenate((base, target))
        return reader.session.network.exchange(target, call.given)

    return handle


def _prepared(_reader: Interpreter, call: Call) -> Value:
    """`Request(url, data, headers)`: nothing is sent yet."""
    return Value(call.argument(0, "url").constants, call.labels, (f"{call.name}()",))


def _client(_reader: Interpreter, call: Call) -> Value:
    """A client that may carry keys and a base URL; what it holds is sent with each request."""
    fields = {"base_url": call.keywords["base_url"]} if "base_url" in call.keywords else {}
    return Value((), 0, (f"{call.name}()",), None, {**fields, "headers": call.keywords.get("headers", UNKNOWN)})


def _connection(_reader: Interpreter, call: Call) -> Value:
    scheme = "https://" if "HTTPS" in call.name else "http://" if "HTTP" in call.name else ""
    host = concatenate((text(scheme), call.argument(0, "host"))) if scheme and call.first.texts else call.argument(0, "host")
    return Value(host.constants, 0, (f"{call.name}()",))


def _over_connection(reader: Interpreter, call: Call) -> Value:
    return reader.session.network.exchange(Value(call.receiver.constants), call.given)


def _retrieve(reader: Interpreter, call: Call) -> Value:
    content = reader.session.network.exchange(call.argument(0, "url"))
    reader.session.files.write(
        call.argument(1, "filename") if len(call.arguments) > 1 or call.keywords else call.argument(1, "out"), content
    )
    return content


def _socket(_reader: Interpreter, _call: Call) -> Value:
    return Value((), 0, ("socket.socket()",), None, {"peer": UNKNOWN})


def _connect(reader: Interpreter, call: Call) -> Value:
    address = call.argument(0, "address")
    host = address.items[0] if address.items else address
    reader.session.network.connect(host)
    if call.receiver.fields is not None and "peer" in call.receiver.fields:
        call.receiver.fields["peer"] = host
    return Value((), 0, ("socket.socket()",), None, {"peer": host})


def _send(reader: Interpreter, call: Call) -> Value:
    peer = (call.receiver.fields or {}).get("peer", UNKNOWN)
    if len(call.arguments) > 1 and call.arguments[-1].items:
        peer = call.arguments[-1].items[0]
    reader.session.network.exchange(peer, call.given)
    return UNKNOWN


def _receive(_reader: Interpreter, _call: Call) -> Value:
    return Value((), NETWORK)


def _listen(reader: Interpreter, call: Call) -> Value:
    reader.session.network.listen(call.first.items[0] if call.first.items else call.first)
    return UNKNOWN


def _accept(reader: Interpreter, _call: Call) -> Value:
    reader.session.network.connected = True
    accepted = Value((), 0, ("socket.socket()",), None, {"peer": UNKNOWN})
    return Value((), 0, (), (accepted, Value((), NETWORK)))


def _resolve(reader: Interpreter, call: Call) -> Value:
    """A name lookup leaves the machine too: what the name was made of is sent."""
    if call.first.labels & _SENSITIVE:
        reader.session.network.exchange(call.first, call.first)
    return UNKNOWN


def _raw(reader: Interpreter, _call: Call) -> Value:
    reader.session.report(rules.PROBES)
    return Value((), NETWORK)


def _remote(reader: Interpreter, call: Call) -> Value:
    reader.session.report(rules.REMOTE, call.first.text or "")
    reader.session.network.connect(call.argument(0, "hostname"))
    return Value(call.first.constants, 0, (f"{call.name}()",))


def _facts(_reader: Interpreter, call: Call) -> Value:
    return named(f"{call.name}()", HOST_FACTS)


def _upload(reader: Interpreter, call: Call) -> Value:
    """A method that uploads a file given by path, of an object that is not known."""
    content = UNKNOWN
    for argument in (*call.arguments, *call.keywords.values()):
        if argument.texts and any("/" in path or path.startswith((".", "~")) for path in argument.texts):
            content = join(content, reader.session.files.read(argument))
    reader.session.network.exchange(Value(call.receiver.constants), Value((), content.labels | call.labels))
    return UNKNOWN


def _send_if_sensitive(reader: Interpreter, call: Call) -> Value:
    """A method that sends by its name, of an object that is not known: it matters only with something to hide."""
    labels = content_labels(call.given)
    if labels & _SENSITIVE:
        reader.session.network.exchange(Value(call.receiver.constants), call.given)
    return named(f"{call.name}()", labels & ~_SENSITIVE)


_VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "stream")
_CLIENTS = (
    "requests.Session",
    "requests.session",
    "httpx.Client",
    "httpx.AsyncClient",
    "aiohttp.ClientSession",
    "cloudscraper.create_scraper",
)
_SOCKET = "socket.socket()"
_MAIL = ("smtplib.SMTP", "smtplib.SMTP_SSL", "ftplib.FTP", "ftplib.FTP_TLS", "telnetlib.Telnet", "imaplib.IMAP4_SSL", "poplib.POP3_SSL")
_MAIL_VERBS = ("sendmail", "send_message", "storbinary", "storlines", "write", "retrbinary")
_WEB = ("http.client.HTTPSConnection", "http.client.HTTPConnection")

FUNCTIONS: dict[str, Handler] = {
    **{f"{module}.{verb}": _request() for module in ("requests", "httpx", "requests.api") for verb in _VERBS},
    **{f"{client}().{verb}": _request() for client in _CLIENTS for verb in _VERBS},
    **{f"{client}().request": _request(1) for client in _CLIENTS},
    **dict.fromkeys(_CLIENTS, _client),
    "requests.request": _request(1),
    "httpx.request": _request(1),
    "requests.Request": _request(1),
    "urllib.request.urlopen": _request(),
    "urllib.urlopen": _request(),
    "urllib.request.Request": _prepared,
    "urllib.request.urlretrieve": _retrieve,
    "urllib.urlretrieve": _retrieve,
    "wget.download": _retrieve,
    "urllib3.PoolManager().request": _request(1),
    "urllib3.request": _request(1),
    "urllib.request.build_opener().open": _request(),
    **each("pandas.read_html torch.hub.load_state_dict_from_url torch.hub.download_url_to_file", _request()),
    **dict.fromkeys((*_MAIL, *_WEB), _connection),
    **{f"{kind}().{verb}": _over_connection for kind in _MAIL for verb in _MAIL_VERBS},
    **{f"{kind}().{verb}": _over_connection for kind in _WEB for verb in ("request", "send", "getresponse")},
    **each("websocket.create_connection websockets.connect asyncio.open_connection", _connect),
    "socket.socket": _socket,
    "socket.create_connection": _connect,
    "ssl.wrap_socket": lambda _reader, call: call.first,
    "socket.create_server": _listen,
    **dict.fromkeys((f"{_SOCKET}.connect", f"{_SOCKET}.connect_ex"), _connect),
    **dict.fromkeys((f"{_SOCKET}.send", f"{_SOCKET}.sendall", f"{_SOCKET}.sendto", f"{_SOCKET}.sendfile"), _send),
    **dict.fromkeys((f"{_SOCKET}.recv", f"{_SOCKET}.recvfrom", f"{_SOCKET}.recv_into", f"{_SOCKET}.makefile"), _receive),
    f"{_SOCKET}.bind": _listen,
    f"{_SOCKET}.listen": lambda _reader, _call: UNKNOWN,
    f"{_SOCKET}.accept": _accept,
    **each(
        """
        socketserver.TCPServer socketserver.ThreadingTCPServer asyncio.start_server xmlrpc.server.SimpleXMLRPCServer
        """,
        _listen,
    ),
    **each(
        """
        socket.gethostbyname socket.getaddrinfo socket.gethostbyname_ex dns.resolver.resolve dns.resolver.query
        """,
        _resolve,
    ),
    **each("scapy.all.send scapy.all.sendp scapy.all.sniff scapy.all.sr1", _raw),
    **each("paramiko.SSHClient().connect fabric.Connection paramiko.Transport pexpect.pxssh.pxssh().login", _remote),
    **each(
        """
        platform.node platform.platform platform.uname platform.system platform.machine platform.release platform.version
        socket.gethostname socket.getfqdn getpass.getuser os.getlogin os.uname uuid.getnode psutil.net_if_addrs psutil.users
        psutil.virtual_memory psutil.disk_partitions os.getuid os.cpu_count psutil.cpu_percent pwd.getpwall pwd.getpwuid
        psutil.net_connections cpuinfo.get_cpu_info
        """,
        _facts,
    ),
}  # fmt: skip

METHODS: dict[str, Handler] = {
    **each("upload_file upload_blob upload_from_filename upload_fileobj put_object fput_object send_document", _upload),
    **each(
        """
        post put send sendall sendto sendmail send_message publish emit upload request create write_message
        """,
        _send_if_sensitive,
    ),
}
