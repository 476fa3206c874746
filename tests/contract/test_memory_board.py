"""The memory board keeps the contract."""

from datetime import UTC, datetime

import pytest

from strandloom.blackboard.memory_board import MemoryBoard, memory_board
from tests.contract.board_contract import BoardContract


class TestMemoryBoard(BoardContract):
    @pytest.fixture
    def board(self) -> MemoryBoard:
        return memory_board(lambda: datetime.now(UTC), strict=True)
