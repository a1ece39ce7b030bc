"""Progress warehouse of a national programme: what happens to files, publications and reviews."""
