"""The tools as a server of the Model Context Protocol, read-only and without sessions.

Each request is answered by itself, so any worker or replica can take it. Imports the SDK: imported
at the first request.
"""

import json
import logging
from typing import Any

from anyio import to_thread
from mcp import types
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from geo.api.tools import TOOLS, Refused, Tool, ask, input_schema
from geo.base.cache import OWNER, cache_on
from geo.coverage.dataset import Dataset
from geo.settings import TOOL_VERSION
from geo.text.languages import COMMAND_LINE
from geo.text.messages import messages
from geo.versions import reload

LARGEST_REQUEST = 64 * 1024  # bytes; a question is a few hundred
_log = logging.getLogger(__name__)


async def serve(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request; refuse one from a page of another origin, and one that is too large."""
    host = Headers(scope=scope).get("host", "")
    own = [f"{scheme}://{host}" for scheme in ("http", "https")]
    manager = StreamableHTTPSessionManager(
        app=_server(reload.current()),
        json_response=True,
        stateless=True,
        security_settings=TransportSecuritySettings(allowed_hosts=[host], allowed_origins=own),
        max_request_body_size=LARGEST_REQUEST,
    )
    async with manager.run():
        await manager.handle_request(scope, receive, send)


@cache_on(OWNER)
def _server(dataset: Dataset) -> Server[dict[str, Any]]:
    t = dataset.messages(COMMAND_LINE)
    return Server(
        "naeringshagekart",
        title=t("common.name"),
        version=TOOL_VERSION,
        instructions=t("api.tools_instructions"),
        on_list_tools=_listed,
        on_call_tool=_called,
    )


async def _listed(_context: Any, _parameters: Any) -> types.ListToolsResult:
    dataset = reload.current()
    return types.ListToolsResult(tools=[_described(dataset, one) for one in TOOLS.values()])


def _described(dataset: Dataset, tool: Tool) -> types.Tool:
    hints = types.ToolAnnotations(
        read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
    )
    return types.Tool(
        name=tool.name,
        description=tool.about(dataset),
        input_schema=input_schema(dataset, tool),
        annotations=hints,
    )


async def _called(_context: Any, asked: types.CallToolRequestParams) -> types.CallToolResult:
    # Computing a new view takes a while and would block the event loop.
    return await to_thread.run_sync(_answered, asked.name, asked.arguments or {})


def _answered(name: str, given: dict[str, Any]) -> types.CallToolResult:
    t = messages(COMMAND_LINE)
    if name not in TOOLS:
        return _result({"detail": t("api.tool_unknown", names=", ".join(TOOLS))}, is_error=True)
    try:
        return _result(ask(reload.current(), TOOLS[name], given))
    except Refused as refused:
        return _result(dict(refused.details), is_error=True)
    except Exception:  # noqa: BLE001 - told without its insides, as in the API
        _log.exception("tool failed")
        return _result({"detail": t("api.broken_detail")}, is_error=True)


def _result(answer: dict[str, Any], *, is_error: bool = False) -> types.CallToolResult:
    text = types.TextContent(text=json.dumps(answer, ensure_ascii=False))
    return types.CallToolResult(content=[text], structured_content=answer, is_error=is_error)
