"""What a team wants of its ceremonies: how it is spelled, what holds of it for each, and what a change starts over."""
