"""How fast, beside what: the figures of the README, measured by `make bench`."""
