"""The scheduler: a loop that makes ceremonies due, and one that delivers them."""
