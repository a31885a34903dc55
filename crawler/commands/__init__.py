"""What the commands do, one file per group. `crawler.cli` holds their arguments and imports the one asked for."""
