"""When ceremonies are due, what they are held on, and what came of them.

`policy` is what a team wants. `triggers` decide by it, from facts alone: in `crossing` what happens makes a ceremony
due, in `alarms` time does, and `course` takes both in their order. `usecases.evaluate_sprint` stores what they decide,
`delivering` makes the report of it out of `reports`, and `recording` keeps what people say of it.
"""
