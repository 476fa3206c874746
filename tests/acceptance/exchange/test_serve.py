"""`strandloom exchange serve` as a person starts it: says where it is, serves, keeps its state, stops."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hyperliquid.exchange import Exchange
from hyperliquid.info import Info

from tests.acceptance.exchange.trader import GTC, a_wallet

PROJECT = Path(__file__).resolve().parents[3]
COMMAND = [sys.executable, "-m", "strandloom.cli.app", "exchange", "serve"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(PROJECT / "src"), "STRANDLOOM_DOTENV": "off"}


class Started:
    """A running exchange and what it said."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        self.process = process
        self.said: dict[str, str] = {}
        for line in process.stdout:
            name, _, value = line.rstrip("\n").partition("\t")
            self.said[name] = value
            if name == "stop":
                break
        found = re.search(r"http://\S+", self.said.get("address", ""))
        assert found, f"it did not start: {self.said}"
        self.url = found[0]

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(20)


@contextmanager
def started(*options: str) -> Iterator[Started]:
    command = [*COMMAND, "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT) as process:  # noqa: S603
        try:
            yield Started(process)
        finally:
            process.kill()


def refused(*options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603
        [*COMMAND, *options], capture_output=True, text=True, env=ENVIRONMENT, timeout=60, check=False
    )


def test_the_first_screen_says_where_it_is_and_that_no_money_is_involved() -> None:
    with started("--symbols", "btc,eth") as exchange:
        assert exchange.said["strandloom exchange"].endswith("ready")
        assert exchange.said["market"].startswith("simulated: BTC ")
        assert exchange.said["money"].startswith("paper; an account has 10,000.00 USDC")
        info = Info(exchange.url, skip_ws=True, timeout=60)
        assert set(info.all_mids()) == {"BTC", "ETH"}
        end = info.post("/info", {"type": "exchangeStatus"})["time"]
        candles = info.candles_snapshot("BTC", "1m", end - 3_600_000, end)
        assert len(candles) >= 59
        assert exchange.stop() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_everything_is_there_after_a_restart(tmp_path: Path, number: int) -> None:
    wallet = a_wallet(5)
    with started("--state", str(tmp_path), "--speed", "60") as exchange:
        info = Info(exchange.url, skip_ws=True, timeout=60)
        info.user_state(wallet.address)
        client = Exchange(wallet, exchange.url, timeout=60)
        client.order("BTC", True, 0.01, 40_000, GTC)
        client.market_open("ETH", False, 0.1)
        before = info.open_orders(wallet.address), info.user_fills(wallet.address)
        exchange.stop(number)
    with started("--state", str(tmp_path), "--speed", "60") as exchange:
        info = Info(exchange.url, skip_ws=True, timeout=60)
        assert (info.open_orders(wallet.address), info.user_fills(wallet.address)) == before
        (held,) = info.user_state(wallet.address)["assetPositions"]
        assert held["position"]["szi"] == "-0.1"
    other = refused("--state", str(tmp_path), "--symbols", "DOGE")
    assert other.returncode == 2
    assert "keeps a market of BTC,ETH,SOL,OP" in other.stderr


def test_a_taken_port_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ended = refused("--port", port)
    assert ended.returncode == 3
    assert port in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_list_of_symbols_that_is_none_is_explained() -> None:
    ended = refused("--symbols", "BTC/USD")
    assert ended.returncode == 2
    assert "write something like BTC,ETH,SOL" in ended.stderr
