"""From marts to a numbered publication, and back."""
