"""scripts/benchmark: this program beside its peers, on one machine.

What is measured (workloads, parts, sweep) by whom (contestants), in which order (rounds), what is kept of it (results,
unfinished), and the text that is written of that (figures, tables, chapters).
"""
