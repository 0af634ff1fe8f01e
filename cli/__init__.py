"""The command line: one small module per command, registered in `cli.main`."""
