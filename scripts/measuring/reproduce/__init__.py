"""scripts/reproduce: the recipes, trained and measured on the test split.

A study is a row of RESULTS.md: most are a model trained with some seeds (row), the others do something of their own.
`rows` lists all of them, `tables` writes what they found.
"""
