"""What can stop a question to the warehouse, in words for whoever asked."""


class ReviewError(Exception):
    """What was asked for is not there; the sentence names what is, Vietnamese first."""
