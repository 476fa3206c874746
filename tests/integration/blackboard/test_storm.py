"""A short storm; `scripts/chaos-board --long` is the long one."""

from pathlib import Path

import pytest

from tests.chaos.storm import Storm, blow


@pytest.mark.timeout(300)
async def test_nothing_is_lost_doubled_or_left_when_workers_and_the_server_are_killed(
    tmp_path: Path,
) -> None:
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)  # the server's account must get in
    storm = Storm(inputs=1_500, kills=16, crashes=2, seed=7)
    verdict = await blow(storm, tmp_path / "home")
    assert verdict.clean, str(verdict)
