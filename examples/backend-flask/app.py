"""Flask: who sent this request? Run it with: flask run --port 8010"""

import os

from flask import Flask, Response, abort, g, request

from lingpai.verify import TokenInvalidError, Verifier

app = Flask(__name__)
verifier = Verifier(os.environ["LINGPAI_URL"], audience=os.environ["LINGPAI_APPID"])


@app.before_request
def sign_in() -> None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    try:
        g.user_id = verifier.verify(token if scheme.lower() == "bearer" else "").sub
    except TokenInvalidError as refusal:
        abort(Response(str(refusal), 401, {"WWW-Authenticate": "Bearer"}))
    except OSError:
        abort(Response("lingpai cannot be reached", 503, {"Retry-After": "5"}))


@app.get("/whoami")
def whoami() -> dict[str, str]:
    return {"user": g.user_id}
