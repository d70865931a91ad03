"""Which files belong to whom: one table of path classes, for the code gate and the mounts of a sandbox.

The notable paths follow MITRE ATT&CK (T1552 unsecured credentials, T1543 and T1546 persistence, T1083 discovery) and the Filesystem
Hierarchy Standard 3.0.
"""

from __future__ import annotations

import posixpath
import re
from enum import Enum
from fnmatch import fnmatchcase
from functools import lru_cache

from rune.code.tables import words

PATH_CHARS = 4096
"""Longest path looked at; the rest of a longer one is cut (PATH_MAX on Linux)."""


class PathClass(str, Enum):
    """Whose file it is."""

    WORK = "work"
    """In the work directory."""
    SETTINGS = "settings"
    """A file in the work directory that by custom holds credentials (`.env`)."""
    TEMPORARY = "temporary"
    PUBLIC = "public"
    """Facts and devices that every program may read: `/etc/os-release`, `/dev/null`, certificates."""
    PARENT = "parent"
    """Beside or above the work directory, by `..`."""
    OUTSIDE = "outside"
    """Some other absolute path."""
    HOME = "home"
    """The user's own files."""
    CONFIG = "config"
    """Settings and state of the system: `/etc`, `/var`, `/proc`, `/boot`."""
    PROGRAM = "program"
    """Programs and libraries: `/usr`, `/bin`, `C:\\Windows`."""
    SECRET = "secret"  # noqa: S105 - the name of a class
    """Credentials, keys, browser and wallet stores."""
    STARTUP = "startup"
    """Files whose content runs by itself later: shell profiles, cron, services, authorized keys."""
    DEVICE = "device"
    """Raw disks and memory, the socket of the container engine."""
    ROOT = "root"
    """`/`, a folder right below it, or a whole home."""


_HOME = re.compile(
    r"^(?:~[a-z_][\w.-]*|~|\$\{?home\}?|\$env:userprofile|%userprofile%|/home/[^/]+|/users/[^/]+|/root|/var/root|[a-z]:/users/[^/]+)(?=/|$)"
)
_VARIABLES = (
    (re.compile(r"^(?:%appdata%|\$env:appdata)"), "~/appdata/roaming"),
    (re.compile(r"^(?:%localappdata%|\$env:localappdata)"), "~/appdata/local"),
    (re.compile(r"^(?:%temp%|%tmp%|\$env:temp|\$\{?tmpdir\}?)"), "/tmp"),  # noqa: S108 - a class of paths, nothing is written
    (re.compile(r"^(?:%systemroot%|%windir%|\$env:systemroot|\$env:windir)"), "c:/windows"),
    (re.compile(r"^\$\{?pwd\}?(?=/|$)"), "."),
)


def _table(rows: tuple[tuple[PathClass, str], ...]) -> tuple[tuple[PathClass, re.Pattern[str]], ...]:
    """Compile rows of patterns, one a line, each for a whole normalized path; the first row that matches decides."""
    return tuple((kind, re.compile("|".join(f"(?:{pattern})" for pattern in patterns.split()))) for kind, patterns in rows)


