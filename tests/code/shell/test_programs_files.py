"""Programs that change files; each harm beside an honest twin."""

from __future__ import annotations

import pytest

from ...code.conftest import Effect, Rules


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        pytest.param("rm -rf ~/", "047", id="home"),
        pytest.param("rm -rf --no-preserve-root /", "047", id="root"),
        pytest.param("dd if=/dev/zero of=/dev/sda", "047", id="dd"),
        pytest.param("mkfs.ext4 /dev/sda1", "047", id="mkfs"),
        pytest.param("cat x > /dev/nvme0n1", "047", id="redirected to a disk"),
        pytest.param("shred -u /etc/passwd", "048", id="shred"),
        pytest.param("rm /var/log/auth.log", "048", id="log"),
        pytest.param("find /var/log -name '*.log' -delete", "048", id="found logs"),
        pytest.param("rm -rf /srv/data", "049", id="folder outside"),
        pytest.param("rm -rf *", "055", id="work directory"),
        pytest.param("cp x /usr/bin/ls", "043", id="program replaced"),
        pytest.param("echo x >> /etc/hosts", "043", id="settings"),
        pytest.param("echo x | sudo tee /etc/resolv.conf", "043", id="tee"),
        pytest.param("sed -i 's/a/b/' /etc/ssh/sshd_config", "043", id="sed"),
        pytest.param("cp rootCA.crt /etc/pki/ca-trust/source/anchors/", "043", id="certificate authority"),
        pytest.param("echo x >> ~/.bashrc", "044", id="shell profile"),
        pytest.param("echo 'ssh-rsa A' >> ~/.ssh/authorized_keys", "044", id="authorized keys"),
        pytest.param("echo '* * * * * root x' >> /etc/crontab", "044", id="crontab file"),
        pytest.param("cp x.service /etc/systemd/system/", "044", id="service"),
        pytest.param("ln -s ~/x.plist ~/Library/LaunchAgents/x.plist", "044", id="launch agent"),
        pytest.param("mv x ~/notes.txt", "045", id="file of the user"),
        pytest.param("chmod u+s /bin/bash", "026", id="set-user-id"),
        pytest.param("chmod 4755 ./x", "026", id="set-user-id in digits"),
        pytest.param("install -m 4755 x /usr/local/bin/x", "026", id="install"),
        pytest.param("setcap cap_setuid=ep x", "026", id="capability"),
        pytest.param("chmod -R 777 /etc", "052", id="mode"),
        pytest.param("chown user /etc/passwd", "052", id="owner"),
        pytest.param("truncate -s 500G x", "025", id="disk"),
        pytest.param("cat /etc/shadow", "040", id="shadow"),
        pytest.param("cat /etc/sh*dow", "040", id="wildcard"),
        pytest.param("cat < ~/.ssh/id_rsa", "040", id="redirected"),
        pytest.param("cat /etc/passwd", "042", id="accounts"),
        pytest.param("ls -la /root", "050", id="listing"),
    ],
)
def test_each_operation_has_its_rule(source: str, rule: str, rules: Rules) -> None:
    assert rule in rules(source, "bash")


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("mkdir -p out && cp a out/ && rm -rf out/tmp", id="work directory"),
        pytest.param("find . -name '*.pyc' -delete", id="found in the work directory"),
        pytest.param("rm -f *.o build/*.log", id="patterns"),
        pytest.param("tar xzf data.tgz -C data && ls data", id="archive"),
        pytest.param("cat > main.py <<EOF\nprint(1)\nEOF", id="here-document"),
        pytest.param("sed -i 's/a/b/' config.py", id="sed"),
        pytest.param("chmod +x run.sh && chmod 644 a", id="modes"),
        pytest.param("rm -rf /tmp/build && mkdir /tmp/build", id="temporary folder"),
        pytest.param("echo hi > /dev/null 2>&1", id="null"),
        pytest.param("dd if=a.img of=b.img bs=1M", id="dd"),
        pytest.param("fdisk -l", id="fdisk"),
        pytest.param("cat /etc/os-release /proc/cpuinfo", id="public facts"),
        pytest.param("ls -la; ls src; du -sh .", id="listings"),
    ],
)
def test_honest_twins_are_let_through(source: str, effect: Effect) -> None:
    assert effect(source, "bash") == "allow"
