"""`caudal labs`: trials with real routers; this version has none."""


def main() -> int:
    print("This version has no labs. The practice routers of ./caudal demo stand in for real ones.")
    return 0
