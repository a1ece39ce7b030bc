"""Explanations and review packs."""
