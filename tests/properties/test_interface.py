"""The interface, against its own document: requests nobody thought of, answers that have to fit the document."""

import asyncio

import hypothesis
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from lingpai.admin.clients import ClientsAdmin
from lingpai.admin.operators import OperatorKeys
from lingpai.errors import CATALOGUE
from lingpai.model import Operator
from lingpai.testing.actors import TESTER

EXAMPLES = 100
CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]
SETTINGS = hypothesis.settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


async def operator_key(stack):
    """Of a program that may look and act; what is `secure` could lock the test itself out."""
    operator = Operator(id="opr_1", name="hammer", roles=("operator",), created_at=stack.clock.now())
    await stack.store.operators.add(operator)
    made = await OperatorKeys(stack.store, stack.clock).add(
        "hammer", "hammer", ("look", "run"), days=1, by=TESTER
    )
    assert made is not None
    return made[1].reveal()


@pytest.fixture
async def credentials(stack):
    """By the name of the security scheme: nothing, nonsense, and what is right."""
    _, key = await ClientsAdmin(stack.store, stack.clock).add("backend", ("introspect",), by=TESTER)
    tokens = await stack.signed_in()
    return {
        "access_token": tokens["access_token"],
        "service_key": key.reveal(),
        "operator_key": await operator_key(stack),
    }


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["fitting", "unfitting"]
)
async def test_every_answer_fits_the_document(stack, credentials, mode):
    """Run in a thread, because the server answers in this loop."""
    await asyncio.to_thread(hammer, stack.url, credentials, mode)
    assert (await stack.http.get("/readyz")).status_code == 200


def hammer(url, credentials, mode):
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) >= 9
    with requests.Session() as session:
        for operation in operations:
            try_out(operation, session, credentials, mode)


def try_out(operation, session, credentials, mode):
    schemes = [name for each in operation.definition.raw.get("security", []) for name in each]
    tokens = [None, "nonsense", *(credentials[name] for name in schemes)] if schemes else [None]

    # On the wire of a form everything is text: what was no text before is fitting there.
    is_form = any("form" in body.media_type for body in operation.body)
    checks = CHECKS if is_form else [*CHECKS, negative_data_rejection]

    @SETTINGS
    @hypothesis.given(case=cases(operation, mode), token=st.sampled_from(tokens))
    def one(case, token):
        headers = {"authorization": f"Bearer {token}"} if token else {}
        # Signing out for good would leave nothing to try out.
        if operation.method.upper() == "DELETE" and token not in (None, "nonsense"):
            headers = {}
        answer = case.call(session=session, headers=headers, timeout=30)
        case.validate_response(answer, checks=checks, headers=headers)
        if answer.status_code >= 400 and answer.status_code != 503:
            told = answer.json()
            assert told["code"] in CATALOGUE
            assert answer.headers["content-type"] == ["application/problem+json"]

    one()


def cases(operation, mode):
    """Fitting or unfitting requests; where nothing can be unfitting, fitting ones."""
    # Any text is a name in a path, and any bytes are a file: what is wrong with one, tests/me says.
    fields = [body for body in operation.body if body.media_type.startswith(("application/", "text/"))]
    has_input = fields or operation.query
    return operation.as_strategy(generation_mode=mode if has_input else GenerationMode.POSITIVE)
