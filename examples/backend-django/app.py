"""Django: who sent this request? Run it with: python app.py runserver 8010"""

import os

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import execute_from_command_line
from django.http import HttpRequest, JsonResponse
from django.urls import path

from lingpai.verify import TokenInvalidError, Verifier

verifier = Verifier(os.environ["LINGPAI_URL"], audience=os.environ["LINGPAI_APPID"])


def whoami(request: HttpRequest) -> JsonResponse:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    try:
        return JsonResponse({"user": verifier.verify(token if scheme.lower() == "bearer" else "").sub})
    except TokenInvalidError as refusal:
        return JsonResponse({"error": str(refusal)}, status=401, headers={"WWW-Authenticate": "Bearer"})
    except OSError:
        return JsonResponse({"error": "lingpai cannot be reached"}, status=503, headers={"Retry-After": "5"})


urlpatterns = [path("whoami", whoami)]
settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1", "localhost"])
app = WSGIHandler()
if __name__ == "__main__":
    execute_from_command_line()
