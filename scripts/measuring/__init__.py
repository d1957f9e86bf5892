"""What scripts/benchmark and scripts/reproduce are made of: a package for each, and here what they share."""
