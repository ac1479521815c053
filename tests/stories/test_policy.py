"""What the content policy lets through is what Streamlit needs, and not more."""

import re

import pytest
from playwright.sync_api import Route

from geo.webmap import policy
from tests import chromium
from tests.stories.conftest import DESKTOP, reader_of

POLICY = "content-security-policy"
PAGE, COMPONENT = re.compile(r"/\?fylke=16$"), re.compile("/component/.*html")


def without(allowed: policy.Allowed, route: Route) -> None:
    """Answer with what the server answers, but for one source of its policy."""
    answer = route.fetch()
    headers = answer.headers
    headers[POLICY] = tightened(headers[POLICY], allowed)
    route.fulfill(response=answer, headers=headers)


def tightened(text: str, allowed: policy.Allowed) -> str:
    before = [part.split() for part in text.split(";")]
    after = [
        [one for one in part if part[0] != allowed.directive or one != allowed.source]
        for part in before
    ]
    assert after != before
    return "; ".join(" ".join(part) for part in after)


@pytest.fixture(scope="module")
def lenient(browser):
    """A browser that does not take a page whose header a test changed for one from elsewhere."""
    flags = [*chromium.FLAGS, "--disable-features=LocalNetworkAccessChecks"]
    started = browser.browser_type.launch(executable_path=chromium.find(), args=flags)
    yield started
    started.close()


@pytest.mark.parametrize("allowed", policy.PAGE + policy.COMPONENT, ids=lambda one: one.why)
def test_no_exception_is_made_that_is_not_needed(lenient, server, allowed):
    reader = reader_of(lenient, server, DESKTOP)
    where = COMPONENT if allowed in policy.COMPONENT else PAGE
    reader.page.route(where, lambda route: without(allowed, route))
    reader.page.goto(f"{server}/?fylke=16")
    reader.hears(lambda error: allowed.directive in error)
    reader.page.context.close()


def test_a_script_that_gets_into_the_page_does_not_run(reader):
    page = reader.open("/metode")
    script = "<img src=x onerror=\"document.title='ran'\">"
    page.locator("h1").first.evaluate("(h1, html) => { h1.innerHTML = html }", script)
    reader.hears(lambda error: "onerror" in error or "inline event handler" in error)
    assert page.title() != "ran"
    reader.errors.clear()
