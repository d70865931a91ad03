"""Programs that talk to the network."""

from __future__ import annotations

import re
from collections.abc import Callable

from rune.code import rules
from rune.code.hosts import HostClass, classify, host_of
from rune.code.shell.command import Command, merged, spaced
from rune.code.tables import each
from rune.code.values import HOST_FACTS, NETWORK, OUTPUT, UNKNOWN, Value, constant, join, text

Program = Callable[[Command], Value]

_CURL_VALUED = (
    "-o", "--output", "-d", "--data", "--data-binary", "--data-raw", "--data-urlencode", "--data-ascii", "-F", "--form", "-H", "--header",
    "-X", "--request", "-A", "--user-agent", "-u", "--user", "-T", "--upload-file", "-x", "--proxy", "-m", "--max-time", "-w",
    "--write-out", "-e", "--referer", "-b", "--cookie", "-c", "--cookie-jar", "--connect-timeout", "--retry", "-K", "--config", "-C",
    "--resolve", "--cacert", "--cert", "--key", "-E", "-r", "--range", "--limit-rate", "--output-dir", "--url", "-D", "--dump-header",
    "--interface", "--json", "--form-string", "-P", "-Q", "-y", "-Y", "-z", "--unix-socket", "--doh-url", "--retry-delay", "--stderr",
)  # fmt: skip
_CURL_PAYLOAD = (
    "-d",
    "--data",
    "--data-binary",
    "--data-raw",
    "--data-urlencode",
    "--data-ascii",
    "-F",
    "--form",
    "--json",
    "--form-string",
)
_WGET_VALUED = (
    "-O", "--output-document", "-P", "--directory-prefix", "-o", "-a", "-i", "--input-file", "-U", "--user-agent", "-t", "--tries", "-T",
    "--timeout", "-A", "-R", "-l", "--level", "-Q", "-w", "-D", "-I", "-X", "--header", "--post-data", "--post-file", "--body-file",
    "--body-data", "--user", "--password", "--limit-rate", "--referer", "-e",
)  # fmt: skip
_SHELL_PROGRAM = re.compile(r"(?:^|[/\\:])(?:ba|z|da|k|a|c)?sh(?:$|[ ,\"'])|cmd(?:\.exe)?$|powershell|/bin/|python|perl")
_SOCAT_RUN = re.compile(r"^(?:exec|system|shell):", re.IGNORECASE)
_SOCAT_NET = re.compile(r"^(?:tcp|udp|openssl|ssl|sctp|socks|proxy)[46]?(?:-listen|-connect|-l)?:([^:,]*)", re.IGNORECASE)


def _curl(command: Command) -> Value:
    targets = command.operands(*_CURL_VALUED)
    named = command.value_of("--url")
    targets += [named] if named is not None else []
    payload = _curl_payload(command)
    answer = UNKNOWN
    for target in targets:
        if (target.text or "").startswith("file://"):
            answer = join(answer, command.session.files.read(constant(word[7:] for word in target.texts)))
            continue
        answer = join(answer, command.session.network.exchange(target, payload))
    telnet = any((target.text or "").startswith("telnet:") for target in targets)
    if telnet:
        return tunnel(command, targets[0])
    return _stored(command, answer, targets)


def _curl_payload(command: Command) -> Value:
    """Return everything curl sends along: data, forms, uploads and headers."""
    files = command.session.files
    parts: list[Value] = []
    for position, word in enumerate(command.words):
        spelled = word.text or ""
        following = command.words[position + 1] if position + 1 < len(command.words) else UNKNOWN
        name, glued, value = spelled.partition("=")
        given = word._replace(constants=(value,)) if glued and name in _CURL_PAYLOAD else following
        if (
            spelled in _CURL_PAYLOAD
            or (glued and name in _CURL_PAYLOAD)
            or (len(spelled) > 2 and spelled[:2] in ("-d", "-F") and spelled[2:3] != "-")
        ):
            given = given if spelled in _CURL_PAYLOAD or glued else word._replace(constants=(spelled[2:],))
            parts += [given, *_attached(command, given)]
        elif spelled in ("-T", "--upload-file"):
            parts.append(files.read(following))
        elif spelled in ("-H", "--header", "-u", "--user", "-A", "-b", "--cookie"):
            parts.append(following)
    if any(part.text in ("@-", "-") for part in parts) or command.has("-T"):
        parts.append(command.input)
    return Value((), 0, (), tuple(parts))


