"""The API as one more part of a service that is ready to run."""

from dataclasses import replace

from strandloom.api.app import application
from strandloom.api.figures import Figures
from strandloom.api.serving import Serving
from strandloom.basics.clock import SystemClock
from strandloom.service import Part, Service
from strandloom.settings import Settings


def beside(service: Service, settings: Settings) -> Service:
    """The same service, which now also answers programs."""
    if service.database is None:
        return service
    app = application(service.database, settings.teams, service.timings, Figures(service.database))
    serving = Serving(app, settings.api_host, settings.api_port, SystemClock())
    return replace(service, parts=[*service.parts, Part(name="api", run=serving.run)])
