"""A made-up team that plays its sprints against the real tools.

`play` is the command, `options` what can be chosen of it, and `home` the data folder that it plays in. In
`invented` stands what is made up: the team, its work and its days, without any server. In `game` a client plays
it, call by call; `shown` tells what came of it.
"""
