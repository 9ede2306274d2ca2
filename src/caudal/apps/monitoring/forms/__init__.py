"""Forms of monitoring: devices and their checks, outages, credits."""
