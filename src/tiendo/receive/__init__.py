"""From a unit's door to rows in raw."""
