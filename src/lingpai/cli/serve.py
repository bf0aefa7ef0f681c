"""`lingpai serve`: the server, for real."""

from pathlib import Path
from typing import Annotated

import typer

from lingpai.app import open_server
from lingpai.cli.output import ConfigFile, Json, emit_json, say
from lingpai.cli.serving import run, settle_memory, stop_signal
from lingpai.config import Config, at_port, load_config
from lingpai.observe import configure_logs, logger
from lingpai.web.listen import Listener, bind

_WECHAT = "https://api.weixin.qq.com"


def serve(
    *,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 picks a free one.")] = None,
    config: ConfigFile = None,
    json: Json = False,
) -> None:
    """Serve until SIGTERM. Refuses to start on weak or missing secrets, or on an old schema."""
    settings = load_config(Path(config) if config else None, host=host, port=port)
    configure_logs(settings.log_level, settings.log_format)
    run(_serve(settings, json=json))


async def _serve(config: Config, *, json: bool) -> None:
    asked = stop_signal()
    sock = bind(config.host, config.port)
    config = at_port(config, sock.getsockname()[1])
    async with open_server(config) as server:
        listener = Listener(
            server.front,
            sock,
            server.rooms.mood,
            grace=config.shutdown_grace,
            drain=config.shutdown_drain,
        )
        await listener.start()
        if config.wechat_base_url != _WECHAT:
            logger().warning("not_wechat", wechat_base_url=config.wechat_base_url)
        logger().info("serving", port=config.port, public_url=config.public_url)
        if json:
            emit_json({"server": config.public_url, "port": config.port})
        else:
            say(f"Serving {config.public_url} on {config.host}:{config.port}")
        settle_memory()
        await asked.wait()
        logger().info("stopping")
        await listener.stop()
