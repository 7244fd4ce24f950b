"""Reports: what a ceremony is held on, what happened, and what was agreed."""
