"""Programs that change the machine: processes, accounts, services, protection."""

from __future__ import annotations

import re
from collections.abc import Callable

from rune.code import rules
from rune.code.rules import Rule
from rune.code.shell.command import Command
from rune.code.tables import each, words
from rune.code.values import LISTING, OUTPUT, PROCESS, SECRET, UNKNOWN, Value, constant, text

Program = Callable[[Command], Value]

ATTACKS = words(
    """
    msfvenom msfconsole msfdb meterpreter mimikatz linpeas.sh linpeas lazagne laudanum responder evil-winrm psexec.py secretsdump.py
    wmiexec.py smbexec.py crackmapexec cme netexec nxc hydra medusa ncrack patator impacket-psexec impacket-secretsdump bloodhound-python
    chisel ligolo-ng sliver-client beef-xss setoolkit wifite slowloris goldeneye mimipenguin pupysh kerbrute rubeus certipy linenum.sh
    linux-exploit-suggester.sh deepce.sh
    """
)
MINERS = words("xmrig xmr-stak minerd cpuminer ethminer cgminer bfgminer t-rex phoenixminer nbminer lolminer teamredminer minergate")
_SECURITY = re.compile(
    r"audit|syslog|selinux|apparmor|firewall|ufw|iptables|nftables|fail2ban|clamav|clamd|falco|osquery|crowdstrike|falcon|sentinel|defender|mdatp"
    r"|sysmon|ossec|wazuh|carbonblack|cbdaemon|cbagent|sophos|esets|mcafee|nessus|tripwire|aide|snort|suricata|littlesnitch|lulu|blockblock|xprotect"
)


_STOPS = words("stop disable mask unload remove bootout off kill onestop")
_STARTS = words("enable load bootstrap reenable submit link on defaults")
_CHANGES = words("restart start reload daemon-reload set-default edit poweroff reboot halt kexec suspend hibernate emergency rescue")


def _kill(command: Command) -> Value:
    for word in command.operands("-s", "--signal", "-n"):
        if word.text is None or not word.text.startswith("%"):
            command.session.execution.kill(_process(word))
    if command.has("-1") and len([w for w in command.words if w.text == "-1"]) > (0 if command.has("-9", "-KILL") else 1):
        command.session.report(rules.KILLS_FOUND, "-1")
    return UNKNOWN


def _process(word: Value) -> Value:
    numbers = tuple(int(spelled) for spelled in word.texts if re.fullmatch(r"-?\d{1,7}", spelled))
    return Value(numbers, word.labels & PROCESS)


def _kill_by_name(command: Command) -> Value:
    names = " ".join(spelled for word in command.operands("-s", "--signal") for spelled in word.texts)
    if _SECURITY.search(names.lower()):
        command.session.report(rules.DEFENSES, names)
    command.session.report(rules.KILLS, names)
    return UNKNOWN


def _find_process(_command: Command) -> Value:
    return Value((), PROCESS | OUTPUT)


def _reporting(rule: Rule, labels: int = OUTPUT) -> Program:
    def program(command: Command) -> Value:
        command.session.report(rule, command.name)
        return Value((), labels)

    return program


def _when(rule: Rule, *words: str, labels: int = OUTPUT) -> Program:
    """A program that matters only with one of these words among its own."""

    def program(command: Command) -> Value:
        if command.has(*words):
            command.session.report(rule, f"{command.name} {next(word.text or '' for word in command.words if word.text in words)}")
            return Value((), labels)
        return Value((), OUTPUT)

    return program


def _crontab(command: Command) -> Value:
    if command.has("-l"):
        return Value((), LISTING)
    if command.has("-r"):
        command.session.report(rules.SYSTEM_STATE, "crontab -r")
    elif command.stdin is not None or command.operands("-u"):
        command.session.report(rules.PERSISTS, "crontab")
        command.session.execution.command(_jobs(command.input))
    return UNKNOWN


def _jobs(table: Value) -> Value:
    """Return the commands of a crontab."""
    jobs = re.findall(r"^[ \t]*(?:@\w+|(?:[\d*/,?-]+[ \t]+){5})[ \t]*(\S.*)$", (table.text or "")[:4000], re.MULTILINE)
    return text("\n".join(jobs))


def _later(command: Command) -> Value:
    if command.stdin is not None or command.has("-f"):
        command.session.report(rules.PERSISTS, command.name)
        command.session.execution.command(command.input)
    return UNKNOWN


