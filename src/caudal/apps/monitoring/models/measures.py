"""What was measured: every reading for some days, then by hour, then by day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from caudal.apps.monitoring.models.devices import Device
from caudal.core import metrics
from caudal.store.measures import MeasureField


class Metric(models.TextChoices):
    """The measures of `core.metrics` as screens call them."""

    LATENCY = metrics.Metric.LATENCY.value, _("Latency (ms)")
    LOSS = metrics.Metric.LOSS.value, _("Loss (%)")
    SIGNAL = metrics.Metric.SIGNAL.value, _("Signal (dBm)")
    NOISE = metrics.Metric.NOISE.value, _("Noise (dBm)")
    QUALITY = metrics.Metric.QUALITY.value, _("Link quality (%)")
    STATIONS = metrics.Metric.STATIONS.value, _("Connected radios or ONTs")
    CPU = metrics.Metric.CPU.value, "CPU (%)"
    TEMPERATURE = metrics.Metric.TEMPERATURE.value, _("Temperature (°C)")
    VOLTAGE = metrics.Metric.VOLTAGE.value, _("Voltage (V)")
    UPTIME = metrics.Metric.UPTIME.value, _("Uptime (s)")


class Sample(models.Model):
    """One number of one device at one instant. The narrowest row, for there are millions."""

    device = models.ForeignKey(Device, models.CASCADE, related_name="samples", db_index=False)
    metric = models.CharField(max_length=11, choices=Metric)
    at = models.DateTimeField()
    value = MeasureField()

    class Meta:
        indexes = [
            models.Index(fields=["device", "metric", "at"], name="sample_series"),
            models.Index(fields=["at"], name="sample_age"),
        ]

    def __str__(self) -> str:
        return f"{self.device_id} {self.metric} {self.value}"


class Summary(models.Model):
    """The samples of one hour or one day, rolled up."""

    class Grain(models.TextChoices):
        HOUR = "hour", _("Hour")
        DAY = "day", _("Day")

    device = models.ForeignKey(Device, models.CASCADE, related_name="summaries", db_index=False)
    metric = models.CharField(max_length=11, choices=Metric)
    grain = models.CharField(max_length=4, choices=Grain)
    at = models.DateTimeField()
    """UTC instant at which it begins."""
    count = models.PositiveIntegerField()
    low = MeasureField()
    mean = MeasureField()
    high = MeasureField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["device", "metric", "grain", "at"], name="one_summary_per_span"
            )
        ]
        indexes = [models.Index(fields=["grain", "at"], name="summary_age")]

    def __str__(self) -> str:
        return f"{self.device_id} {self.metric} {self.at}"
