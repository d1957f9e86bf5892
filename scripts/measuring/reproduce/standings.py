"""Detectors beside each other on many tables: the mean of their figures, and the mean of their ranks."""

import statistics


def means_of(results):
    """`results` are figures by table and detector. The mean over the tables by detector."""
    return {name: statistics.mean(table[name] for table in results.values()) for name in detectors_in(results)}


def mean_ranks(results):
    """1 is best; those with the same figure share the mean of their ranks."""
    names = detectors_in(results)
    ranks = [ranks_of({name: table[name] for name in names}) for table in results.values()]
    return {name: statistics.mean(each[name] for each in ranks) for name in names}


def ranks_of(figures):
    values = list(figures.values())
    return {name: 1 + sum(other > value for other in values) + (values.count(value) - 1) / 2
            for name, value in figures.items()}


def detectors_in(results):
    """Those with a figure for every table."""
    tables = list(results.values())
    return [name for name in tables[0] if all(name in table for table in tables)] if tables else []


def markdown(title, results):
    """A table with a line for each of the tables and two for their means; figures are in percent. The best is bold."""
    return "\n".join(lines_of(title, results))


def lines_of(title, results):
    names = detectors_in(results)
    yield f"## {title}\n"
    yield f"| table | {' | '.join(names)} |"
    yield f"|---|{'---|' * len(names)}"
    for table, figures in results.items():
        yield line_of(table, {name: figures[name] for name in names}, max)
    yield line_of("**mean**", means_of(results), max)
    yield line_of("**mean rank**", mean_ranks(results), min, 2)


def line_of(title, figures, best_of, digits=1):
    best = best_of(figures.values(), default=None)
    cells = [f"**{value:.{digits}f}**" if value == best else f"{value:.{digits}f}" for value in figures.values()]
    return f"| {title} | {' | '.join(cells)} |"
