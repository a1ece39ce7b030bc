"""Explanations, review packs and the handbook."""

from tiendo.review.handbook import write_handbook

__all__ = ["write_handbook"]
