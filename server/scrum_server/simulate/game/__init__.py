"""How a simulation is played: as calls of an MCP client, on the clock of the made-up team."""
