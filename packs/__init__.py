"""Rule packs: one folder of TOML per jurisdiction, read and checked into frozen models."""
