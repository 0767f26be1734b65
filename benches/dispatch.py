"""Dispatch problems for the planner of the explanation sessions, and OR-Tools CP-SAT on the same files: dispatch.py FILE SECONDS

The problems are invented and the same in every run: four weeks, six towns along the island, people with half or whole days at work,
each request with three wishes. CP-SAT (PyPI ortools) is used here alone; without it its rows are left out.
"""

import itertools
import json
import random
import sys
import time

KM = (0, 15.5, 34.5, 47.0, 66.0, 82.0)
SESSION, BEFORE, AFTER, NEEDED = 90, 15, 15, 2
STARTS = range(570, 961, 30)


def problem(seed, requests, staff):
    """A problem of so many requests and people, as `kyodo outreach plan` reads it."""
    chance = random.Random(seed)
    weekdays = [day for day in range(28) if day % 7 < 5]
    windows = [(510, 1050), (510, 1050), (510, 780), (750, 1050)]
    travel = [[round((25 if one != other else 0) + 1.25 * abs(KM[one] - KM[other])) for other in range(6)] for one in range(6)]
    return {
        "towns": [f"T{town + 1}" for town in range(6)],
        "travel": travel,
        "days": 28,
        "weeks": 4,
        "session": SESSION,
        "setup": BEFORE,
        "teardown": AFTER,
        "staff_per_session": NEEDED,
        "max_per_day": 2,
        "max_per_week": 7,
        "staff": [
            {
                "id": person,
                "base": chance.randrange(4),
                "windows": {str(day): chance.choice(windows) for day in weekdays if chance.random() < 0.6},
            }
            for person in range(staff)
        ],
        "requests": [
            {
                "id": number,
                "town": chance.randrange(6),
                "slots": [[chance.choice(weekdays), chance.choice(STARTS)] for _ in range(3)],
            }
            for number in range(requests)
        ],
    }


def cpsat(problem, seconds):
    """What CP-SAT reaches: served, sum of ranks, sum of squares; first the first two together, in the rest of the time the last."""
    from ortools.sat.python import cp_model

    began = time.monotonic()
    model = cp_model.CpModel()
    people = range(len(problem["staff"]))
    taken, gone, wishes = {}, {}, []
    for number, request in enumerate(problem["requests"]):
        for rank, (day, start) in enumerate(request["slots"]):
            able = [person for person in people if fits(problem, person, request["town"], day, start)]
            if len(able) < problem["staff_per_session"]:
                continue
            wish = (number, rank, day, start, request["town"])
            wishes.append(wish)
            taken[wish] = model.new_bool_var("")
            for person in able:
                gone[wish, person] = model.new_bool_var("")
            model.add(sum(gone[wish, person] for person in able) == problem["staff_per_session"] * taken[wish])
    for number in range(len(problem["requests"])):
        model.add_at_most_one(taken[wish] for wish in wishes if wish[0] == number)
    for person in people:
        own = [wish for wish in wishes if (wish, person) in gone]
        for one, other in itertools.combinations(own, 2):
            if one[2] == other[2] and one[0] != other[0] and clash(problem, one, other):
                model.add_at_most_one(gone[one, person], gone[other, person])
        for key, most in ((lambda wish: wish[2], "max_per_day"), (lambda wish: ("week", wish[2] // 7), "max_per_week")):
            for group in {key(wish) for wish in own}:
                model.add(sum(gone[wish, person] for wish in own if key(wish) == group) <= problem[most])
    served = sum(taken.values())
    ranks = sum(wish[1] * one for wish, one in taken.items())
    unit = 1 + 2 * len(problem["requests"])
    model.maximize(served * unit - ranks)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(model)
    worth = round(solver.objective_value)
    first = (-(-worth // unit), -worth % unit)
    is_proven = status == cp_model.OPTIMAL
    for variable in [*taken.values(), *gone.values()]:
        model.add_hint(variable, solver.value(variable))
    loads = [[variable for (wish, one), variable in gone.items() if one == person] for person in people]
    squares = sum(sum(solver.value(variable) for variable in load) ** 2 for load in loads)
    left = seconds - (time.monotonic() - began)
    if is_proven and left > 0:
        model.add(served * unit - ranks >= worth)
        parts = []
        for load in loads:
            count, square = model.new_int_var(0, len(load), ""), model.new_int_var(0, len(load) ** 2, "")
            model.add(count == sum(load))
            model.add_multiplication_equality(square, [count, count])
            parts.append(square)
        model.minimize(sum(parts))
        solver.parameters.max_time_in_seconds = left
        if solver.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            squares = min(squares, round(solver.objective_value))
    return (*first, squares), is_proven, time.monotonic() - began


def fits(problem, person, town, day, start):
    own = problem["staff"][person]
    there, back = problem["travel"][own["base"]][town], problem["travel"][town][own["base"]]
    window = own["windows"].get(str(day))
    first, last = start - problem["setup"] - there, start + problem["session"] + problem["teardown"] + back
    return window is not None and window[0] <= first and last <= window[1]


def clash(problem, one, other):
    first, then = sorted((one, other), key=lambda wish: wish[3])
    between = problem["teardown"] + problem["travel"][first[4]][then[4]] + problem["setup"]
    return then[3] < first[3] + problem["session"] + between


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        print(cpsat(json.load(file), float(sys.argv[2])))
