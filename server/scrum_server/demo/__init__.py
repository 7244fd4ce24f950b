"""`scrum-mcp demo`: a simulation with a sample project, told step by step."""
