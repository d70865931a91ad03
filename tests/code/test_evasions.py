"""Ways to say one harmful thing, the deletion of everything, so that a reader of patterns does not see it."""

from __future__ import annotations

import pytest

from rune.code import analyze

DESTROYS = "RUNE-CODE-047"

PYTHON = [
    ("getattr with a joined name", "import os\ngetattr(os, 'sys' + 'tem')('rm -rf /')"),
    ("getattr with a reversed name", "import os\ngetattr(os, 'metsys'[::-1])('rm -rf /')"),
    ("getattr with a formatted name", "import os\ngetattr(os, '{}{}'.format('sys', 'tem'))('rm -rf /')"),
    ("getattr with a percent name", "import os\ngetattr(os, '%s%s' % ('sys', 'tem'))('rm -rf /')"),
    ("getattr with characters", "import os\ngetattr(os, ''.join(chr(c) for c in [115, 121, 115, 116, 101, 109]))('rm -rf /')"),
    ("getattr with mapped characters", "import os\ngetattr(os, ''.join(map(chr, [115, 121, 115, 116, 101, 109])))('rm -rf /')"),
    ("getattr with a replaced name", "import os\ngetattr(os, 'sXstem'.replace('X', 'y'))('rm -rf /')"),
    ("getattr with a translated name", "import os\ngetattr(os, 'abacde'.translate(str.maketrans('abcde', 'sytem')))('rm -rf /')"),
    ("getattr with rot13", "import os, codecs\ngetattr(os, codecs.decode('flfgrz', 'rot13'))('rm -rf /')"),
    ("getattr with bytes", "import os\ngetattr(os, bytes([115, 121, 115, 116, 101, 109]).decode())('rm -rf /')"),
    ("getattr with hex", "import os\ngetattr(os, bytes.fromhex('73797374656d').decode())('rm -rf /')"),
    ("getattr with xor", "import os\nn = ''.join(chr(c ^ 7) for c in [116, 126, 116, 115, 98, 106])\ngetattr(os, n)('rm -rf /')"),
    ("import by function", "__import__('os').system('rm -rf /')"),
    ("import of a joined name", "__import__('o' + 's').system('rm -rf /')"),
    ("importlib", "import importlib\nimportlib.import_module('os').system('rm -rf /')"),
    ("import under another name", "from os import system as print_report\nprint_report('rm -rf /')"),
    ("posix instead of os", "import posix\nposix.system('rm -rf /')"),
    ("through another module", "import shutil\nshutil.os.system('rm -rf /')"),
    ("through sys.modules", "import sys, os\nsys.modules['os'].system('rm -rf /')"),
    ("through sys.modules.get", "import sys, os\nsys.modules.get('os').system('rm -rf /')"),
    ("through the builtins dictionary", "__builtins__.__dict__['__import__']('os').system('rm -rf /')"),
    ("through vars", "import os\nvars(os)['system']('rm -rf /')"),
    ("through the module dictionary", "import os\nos.__dict__['sys' 'tem']('rm -rf /')"),
    ("through globals", "import os\nglobals()['os'].system('rm -rf /')"),
    ("through builtins in globals", "globals()['__builtins__'].eval(\"__import__('os').system('rm -rf /')\")"),
    ("through function globals", "import logging\nlogging.info.__globals__['os'].system('rm -rf /')"),
    ("__getattribute__", "import os\nos.__getattribute__('system')('rm -rf /')"),
    ("attrgetter", "import operator, os\noperator.attrgetter('system')(os)('rm -rf /')"),
    ("methodcaller", "import operator, os\noperator.methodcaller('system', 'rm -rf /')(os)"),
    ("alias of exec", "run = exec\nrun(\"import os; os.system('rm -rf /')\")"),
    ("exec of base64", "import base64\nexec(base64.b64decode('aW1wb3J0IG9zOyBvcy5zeXN0ZW0oJ3JtIC1yZiAvJyk='))"),
    (
        "exec of compressed base64",
        ("import base64, zlib\n"
        "exec(zlib.decompress(base64.b64decode('eJzLzC3ILypRyC+2BmK94sriktRcDfWiXAXdojQFfXVNAMCwCqA=')))"),
    ),
    ("exec of hex", "exec(bytes.fromhex('696d706f7274206f733b206f732e73797374656d2827726d202d7266202f2729').decode())"),
    ("exec of reversed text", "exec(\")'/ fr- mr'(metsys.so ;so tropmi\"[::-1])"),
    ("exec of a compiled text", "exec(compile(\"import os; os.system('rm -rf /')\", 'x', 'exec'))"),
    ("eval in eval", "eval('eval(\"__import__(\\'os\\').system(\\'rm -rf /\\')\")')"),
    ("map over os.system", "import os\nlist(map(os.system, ['rm -rf /']))"),
    ("comprehension over functions", "import os\n[f('rm -rf /') for f in [os.system]]"),
    ("a dictionary of functions", "import os\nactions = {'clean': os.system}\nactions['clean']('rm -rf /')"),
    ("a list of functions", "import os\nsteps = [print, os.system]\nsteps[1]('rm -rf /')"),
    ("partial", "import functools, os\nfunctools.partial(os.system, 'rm -rf /')()"),
    ("lambda", "import os\n(lambda c: os.system(c))('rm -rf /')"),
    ("default argument", "import os\ndef tidy(run=os.system, what='rm -rf /'):\n    run(what)\ntidy()"),
    ("decorator", "import os\n@os.system\ndef f(): pass\n@lambda f: os.system('rm -rf /')\ndef g(): pass"),
    (
        "method",
        ("import os\nclass Job:\n    def __init__(self, c):\n"
        "        self.c = c\n    def go(self):\n        os.system(self.c)\nJob('rm -rf /').go()"),
    ),
    ("inherited method", "import os\nclass A:\n    def go(self, c):\n        os.system(c)\nclass B(A):\n    pass\nB().go('rm -rf /')"),
    ("special method", "import os\nclass A:\n    def __getitem__(self, c):\n        os.system(c)\nA()['rm -rf /']"),
    ("walrus", "import os\nif (c := 'rm -rf /'):\n    os.system(c)"),
    ("split command", "import subprocess\nsubprocess.run('rm -rf /'.split())"),
    ("list built up", "import subprocess\nargs = ['rm']\nargs.append('-rf')\nargs += ['/']\nsubprocess.run(args)"),
    ("string built up", "import os\nc = ''\nfor part in ['rm ', '-rf ', '/']:\n    c += part\nos.system(c)"),
    ("thread", "import os, threading\nthreading.Thread(target=os.system, args=('rm -rf /',)).start()"),
    ("atexit", "import os, atexit\natexit.register(os.system, 'rm -rf /')"),
    ("executor", "import os\nfrom concurrent.futures import ThreadPoolExecutor\nThreadPoolExecutor().submit(os.system, 'rm -rf /')"),
    ("setattr", "import os\nclass A: pass\na = A()\nsetattr(a, 'f', os.system)\na.f('rm -rf /')"),
    ("star import", "from os import *\nsystem('rm -rf /')"),
    ("homoglyph identifier", "import os\nos.\U0001d600\U0001d606\U0001d600\U0001d601\U0001d5f2\U0001d5fa('rm -rf /')"),
    ("nested quoting into a shell in a shell", "import os\nos.system(\"bash -c 'sh -c \\\"rm -rf /\\\"'\")"),
    ("a shell that starts Python", "import os\nos.system('python3 -c \"import shutil; shutil.rmtree(chr(47))\"')"),
    ("written, then run", "open('go.sh', 'w').write('rm -rf /')\nimport os\nos.system('sh go.sh')"),
    ("written, then imported and read back", "open('x.txt', 'w').write('rm -rf /')\nimport os\nos.system(open('x.txt').read())"),
    ("generator", "import os\ndef parts():\n    yield 'rm -rf /'\nfor c in parts():\n    os.system(c)"),
    ("reduce", "import os, functools\nos.system(functools.reduce(lambda a, b: a + b, ['rm', ' -rf', ' /']))"),
    ("swapped case", "import os\nos.system('RM -RF /'.swapcase())"),
    ("global changed between calls", "import os\nc = 'ls'\ndef go():\n    os.system(c)\ngo()\nc = 'rm -rf /'\ngo()"),
    ("many harmless calls before", "import os\ndef go(c):\n    os.system(c)\n" + "go('ls')\ngo('ls -l')\n" * 20 + "go('rm -rf /')"),
    ("behind a condition", "import os\nc = 'ls'\nif len(c) > 100:\n    pass\nelse:\n    c = 'rm -rf /'\nos.system(c)"),
    ("in an exception handler", "import os\ntry:\n    1 / 0\nexcept Exception:\n    os.system('rm -rf /')"),
    ("notebook shell line", "!rm -rf /"),
    ("notebook cell magic", "%%bash\nrm -rf /"),
    ("notebook line with a variable", "target = '/'\n!rm -rf {target}"),
    ("indented source", "    import os\n    os.system('rm -rf /')"),
    ("Python 2", "import os\nprint 'cleaning'\nos.system('rm -rf /')"),
    ("syntax error after the payload", "import os\nos.system('rm -rf /')\nthis is not python ("),
    ("rmtree of a root found out", "import shutil, os\nshutil.rmtree(os.path.abspath(os.sep))"),
    ("pathlib root", "import shutil\nfrom pathlib import Path\nshutil.rmtree(Path.home())"),
    ("carriage return hides a line", "# tidy\rimport os\ros.system('rm -rf /')"),
]  # fmt: skip

