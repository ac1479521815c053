"""Downloads data sets from Geonorge: from a fixed address, or by an order that takes a while.

The order API is described at https://nedlasting.geonorge.no/help; open data need no login.
"""

import time
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from geo.errors import AnswerRefused, FetchFailed
from geo.fetch.official_maps import OfficialMap
from geo.fetch.transfer import allowed_hosts
from geo.fetch.transfer.delivery import Delivery
from geo.fetch.transfer.transport import ZIP, HttpAnswer, Transport, Wanted
from geo.fetch.transfer.unpacking import members
from geo.official.services import KARTVERKET

API = f"{KARTVERKET.base}/api"
ENDINGS = (".geojson", ".json", ".gml")
PROJECTIONS = ("25833", "4258")  # in order of preference, like FORMATS
FORMATS = ("geojson", "gml")
WHOLE_COUNTRY = "0000"
READY = "ReadyForDownload"
MOST_BYTES = 300_000_000
MOST_POLLS = 12


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, coerce_numbers_to_str=True)


class _Format(_Answer):
    name: str


class _Projection(_Answer):
    code: str
    formats: tuple[_Format, ...] = ()


class _Area(_Answer):
    code: str
    type: str = ""
    name: str = ""
    projections: tuple[_Projection, ...] = ()


class _Projections(_Answer):
    items: tuple[_Projection, ...]


class _Formats(_Answer):
    items: tuple[_Format, ...]


class _Areas(_Answer):
    items: tuple[_Area, ...]


class _Capabilities(_Answer):
    selects_projection: bool = Field(True, alias="supportsProjectionSelection")
    selects_format: bool = Field(True, alias="supportsFormatSelection")


class _File(_Answer):
    address: str = Field("", alias="downloadUrl")
    status: str = READY


class _Receipt(_Answer):
    reference: str = Field(alias="referenceNumber", pattern=r"^[0-9A-Za-z-]+$")
    files: tuple[_File, ...] = ()

    @property
    def ready(self) -> str:
        """The address of the first file ready for download; "" while there is none."""
        return next((f.address for f in self.files if f.address and f.status == READY), "")


_Model = TypeVar("_Model", bound=_Answer)


def fixed(transport: Transport, product: OfficialMap) -> Delivery:
    """Return the files of a zip with a fixed address.

    Raises FetchFailed if it cannot be downloaded, AnswerRefused if it is not acceptable.
    """
    answer = _zip(transport, product, product.key)
    return Delivery(members(answer.content, product.key, ENDINGS), (answer.origin,))


def ordered(transport: Transport, product: OfficialMap) -> Delivery:
    """Order a data set for the whole country, wait for it, and return its files.

    Raises FetchFailed if it is not ready in time, AnswerRefused if it is not acceptable.
    """
    body = {"email": "", "orderLines": [_order_line(transport, product)]}
    wanted = Wanted(product.service, f"{API}/order", body=body, label=product.title)
    answer = transport.get(wanted)
    receipt = _as(_Receipt, answer)
    address = receipt.ready or _wait(transport, product, receipt.reference)
    allowed_hosts.require(product.service, address, wanted.address)
    zipped = _zip(transport, product, address)
    return Delivery(members(zipped.content, address, ENDINGS), (answer.origin, zipped.origin))


def _order_line(transport: Transport, product: OfficialMap) -> dict[str, Any]:
    can = _as(_Capabilities, _asked(transport, product, "capabilities"))
    areas = _as(_Areas, answer := _asked(transport, product, "codelists/area"), in_list=True).items
    country = next((area for area in areas if area.code == WHOLE_COUNTRY), None)
    if country is None:
        raise AnswerRefused(answer.origin.address, f"does not offer {product.title} for all Norway")
    line: dict[str, Any] = {
        "metadataUuid": product.key,
        "areas": [{"code": country.code, "type": country.type, "name": country.name}],
    }
    projection, form = _choice(transport, product, country)
    if can.selects_projection:
        line["projections"] = [{"code": projection}]
    if can.selects_format:
        line["formats"] = [{"name": form}]
    return line


def _choice(transport: Transport, product: OfficialMap, country: _Area) -> tuple[str, str]:
    """Return the projection and format to order, preferably GeoJSON in EPSG:25833."""
    projections = country.projections
    if not projections:
        answer = _asked(transport, product, "codelists/projection")
        projections = _as(_Projections, answer, in_list=True).items
    if not any(projection.formats for projection in projections):
        answer = _asked(transport, product, "codelists/format")
        formats = _as(_Formats, answer, in_list=True).items
        projections = tuple(_Projection(code=p.code, formats=formats) for p in projections)
    for form in FORMATS:
        for code in PROJECTIONS:
            for projection in projections:
                for offered in projection.formats:
                    # Names vary: "GML 3.2.1", "GeoJSON ".
                    if projection.code == code and offered.name.lower().startswith(form):
                        return code, offered.name
    raise AnswerRefused(
        f"{API}/codelists/format/{product.key}",
        f"offers {product.title} neither as GeoJSON nor as GML in {' or '.join(PROJECTIONS)}",
    )


def _wait(transport: Transport, product: OfficialMap, reference: str) -> str:
    """Poll with growing intervals until the ordered file is ready; return its address."""
    patience = transport.patience
    for n in range(MOST_POLLS):
        time.sleep(min(patience.first_pause * 2**n, patience.longest_pause))
        wanted = Wanted(product.service, f"{API}/order/{reference}", label=product.title)
        address = _as(_Receipt, transport.get(wanted)).ready
        if address:
            return address
    raise FetchFailed(
        f"{product.title}: Geonorge has not made the ordered file ready (order {reference}). "
        "Try again later. Nothing was replaced; the dashboard goes on with the data it has."
    )


def _asked(transport: Transport, product: OfficialMap, what: str) -> HttpAnswer:
    return transport.get(
        Wanted(product.service, f"{API}/{what}/{product.key}", label=product.title)
    )


def _zip(transport: Transport, product: OfficialMap, address: str) -> HttpAnswer:
    return transport.get(
        Wanted(product.service, address, ZIP, limit=MOST_BYTES, label=product.title)
    )


def _as(model: type[_Model], answer: HttpAnswer, *, in_list: bool = False) -> _Model:
    """Return a response in its documented form. Raises AnswerRefused if it has another."""
    content = answer.json()
    try:
        return model.model_validate({"items": content} if in_list else content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "its beginning"
        raise AnswerRefused(
            answer.origin.address, f"is not what the service documents, at {where}: {first['msg']}"
        ) from error
