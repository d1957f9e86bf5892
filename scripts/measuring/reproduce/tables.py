"""RESULTS.md, from what RESULTS.json holds."""

HEAD = """# Results

Written by `scripts/reproduce`, which trains each row from its recipe and measures it on the test split: mean ±
standard deviation over the seeds 0, 1, 2 where there are three. Time is that of training one seed: its fastest epoch
times the number of epochs."""

COLUMNS = """| recipe | setting | published | ours | seeds | time |
|---|---|---|---|---|---|"""


def markdown(results, sections):
    """The text of RESULTS.md: `sections` are the studies by heading; those without a result are left out."""
    return "\n".join(lines_of(results, sections))


def lines_of(results, sections):
    yield HEAD
    for heading, studies in sections.items():
        done = [study for study in studies if study.name in results]
        if done:
            yield f"\n## {heading}\n"
            yield COLUMNS
            yield from (line_of(study, results[study.name]) for study in done)
    machines = sorted({result["machine"] for result in results.values()})
    yield f"\nMachine: {'; '.join(machines)}."


def line_of(study, result):
    ours = "<br>".join(f"{name}: {value}" for name, value in result["figures"].items())
    name = f"[{study.name}]({result['picture']})" if "picture" in result else study.name
    return (f"| {name} | {study.setting} | {study.published} | {ours} "
            f"| {result['seeds']} | {duration(result['seconds'])} |")


def duration(seconds):
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
