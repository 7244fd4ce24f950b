"""Plans, forecasts, and why a sprint was planned as it was."""
