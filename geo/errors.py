"""Exceptions named for what failed. Every message says what to do next."""


class GeoError(Exception):
    """Base of all errors whose message is shown to users."""


class UnknownYear(GeoError):
    """No register covers the requested year."""


class UnknownColour(GeoError):
    """A colour mode is not one of those that looks.json describes and both engines draw."""

    def __init__(self, mode: str, known: tuple[str, ...]) -> None:
        super().__init__(f"{mode!r} is not a colour mode; those known are {', '.join(known)}.")


class UnknownKommune(GeoError):
    """A number or name is not a kommune in the requested year."""


class PackageInvalid(GeoError):
    """A data package cannot be used; the text lists every problem found."""


class DescriptorInvalid(PackageInvalid):
    """datapackage.json is missing, is not JSON, or lists no tables.

    `why` is "missing", "not_json" or "no_list"; `detail` holds the file name or parser message.
    """

    def __init__(self, why: str, text: str, detail: str = "") -> None:
        super().__init__(text)
        self.why, self.detail = why, detail


class BoundaryRefused(GeoError):
    """A boundary file does not match the register of its year."""


class EditionExists(GeoError):
    """A package with other content is already archived under this version."""

    def __init__(self, version: str, differing: list[str]) -> None:
        super().__init__(
            f"Version {version} was kept before, and these files differ: {', '.join(differing)}. "
            'Frozen links point at it, so it must not change: raise "version" in '
            "datapackage.json, then keep again."
        )


class OutputRefused(GeoError):
    """The public edition cannot be written to the requested location."""


class BuildFailed(GeoError):
    """The embedded boundaries could not be built from their source."""


class FetchFailed(GeoError):
    """Official data could not be fetched; the data in use are kept."""


class AnswerRefused(FetchFailed):
    """A service's response is not what was requested."""

    def __init__(self, address: str, why: str) -> None:
        super().__init__(
            f"{address} {why}. Nothing was replaced; the dashboard goes on with the data it has."
        )


class FetchedElsewhere(FetchFailed):
    """Another process is fetching into the same data directory."""


class FetchStopped(GeoError):
    """The user stopped a fetch; the data in use are kept."""


class LockDamaged(GeoError):
    """The lock file of fetched data cannot be read."""


class NothingToRestore(GeoError):
    """No earlier version of the fetched data exists."""


class SettingInvalid(GeoError):
    """An environment variable has an invalid value."""

    def __init__(self, name: str, value: str, expected: str) -> None:
        super().__init__(f"{name}={value!r} is not understood. Expected: {expected}.")


def without_path(error: Exception) -> str:
    """Return the error text without an OSError's full path, which users must not see."""
    return str(error.strerror) if isinstance(error, OSError) and error.strerror else str(error)