def _attached(command: Command, given: Value) -> list[Value]:
    """Return the files that `@path` and `<path` in a payload stand for."""
    paths = [path for word in given.texts for path in re.findall(r"(?:^|=)[@<]([^;]+)", word)]
    return [command.session.files.read(text(path).labeled(given.labels)) for path in paths if path != "-"]


def _stored(command: Command, answer: Value, targets: list[Value]) -> Value:
    """Write the answer to the file that is named, or to one called like the last part of the URL."""
    output = command.value_of("-o", "--output")
    if output is not None and output.text not in ("-", "/dev/stdout"):
        command.session.files.write(output, answer)
        return UNKNOWN
    if "O" in command.options() or command.has("--remote-name", "--remote-name-all"):
        for target in targets:
            command.session.files.write(_url_name(target), answer)
        return UNKNOWN
    return answer


def _url_name(target: Value) -> Value:
    names = (re.split(r"[?#]", word)[0].rstrip("/").rsplit("/", 1)[-1] for word in target.texts)
    return constant(name for name in names if name)


def _wget(command: Command) -> Value:
    files = command.session.files
    targets = command.operands(*_WGET_VALUED)
    sent = [value for value in (command.value_of("--post-data", "--body-data"), command.value_of("--header")) if value is not None]
    upload = command.value_of("--post-file", "--body-file")
    if upload is not None:
        sent.append(files.read(upload))
    answer = merged(command.session.network.exchange(target, Value((), 0, (), tuple(sent))) for target in targets)
    output = command.value_of("-O", "--output-document") or _clustered(command)
    if output is not None and output.text in ("-", "/dev/stdout"):
        return answer
    if output is not None:
        files.write(output, answer)
        return UNKNOWN
    folder = command.value_of("-P", "--directory-prefix")
    for target in targets:
        name = _url_name(target)
        files.write(constant(f"{folder.text}/{word}" for word in name.texts) if folder is not None and folder.text else name, answer)
    return UNKNOWN


def _clustered(command: Command) -> Value | None:
    """Return the file of `-qO FILE` and `-qO-`, where `-O` hides behind other letters."""
    for position, word in enumerate(command.words):
        match = re.match(r"-[a-zA-Z]*O(.*)$", word.text or "", re.DOTALL)
        if match:
            following = command.words[position + 1] if position + 1 < len(command.words) else UNKNOWN
            return text(match[1]) if match[1] else following
    return None


def _netcat(command: Command) -> Value:
    letters = command.options()
    run = command.value_of("-e", "-c", "--exec", "--sh-exec")
    listens = "l" in letters or command.has("--listen")
    operands = command.operands("-p", "-s", "-w", "-e", "-c", "-i", "-q", "-X", "-x", "--exec", "--sh-exec", "--source-port")
    target = operands[0] if operands else UNKNOWN
    if run is not None or (re.search(r"[ec]$", letters) and _SHELL_PROGRAM.search(" ".join(word.text or "" for word in operands))):
        command.session.report(rules.REVERSE_SHELL, command.name)
        return UNKNOWN
    if listens:
        command.session.network.listen(target)
        return _fed(command, target)
    if "z" in letters:
        command.session.network.connect(target)
        return UNKNOWN
    return _fed(command, target)


def tunnel(command: Command, target: Value) -> Value:
    """Read a program that passes its input to a host and prints what comes back."""
    return _fed(command, target)


def _fed(command: Command, target: Value) -> Value:
    session = command.session
    session.network.connect(target)
    if "shell()" in command.input.names:
        session.report(rules.REVERSE_SHELL, command.name)
    if command.stdin is not None:
        session.network.exchange(target, command.stdin)
    return Value((), NETWORK, ("response()",))


