"""What can go wrong, named for what failed. Every message says what to do next."""


class GeoError(Exception):
    """Base of all errors that are shown to people."""


class UnknownYear(GeoError):
    """No register covers the year that was asked for."""


class UnknownKommune(GeoError):
    """A number or name is not a kommune in the year that was asked for."""


class PackageInvalid(GeoError):
    """A data package cannot be used; the text lists every problem found."""


class BoundaryRefused(GeoError):
    """A boundary file does not fit the register of its year."""


class BuildFailed(GeoError):
    """The embedded boundaries could not be made from their source."""