_CLASSES = _table((
    (PathClass.PUBLIC, r"""
        /dev/(?:null|zero|u?random|full|tty\w*|pts/.*|stdin|stdout|stderr|fd/\d+|ptmx|dsp|video\d*)
    """),
    (PathClass.TEMPORARY, r"""
        (?:/private)?/(?:var/)?tmp(?:/.*)?
        /dev/shm(?:/.*)?
        /var/folders/.*
        /run/user/\d+/.*
        ~/appdata/local/temp(?:/.*)?
    """),
    (PathClass.DEVICE, r"""
        /dev/(?:sd|hd|vd|xvd|nvme|mmcblk|disk|rdisk|dm-|mapper/|md\d|loop\d|mem|kmem|port|sg\d).*
        //\./physicaldrive\d+
        (?:/var)?/run/(?:docker|containerd/containerd|crio/crio|podman/podman)\.sock
    """),
    (PathClass.STARTUP, r"""
        ~/\.(?:bash(?:rc|_profile|_login|_logout|_aliases)|profile|login|z(?:shrc|profile|shenv|login|logout)|[kct]+shrc)
        ~/\.(?:xinitrc|xsession|xprofile|inputrc|vimrc|emacs|gdbinit|tmux\.conf|screenrc|pam_environment)
        ~/\.config/(?:autostart|systemd|fish|environment\.d|i3|sway|upstart)(?:/.*)?
        ~/\.local/share/systemd(?:/.*)?
        (?:~|/etc)/\.?ssh/(?:authorized_keys2?|rc|sshrc)
        (?:~)?/library/(?:launch(?:agents|daemons)|startupitems)(?:/.*)?
        /etc/(?:cron[\w.-]*(?:/.*)?|anacrontab|rc\.local|rc\d?\.d/.*|init(?:\.d)?/.*|inittab)
        /etc/(?:profile(?:\.d/.*)?|bash(?:\.bashrc|rc)|zsh(?:/.*|rc|env)|environment|xdg/autostart/.*|update-motd\.d/.*)
        /etc/(?:ld\.so\.preload|(?:emond\.d|periodic|launchd\.conf)(?:/.*)?)
        (?:/etc|/usr/lib|/lib|/usr/local/lib|/run)/(?:systemd|udev)/.*
        /var/spool/(?:cron|at)(?:/.*)?
        /usr/lib/cron(?:/.*)?
        /private/var/at(?:/.*)?
        .*/(?:site|dist)-packages/.*\.pth
        (?:.*/)?(?:site|user)customize\.py
        .*/start.menu/programs/startup(?:/.*)?
        (?:.*/)?\.git/hooks/.*
    """),
    (PathClass.SECRET, r"""
        ~/\.(?:ssh|aws|azure|gnupg|kube|password-store|gcloud|oci|vault-token|databricks|snowflake)(?:/.*)?
        ~/\.(?:netrc|pgpass|my\.cnf|git-credentials|npmrc|pypirc|dockercfg|docker/config\.json|boto|s3cfg|rclone\.conf|terraformrc)
        ~/\.(?:terraform\.d/.*|cargo/credentials.*|gem/credentials|composer/auth\.json|m2/settings\.xml|vnc/.*)
        ~/\.(?:bash|zsh|sh|python|mysql|psql|node_repl|sqlite|rediscli|irb|ash|ksh)_history
        ~/\.local/share/(?:fish/fish_history|keyrings(?:/.*)?)
        ~/\.config/(?:gcloud|gh|hub|rclone|heroku|doctl|op|git/credentials)(?:/.*)?
        ~/\.config/(?:google-chrome|chromium|brave.*|microsoft-edge|opera.*)(?:/.*)?
        ~/\.(?:mozilla|thunderbird|ethereum|bitcoin|electrum|monero|litecoin|dogecoin|exodus|solana|keystore)(?:/.*)?
        ~?/library/keychains(?:/.*)?
        ~/library/application.support/(?:google/chrome|firefox|brave.*|com\.apple\.tcc)(?:/.*)?
        ~/appdata/.*/(?:google/chrome|mozilla|discord|exodus|ethereum)(?:/.*)?
        .*/(?:login.data|web.data|local.state|key[34]\.db|logins\.json|cookies(?:\.sqlite)?|wallet\.dat)
        (?:.*/)?(?:id_(?:rsa|dsa|ecdsa|ed25519)|\.aws/credentials|\.git-credentials|\.netrc|\.pgpass|\.ssh/.*|wallet\.dat)
        /etc/(?:g?shadow-?|master\.passwd|security/opasswd|sudoers(?:\.d/.*)?|ssl/private(?:/.*)?|ssh/ssh_host_\w*key)
        /etc/(?:krb5\.keytab|ipsec\.secrets|wireguard/.*|ppp/(?:chap|pap)-secrets|openvpn/.*|kubernetes/.*|rancher/.*)
        /etc/(?:networkmanager/system-connections/.*|wpa_supplicant/.*|mysql/debian\.cnf)
        /proc/(?:self|thread-self|\d+|\$\w*|\$\{\w+\}|\*|\[.*\]|\ufffc)/(?:environ|mem|maps|fd/.*|cmdline|root/.*)
        /proc/(?:kcore|kallsyms)
        (?:/var)?/run/secrets(?:/.*)?
        /var/lib/(?:kubelet|docker|cloud)/.*
        /var/db/dslocal/.*
        (?:/|~/|\.\./)(?:.*/)?\.env(?:\.(?:local|prod|production|dev|development|staging))?
        c:/windows/(?:system32/config|ntds|repair)/.*
    """),
    (PathClass.SETTINGS, r"""
        (?:.*/)?\.env(?:\.(?:local|prod|production|dev|development|staging))?
        (?:.*/)?(?:secrets?|credentials)\.(?:ya?ml|json|toml|ini|env)
    """),
    (PathClass.PUBLIC, r"""
        /etc/(?:os-release|lsb-release|issue(?:\.net)?|hostname|timezone|localtime|mime\.types|magic|machine-id|services|protocols|shells)
        /etc/(?:ssl/certs|pki|fonts|alternatives)/.*
        /etc/(?:ca-certificates.*|debian_version|redhat-release|alpine-release)
        /proc/(?:cpuinfo|meminfo|version|uptime|loadavg|stat|filesystems|mounts|partitions|swaps|self)
        /proc/(?:self|\d+)/(?:status|stat|limits|mounts|io|exe)
        /sys/(?:class|devices|block|bus|fs/cgroup)(?:/.*)?
    """),
    (PathClass.CONFIG, r"""
        /(?:etc|boot|proc|sys|run|var|dev|private/(?:etc|var)|library|system)(?:/.*)?
        c:/(?:programdata|boot).*
    """),
    (PathClass.PROGRAM, r"""
        /(?:usr|bin|sbin|lib|lib32|lib64|libx32|snap|nix|applications)(?:/.*)?
        c:/(?:windows|program.files.*)(?:/.*)?
    """),
    (PathClass.HOME, r"~(?:/.*)?"),
))  # fmt: skip

