"""A scenario as a model of the EMA Workbench, and an evaluator that plays all scenarios of a policy in one native call.

    import mufakat, mufakat.ema
    from ema_workbench import perform_experiments

    model = mufakat.ema.model(
        mufakat.load("asean-2027"),
        levers={"arm.bloc.binding": (0, 1), "bargaining.transfers": None},
        outcomes={"bloc.total.payoff.difference": "maximize"},
    )
    experiments, outcomes = perform_experiments(model, scenarios=1000, policies=4, evaluator=mufakat.ema.Evaluator(model))

`pip install 'mufakat[ema]'` installs what it needs, version 2.5 or 3 of the workbench. Uncertainties, levers and outcomes are named by their paths;
version 3 prefers names that are identifiers of Python and warns where it hears others, which is kept from readers of this module.

Words: a scenario of the workbench is a world here, a policy is a setting of the scenario. `mufakat.factors` says what a world that is given is.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from mufakat.errors import UsageError
from mufakat.factors import Chance, Factor, check_chance, default_outcomes, factors_of, play, quantiles

try:
    import ema_workbench
    from ema_workbench.em_framework.evaluators import BaseEvaluator
    from ema_workbench.em_framework.parameters import BooleanParameter, CategoricalParameter, IntegerParameter, Parameter, RealParameter
    from ema_workbench.em_framework.points import experiment_generator
    from scipy import stats
except ModuleNotFoundError as error:
    raise ImportError(f"mufakat.ema needs {error.name}: pip install 'mufakat[ema]'", name=error.name) from error

if TYPE_CHECKING:
    from ema_workbench.em_framework.points import Experiment
    from numpy.typing import ArrayLike, NDArray

    from mufakat.scenario import Scenario

Form = Literal["values", "ranges", "quantiles"]
"""What the numbers of an uncertainty are, and how samplers spread them."""

KINDS = {"maximize": 1, "minimize": -1, "info": 0}


def model(
    scenario: Scenario,
    levers: Mapping[str, Any] | Iterable[str] = (),
    outcomes: Mapping[str, Any] | str | Iterable[Any] | None = None,
    *,
    uncertainties: str | Iterable[str] | None = None,
    form: Form = "values",
    chance: Chance = "trial",
    replications: int = 1,
    reference: str | None = None,
    threads: int | None = None,
    name: str | None = None,
) -> Model:
    """The scenario as a model of the workbench.

    `uncertainties` are the uncertain quantities and events that match these patterns of paths (all, if `None`), but for those that are levers. What
    they are:

    - `form="values"`: numbers in their units, which Monte Carlo and Latin hypercube samples spread as the scenario says; an event comes (1) as
      often as it is probable. The samplers of SALib within the workbench do so from version 3 on; in 2.5 they, and `UNIFORM_LHS`, take them as even
      over the range.
    - `form="ranges"`: numbers in their units, even over the range of the distribution, as the workbench has it where nothing is known of them; an
      event comes in half of the worlds.
    - `form="quantiles"`: numbers u in [0, 1], for the value below which the share u of the draws lies; `model.values` says which. Even samples, of
      any sampler, are spread as the scenario says.

    In all three, quantities that `[[correlation]]` or the rows of a file tie are independent, since the workbench samples one at a time. To have
    the worlds of a run, give its draws as scenarios.

    `levers` are paths of keys, each with the values that it may take: `(low, high)` for numbers between, `range(1, 5)` for whole ones, a list for
    one of its values, `bool`, a parameter of the workbench, or `None` (or no value, in a list of paths) for yes or no where the key is that, and
    the range of the draws where it is uncertain.

    `outcomes` are paths of results in one world, such as `bloc.total.payoff.difference`, each with `"maximize"`, `"minimize"` or `"info"` (or no
    word, in a list of paths), or outcomes of the workbench; without it, what each way to negotiate brings all states. Differences are against the
    arm `reference`, the first if `None`. A result that a world does not have is NaN.

    `chance`: orders of talks, votes and joining hang on the number of the trial. `"trial"`: the k-th scenario of an experiment is trial k under
    every policy, so that policies are compared in the same worlds. A number: all have the chance of that trial. `replications` plays each
    experiment so often and gives means.

    `name` is that of the model, of letters and digits; by default that of the scenario without the rest. Raises `UsageError`.
    """
    if form not in ("values", "ranges", "quantiles"):
        raise UsageError(f'form={form!r}: expected "values", "ranges" or "quantiles"')
    if replications < 1:
        raise UsageError(f"replications={replications}: each experiment is played once at least")
    check_chance(chance)
    wanted = levers if isinstance(levers, Mapping) else dict.fromkeys([levers] if isinstance(levers, str) else levers)
    settings = {"chance": chance, "replications": replications, "reference": reference, "threads": threads}
    made = Model(name or _name(scenario.name), scenario, form, settings)
    uncertain = {factor.path: factor for factor in factors_of(scenario, uncertainties)}
    made.factors = {path: factor for path, factor in uncertain.items() if path not in wanted}
    with _any_name():
        made.uncertainties = [_uncertainty(scenario, factor, form) for factor in made.factors.values()]
        made.levers = [_lever(scenario, path, values, uncertain.get(path)) for path, values in wanted.items()]
        made.outcomes = _outcomes(default_outcomes(scenario, reference) if outcomes is None else outcomes)
    return made


class Model(ema_workbench.Model):
    """A model of the workbench that plays a scenario.

    `Evaluator` plays it in batches. Any other evaluator plays each experiment by itself, as a first trial: its chance is that of trial 0, or of the
    trial that `chance` names.
    """

    def __init__(self, name: str, scenario: Scenario, form: Form, settings: dict[str, Any]) -> None:
        """See `model`."""
        super().__init__(name, function=self.run_experiment)
        self.scenario = scenario
        self.form = form
        self.settings = settings
        self.factors: dict[str, Factor] = {}

    def values(self, worlds: Any) -> dict[str, NDArray[np.float64]]:
        """The values of the uncertainties by path, in their units, of worlds by path: a frame of experiments, a scenario of the workbench or a
        dict."""
        return {path: self._value(path, np.atleast_1d(worlds[path])) for path in self.factors if path in worlds}

    def run_experiment(self, experiment: Mapping[str, Any]) -> dict[str, float]:
        """The outcomes of one world under one policy, both by the names of their variables."""
        worlds = {path for one in self.uncertainties for path in one.variable_name}
        given = {path: value for path, value in experiment.items() if path in worlds}
        setting = {path: value for path, value in experiment.items() if path not in worlds}
        found = self.play(setting, given, trials=[0])
        return {path: float(values[0]) for path, values in found.items()}

    def play(self, setting: Mapping[str, Any], worlds: Mapping[str, Any], trials: ArrayLike) -> dict[str, NDArray[np.float64]]:
        """What the outcomes read of worlds, arrays by path, under a setting of the scenario; `trials` are the numbers of the worlds."""
        scenario = self.scenario.with_({path: _plain(value) for path, value in setting.items()}) if setting else self.scenario
        count = len(np.atleast_1d(trials))
        columns = {path: np.broadcast_to(self._value(path, np.atleast_1d(values)), count) for path, values in worlds.items()}
        settings = dict(self.settings)
        chance = settings.pop("chance")
        numbers = np.atleast_1d(trials) if chance == "trial" else np.full(count, chance)
        listed = bool(columns) and np.array_equal(numbers, np.arange(count))
        paths = list(dict.fromkeys(self.output_variables))
        return play(scenario, columns, paths, trials=None if listed else numbers, **settings)

    def _value(self, path: str, given: NDArray[Any]) -> NDArray[np.float64]:
        numbers = np.asarray(given, dtype=np.float64)
        return quantiles(self.scenario, self.factors[path], numbers) if self.form == "quantiles" and path in self.factors else numbers


class Evaluator(BaseEvaluator):
    """Plays the experiments of each model and policy in one native call, on as many threads as the model says, in this process.

        with Evaluator(model) as evaluator:
            experiments, outcomes = evaluator.perform_experiments(scenarios=1000, policies=4)
            best = evaluator.optimize(searchover="levers", nfe=500, epsilons=[0.1])

    Models that are not of this module are refused.
    """

    def __init__(self, msis: Model | Iterable[Model]) -> None:
        """An evaluator of one model or several; raises `UsageError` where one is not of this module."""
        models = [msis] if isinstance(msis, ema_workbench.Model) else list(msis)
        for one in models:
            if not isinstance(one, Model):
                raise UsageError(f"{one.name} is no model of mufakat.ema: play it with an evaluator of the workbench")
        super().__init__(models)

    def initialize(self) -> None:
        """Nothing: there is no pool."""

    def finalize(self) -> None:
        """Nothing: there is no pool."""

    def evaluate_experiments(self, *args: Any, **kwargs: Any) -> None:
        """What the workbench calls: in version 2.5 with scenarios, policies and how to combine them, from 3 on with experiments."""
        if _TAKES_EXPERIMENTS:
            self._play(*args, **kwargs)
        else:
            self._combine_and_play(*args, **kwargs)

    def _combine_and_play(self, scenarios: Any, policies: Any, callback: Callable[..., Any], combine: str = "factorial") -> None:
        self._play(experiment_generator(scenarios, self._msis, policies, combine=combine), callback)

    def _play(self, experiments: Iterable[Experiment], callback: Callable[..., Any]) -> None:
        models = {one.name: one for one in self._msis}
        waiting = list(experiments)
        # The k-th scenario is trial k whatever the policy.
        numbers: dict[int, int] = {}
        for experiment in waiting:
            numbers.setdefault(id(experiment.scenario), len(numbers))
        for name, setting, together in _by_setting(models, waiting):
            made = models[name]
            points = [_variables(experiment.scenario, made.uncertainties) for experiment in together]
            worlds = {path: np.array([point[path] for point in points], dtype=np.float64) for path in points[0]}
            found = made.play(setting, worlds, [numbers[id(experiment.scenario)] for experiment in together])
            for row, experiment in enumerate(together):
                read = {outcome.name: outcome.process([found[path][row] for path in outcome.variable_name]) for outcome in made.outcomes}
                callback(experiment, read)


_TAKES_EXPERIMENTS = "experiments" in inspect.signature(BaseEvaluator.evaluate_experiments).parameters


def _by_setting(models: Mapping[str, Model], experiments: list[Experiment]) -> Iterator[tuple[str, dict[str, Any], list[Experiment]]]:
    """Experiments of the same model under the same setting together, in the order of the first of each."""
    groups: dict[tuple[str, str], tuple[str, dict[str, Any], list[Experiment]]] = {}
    for experiment in experiments:
        name = experiment.model_name
        constants = {path: constant.value for constant in models[name].constants for path in constant.variable_name}
        setting = constants | _variables(experiment.policy, models[name].levers)
        groups.setdefault((name, repr(sorted(setting.items()))), (name, setting, []))[2].append(experiment)
    yield from groups.values()


def _variables(point: Mapping[str, Any], parameters: Iterable[Parameter]) -> dict[str, Any]:
    """What a scenario or policy sets, by the names of the variables of its parameters; all of it where there are no parameters, as the workbench
    has it."""
    listed = list(parameters)
    if not listed:
        return dict(point)
    found: dict[str, Any] = {}
    for one in listed:
        value = point.get(one.name, one.default)
        if value is None:
            continue
        several = isinstance(one, CategoricalParameter) and one.multivalue
        found.update(zip(one.variable_name, value, strict=False) if several else dict.fromkeys(one.variable_name, value))
    return found


class _Drawn(stats.rv_continuous):
    """A quantity under its inverse distribution function, as a distribution of scipy: what samplers and bounds need of one."""

    def __init__(self, scenario: Scenario, factor: Factor, **settings: Any) -> None:
        super().__init__(**{**settings, "a": factor.low, "b": factor.high, "name": factor.path, "shapes": None})
        self.scenario = scenario
        self.factor = factor

    def _updated_ctor_param(self) -> dict[str, Any]:
        # From this scipy makes the copy that it freezes.
        return {**super()._updated_ctor_param(), "scenario": self.scenario, "factor": self.factor}

    def _ppf(self, q: Any, *_: Any) -> Any:
        return quantiles(self.scenario, self.factor, q)

    def _cdf(self, x: Any, *_: Any) -> Any:
        raise NotImplementedError(f"{self.factor.path}: only quantiles of this distribution are known")


def _uncertainty(scenario: Scenario, factor: Factor, form: Form) -> Parameter:
    if form == "quantiles":
        return RealParameter(factor.path, 0.0, 1.0)
    if form == "values" and factor.probability is not None:
        return IntegerParameter.from_dist(factor.path, stats.bernoulli(factor.probability))
    if form == "values":
        return RealParameter.from_dist(factor.path, _Drawn(scenario, factor)())
    if factor.is_event:
        return BooleanParameter(factor.path)
    values = sorted(set(factor.parameters["values"])) if factor.kind == "discrete" else [0.0, 1.0] if factor.kind == "bernoulli" else []
    return CategoricalParameter(factor.path, values) if len(values) > 1 else RealParameter(factor.path, factor.low, factor.high)


def _lever(scenario: Scenario, path: str, values: Any, factor: Factor | None) -> Parameter:
    if isinstance(values, Parameter):
        return values
    if values is None:
        values = _possible(scenario, path, factor)
    if values is bool:
        return BooleanParameter(path)
    if isinstance(values, range) and values.step == 1 and len(values) > 1:
        return IntegerParameter(path, values.start, values.stop - 1)
    if isinstance(values, tuple) and len(values) == 2 and all(isinstance(end, (int, float)) for end in values) and values[0] < values[1]:
        return RealParameter(path, *map(float, values))
    if isinstance(values, list) and len(values) > 1:
        return CategoricalParameter(path, list(values))
    raise UsageError(f"lever {path}: expected (low, high), a range, a list of values, bool or a parameter of the workbench, not {values!r}")


def _possible(scenario: Scenario, path: str, factor: Factor | None) -> Any:
    """The values that a lever may take by itself."""
    if factor is not None:
        return (factor.low, factor.high)
    if isinstance(scenario[path], bool):
        return bool
    raise UsageError(f'lever {path}: say which values it may take, as in levers={{"{path}": (0, 1)}}')


def _outcomes(wanted: Mapping[str, Any] | str | Iterable[Any]) -> list[Any]:
    wanted = [wanted] if isinstance(wanted, str) else wanted
    named = wanted.items() if isinstance(wanted, Mapping) else [(one, "info") for one in wanted]
    return [one if not isinstance(one, str) else ema_workbench.ScalarOutcome(one, kind=_kind(one, kind)) for one, kind in named]


def _kind(path: str, kind: Any) -> int:
    found: int | None = KINDS.get(kind) if isinstance(kind, str) else kind
    if found is None or found not in KINDS.values():
        raise UsageError(f"outcome {path}: expected one of {', '.join(KINDS)}, not {kind!r}")
    return found


def _plain(value: Any) -> Any:
    """A value of the workbench as one of Python."""
    return value.item() if hasattr(value, "item") else value


def _name(name: str) -> str:
    """The letters and digits of a name, the first a letter."""
    letters = "".join(one for one in name if one.isascii() and one.isalnum())
    return letters if letters[:1].isalpha() else f"scenario{letters}"


@contextmanager
def _any_name() -> Iterator[None]:
    """Keeps quiet that paths are no identifiers of Python."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*is not a valid Python identifier", category=DeprecationWarning)
        yield