def _telnet(command: Command) -> Value:
    operands = command.operands("-l", "-e", "-b")
    return _fed(command, operands[0] if operands else UNKNOWN)


def _socat(command: Command) -> Value:
    words = [word for operand in command.operands("-b", "-t", "-T", "-lf") for word in operand.texts]
    hosts = [match[1] for word in words if (match := _SOCAT_NET.match(word))]
    if hosts and any(_SOCAT_RUN.match(word) for word in words):
        command.session.report(rules.REVERSE_SHELL, command.name)
    for word in words:
        if "listen:" in word.lower():
            command.session.network.listen(text(word))
    return _fed(command, constant(host for host in hosts if host)) if hosts else UNKNOWN


def _rustcat(command: Command) -> Value:
    if command.has("-s", "--shell", "-e"):
        command.session.report(rules.REVERSE_SHELL, command.name)
    return _fed(command, UNKNOWN)


def _tcp(command: Command) -> Value:
    """`ztcp`, the network module of zsh."""
    operands = command.operands()
    command.session.network.connect(operands[0] if operands else UNKNOWN)
    return UNKNOWN


def _ssh(command: Command) -> Value:
    operands = command.operands(
        "-p", "-i", "-l", "-o", "-F", "-J", "-L", "-R", "-D", "-c", "-m", "-b", "-E", "-S", "-W", "-w", "-e", "-I", "-O", "-Q"
    )
    for word in command.words:
        spelled = word.text or ""
        if "proxycommand=" in spelled.lower() or "localcommand=" in spelled.lower():
            command.session.execution.command(text(spelled.partition("=")[2]))
    forwarded = any(command.value_of(flag) is not None for flag in ("-R", "-D", "-L", "-w"))
    if len(operands) > 1 or forwarded:
        command.session.report(rules.REMOTE, command.name)
    target = operands[0] if operands else UNKNOWN
    if len(operands) > 1:
        command.session.execution.command(spaced(operands[1:]))
    host = constant(word.rsplit("@", 1)[-1] for word in target.texts)
    return command.session.network.exchange(host, command.input)


def _remote_copy(command: Command) -> Value:
    operands = command.operands("-P", "-i", "-o", "-e", "--rsh", "-F", "-l", "--exclude", "--include", "-c", "-S", "--port")
    shell = command.value_of("-e", "--rsh")
    if shell is not None and command.name == "rsync":
        command.session.execution.command(shell)
    if len(operands) < 2:
        return UNKNOWN
    *sources, target = operands
    files = command.session.files
    content = merged(_copied(command, source) for source in sources)
    if _remote(target):
        command.session.network.exchange(constant(re.split(r":", word.rsplit("@", 1)[-1])[0] for word in target.texts), content)
    else:
        files.write(target, content)
    return UNKNOWN


def _remote(word: Value) -> bool:
    return bool(re.match(r"(?:[^/]*@)?[^/:]+:|\w+://", word.text or ""))


def _copied(command: Command, source: Value) -> Value:
    if _remote(source):
        return command.session.network.exchange(constant(re.split(r":", word.rsplit("@", 1)[-1])[0] for word in source.texts))
    return command.session.files.read(source)


def _file_transfer(command: Command) -> Value:
    operands = command.operands("-u", "-p", "-P", "-m", "-c")
    content = merged(command.session.files.read(word) for word in operands[1:])
    return command.session.network.exchange(operands[0] if operands else UNKNOWN, Value((), 0, (), (content, command.input)))


def _lookup(command: Command) -> Value:
    """A name lookup leaves the machine too: what the name was made of is sent."""
    operands = command.operands("-t", "-type", "-c", "-p", "-W")
    for word in operands:
        if word.labels & ~OUTPUT:
            command.session.network.exchange(word, word)
    return Value((), NETWORK if "txt" in [(word.text or "").lower() for word in command.words] else 0)


