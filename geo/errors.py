"""What can go wrong, named for what failed. Every message says what to do next."""


class GeoError(Exception):
    """Base of all errors that are shown to people."""


class UnknownYear(GeoError):
    """No register covers the year that was asked for."""


class UnknownColour(GeoError):
    """A colour mode is not one of those that looks.json describes and both engines draw."""

    def __init__(self, mode: str, known: tuple[str, ...]) -> None:
        super().__init__(f"{mode!r} is not a colour mode; those known are {', '.join(known)}.")


class UnknownKommune(GeoError):
    """A number or name is not a kommune in the year that was asked for."""


class PackageInvalid(GeoError):
    """A data package cannot be used; the text lists every problem found."""


class DescriptorInvalid(PackageInvalid):
    """datapackage.json is missing ("missing"), no JSON ("not_json") or lists no tables ("no_list").

    `why` is one of these, and `detail` what is known beside it.
    """

    def __init__(self, why: str, text: str, detail: str = "") -> None:
        super().__init__(text)
        self.why, self.detail = why, detail


class BoundaryRefused(GeoError):
    """A boundary file does not fit the register of its year."""


class EditionExists(GeoError):
    """Another package was kept under the same version before."""

    def __init__(self, version: str, differing: list[str]) -> None:
        super().__init__(
            f"Version {version} was kept before, and these files differ: {', '.join(differing)}. "
            'Frozen links point at it, so it must not change: raise "version" in '
            "datapackage.json, then keep again."
        )


class OutputRefused(GeoError):
    """The public edition cannot be written where it was told to be."""


class BuildFailed(GeoError):
    """The embedded boundaries could not be made from their source."""


class FetchFailed(GeoError):
    """Official data could not be fetched; what is in use stays."""


class AnswerRefused(FetchFailed):
    """A service sent something that cannot be what was asked for."""

    def __init__(self, address: str, why: str) -> None:
        super().__init__(
            f"{address} {why}. Nothing was replaced; the dashboard goes on with the data it has."
        )


class FetchedElsewhere(FetchFailed):
    """Another process is fetching into the same data directory."""


class FetchStopped(GeoError):
    """Whoever looks on stopped a fetch; what is in use stays."""


class LockDamaged(GeoError):
    """The lock file of fetched data cannot be read."""


class NothingToRestore(GeoError):
    """There is no earlier version of fetched data."""


class SettingInvalid(GeoError):
    """A setting in the environment has a value that means nothing."""

    def __init__(self, name: str, value: str, expected: str) -> None:
        super().__init__(f"{name}={value!r} is not understood. Expected: {expected}.")


def without_path(error: Exception) -> str:
    """Return what went wrong without the whole path that an OSError names: readers may see it."""
    return str(error.strerror) if isinstance(error, OSError) and error.strerror else str(error)
