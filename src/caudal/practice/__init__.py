"""The ISP in a box: simulators that speak the real protocols on real sockets, a clock, faults."""
