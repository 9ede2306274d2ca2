"""Files of positions (KML, KMZ, GeoJSON): read with suspicion, matched, and written."""
