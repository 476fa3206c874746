"""Features against other symbols, of the calendar, and of quotes and derivatives where the feed has them."""

from strandloom.indicators import calendar, crossing, same_time
from strandloom.indicators.features.family import Family
from strandloom.indicators.fold import rolling_sum
from strandloom.indicators.frame import Floats, Frame
from strandloom.indicators.moments import correlation_and_beta, mean_and_sd
from strandloom.indicators.steps import BPS, change, returns


def _crossing(frame: Frame) -> tuple[Floats, ...]:
    step = returns(frame.close)
    market = crossing.others_mean(step)
    correlation, beta = correlation_and_beta(step, market, 240)
    columns = correlation.shape[-1]
    recent, _ = correlation_and_beta(step[..., 180:], market[..., 180:], 60)
    return (
        market[..., -columns:] * BPS,
        rolling_sum(market[..., 225:], 15)[..., -columns:] * BPS,
        recent[..., -columns:],
        correlation,
        beta,
        crossing.relative_strength(step[..., 180:], market[..., 180:], beta, 60) * BPS,
        crossing.lead(step[..., 119:], market[..., 119:], 120)[..., -columns:],
    )


def _breadth(frame: Frame) -> tuple[Floats, ...]:
    return (crossing.breadth(returns(frame.close, 15)),)


def _calendar(frame: Frame) -> tuple[Floats, ...]:
    symbols = len(frame.close)
    last = frame.at + frame.minutes - 1  # a bar belongs to the hour in which it closes
    numbers = (calendar.hour_of_day(last), calendar.weekday(last), calendar.session_number(last))
    return tuple(calendar.spread_over(symbols, number) for number in numbers)


def _quotes(frame: Frame) -> tuple[Floats, ...]:
    middle = (frame.ask + frame.bid) / 2.0
    spread = (frame.ask - frame.bid) / middle
    usual, _ = mean_and_sd(spread, 60)
    columns = usual.shape[-1]
    return spread[..., -columns:] * BPS, spread[..., -columns:] / usual


def _derivatives(frame: Frame) -> tuple[Floats, ...]:
    basis = frame.mark / frame.oracle - 1.0
    interest = frame.open_interest
    columns = len(frame) - 60
    return (
        frame.funding[..., -columns:] * BPS,
        change(frame.funding, 60) * BPS,
        basis[..., -columns:] * BPS,
        returns(interest, 15)[..., -columns:] * BPS,
        returns(interest, 60) * BPS,
    )


def _same_time(frame: Frame) -> tuple[Floats, ...]:
    step = returns(frame.close)
    next_hour = calendar.hour_of_day(frame.at[21 * 24 :] + 60)
    return (
        same_time.same_hour_t(step[..., 7 * 24 :], frame.per_day, 14),
        same_time.same_session_t(step[..., 7 * 24 :], next_hour, 14),
        same_time.same_weekday_t(step, frame.per_day, 3),
    )


OTHERS = (
    Family(
        name="same_time",
        bars=1,
        days=21,
        only=60,
        compute=_same_time,
        features={
            "same_hour_t": "Student's t of the returns in the coming hour of the last 14 days.",
            "same_session_t": "Student's t of the session that begins now over 14 days; 0 if none does.",
            "same_weekday_t": "Student's t of hourly returns on the coming weekday of the last 3 weeks.",
        },
    ),
    Family(
        name="crossing",
        bars=241,
        compute=_crossing,
        features={
            "market_return_1_bps": "Mean return of all other symbols in the newest bar.",
            "market_return_15_bps": "The same over 15 bars.",
            "market_correlation_60": "Correlation of returns with that mean over 60 bars.",
            "market_correlation_240": "The same over 240 bars.",
            "market_beta_240": "Slope of returns on that mean over 240 bars.",
            "relative_strength_60_bps": "Return over 60 bars less beta times that of the others.",
            "lead_120": "Correlation with the others a bar later less a bar earlier: above 0 it moves first.",
        },
    ),
    Family(
        name="breadth",
        bars=16,
        compute=_breadth,
        features={"breadth_15": "Share of symbols up over 15 bars less share down, −1..1."},
    ),
    Family(
        name="calendar",
        bars=1,
        compute=_calendar,
        features={
            "hour": "Hour of the UTC day, 0..23.",
            "weekday": "Day of the week, 0 is Monday.",
            "session": "Number of the session bucket: " + ", ".join(calendar.SESSIONS) + ".",
        },
    ),
    Family(
        name="quotes",
        bars=60,
        compute=_quotes,
        features={
            "spread_bps": "Best ask above best bid.",
            "spread_ratio_60": "Spread over its 60-bar mean.",
        },
    ),
    Family(
        name="derivatives",
        bars=61,
        compute=_derivatives,
        features={
            "funding_bps": "Hourly funding rate.",
            "funding_change_60_bps": "Change of the hourly rate over 60 bars.",
            "basis_bps": "Mark above oracle.",
            "interest_change_15_bps": "Change of open interest over 15 bars.",
            "interest_change_60_bps": "Change of open interest over 60 bars.",
        },
    ),
)