def _ping(command: Command) -> Value:
    flood = "f" in command.options() and command.name.startswith(("ping", "hping"))
    if flood or command.has("--flood", "--rand-source"):
        command.session.report(rules.FLOODS, command.name)
    return _lookup(command)


def _serve(command: Command) -> Value:
    command.session.network.listen()
    return UNKNOWN


def _clone(command: Command) -> Value:
    """`git` and its like: hosts are recorded; settings that run commands are read."""
    for word in command.words:
        spelled = word.text or ""
        match = re.match(
            r"(?:--config=|--upload-pack=|--exec=|core\.(?:pager|editor|sshcommand|fsmonitor)=|alias\.\w+=!|ext::)(.*)",
            spelled,
            re.IGNORECASE,
        )
        if match:
            command.session.execution.command(text(match[1].split("=!")[-1]))
        elif "://" in spelled or re.match(r"git@[\w.-]+:", spelled):
            host = spelled.split("@")[-1].split(":")[0] if spelled.startswith("git@") else spelled
            command.session.network.connect(text(host))
    if command.has("credential") and command.has("fill"):
        command.session.report(rules.READS_SECRET, "git credential")
    return Value((), OUTPUT)


def _install(command: Command) -> Value:
    """Package managers: names go to the manifest; a package straight from an odd place is code from there."""
    words = [word for word in command.operands("-r", "-c", "-i", "--index-url", "-t", "--target", "-e") if word.text]
    verbs = (
        "install",
        "add",
        "i",
        "get",
        "sync",
        "-S",
        "download",
        "update",
        "upgrade",
        "-y",
        "require",
        "pip",
        "-m",
        "tool",
        "global",
        "create",
        "env",
    )
    for word in words:
        spelled = word.text or ""
        if "://" in spelled:
            command.session.network.connect(text(spelled.removeprefix("git+")))
            kind = classify(spelled.removeprefix("git+"))
            if kind in (HostClass.DROP, HostClass.ADDRESS):
                command.session.report(rules.RUNS_DOWNLOAD, host_of(spelled.removeprefix("git+")))
        elif spelled not in verbs and "install" in [w.text for w in words] + [command.name]:
            command.session.use("package", re.split(r"[=<>~\[!;@ ]", spelled)[0] or spelled)
    index = command.value_of("-i", "--index-url", "--extra-index-url", "--registry")
    if index is not None:
        command.session.network.connect(index)
    return UNKNOWN


def _facts(_command: Command) -> Value:
    return Value((), HOST_FACTS | OUTPUT)


def _requested(command: Command) -> Value:
    """A client whose options are not looked into: the first word with a dot or colon is the target."""
    operands = command.operands("-o", "-d")
    target = next((word for word in operands if any("." in spelled or ":" in spelled for spelled in word.texts)), UNKNOWN)
    return command.session.network.exchange(target, command.input)


PROGRAMS: dict[str, Program] = {
    **each("curl curlie", _curl),
    **each("wget wget2", _wget),
    **each(
        """
        aria2c axel http https xh lynx w3m fetch lwp-request get
        """,
        _requested,
    ),
    **each("nc ncat netcat nc.traditional nc.openbsd", _netcat),
    "telnet": _telnet,
    "socat": _socat,
    **each("rcat rustcat", _rustcat),
    "ztcp": _tcp,
    **each("ssh sshpass autossh mosh rsh rlogin", _ssh),
    **each("scp rsync sftp rclone", _remote_copy),
    **each("ftp lftp tftp ncftpput smbclient mail mailx sendmail mutt swaks wormhole croc", _file_transfer),
    **each("dig nslookup host drill dog whois", _lookup),
    **each("ping ping6 hping fping nping", _ping),
    **each("dnsmasq vsftpd sshd ngrok cloudflared websocat gost frpc bore localtunnel", _serve),
    **each("git hg svn", _clone),
    **each("pip pipx npm yarn pnpm apt apt-get yum dnf apk brew conda mamba gem cargo uv", _install),
    **each("id whoami hostname uname ifconfig ip netstat ss ps w who last lscpu lsblk arp lsof groups", _facts),
}  # fmt: skip
