"""Known holes in what is pinned, faults that a scanner sees in our code, and the list of all that is pinned."""
