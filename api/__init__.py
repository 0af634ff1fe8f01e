"""HTTP to acts and back: seals, stamps, journals, hands on, shows the ledger; knows no law."""
