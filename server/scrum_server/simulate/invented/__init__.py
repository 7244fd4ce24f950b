"""What is made up of a simulation, from a seed: the team at work, its past, its backlog and its days."""
