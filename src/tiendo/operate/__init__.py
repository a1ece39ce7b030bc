"""Settings, the embedded services and their health: everything that runs beside the data."""