def _service(command: Command) -> Value:
    """`systemctl`, `service`, `launchctl`: starting at boot, stopping protection, changing state."""
    words = [word.text or "" for word in command.words]
    line = " ".join(words).lower()
    off, on = bool(_STOPS & set(words)), bool(_STARTS & set(words))
    if off and _SECURITY.search(line):
        command.session.report(rules.DEFENSES, line)
    elif on and any("/" in word or word.endswith((".plist", ".timer")) for word in words):
        command.session.report(rules.PERSISTS, line)
    elif on or off or _CHANGES & set(words):
        command.session.report(rules.SYSTEM_STATE, line)
    return Value((), OUTPUT)


def _account(command: Command) -> Value:
    root = any(re.search(r"(?:^|,)(?:sudo|wheel|root|admin|docker)(?:,|$)", word.text or "") for word in command.words)
    command.session.report(rules.PRIVILEGE if root or command.value_of("-u", "--uid") else rules.SYSTEM_STATE, command.name)
    return UNKNOWN


def _firewall(command: Command) -> Value:
    off = command.has("-F", "--flush", "flush", "disable", "reset", "-X", "-d", "--panic-off", "--set-default-zone=trusted")
    if off or (command.has("-P") and command.has("ACCEPT")):
        command.session.report(rules.DEFENSES, command.name)
    elif not command.has("-L", "-S", "list", "status", "--list-all", "--state", "-n", "-nL", "show", "--help"):
        command.session.report(rules.SYSTEM_STATE, command.name)
    return Value((), OUTPUT)


def _history(command: Command) -> Value:
    if "c" in command.options() or "w" in command.options() or command.has("-d"):
        command.session.report(rules.DEFENSES, "history")
        return UNKNOWN
    return Value((), SECRET)


def _options(command: Command) -> Value:
    if command.has("+o") and command.has("history"):
        command.session.report(rules.DEFENSES, "set +o history")
    if not command.words:
        return command.shell.start([text("env")])
    if command.has("--"):
        command.shell.positional = [word for word in command.words if word.text != "--"]
    return UNKNOWN


def _declared(command: Command) -> Value:
    """An assignment: some variables change what every later program does."""
    name = command.words[0].text or ""
    value = command.words[1] if len(command.words) > 1 else UNKNOWN
    if name in ("LD_PRELOAD", "LD_AUDIT", "DYLD_INSERT_LIBRARIES", "BASH_ENV", "PROMPT_COMMAND", "PYTHONSTARTUP", "PERL5OPT"):
        if value.text:
            command.session.report(rules.DISGUISED_CALL, name)
    elif (
        name in ("HISTFILE", "HISTSIZE", "HISTFILESIZE", "HISTCONTROL", "HISTIGNORE")
        and value.text in ("0", "/dev/null", "", "*", "ignorespace")
    ) or (name == "LD_LIBRARY_PATH" and value.text == "."):
        command.session.report(rules.DEFENSES, name)
    return UNKNOWN


def _unset(command: Command) -> Value:
    for word in command.words:
        for name in word.texts:
            command.shell.variables.pop(name, None)
            if name.startswith("HIST"):
                command.session.report(rules.DEFENSES, f"unset {name}")
    return UNKNOWN


def _container(command: Command) -> Value:
    """`docker run` with the host inside the container is the host."""
    line = " ".join(word.text or "" for word in command.words)
    mounts = re.search(
        r"(?:-v|--volume|--mount)[ =](?:type=bind,)?(?:source=|src=)?(?:/|/etc|/root|/proc|/var/run/docker\.sock)(?::|,|/)", line
    )
    if (
        "--privileged" in line
        or mounts
        or re.search(r"--(?:pid|net|network|ipc|userns|uts)[= ]host|--cap-add[= ](?:all|sys_)", line, re.IGNORECASE)
    ):
        command.session.report(rules.ESCAPES, command.name)
    return Value((), OUTPUT)


def _kernel(command: Command) -> Value:
    if command.operands() or command.has("-w"):
        command.session.report(rules.ESCAPES, command.name)
    return UNKNOWN


def _setting(command: Command) -> Value:
    """`sysctl` and `defaults`: reading is fine."""
    if command.has("-w", "write", "-p", "--system") or any("=" in (word.text or "") for word in command.words):
        command.session.report(rules.SYSTEM_STATE, command.name)
    return Value((), OUTPUT)


