"""The message by which a reader tells of a fault, prefilled with what was seen."""

import re
from urllib.parse import quote

from geo import settings
from geo.errors import SettingInvalid
from geo.text.messages import messages

_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
# Lines of a message end so in an address of mailto: (RFC 6068).
_LINE = "\r\n"


def contact() -> str:
    """Return the mail address that faults are told to; "" if the settings name none.

    Raises SettingInvalid if GEO_CONTACT is no such address.
    """
    address = settings.CONTACT
    if address and not _ADDRESS.fullmatch(address):
        raise SettingInvalid("GEO_CONTACT", address, "a mail address, such as kart@example.no")
    return address


def message(about: str, link: str, version: str, language: str) -> str:
    """Return a mailto: address about a page, with its address and data version; "" without contact.

    Raises SettingInvalid.
    """
    to = contact()
    if not to:
        return ""
    t = messages(language)
    subject = t("corrections.mail_subject", name=t("common.name"), about=about)
    body = t("corrections.mail_body", link=link, version=version).replace("\n", _LINE)
    subject, body = quote(subject, safe=""), quote(body, safe="")
    return f"mailto:{quote(to, safe='@')}?subject={subject}&body={body}"
