"""Figures of this process alone: how long handlers and venues take, and who leads what."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from strandloom.blackboard.observe import Handled

_QUICK_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Timings:
    """Told by the runners and the venue of this process; `registry` is what a scrape reads."""

    def __init__(self) -> None:
        registry = self.registry = CollectorRegistry()
        self._handled = Histogram(
            "strandloom_handler_seconds",
            "How long a handler thought about one delivery.",
            ("module", "outcome"),
            buckets=_QUICK_S,
            registry=registry,
        )
        self._waited = Histogram(
            "strandloom_delivery_lag_seconds",
            "How long a strand waited from its posting to the start of the handler.",
            ("module",),
            buckets=_QUICK_S,
            registry=registry,
        )
        self._said = Counter(
            "strandloom_drafts_total",
            "Drafts that handlers of this process answered with.",
            ("module", "kind"),
            registry=registry,
        )
        self._decided = Histogram(
            "trading_agent_decision_seconds",
            "How long a module of the Decision Maker took for one answer.",
            ("module",),
            buckets=_QUICK_S,
            registry=registry,
        )
        self._called = Histogram(
            "trading_api_call_seconds",
            "How long a call to the venue took.",
            ("venue", "call", "outcome"),
            buckets=_QUICK_S,
            registry=registry,
        )
        self._led = Gauge(
            "strandloom_role_led",
            "1 for a role that this process leads, 0 for one it stands by for.",
            ("role",),
            registry=registry,
        )

    def handled(self, told: Handled) -> None:
        """One delivery was handled: the observer of every runner."""
        self._handled.labels(told.module, told.outcome).observe(told.took_s)
        self._waited.labels(told.module).observe(max(0.0, told.waited_s))
        for kind in told.posts:
            self._said.labels(told.module, kind).inc()
        if told.module.startswith("decision_maker."):
            self._decided.labels(told.module).observe(told.took_s)

    def called(self, venue: str, call: str, outcome: str, took_s: float) -> None:
        """One call to a venue has ended."""
        self._called.labels(venue, call, outcome).observe(took_s)

    def led(self, role: str, ours: bool) -> None:
        """We lead this role now, or no longer."""
        self._led.labels(role).set(ours)
