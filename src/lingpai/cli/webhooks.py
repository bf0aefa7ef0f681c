"""`lingpai webhooks`: your own backends that are told what happens here."""

from typing import Annotated, Final, Literal

import typer

from lingpai.cli.opened import at_desk
from lingpai.cli.output import ConfigFile, Json, NotFoundError, emit_json, emit_table, say, when
from lingpai.cli.person import whoever

cli: Final = typer.Typer(
    help="Backends that are told what happens. 事件通知（webhook）。",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Id = Annotated[str, typer.Argument(help="The webhook's id.")]
State = Literal["waiting", "delivered", "dead"]


@cli.command("add")
def add_webhook(
    url: Annotated[str, typer.Argument(help="https address of your backend.")],
    *,
    events: Annotated[str, typer.Option(help="Events with commas between them; * for all.")],
    config: ConfigFile = None,
    json: Json = False,
) -> None:
    """Tell a backend of these events from now on. The secret is printed on stdout now and never again."""
    names = tuple(part.strip() for part in events.split(",") if part.strip())
    shown, secret = at_desk(config, lambda desk: desk.webhooks.add(url, names, by=whoever()))
    if json:
        emit_json({"id": shown.id, "url": shown.url, "events": shown.events, "secret": secret.reveal()})
    else:
        say(f"Webhook {shown.id} for {', '.join(shown.events)}. Its secret is shown this once:")
        typer.echo(secret.reveal())


@cli.command("list")
def list_webhooks(*, config: ConfigFile = None, json: Json = False) -> None:
    """Every webhook; of its secrets the last four characters."""
    webhooks = at_desk(config, lambda desk: desk.webhooks.all())
    if json:
        emit_json(webhooks)
    else:
        emit_table(
            ["id", "url", "events", "secrets", "since"],
            [
                (w.id, w.url, " ".join(w.events), " ".join(f"…{s}" for s in w.secrets), when(w.created_at))
                for w in webhooks
            ],
        )


@cli.command("rotate")
def rotate_webhook(
    webhook: Id,
    *,
    drop_former: Annotated[
        bool, typer.Option("--drop-former", help="The backend knows the new secret: sign with it alone.")
    ] = False,
    config: ConfigFile = None,
    json: Json = False,
) -> None:
    """Make a new secret. Messages are signed with both until the former one is dropped."""
    if drop_former:
        if not at_desk(config, lambda desk: desk.webhooks.drop_previous(webhook, by=whoever())):
            raise _nobody(webhook)
        if json:
            emit_json({"id": webhook, "former_secret": "dropped"})
        else:
            say(f"Messages to {webhook} carry one signature.")
        return
    secret = at_desk(config, lambda desk: desk.webhooks.rotate(webhook, by=whoever()))
    if secret is None:
        raise _nobody(webhook)
    if json:
        emit_json({"id": webhook, "secret": secret.reveal()})
    else:
        say(f"New secret of {webhook}, shown this once:")
        typer.echo(secret.reveal())


@cli.command("test")
def try_webhook(webhook: Id, *, config: ConfigFile = None, json: Json = False) -> None:
    """Send a test message. A running server delivers it within seconds."""
    message = at_desk(config, lambda desk: desk.webhooks.test(webhook))
    if message is None:
        raise _nobody(webhook)
    if json:
        emit_json({"id": webhook, "message": message})
    else:
        say(f"{message} is on its way; see: lingpai webhooks deliveries {webhook}")


@cli.command("remove")
def remove_webhook(webhook: Id, *, config: ConfigFile = None, json: Json = False) -> None:
    """Forget a webhook, with what was on its way to it."""
    if not at_desk(config, lambda desk: desk.webhooks.remove(webhook, by=whoever())):
        raise _nobody(webhook)
    if json:
        emit_json({"removed": webhook})
    else:
        say(f"Removed {webhook}.")


@cli.command("deliveries")
def list_deliveries(
    webhook: Annotated[str | None, typer.Argument(help="The webhook's id; without it, all.")] = None,
    *,
    state: Annotated[State | None, typer.Option(help="Only those that are in this state.")] = None,
    limit: Annotated[int, typer.Option(help="How many, newest first.", min=1, max=1000)] = 50,
    config: ConfigFile = None,
    json: Json = False,
) -> None:
    """Messages and how far they have come. `dead`: given up after three days."""
    rows = at_desk(config, lambda desk: desk.webhooks.deliveries(limit, webhook_id=webhook, state=state))
    if json:
        emit_json(rows)
    else:
        emit_table(
            ["webhook", "message", "event", "state", "attempts", "told", "made", "next"],
            [
                (
                    r.webhook_id,
                    r.notice_id,
                    r.event,
                    r.state,
                    r.attempts,
                    r.told,
                    when(r.created_at),
                    when(r.next_at) if r.state == "waiting" else None,
                )
                for r in rows
            ],
        )


@cli.command("redeliver")
def redeliver(
    webhook: Id,
    message: Annotated[str, typer.Argument(help="The message's id.")],
    *,
    config: ConfigFile = None,
    json: Json = False,
) -> None:
    """Send a message again, whatever became of it. Its id stays the same."""
    if not at_desk(config, lambda desk: desk.webhooks.redeliver(webhook, message, by=whoever())):
        raise NotFoundError(f"Nothing of {message} to {webhook} is here any more.")
    if json:
        emit_json({"id": webhook, "message": message})
    else:
        say(f"{message} is on its way again.")


def _nobody(webhook: str) -> NotFoundError:
    return NotFoundError(f"No webhook has the id {webhook}.")
