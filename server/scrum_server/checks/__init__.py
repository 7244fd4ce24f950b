"""What `scrum-mcp doctor` looks at. Looking starts nothing and changes nothing."""
