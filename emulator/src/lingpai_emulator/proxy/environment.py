"""What a program has to be told so that it goes through the proxy and believes it."""

from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import Any

from lingpai_emulator.domains import HOSTS

_LOCAL = "localhost,127.0.0.1,::1"


@dataclass(frozen=True)
class Proxy:
    """A running proxy. `ca` is the authority's certificate alone, `bundle` the system's roots and it."""

    url: str
    ca: Path
    bundle: Path

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables of curl, Python, Go, Ruby, PHP and Node.js.

        NODE_EXTRA_CA_CERTS adds to Node's own roots, the others replace them: hence two files. Node.js
        takes a proxy from the environment with NODE_USE_ENV_PROXY, since 22.21 and 24.5.
        """
        bundle = str(self.bundle)
        return {
            "HTTPS_PROXY": self.url,
            "https_proxy": self.url,
            "NO_PROXY": _LOCAL,
            "no_proxy": _LOCAL,
            "SSL_CERT_FILE": bundle,
            "REQUESTS_CA_BUNDLE": bundle,
            "CURL_CA_BUNDLE": bundle,
            "NODE_EXTRA_CA_CERTS": str(self.ca),
            "NODE_USE_ENV_PROXY": "1",
        }

    @property
    def exports(self) -> str:
        """The same as lines for a shell."""
        return "\n".join(f"export {name}={quote(value)}" for name, value in self.environment.items())

    def as_json(self) -> dict[str, Any]:
        return {
            "url": self.url,
            "ca": str(self.ca),
            "bundle": str(self.bundle),
            "hosts": list(HOSTS),
            "environment": self.environment,
        }

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "Proxy":
        return cls(told["url"], Path(told["ca"]), Path(told["bundle"]))
