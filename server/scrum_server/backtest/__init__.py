"""`scrum-mcp backtest`: how good the forecasts would have been, over past sprints of any team."""
