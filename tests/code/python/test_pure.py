"""Functions and methods that only compute."""

from __future__ import annotations

import pytest

from ...code.conftest import Rules


@pytest.mark.parametrize(
    "expression",
    [
        "'rm -rf /'.strip()",
        "'xxrm -rf /'.lstrip('x')",
        "'RM -RF /'.lower()",
        "'rm_-rf_/'.replace('_', ' ')",
        "' '.join(['rm', '-rf', '/'])",
        "' '.join('rm,-rf,/'.split(','))",
        "bytes([114, 109, 32, 45, 114, 102, 32, 47]).decode()",
        "b'rm -rf /'.decode('utf-8')",
        "str(b'rm -rf /', 'utf-8')",
        "''.join(reversed('/ fr- mr'))",
        "''.join(['rm', ' -rf', ' /'])",
        "chr(114) + 'm -rf /'",
        "''.join(chr(ord(c) - 1) for c in 'sn!.sg!0')",
        "'{} -rf {}'.format('rm', '/')",
        "'%s -rf /' % 'rm'",
        "f'{\"rm\"} -rf /'",
        "'rm -rf {p}'.format(p='/')",
        "'rm -rf /'[:]",
        "'/ fr- mr'[::-1]",
        "'xrm -rf /x'[1:-1]",
        "'rm -rf ' + str('/')",
        "bytes.fromhex('726d202d7266202f').decode()",
        "__import__('base64').b64decode('cm0gLXJmIC8=').decode()",
        "__import__('codecs').decode('ez -es /', 'rot13')",
        "'qm -qf /'.translate({113: 'r'})",
        "'qm -qf /'.translate(str.maketrans('q', 'r'))",
        "max(['rm -rf /'])",
        "next(iter(['rm -rf /']))",
        "dict(a='rm -rf /')['a']",
        "{'a': 'rm -rf /'}.get('a')",
        "['rm -rf /'].pop()",
        "('ls', 'rm -rf /')[1]",
        "('rm -rf /' if x else 'ls')",
        "(x or 'rm -rf /')",
        "__import__('urllib.parse').parse.unquote('rm%20-rf%20/')",
        "__import__('html').unescape('rm -rf &#47;')",
        "__import__('json').loads('\"rm -rf /\"')",
        "int('0') or 'rm -rf /'",
        "'rm\\x20-rf /'",
        "'rm -rf /'.encode().decode()",
        "''.join(map(lambda c: chr(c), [114, 109, 32, 45, 114, 102, 32, 47]))",
        "''.join([a for a, b in zip(['rm -rf', ' /'], [1, 2])])",
        "[c for i, c in enumerate(['rm -rf /'])][0]",
        "'rm -rf /'.removeprefix('a')",
        "__import__('textwrap').dedent('  rm -rf /')",
    ],
)
def test_the_result_is_known(expression: str, rules: Rules) -> None:
    assert "047" in rules(f"import os\nos.system({expression})")


@pytest.mark.parametrize(
    "expression",
    [
        "'x'.zfill(10**9)",
        "'x'.ljust(10**9)",
        "'x' * 10**9",
        "'%0999999999d' % 1",
        "'{:>999999999}'.format(1)",
        "range(10**12)",
        "9**9**9",
        "1 << 10**9",
        "'a'.replace('a', 'b' * 90000) * 9",
        "int('9' * 90000)",
        "','.join(['x' * 90000] * 90)",
        "bytes(10**9)",
        "list(range(10**9))",
    ],
)
def test_bombs_do_not_go_off(expression: str, rules: Rules) -> None:
    assert "009" not in rules(f"import os\nos.system({expression})")
