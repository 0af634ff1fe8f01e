"""The SDK core's own telemetry: Prometheus metrics where asked for, and quiet logs."""

from functools import cache

from temporalio.runtime import (
    LoggingConfig,
    PrometheusConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)


@cache
def telemetry(metrics_address: str | None) -> Runtime:
    """One core runtime per process and address: a second one would fight for the port."""
    metrics = metrics_address and PrometheusConfig(
        bind_address=metrics_address,
        counters_total_suffix=True,
        unit_suffix=True,
        durations_as_seconds=True,
    )
    logging = LoggingConfig(filter=TelemetryFilter(core_level="WARN", other_level="ERROR"))
    return Runtime(telemetry=TelemetryConfig(metrics=metrics or None, logging=logging))
