"""The two real servers that tests run against: Temporal with time skipping, and PostgreSQL."""

import fcntl
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.common import SearchAttributeKey
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment

from runtime.embedded.postgres import EmbeddedPostgres
from runtime.master_key import MasterKeys
from runtime.plugin import HotlinePlugin
from tests.servers import postgres_of_the_session, stop_postgres

