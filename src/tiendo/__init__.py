"""tiendo (tiến độ): the progress warehouse of a national programme. What happens to files, publications, reviews."""

__version__ = "0.6.0"
