"""Is it fit to use: rules over what was received and over what was built, run at two gates by Great Expectations."""
