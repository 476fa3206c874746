"""The classics against TA-Lib, run on exactly the bars that ours look back."""

import numpy as np
import pytest
import talib

from strandloom.indicators import averages, bands, flow, oscillators, ranges
from strandloom.indicators.aroon import aroon
from strandloom.indicators.frame import Frame
from strandloom.indicators.moments import slope
from strandloom.indicators.volatility import variance_ratio
from tests.frames import sample_frame

ENDS = (400, 1_111, 2_999)


@pytest.fixture(scope="module")
def frame() -> Frame:
    return sample_frame(3_000)


def tails(frame: Frame, bars: int, end: int, *names: str) -> list[np.ndarray]:
    return [getattr(frame, name)[1, end - bars + 1 : end + 1].copy() for name in names]


@pytest.mark.parametrize("end", ENDS)
def test_averages_are_those_of_talib(frame: Frame, end: int) -> None:
    (close,) = tails(frame, 21 * 8, end, "close")
    ours = averages.ema(frame.close, 21)[1, end - 21 * 8 + 1]
    assert ours == pytest.approx(talib.EMA(close, 21)[-1], rel=1e-12)
    assert averages.sma(frame.close, 21)[1, end - 20] == pytest.approx(talib.SMA(close, 21)[-1], rel=1e-12)


@pytest.mark.parametrize("end", ENDS)
def test_rsi_and_atr_are_those_of_talib(frame: Frame, end: int) -> None:
    bars = 14 * 8 + 1
    high, low, close = tails(frame, bars, end, "high", "low", "close")
    assert oscillators.rsi(frame.close, 14)[1, end - bars + 1] == pytest.approx(
        talib.RSI(close, 14)[-1], rel=1e-10
    )
    ours = ranges.atr(frame.high, frame.low, frame.close, 14)[1, end - bars + 1]
    assert ours == pytest.approx(talib.ATR(high, low, close, 14)[-1], rel=1e-10)


@pytest.mark.parametrize("end", ENDS)
def test_what_recurs_twice_forgets_talibs_seed(frame: Frame, end: int) -> None:
    high, low, close = tails(frame, 400, end, "high", "low", "close")
    line, signal = oscillators.macd(frame.close, 12, 26, 9)
    wanted = talib.MACD(close, 12, 26, 9)
    first = oscillators.macd_lookback(26, 9) - 1
    assert line[1, end - first] == pytest.approx(wanted[0][-1], abs=1e-6 * close[-1])
    assert signal[1, end - first] == pytest.approx(wanted[1][-1], abs=1e-6 * close[-1])
    strength, balance = ranges.adx(frame.high, frame.low, 14)
    first = ranges.adx_lookback(14) - 1
    assert strength[1, end - first] == pytest.approx(talib.ADX(high, low, close, 14)[-1], rel=0.01)
    plus, minus = talib.PLUS_DI(high, low, close, 14)[-1], talib.MINUS_DI(high, low, close, 14)[-1]
    assert balance[1, end - first] == pytest.approx((plus - minus) / (plus + minus), abs=0.005)


@pytest.mark.parametrize("end", ENDS)
def test_windowed_classics_are_those_of_talib(frame: Frame, end: int) -> None:
    high, low, close, volume = tails(frame, 61, end, "high", "low", "close", "volume")
    upper, middle, _ = talib.BBANDS(close, 20, 2.0, 2.0)
    place, _ = bands.bollinger(frame.close, 20)
    assert place[1, end - 19] == pytest.approx(
        2 * (close[-1] - middle[-1]) / (upper[-1] - middle[-1]), rel=1e-6
    )
    flow_index = oscillators.money_flow(frame.high, frame.low, frame.close, frame.volume, 14)
    assert flow_index[1, end - 14] == pytest.approx(talib.MFI(high, low, close, volume, 14)[-1], rel=1e-9)
    obv = talib.OBV(close, volume)
    change = flow.obv_change(frame.close, frame.volume, 60)[1, end - 60]
    assert change == pytest.approx((obv[-1] - obv[0]) / volume[1:].sum(), rel=1e-9)
    line = talib.LINEARREG_SLOPE(close[-20:], 20)[-1]
    assert slope(frame.close, 20)[1, end - 19] == pytest.approx(line, rel=1e-9)
    assert aroon(frame.high, frame.low, 25)[1, end - 25] == talib.AROONOSC(high, low, 25)[-1]
    fast = oscillators.stochastic(frame.high, frame.low, frame.close, 14)[1, end - 13]
    assert 100 * fast == pytest.approx(talib.STOCHF(high, low, close, 14, 1)[0][-1], rel=1e-9)


def test_the_variance_ratio_knows_trends_from_reversals() -> None:
    noise = np.random.default_rng(3).normal(size=(1, 5_001))
    trending = noise[:, 1:] + 0.5 * noise[:, :-1]
    reverting = noise[:, 1:] - 0.5 * noise[:, :-1]
    assert variance_ratio(trending, 5, 5_000)[0, 0] > 1.3
    assert variance_ratio(reverting, 5, 5_000)[0, 0] < 0.7
    assert variance_ratio(noise, 5, 5_001)[0, 0] == pytest.approx(1.0, abs=0.1)
