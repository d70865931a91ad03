"""The local transcript: append-only, hash-chained evidence of what was decided, and the means to read, prove and export it."""

from rune.transcript.database import default_path
from rune.transcript.export import export
from rune.transcript.head import Head
from rune.transcript.offline import is_export, verify_export
from rune.transcript.read import ConversationSummary, conversations, current_head, records
from rune.transcript.record import Record
from rune.transcript.store import Transcript
from rune.transcript.verify import verify
from rune.transcript.walk import Problem, Verification

__all__ = [
    "ConversationSummary",
    "Head",
    "Problem",
    "Record",
    "Transcript",
    "Verification",
    "conversations",
    "current_head",
    "default_path",
    "export",
    "is_export",
    "records",
    "verify",
    "verify_export",
]
