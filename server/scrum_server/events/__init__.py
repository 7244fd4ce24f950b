"""How events travel: a relay sends them, consumers handle them, and letters keep what could not be handled."""