_TOP = words("bin boot dev etc home lib lib64 media mnt opt proc root run sbin srv sys usr var users library system applications")
_WHOLE = re.compile(r"^(?:/|/\*|~|~/\*|~/\.\*|/\.\*|c:|c:/\*|/[a-z0-9]+/?\*?|/(?:home|users)/\*|/\ufffc)$")
_SENSITIVE_TAIL = re.compile(
    r"^(?:\.\./)+(?=(?:etc|proc|root|home|usr|var|bin|sbin|boot|sys|dev|windows|users|\.ssh|\.aws|\.bash\w*|\.profile)(?:/|$))"
)

NOTABLE = words(
    """
    /etc/passwd /etc/shadow /etc/group /etc/gshadow /etc/sudoers /etc/hosts /etc/crontab /etc/ld.so.preload /bin/sh /bin/bash
    /bin/cat /bin/nc /bin/rm /bin/dash /bin/zsh /bin/chmod /bin/cp /usr/bin/nc /usr/bin/python3 /usr/bin/python /usr/bin/perl
    /usr/bin/curl /usr/bin/wget /usr/bin/cat /usr/bin/bash ~/.ssh/id_rsa ~/.ssh/id_ed25519 ~/.ssh/authorized_keys
    ~/.aws/credentials ~/.bashrc ~/.profile ~/.zshrc ~/.bash_history ~/.netrc ~/.git-credentials ~/.kube/config
    ~/.docker/config.json /proc/self/environ /proc/1/environ .env /dev/sda /var/run/docker.sock
    """
)
"""Files that an attacker may spell with wildcards."""


def normalize(path: str, work_dir: str = ".") -> str:
    """Return a path in one spelling: `/` between parts, `~` for any home, relative to the work directory where it lies inside."""
    return _normalize(path[:PATH_CHARS], work_dir)


@lru_cache(maxsize=1024)
def _normalize(path: str, work_dir: str) -> str:
    cleaned = path.replace("\\", "/").strip().strip("'\"").split("\0")[0]
    cleaned = re.sub(r"^file:/*(?=/)", "", cleaned)
    lowered = cleaned.lower()
    for pattern, replacement in _VARIABLES:
        lowered = pattern.sub(replacement, lowered, count=1)
    lowered = posixpath.normpath(lowered) if lowered else "."
    lowered = re.sub(r"^//(?!\.)", "/", lowered)
    base = posixpath.normpath(work_dir.replace("\\", "/").lower()) if work_dir else "."
    if posixpath.isabs(base) and base != "/" and (lowered == base or lowered.startswith(base + "/")):
        return posixpath.relpath(lowered, base)
    if lowered.startswith("../"):
        lowered = _SENSITIVE_TAIL.sub("/", lowered)
    return _HOME.sub("~", lowered, count=1)


def classify(path: str, work_dir: str = ".") -> PathClass:
    """Return whose file a path is; `work_dir` is the folder the code runs in."""
    return _classify(path[:PATH_CHARS], work_dir)


@lru_cache(maxsize=1024)
def _classify(path: str, work_dir: str) -> PathClass:
    spelled = normalize(path, work_dir)
    if _WHOLE.match(spelled) and (spelled.strip("/*~.") in _TOP or not spelled.strip("/*~.:c\ufffc") or spelled.startswith("/home/")):
        return PathClass.ROOT
    for kind, pattern in _CLASSES:
        if pattern.fullmatch(spelled):
            return kind
    if spelled.startswith("../") or spelled == "..":
        return PathClass.PARENT
    return PathClass.OUTSIDE if spelled.startswith("/") or re.match(r"^[a-z]:", spelled) else PathClass.WORK


def climbs(path: str) -> int:
    """Return how many folders above the work directory a relative path begins."""
    spelled = posixpath.normpath(path[:PATH_CHARS].replace("\\", "/"))
    return sum(1 for part in spelled.split("/") if part == "..")


def matches(pattern: str) -> tuple[str, ...]:
    """Return the notable files that a shell pattern may stand for."""
    if len(pattern) > 256:
        return ()
    spelled = _HOME.sub("~", pattern.lower(), count=1)
    return tuple(path for path in sorted(NOTABLE) if path.count("/") == spelled.count("/") and fnmatchcase(path, spelled))[:4]
