"""Human approval: what is asked, and who answers."""

from rune.review.request import RejectReviewer, Reviewer, ReviewRequest, ask_in_thread
from rune.review.terminal import TerminalReviewer

__all__ = ["RejectReviewer", "ReviewRequest", "Reviewer", "TerminalReviewer", "ask_in_thread"]
