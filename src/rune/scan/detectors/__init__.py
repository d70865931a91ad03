"""Checks that no pattern over normalized text can express."""
