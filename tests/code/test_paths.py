"""One table of path classes."""

from __future__ import annotations

import time

import pytest

from rune.code.paths import PathClass, classify, climbs, matches, normalize

ROWS = {
    PathClass.WORK: "a.txt ./a/b data/../a.csv . src/.envrc setup.cfg a.env.example",
    PathClass.SETTINGS: ".env sub/.env .env.local secrets.yaml config/credentials.json",
    PathClass.TEMPORARY: "/tmp/a /var/tmp/x /dev/shm/x %TEMP%\\x $TMPDIR/x /private/tmp/a",
    PathClass.PUBLIC: "/dev/null /dev/stdout /etc/os-release /etc/ssl/certs/a.pem /proc/cpuinfo /sys/class/net",
    PathClass.PARENT: "../a ../../x/y ..",
    PathClass.OUTSIDE: "/srv/data /opt/x/y /data/a /workspace/repo/a.py D:\\x\\y",
    PathClass.HOME: "~/notes.txt /home/u/a/b /root/x /Users/u/doc C:\\Users\\u\\a.txt $HOME/a ${HOME}/a %USERPROFILE%\\a",
    PathClass.CONFIG: "/etc/passwd /etc/hosts /var/log/syslog /proc/modules /boot/grub /sys/kernel/x ../../../etc/passwd file:///etc/hosts",
    PathClass.PROGRAM: "/usr/bin/ls /bin/sh /lib/x.so C:\\Windows\\System32\\a.dll",
    PathClass.SECRET: (
        "/etc/shadow /etc/sudoers ~/.ssh/id_rsa /home/u/.aws/credentials /root/.kube/config id_rsa backup/id_ed25519 ~/.bash_history"
        " /proc/self/environ /proc/1/environ ~/.config/gcloud/a /home/u/.config/google-chrome/Default/Cookies /run/secrets/db"
        " ~/.netrc /var/run/secrets/kubernetes.io/token C:\\Windows\\System32\\config\\SAM ~/.mozilla/firefox/x/logins.json /srv/app/.env"
        " ../../.ssh/id_rsa ~root/.ssh/id_rsa"
    ),
    PathClass.STARTUP: (
        "~/.bashrc /root/.profile ~/.zshrc /etc/cron.d/x /etc/crontab /etc/systemd/system/a.service ~/.config/autostart/a.desktop"
        " ~/.ssh/authorized_keys /etc/ld.so.preload ~/Library/LaunchAgents/a.plist /var/spool/cron/root .git/hooks/pre-commit"
        " venv/lib/python3/site-packages/x.pth /etc/profile.d/x.sh ../../../root/.bashrc sitecustomize.py"
    ),
    PathClass.DEVICE: "/dev/sda /dev/nvme0n1p1 /dev/mem /var/run/docker.sock",
    PathClass.ROOT: "/ /* // /etc /usr/ ~ ~/ ~/* /home /home/* /home/u C:\\ /tmp/..",
}


@pytest.mark.parametrize(("path", "kind"), [pytest.param(path, kind, id=path) for kind, paths in ROWS.items() for path in paths.split()])
def test_classes(path: str, kind: PathClass) -> None:
    assert classify(path) is kind


@pytest.mark.parametrize(
    ("path", "work_dir", "kind"),
    [
        pytest.param("/home/u/coding/a.py", "/home/u/coding", PathClass.WORK, id="inside"),
        pytest.param("/home/u/coding", "/home/u/coding", PathClass.WORK, id="itself"),
        pytest.param("/home/u/coding2/a.py", "/home/u/coding", PathClass.HOME, id="beside"),
        pytest.param("/home/u/coding/../.bashrc", "/home/u/coding", PathClass.STARTUP, id="out again"),
        pytest.param("/etc/passwd", "/", PathClass.CONFIG, id="the root is no work directory"),
        pytest.param("/home/u/coding/.git/hooks/x", "/home/u/coding", PathClass.STARTUP, id="hooks inside"),
    ],
)
def test_the_work_directory(path: str, work_dir: str, kind: PathClass) -> None:
    assert classify(path, work_dir) is kind


@pytest.mark.parametrize(
    ("path", "spelled"),
    [
        pytest.param("/etc/../etc/./passwd", "/etc/passwd", id="dots"),
        pytest.param("/etc//passwd", "/etc/passwd", id="slashes"),
        pytest.param("/ETC/Passwd", "/etc/passwd", id="case"),
        pytest.param("/etc/passwd\0.txt", "/etc/passwd", id="NUL"),
        pytest.param("'/etc/passwd'", "/etc/passwd", id="quotes"),
        pytest.param("/home/someone/.ssh", "~/.ssh", id="home"),
        pytest.param("", ".", id="nothing"),
    ],
)
def test_one_spelling(path: str, spelled: str) -> None:
    assert normalize(path) == spelled


@pytest.mark.parametrize(("path", "count"), [("a", 0), ("../a", 1), ("../../a", 2), ("a/../../b", 1), ("/a/..", 0)])
def test_folders_climbed(path: str, count: int) -> None:
    assert climbs(path) == count


@pytest.mark.parametrize(
    ("pattern", "path"),
    [("/etc/sh*", "/etc/shadow"), ("/???/passwd", "/etc/passwd"), ("~/.ss?/id_[r]sa", "~/.ssh/id_rsa"), ("/bin/b*h", "/bin/bash")],
)
def test_wildcards_stand_for_notable_files(pattern: str, path: str) -> None:
    assert path in matches(pattern)


@pytest.mark.parametrize("path", ["/" * 200_000, "../" * 70_000, "a" * 300_000, "~" * 9_000, "/etc/" + "*" * 5_000, "." * 200_000])
def test_hostile_paths_take_no_time(path: str) -> None:
    start = time.thread_time()
    classify(path)
    matches(path)
    assert time.thread_time() - start < 0.5
