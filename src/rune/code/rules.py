"""The findings that code can give rise to, one row each.

The severity says what the policy should do: critical and high are harmful flows (block), medium is a lone capability or something that
cannot be read (review), low is recorded.
"""

from __future__ import annotations

from dataclasses import dataclass

from rune.types import Category, Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of observation about code."""

    id: str
    severity: Severity
    summary: str
    remediation: str
    references: tuple[str, ...] = ()
    category: Category = Category.MALICIOUS_CODE


def _critical(number: int, summary: str, remediation: str, *references: str) -> Rule:
    return Rule(f"RUNE-CODE-{number:03}", Severity.CRITICAL, summary, remediation, references)


def _high(number: int, summary: str, remediation: str, *references: str) -> Rule:
    return Rule(f"RUNE-CODE-{number:03}", Severity.HIGH, summary, remediation, references)


def _medium(number: int, summary: str, remediation: str, *references: str) -> Rule:
    return Rule(f"RUNE-CODE-{number:03}", Severity.MEDIUM, summary, remediation, references)


def _low(number: int, summary: str, remediation: str, *references: str) -> Rule:
    return Rule(f"RUNE-CODE-{number:03}", Severity.LOW, summary, remediation, references)


_ASK = "Ask a person to read it before it runs."
_STOP = "Do not run it; find out which message asked for it."
_SMALLER = "Split the code into smaller parts, or raise the limit."
_STAY = "Keep to files below the work directory."

# Reading
NO_READER = _medium(1, "code in a language that cannot be read yet", _ASK)
NOT_PARSED = _medium(2, "code with a syntax error, so a part of it went unread", "Correct the syntax, or ask a person to read it.")
LIMIT = _medium(3, "code too large, too deeply nested or too slow to read to the end", _SMALLER, "CWE-400")
HIDDEN_TEXT = _medium(4, "code with characters that make it look different from what runs", "Remove the hidden characters.", "CWE-1007")
MISLABELED = _low(5, "code labeled as one language that is another", "Correct the label of the code block.")
INTERNAL = Rule("RUNE-CODE-009", Severity.MEDIUM, "the code analysis failed, so a part went unread", _ASK, (), Category.INTERNAL_ERROR)

# Code that comes from elsewhere
RUNS_DOWNLOAD = _critical(10, "runs code or commands received from the network", _STOP, "CWE-494", "OWASP-ASI05", "ATLAS-AML.T0011")
RUNS_DECODED = _high(11, "runs code or commands that were hidden in an encoding", _STOP, "CWE-506", "OWASP-ASI05")
RUNS_INPUT = _medium(12, "runs code that is put together at run time", "Call the function instead of building code.", "CWE-95")
DISGUISED_CALL = _high(13, "reaches a dangerous function by a hidden way", _STOP, "CWE-506")
HANDS_OVER = _medium(14, "hands a function that runs code or commands to other code", _ASK, "CWE-95")
DESERIALIZES = _medium(15, "loads objects in a format that can run code", "Use JSON.", "CWE-502")
GADGET = _high(16, "builds an object that runs a command when it is loaded", _STOP, "CWE-502")
NATIVE = _medium(17, "calls native code or patches memory", _ASK, "CWE-114")
TEXT_ACTS = _medium(18, "keeps code that acts on the machine in a text and evaluates it", "Call the function itself.", "CWE-95")

# Processes and privilege
UNKNOWN_COMMAND = _medium(20, "starts a command that is only known at run time", "Name the program and pass arguments as a list.", "CWE-78")
REVERSE_SHELL = _critical(21, "connects a shell to the network", _STOP, "CWE-506", "ATLAS-AML.T0050")
KILLS = _medium(22, "ends processes it did not start", _ASK)
KILLS_FOUND = _high(23, "looks for processes and ends them", _STOP)
EXHAUSTS = _high(24, "starts processes, threads or requests without end", _STOP, "CWE-400")
HOGS = _medium(25, "uses up memory or disk", _ASK, "CWE-400")
PRIVILEGE = _high(26, "gains or grants privileges", _STOP, "CWE-250")
ESCAPES = _high(27, "reaches around the container or into the kernel", _STOP, "CWE-653")
DEFENSES = _high(28, "switches off protection or wipes its traces", _STOP, "CWE-693")
ATTACK_TOOL = _high(29, "runs an attack tool", _STOP)
MINER = _critical(30, "mines a currency", _STOP)
SYSTEM_STATE = _medium(31, "changes services, accounts or the state of the machine", _ASK)
WATCHES = _medium(32, "records keys, screen, camera or clipboard", _ASK, "CWE-200")
REMOTE = _medium(33, "runs commands or copies files on another machine", _ASK)

# Files
READS_SECRET = _high(40, "reads credentials", "Pass the one key that is needed in the environment.", "CWE-522", "OWASP-LLM02")
READS_LOCAL_SECRET = _low(41, "reads a file of settings that may hold credentials", _ASK, "CWE-522")
READS_CONFIG = _medium(42, "reads files of the system", _STAY, "CWE-200")
WRITES_SYSTEM = _high(43, "writes to files of the system", _STAY, "CWE-732")
PERSISTS = _critical(44, "makes itself run again later", _STOP, "CWE-506", "ATLAS-AML.T0018")
WRITES_HOME = _medium(45, "writes to the files of the user", _STAY)
WRITES_OUTSIDE = _low(46, "writes outside the work directory", _STAY)
DESTROYS = _critical(47, "destroys files of the system or the user, or a disk", _STOP, "CWE-73")
DELETES_SYSTEM = _high(48, "deletes files of the system or the user", _STAY, "CWE-73")
DELETES_OUTSIDE = _medium(49, "deletes files it may not own", _STAY, "CWE-73")
LISTS_SYSTEM = _medium(50, "lists folders of the system or the user", _STAY, "CWE-548")
TRAVERSES = _medium(51, "leaves the work directory by `..`", _STAY, "CWE-22")
OPENS_SYSTEM = _high(52, "changes permissions or owners of files of the system", _STOP, "CWE-732")
WIDENS = _low(53, "makes files writable for everyone", "Grant the least that is needed.", "CWE-732")
WRITES_SECRET = _high(54, "overwrites credentials", _STOP, "CWE-732")
EMPTIES = _medium(55, "deletes everything in the work directory", _ASK, "CWE-73")

# Network and environment
SENDS_SECRET = _critical(60, "sends credentials over the network", _STOP, "CWE-200", "OWASP-LLM02", "ATLAS-AML.T0024")
SENDS_CONFIG = _high(61, "sends files of the system over the network", _STOP, "CWE-200")
SENDS_KEY = _high(62, "sends a key from the environment to a host that should not have it", _STOP, "CWE-522")
SENDS_KEY_UNCLEAR = _medium(63, "sends a key from the environment to a host that is only known at run time", _ASK, "CWE-522")
SENDS_FACTS = _medium(64, "sends facts about the machine, its files or its commands over the network", _ASK, "CWE-200")
SENDS_FACTS_ODD = _high(65, "sends facts about the machine to a drop site", _STOP, "CWE-200")
DROP_SITE = _medium(66, "talks to a host made for anonymous drops or tunnels", _ASK)
CLOUD_IDENTITY = _high(67, "asks the cloud for the machine's identity", _STOP, "CWE-918")
LISTENS = _medium(68, "accepts connections from the network", _ASK, "CWE-668")
SHOWS_ENVIRONMENT = _medium(69, "prints the environment, with every key in it", "Read the one variable that is needed.", "CWE-526")
SHOWS_KEY = _medium(70, "prints a key from the environment", "Do not print keys: the output goes to the agents.", "CWE-532")
PROBES = _medium(71, "scans, cracks, intercepts or forges", _ASK)
FLOODS = _medium(72, "sends requests in an endless loop", _ASK, "CWE-400")
