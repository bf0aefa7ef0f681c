"""What happens on a timer: follow the ends of sessions, read apps and keys anew, sweep what expired."""

from lingpai.jobs.telling import telling_jobs
from lingpai.jobs.timers import Job, Timers
from lingpai.jobs.upkeep import upkeep_jobs

__all__ = ["Job", "Timers", "telling_jobs", "upkeep_jobs"]
