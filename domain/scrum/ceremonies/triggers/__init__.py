"""Whether a ceremony is due, why it is not, and what comes next, decided from recorded facts alone."""