SHELL = [
    ("empty quotes", "r''m -r\"\"f /"),
    ("backslashes", "\\r\\m -rf /"),
    ("variable", "c=rm; $c -rf /"),
    ("variables joined", "a=r; b=m; $a$b -rf /"),
    ("variable with all words", "c='rm -rf /'; $c"),
    ("IFS", "rm${IFS}-rf${IFS}/"),
    ("own IFS", "IFS=,; c=rm,-rf,/; $c"),
    ("empty variable inside", "r${nothing}m -rf /"),
    ("positional parameter inside", "r$@m -rf /"),
    ("command substitution", "$(echo rm) -rf /"),
    ("backticks", "`echo rm` -rf /"),
    ("printf octal", "$(printf '\\162\\155') -rf /"),
    ("printf hex", "$(printf '\\x72\\x6d') -rf /"),
    ("echo -e", "$(echo -e '\\x72\\x6d') -rf /"),
    ("ANSI-C quoting", "$'\\x72\\x6d' -rf /"),
    ("ANSI-C octal", "$'\\162\\155' -rf /"),
    ("braces", "{rm,-rf,/}"),
    ("full path", "/bin/rm -rf /"),
    ("wildcard path", "/bin/r? -rf /"),
    ("substring", "x=xrmx; ${x:1:2} -rf /"),
    ("replacement", "x=rXm; ${x//X/} -rf /"),
    ("prefix removal", "x=xxrm; ${x#xx} -rf /"),
    ("lower case", "x=RM; ${x,,} -rf /"),
    ("indirection", "a=rm; b=a; ${!b} -rf /"),
    ("array", 'c=(rm -rf /); "${c[@]}"'),
    ("function argument", "f() { $1 -rf $2; }; f rm /"),
    ("alias", "alias tidy='rm -rf /'; tidy"),
    ("eval", 'eval "rm -rf /"'),
    ("eval of parts", "a='rm -rf'; eval $a /"),
    ("base64 to sh", "echo cm0gLXJmIC8= | base64 -d | sh"),
    ("base64 in a substitution", "$(echo cm0gLXJmIC8= | base64 --decode)"),
    ("hex to sh", "echo 726d202d7266202f | xxd -r -p | bash"),
    ("reversed", "echo '/ fr- mr' | rev | sh"),
    ("rot13", "echo 'ez -es /' | tr a-z n-za-m | sh"),
    ("here-string", "sh <<< 'rm -rf /'"),
    ("here-document", "bash <<EOF\nrm -rf /\nEOF"),
    ("here-document through cat", "cat <<EOF | sh\nrm -rf /\nEOF"),
    ("bash -c", "bash -c 'rm -rf /'"),
    ("bash with joined options", "bash -lc 'rm -rf /'"),
    ("env", "env -i X=1 rm -rf /"),
    ("env -S", "env -S 'rm -rf /'"),
    ("nohup and nice", "nohup nice -n 5 rm -rf / &"),
    ("sudo", "sudo -u root rm -rf /"),
    ("timeout", "timeout 10 rm -rf /"),
    ("busybox", "busybox rm -rf /"),
    ("command builtin", "command rm -rf /"),
    ("exec", "exec rm -rf /"),
    ("xargs", "echo / | xargs rm -rf"),
    ("xargs with a mark", "echo / | xargs -I{} rm -rf {}"),
    ("find -delete", "find / -delete"),
    ("find -exec", "find / -exec rm -rf {} +"),
    ("written, then run", "echo 'rm -rf /' > x.sh; chmod +x x.sh; ./x.sh"),
    ("written, then sourced", "echo 'rm -rf /' > x; . ./x"),
    ("trap", "trap 'rm -rf /' EXIT"),
    ("python", "python3 -c 'import shutil; shutil.rmtree(\"/\")'"),
    ("python from a here-document", "python3 - <<'EOF'\nimport shutil\nshutil.rmtree('/')\nEOF"),
    ("long option", "rm --recursive --force /"),
    ("end of options", "rm -rf -- /"),
    ("doubled slash", "rm -rf //"),
    ("dot path", "rm -rf /./"),
    ("parent path", "rm -rf /tmp/.."),
    ("glob of the root", "rm -rf /*"),
    ("home variable", "rm -rf $HOME"),
    ("home", "rm -rf ~/"),
    ("continued line", "rm \\\n-rf \\\n/"),
    ("case statement", "case x in *) rm -rf /;; esac"),
    ("loop over words", "for w in / ; do rm -rf $w; done"),
    ("read", "echo / | while read d; do rm -rf $d; done"),
    ("function never called", "tidy() { rm -rf /; }"),
    ("windows line ends", "ls\r\nrm -rf /\r\n"),
    ("after a syntax error", "rm -rf /\nif ["),
]  # fmt: skip


def cases(language: str, rows: list[tuple[str, str]]) -> list[object]:
    return [pytest.param(language, source, id=f"{language}: {name}") for name, source in rows]


@pytest.mark.parametrize(("language", "source"), [*cases("python", PYTHON), *cases("bash", SHELL)])
def test_no_disguise_hides_the_deletion(language: str, source: str) -> None:
    report = analyze(source, language)
    assert DESTROYS in {finding.rule for finding in report.findings}


def tamed(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the rows whose words are not encoded, with something harmless in place of the deletion."""
    return [(name, source.replace("rm -rf /", "ls -la a")) for name, source in rows if "rm -rf /" in source]


@pytest.mark.parametrize(("language", "source"), [*cases("python", tamed(PYTHON)), *cases("bash", tamed(SHELL))])
def test_the_same_disguise_of_something_harmless_destroys_nothing(language: str, source: str) -> None:
    report = analyze(source, language)
    assert DESTROYS not in {finding.rule for finding in report.findings}
