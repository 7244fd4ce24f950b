"""What a simulation says and draws: on the terminal, as JSON and as SVG."""
