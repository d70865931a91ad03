"""How right: what is found, and what honest traffic is disturbed."""