def _cloud(command: Command) -> Value:
    line = " ".join(word.text or "" for word in command.words)[:500]
    if re.search(
        r"get-session-token|get-secret-value|(?:print|get)-access-token|get secrets?\b|keys create|create-access-key|--with-decryption",
        line,
    ):
        command.session.report(rules.READS_SECRET, f"{command.name} {line}")
        return Value((), SECRET)
    if re.search(
        r"\bdelete\b|delete-|terminate-|stop-logging|update-detector|stop-configuration|destroy|put-bucket-policy|attach-\w+-policy|add-iam",
        line,
    ):
        command.session.report(rules.SYSTEM_STATE, f"{command.name} {line}")
    copied = [word for word in command.operands() if re.match(r"(?:[~/.]|\w+/)", word.text or "")]
    if re.search(r"\b(?:cp|sync|mv|upload|put-object|rsync)\b", line):
        for word in copied:
            command.session.network.exchange(UNKNOWN, command.session.files.read(word))
    return Value((), OUTPUT)


def _apple_script(command: Command) -> Value:
    script = " ".join(word.text or "" for word in command.words)
    for shell in re.findall(r'do shell script "((?:[^"\\]|\\.){1,2000})"', script[:8000]):
        command.session.execution.command(text(shell.replace('\\"', '"')))
    rule = (
        rules.PRIVILEGE
        if "administrator privileges" in script
        else rules.WATCHES
        if re.search(r"password|keystroke", script)
        else rules.SYSTEM_STATE
    )
    command.session.report(rule, script)
    return UNKNOWN


PROGRAMS: dict[str, Program] = {
    "kill": _kill,
    **each("pkill killall killall5 skill xkill taskkill stop-process", _kill_by_name),
    **each("pgrep pidof fuser", _find_process),
    "crontab": _crontab,
    **each("at batch", _later),
    **each("systemctl service launchctl rc-service chkconfig update-rc.d rc-update sysrc initctl sv", _service),
    **each("useradd adduser usermod gpasswd pw dseditgroup sysadminctl", _account),
    **each(
        """
        userdel deluser groupadd groupdel groupmod chpasswd passwd chsh vipw chage faillock
        """,
        _reporting(rules.SYSTEM_STATE),
    ),
    "pkexec": _reporting(rules.PRIVILEGE),
    "visudo": _reporting(rules.SYSTEM_STATE),
    **each("iptables ip6tables nft ufw firewall-cmd pfctl ipfw ebtables", _firewall),
    **each("setenforce aa-teardown aa-disable aa-complain", _reporting(rules.DEFENSES)),
    **each("csrutil spctl tccutil", _when(rules.DEFENSES, "disable", "--master-disable", "--global-disable", "--add")),
    "auditctl": _when(rules.DEFENSES, "-D", "-e", "-d"),
    "mdatp": _reporting(rules.DEFENSES),
    "xattr": _when(rules.DEFENSES, "-d", "-rd", "-r", "-c"),
    "history": _history,
    "fc": _history,
    "set": _options,
    "declare": _declared,
    "unset": _unset,
    **each("docker podman nerdctl lxc ctr runc", _container),
    **each("insmod modprobe rmmod kexec nsenter pivot_root debugfs kldload kextload", _kernel),
    "kmutil": _when(rules.ESCAPES, "load"),
    **each("sysctl defaults scutil nvram systemsetup", _setting),
    **each("shutdown reboot halt poweroff init telinit pm-suspend", _reporting(rules.SYSTEM_STATE)),
    **each("aws gcloud az kubectl oci doctl gsutil gh vault op", _cloud),
    "osascript": _apple_script,
    "security": _when(
        rules.READS_SECRET, "dump-keychain", "find-generic-password", "find-internet-password", "export", "unlock-keychain", labels=SECRET
    ),
    "secret-tool": _when(rules.READS_SECRET, "lookup", "search", labels=SECRET),
    "gpg": _when(rules.READS_SECRET, "--export-secret-keys", "--export-secret-subkeys", labels=SECRET),
    "gcore": _reporting(rules.READS_SECRET, SECRET),
    **each(
        """
        screencapture scrot gnome-screenshot maim xwd logkeys xinput pbpaste arecord fswebcam script.keylog
        """,
        _reporting(rules.WATCHES),
    ),
    "xclip": _when(rules.WATCHES, "-o", "-out"),
    "xsel": _when(rules.WATCHES, "-o", "--output", "-b"),
    **each(
        """
        tcpdump tshark ettercap bettercap arpspoof dsniff airodump-ng aireplay-ng scapy macchanger
        """,
        _reporting(rules.PROBES),
    ),
    **each("nmap masscan zmap rustscan nikto gobuster ffuf dirb wfuzz sqlmap feroxbuster", _reporting(rules.PROBES)),
    **each("john hashcat fcrackzip aircrack-ng unshadow ssh2john zip2john", _reporting(rules.PROBES)),
    "yes": lambda _command: constant(("y\n",)),
    "stress": _reporting(rules.HOGS),
    "stress-ng": _reporting(rules.HOGS),
}  # fmt: skip
