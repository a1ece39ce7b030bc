"""What can stop a build or a publication, in words for whoever started it."""


class PublishError(Exception):
    """The publication cannot be made or moved; the sentence says why and what to do, Vietnamese first."""


class WishError(Exception):
    """A build was asked for a unit or a period that the programme does not have."""
