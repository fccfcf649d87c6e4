"""What a day to come would be without the event: a regression whose error is AR(1) plus white noise, all integrated.

The outcome of day t is y_t = x_t·β + σ e_t, with e as in :mod:`influence_graph.kernels.lift.error_model`: stationary,
where ρ is the correlation of its lasting part from day to day and s the share of white noise, or a random walk with
noise. Given the error model, everything is linear: β and σ are integrated in closed form (flat, and 1/σ), which leaves
the restricted likelihood of the model (Harville 1974, https://doi.org/10.1093/biomet/61.2.383) and a multivariate t for
the days to come. The models are integrated over a grid: with probability 1/2 a flat prior of (ρ, s) on the unit
square, 1/4 a random walk alone, and 1/4 one with noise, whose share in what is new on a day has a flat prior. (A flat
prior of the square alone is too sure on short records: it finds effects in up to .3 of random walks in which there is
none.) So any linear functional of the days to come is a mixture of t. Its spread holds the errors of β, σ, ρ and s, and
the correlation of the days with each other and with the last days before.

:func:`fit` reads the days before, :meth:`ErrorFit.ahead` looks at the days to come, :meth:`Ahead.of` at linear
functionals of them::

    fitted = fit(outcome, design)                  # (n,), (n, p)
    days = fitted.ahead(design_of_the_window)      # (h, p)
    totals = days.of(np.ones((1, h)))              # (m, h): here the total alone
    totals.mean, totals.quantile(0.025), totals.quantile(0.975), totals.p_value(actual_totals)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import gammaln, stdtr, stdtrit

from influence_graph.analyses.intervals import dot
from influence_graph.errors import InputError
from influence_graph.kernels.lift.error_model import Errors, Filtered, filtered
from influence_graph.text import count_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

_COLLINEAR = 1e-9  # length of a column beyond the others, as a part of it, from which on it says nothing new
_EXACT = 1e-10  # length of what the design leaves, as a part of the outcome, from which on it is rounding
_NEGLIGIBLE = 1e-12  # weight of parameters that are left out of a mixture
_STEPS = 100
_PRECISION = 1e-10  # of a quantile, as a part of the smallest scale


def _grid() -> tuple[Errors, Floats]:
    """Return the error models and the weight of each before the data."""
    rho, share = (part.ravel() for part in np.meshgrid(_middles(20), _middles(10), indexing="ij"))
    of_change = np.r_[0.0, _middles(10)]
    walk = np.ones(of_change.size)  # any start: the constant of the design takes it up
    errors = Errors(
        np.r_[rho, walk],
        np.r_[(1 - share) * (1 - rho**2), 1 - of_change],
        np.r_[share, of_change],
        np.r_[1 - share, walk],
    )
    noisy = np.full(of_change.size - 1, 1 / (of_change.size - 1))
    return errors, np.r_[np.full(rho.size, 0.5 / rho.size), 0.25, 0.25 * noisy]


def _middles(parts: int) -> Floats:
    return (np.arange(parts) + 0.5) / parts


ERRORS, PRIOR = _grid()
"""The grid of error models, and how likely each is before the data."""


@dataclass(frozen=True, eq=False)
class Mixture:
    """Distributions of some numbers, each a mixture of t with the same weights.

    Attributes:
        weight: Shape (models,), of sum 1.
        location: Shape (models, numbers): middle of each t.
        scale: Shape (models, numbers): its scale.
        freedom: Degrees of freedom of all.
    """

    weight: Floats
    location: Floats
    scale: Floats
    freedom: int

    @property
    def mean(self) -> Floats:
        """The mean of each number; shape (numbers,)."""
        mean: Floats = np.einsum("g,gm->m", self.weight, self.location)
        return mean

    def cdf(self, values: ArrayLike) -> Floats:
        """Return the probability that each number is at most its value of *values*, which has shape (numbers,)."""
        standard = (np.asarray(values, dtype=np.float64) - self.location) / self.scale
        below: Floats = np.einsum("g,gm->m", self.weight, stdtr(self.freedom, standard))
        return below

    def quantile(self, level: float) -> Floats:
        """Return the *level* quantile of each number, *level* in (0, 1); shape (numbers,)."""
        ends = self.location + self.scale * stdtrit(self.freedom, level)
        low, high = ends.min(axis=0), ends.max(axis=0)  # that of a mixture is between those of its parts
        at: Floats = np.einsum("g,gm->m", self.weight, ends)
        for _ in range(_STEPS):
            beyond = self.cdf(at) - level
            low, high = np.where(beyond < 0, at, low), np.where(beyond < 0, high, at)
            newton = at - beyond / self._density(at)
            following = np.where((newton >= low) & (newton <= high), newton, (low + high) / 2)
            step = np.abs(following - at)
            at = following
            if np.all(step <= _PRECISION * self.scale.min(axis=0)):
                break
        return at

    def _density(self, values: Floats) -> Floats:
        standard = (values - self.location) / self.scale
        half = (self.freedom + 1) / 2
        constant = np.exp(gammaln(half) - gammaln(self.freedom / 2)) / np.sqrt(np.pi * self.freedom)
        parts = (1 + standard**2 / self.freedom) ** -half / self.scale
        density: Floats = constant * np.einsum("g,gm->m", self.weight, parts)
        return density

    def p_value(self, actual: ArrayLike) -> Floats:
        """Return how likely each number is to be as far out as that of *actual*, on either side; shape (numbers,)."""
        standard = (np.asarray(actual, dtype=np.float64) - self.location) / self.scale
        sides = [np.einsum("g,gm->m", self.weight, stdtr(self.freedom, sign * standard)) for sign in (1, -1)]
        p: Floats = np.minimum(1.0, 2 * np.minimum(*sides))
        return p


@dataclass(frozen=True, eq=False)
class Ahead:
    """The days to come without the event: a mixture of multivariate t.

    Attributes:
        weight: Shape (models,), of sum 1.
        location: Shape (models, days).
        covariance: Shape (models, days, days): squared scales, of one t each.
        freedom: Degrees of freedom.
    """

    weight: Floats
    location: Floats
    covariance: Floats
    freedom: int

    def of(self, functionals: ArrayLike) -> Mixture:
        """Return the distributions of linear functionals of the days; *functionals* has shape (numbers, days)."""
        rows = np.asarray(functionals, dtype=np.float64)
        variance = np.einsum("mh,ghk,mk->gm", rows, self.covariance, rows, optimize=True)
        return Mixture(self.weight, self.location @ rows.T, np.sqrt(np.maximum(variance, 0.0)), self.freedom)

    @property
    def each_day(self) -> Mixture:
        """The distribution of each day by itself."""
        scale = np.sqrt(np.diagonal(self.covariance, axis1=1, axis2=2))
        return Mixture(self.weight, self.location, scale, self.freedom)

    def draws(self, count: int, rng: np.random.Generator) -> Floats:
        """Return *count* drawn courses of the days; shape (count, days)."""
        times = rng.multinomial(count, self.weight)
        normal = rng.standard_normal((count, self.location.shape[1]))
        stretch = np.sqrt(self.freedom / rng.chisquare(self.freedom, count))[:, None]
        drawn = np.flatnonzero(times)
        factors = np.linalg.cholesky(self.covariance[drawn])
        parts = np.split(stretch * normal, np.cumsum(times[drawn])[:-1])
        return np.concatenate(
            [self.location[g] + part @ factor.T for g, factor, part in zip(drawn, factors, parts, strict=True)]
        )


@dataclass(frozen=True, eq=False)
class ErrorFit:
    """The regression of the days before, over the grid.

    Attributes:
        errors: The error models.
        weight: Shape (models,): how likely each is, given the days before.
        log_likelihood: Shape (models,): restricted, σ integrated, up to a constant of the design and the days.
        scale: Shape (models,): the estimate of σ.
        coefficients: Shape (models, columns): β by generalized least squares.
        freedom: Days less columns.
    """

    errors: Errors
    weight: Floats
    log_likelihood: Floats
    scale: Floats
    coefficients: Floats
    freedom: int
    _inverse: Floats  # (columns, columns): from the given columns to orthonormal ones
    _factor: Floats  # (models, columns, columns): of the covariance of the coefficients of these, in σ²
    _state: Floats  # (models, columns): the lasting part of the last day, were a column the error
    _last: Floats  # (models,): the lasting part of the last day, in the unit of the outcome
    _spread: Floats  # (models,): its variance, in σ²

    def ahead(self, design: ArrayLike) -> Ahead:
        """Return what the next days would be; *design*, shape (days, columns), has the columns of those before."""
        given = np.asarray(design, dtype=np.float64)
        kept = self.weight > _NEGLIGIBLE
        weight, rho = self.weight[kept] / self.weight[kept].sum(), self.errors.rho[kept, None]
        fading = rho ** np.arange(1.0, len(given) + 1)
        location = self.coefficients[kept] @ given.T + fading * self._last[kept, None]
        lever = given @ self._inverse - fading[:, :, None] * self._state[kept, None, :]
        lever = lever @ self._factor[kept]
        covariance = lever @ lever.transpose(0, 2, 1) + self._of_errors(kept, fading)
        return Ahead(weight, location, covariance * self.scale[kept, None, None] ** 2, self.freedom)

    def _of_errors(self, kept: NDArray[np.bool_], fading: Floats) -> Floats:
        """Return the covariance of the errors of the days to come, in σ², were all coefficients known."""
        days = fading.shape[1]
        first = np.minimum(np.arange(days)[:, None], np.arange(days))
        apart = np.abs(np.arange(days)[:, None] - np.arange(days))
        rho = self.errors.rho[kept, None]
        since = np.cumsum(rho ** (2 * np.arange(days)), axis=1)  # of the innovations up to a day, on that day
        fresh = self.errors.fresh[kept, None, None] * rho[:, :, None] ** apart * since[:, first]
        known = self._spread[kept, None, None] * fading[:, :, None] * fading[:, None, :]
        covariance: Floats = known + fresh + self.errors.noise[kept, None, None] * np.eye(days)
        return covariance


def fit(
    outcome: ArrayLike, design: ArrayLike, names: Sequence[str] = (), seen: NDArray[np.bool_] | None = None
) -> ErrorFit:
    """Fit the regression of the days before over the grid of ρ and s.

    Args:
        outcome: Shape (days,), finite: one number per day, in order, without gaps.
        design: Shape (days, columns), finite, of more days than columns: what is known of each day. A sum of columns
            must be constant, such as a column of ones.
        names: What messages call the columns; by default by their place.
        seen: Shape (days,): whether each day was seen; None: all. The others are missing: the error goes on over them,
            as if each had a column of its own.

    Raises:
        InputError: There are no more days than columns, the columns are collinear, they hold no constant, or they
            explain the outcome exactly.

    Example:
        >>> fitted = fit([3.0, 5.0, 4.0, 6.0, 5.0, 4.0, 6.0, 5.0], np.ones((8, 1)))
        >>> total = fitted.ahead(np.ones((2, 1))).of([[1.0, 1.0]])
        >>> round(float(total.mean[0]))
        10
    """
    return fits(outcome, design, [len(np.asarray(outcome))], names, seen)[0]


def fits(
    outcome: ArrayLike,
    design: ArrayLike,
    ends: ArrayLike,
    names: Sequence[str] = (),
    seen: NDArray[np.bool_] | None = None,
) -> list[ErrorFit]:
    """Return the fit to the first days up to each of *ends*, ascending numbers of days, all in one pass.

    Raises:
        InputError: As for :func:`fit`.
    """
    actual, given = np.asarray(outcome, dtype=np.float64), np.asarray(design, dtype=np.float64)
    last = np.asarray(ends, dtype=np.int64)
    kept = np.ones(last[-1], dtype=np.bool_) if seen is None else np.asarray(seen[: last[-1]])
    many = np.cumsum(kept)[last - 1].tolist()
    basis = _basis(actual[: last[-1]][kept], given[: last[-1]][kept], many[0], names)
    columns = np.zeros((kept.size, basis.columns.shape[1] + 1))
    columns[kept] = np.column_stack([basis.columns, basis.rest])
    sums = filtered(columns, ERRORS, last, kept)
    return [_fitted(days, basis, Filtered(*(part[place] for part in sums))) for place, days in enumerate(many)]


class _Basis(NamedTuple):
    """Orthonormal columns, what makes them of the given ones, the rest of the outcome, and its coefficients."""

    columns: Floats
    inverse: Floats
    rest: Floats
    first: Floats


def _basis(outcome: Floats, design: Floats, least: int, names: Sequence[str]) -> _Basis:
    width = design.shape[1]
    if least <= width:
        message = f"{count_text(least, 'day')} before the event for {count_text(width, 'column')} of the design"
        raise InputError(message, remedy=f"give at least {count_text(width + 1, 'day')}, or fewer columns")
    length = np.sqrt(np.einsum("tc,tc->c", design, design))
    columns, upper = np.linalg.qr(design / np.where(length > 0, length, 1.0))
    new = np.abs(np.diagonal(upper))
    if new.min(initial=1.0) < _COLLINEAR:
        place = int(np.argmin(new))
        name = names[place] if names else f"column {place + 1} of the design"
        raise InputError(f"{name} is 0, or a sum of the columns before it, on these days", remedy="leave it out")
    apart = 1.0 - columns @ columns.sum(axis=0)
    if np.abs(apart).max() > _COLLINEAR:
        raise InputError("the columns of the design do not add up to a constant", remedy="add a column of ones")
    first = columns.T @ outcome
    rest = outcome - columns @ first
    if np.sqrt(dot(rest, rest)) <= _EXACT * np.sqrt(dot(outcome, outcome)):
        message = "the design explains the outcome of the days before exactly: there is no noise to judge by"
        raise InputError(message, remedy="give an outcome that varies, or fewer columns")
    return _Basis(columns, np.linalg.inv(upper) / length[:, None], rest, first)


def _fitted(days: int, basis: _Basis, sums: Filtered) -> ErrorFit:
    """Return the fit to the first *days*, of which *sums* are; the last column of these is the rest."""
    width = basis.columns.shape[1]
    freedom = days - width
    information, right = sums.gram[:, :width, :width], sums.gram[:, :width, width]
    lower = np.linalg.cholesky(information)
    factor = np.linalg.inv(lower).transpose(0, 2, 1)  # its square is the inverse of the information
    projected = np.einsum("gcd,gc->gd", factor, right)
    beta = np.einsum("gcd,gd->gc", factor, projected)
    squares = sums.gram[:, width, width] - np.einsum("gd,gd->g", projected, projected)
    information_det = 2 * np.log(np.diagonal(lower, axis1=1, axis2=2)).sum(axis=1)
    log_likelihood = -(sums.log_det + information_det + freedom * np.log(squares)) / 2
    weight = PRIOR * np.exp(log_likelihood - log_likelihood.max())
    return ErrorFit(
        errors=ERRORS,
        weight=weight / weight.sum(),
        log_likelihood=log_likelihood,
        scale=np.sqrt(squares / freedom),
        coefficients=(basis.first + beta) @ basis.inverse.T,
        freedom=freedom,
        _inverse=basis.inverse,
        _factor=factor,
        _state=sums.state[:, :width],
        _last=sums.state[:, width] - np.einsum("gc,gc->g", sums.state[:, :width], beta),
        _spread=sums.spread,
    )
