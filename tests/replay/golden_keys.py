"""The master key of the recorded histories. It protects nothing: no person stands behind them."""

from runtime.master_key import MasterKeys

GOLDEN_KEYS = MasterKeys.parse("golden:Z29sZGVuIGhpc3RvcmllcyBhcmUgbm90IHNlY3JldCE=")
