"""Programs that run in environments of their own and import nothing from here; `scorers/worker.py` describes what they speak."""
