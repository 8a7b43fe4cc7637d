"""Scores of hand-made cases, worked out on paper."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

import llmx
from llmx.evaluation import Label, Match, Score, Stretches, align, krippendorff_alpha, likeness

TESTS = Path(__file__).parent
HEADINGS = ["2024年工作回顾", *(f"2025年工作安排之{number}" for number in "一二三四五")]
TEXT = "".join(f"{number}、{words}\n税收增长5%。\n" for number, words in zip("一二三四五六", HEADINGS, strict=True))
PLACES = [at for at in range(len(TEXT)) if TEXT.startswith("税收增长", at)]


def figure(at: int, type: str = "target", **fields: object) -> Label:
    """A figure of two characters, `5%`, at the end of a quote of six."""
    given = {
        "report": "r",
        "type": type,
        "kind": "quantified",
        "indicator": "税收",
        "value": 5,
        "unit": "%",
        "figure": "5%",
    }
    given |= {"quote": "税收增长5%", "start": at, "end": at + 6, "measure": "growth", "comparator": "=", "year": 2025}
    return Label.of(given | fields)


def quote(start: int, end: int, type: str = "problem", **fields: object) -> Label:
    """Something without a figure."""
    given = {"report": "r", "type": type, "quote": "某" * (end - start), "start": start, "end": end}
    return Label.of(given | fields)


def outcomes(predicted: list[Label], gold: list[Label]) -> list[str]:
    return [match.outcome for match in align(predicted, gold)]


def overall(scores: llmx.Scores) -> Score:
    (row,) = [row for row in scores.measures if row.measure == "found and typed"]
    return row.score


def test_a_duplicate_counts_once() -> None:
    scores = llmx.evaluate([figure(0), figure(0)], [figure(0)])
    score = scores.score("figures found and typed")
    assert (score.precision, score.recall, score.f1) == (1 / 2, 1, 2 / 3)
    assert sorted(match.outcome for match in scores.matches) == ["agreed", "spurious"]


def test_an_empty_prediction_has_recall_0_and_no_precision() -> None:
    score = llmx.evaluate([], [figure(0), figure(10)]).score("figures found and typed")
    assert (score.precision, score.recall, score.f1) == (None, 0, 0)


def test_what_nobody_labelled_and_nobody_predicted_has_no_score() -> None:
    score = llmx.evaluate([figure(0)], [figure(0)]).score("projects")
    assert (score.precision, score.recall, score.f1) == (None, None, None)


@pytest.mark.parametrize(
    ("start", "end", "outcome"),
    [
        (0, 10, "agreed"),
        (3, 13, "agreed"),  # 7 of 13
        (0, 20, "agreed"),  # 10 of 20: one half will do
        (0, 21, "wrong span"),  # 10 of 21
        (5, 15, "wrong span"),  # 5 of 15
    ],
)
def test_shifted_quotes_are_the_same_down_to_an_overlap_of_half(start: int, end: int, outcome: str) -> None:
    predicted, gold = quote(start, end, "project", name="水库"), quote(0, 10, "project", name="水库")
    assert outcomes([predicted], [gold]) == [outcome]


def test_a_quote_elsewhere_is_missed_and_spurious() -> None:
    assert outcomes([quote(10, 20)], [quote(0, 10)]) == ["missed", "spurious"]


def test_swapped_types_are_two_wrong_types_and_no_agreement() -> None:
    gold = [figure(0, "target"), figure(10, "achievement")]
    predicted = [figure(0, "achievement"), figure(10, "target")]
    scores = llmx.evaluate(predicted, gold)
    assert [match.outcome for match in scores.matches] == ["wrong type", "wrong type"]
    assert overall(scores) == Score(0, 2, 2)
    counts = {row.name: row.score for row in scores.types if row.measure == "found and typed"}
    assert counts["target"] == counts["achievement"] == Score(0, 1, 1)


def test_a_pair_with_a_worse_neighbour_gives_way_to_two_good_pairs() -> None:
    # Overlaps: a–x 19/21, a–y 17/22, b–x 15/20, b–y 11/23. Closest first would take a–x and leave b and y alone.
    a, b, x, y = quote(1, 21), quote(0, 15), quote(0, 20), quote(4, 23)
    pairs = [(match.predicted, match.gold) for match in align([a, b], [x, y])]
    assert pairs == [(b, x), (a, y)]


def test_no_assignment_of_a_small_list_is_better_than_the_one_found() -> None:
    names = ["水库一期", "水库二期", "大桥", "大桥引线", "水库"]
    predicted = [quote(0, 20, "project", name=name) for name in names]
    gold = [quote(0, 20 + at, "project", name=name) for at, name in enumerate(reversed(names))]

    def weight(ours: Label, theirs: Label) -> float:
        return 20 / theirs.end + likeness(ours.naming, theirs.naming)

    best = max(sum(map(weight, order, gold)) for order in itertools.permutations(predicted))
    found = sum(weight(match.predicted, match.gold) for match in align(predicted, gold))
    assert found == pytest.approx(best, abs=1e-12)


PERIOD = {"period": "cumulative", "period_start": "2021", "period_end": "2025"}


@pytest.mark.parametrize(
    ("predicted", "gold", "differences"),
    [
        (PERIOD, PERIOD, ()),
        (PERIOD, {}, ()),  # a label that does not say is not held against the record
        ({"period": "annual", "period_end": "2025"}, PERIOD, ("period",)),
        (PERIOD | {"period_end": "2024"}, PERIOD, ("period",)),
        (PERIOD, {"period": "cumulative", "period_end": "2025"}, ("period",)),  # the text does not tell the beginning
        ({"indicator_id": "gdp"}, {"indicator_id": "tax_revenue"}, ("indicator_id",)),
        (
            {},
            {"approximation": "以上", "commitment": "力争", "scope": "全市"},
            ("approximation", "commitment", "scope"),
        ),
    ],
)
def test_span_vocabulary_and_words_are_fields(predicted: dict, gold: dict, differences: tuple[str, ...]) -> None:
    (match,) = align([figure(0, **predicted)], [figure(0, **gold)])
    assert match.differences == differences


def test_no_id_is_told_from_a_wrong_one() -> None:
    gold = [figure(at, indicator_id="tax_revenue") for at in (0, 10, 20, 30)]
    predicted = [figure(0, indicator_id="tax_revenue"), figure(10, indicator_id="gdp"), figure(20), figure(30)]
    scores = llmx.evaluate(predicted, gold)
    (row,) = [row for row in scores.table("fields") if row["name"] == "indicator_id"]
    assert [row[name] for name in ("agreed", "none", "wrong", "gold")] == [1, 2, 1, 4]


def test_a_reference_is_right_where_it_names_the_same_figure() -> None:
    gold = [figure(0, id="a"), figure(10, id="b", stretch_of="a"), figure(20, id="c", stretch_of="b")]
    predicted = [figure(0, id="x1"), figure(10, id="x2", stretch_of="x1"), figure(20, id="x3", stretch_of="x1")]
    scores = llmx.evaluate(predicted, gold)
    assert [match.differences for match in scores.matches] == [(), (), ("stretch_of",)]


def test_names_tell_apart_what_shares_a_quote() -> None:
    gold = [quote(0, 10, "project", name=name) for name in ("东山水库", "西山大桥", "南山医院")]
    predicted = [quote(0, 10, "project", name=name) for name in ("南山医院", "东山水库", "西山大桥")]
    assert all(match.predicted.naming == match.gold.naming for match in align(predicted, gold))


@pytest.mark.parametrize(
    ("field", "value", "outcome"),
    [
        ("value", 6, "wrong value"),
        ("value_max", 7, "wrong value"),
        ("unit", "个百分点", "wrong value"),
        ("measure", "change", "wrong value"),
        ("comparator", ">=", "wrong value"),
        ("indicator", "全体居民人均可支配收入", "wrong indicator"),
        ("indicator", None, "wrong indicator"),
        ("year", 2024, "wrong field"),
        ("year", None, "wrong field"),
    ],
)
def test_a_field_that_differs_is_named(field: str, value: object, outcome: str) -> None:
    (match,) = align([figure(0, **{field: value})], [figure(0)])
    assert match.outcome == outcome
    assert match.differences == ("value" if field == "value_max" else field,)
    assert match.aligned


def test_a_field_that_the_label_leaves_out_is_not_scored() -> None:
    scores = llmx.evaluate([figure(0), figure(10, year=2024)], [figure(0, year=None), figure(10)])
    fields = {row.name: row for row in scores.fields}
    assert fields["year"].score == Score(0, 1, 1)
    assert fields["value"].score == Score(2, 2, 2)
    assert fields["stage"].f1 is None
    assert [match.outcome for match in scores.matches] == ["agreed", "wrong field"]


def test_a_field_that_the_prediction_leaves_out_costs_recall_alone() -> None:
    scores = llmx.evaluate([figure(0), figure(10, year=None)], [figure(0), figure(10)])
    (year,) = [row for row in scores.fields if row.name == "year"]
    assert (year.precision, year.recall, year.f1) == (1, 1 / 2, 2 / 3)


def test_a_problem_with_a_figure_may_be_one_without() -> None:
    figured = figure(0, "problem", kind=None, domain="finance")
    plain = quote(0, 6, domain="finance")
    assert outcomes([plain], [figured]) == ["wrong value"]
    assert llmx.evaluate([plain], [figured]).score("figures found and typed") == Score(0, 0, 1)
    assert outcomes([figured], [plain]) == ["agreed"]


def test_a_record_without_a_place_is_spurious() -> None:
    lost = Label.of({"report": "r", "type": "problem", "quote": "某" * 10})
    assert outcomes([lost], [quote(0, 10)]) == ["missed", "spurious"]


def test_micro_pools_and_macro_averages() -> None:
    # Targets: 1 of 1 predicted, 1 of 2 labelled, F1 2/3. Projects: 1 of 3, 1 of 1, F1 1/2. The rest is not there.
    gold = [figure(0), figure(10), quote(20, 30, "project", name="甲")]
    predicted = [figure(0), *(quote(at, at + 10, "project", name="甲") for at in (20, 40, 60))]
    rows = {row.name: row for row in llmx.evaluate(predicted, gold).types if row.measure == "found and typed"}
    assert rows["micro"].score == Score(2, 4, 3)
    assert (rows["micro"].precision, rows["micro"].recall, rows["micro"].f1) == (2 / 4, 2 / 3, 4 / 7)
    assert rows["macro"].precision == pytest.approx((1 + 1 / 3) / 2, abs=1e-12)
    assert rows["macro"].recall == pytest.approx((1 / 2 + 1) / 2, abs=1e-12)
    assert rows["macro"].f1 == pytest.approx((2 / 3 + 1 / 2) / 2, abs=1e-12)


def test_only_labelled_stretches_count() -> None:
    gold = [Stretches(report="r", labelled=[(0, 12)]), figure(0)]
    inside, across, outside = figure(6), figure(7), figure(30)  # the middle of the figure is at 11, 12, 35
    assert overall(llmx.evaluate([figure(0), inside, across, outside], gold)) == Score(1, 2, 1)


def test_a_labelled_report_that_holds_nothing_is_all_spurious() -> None:
    scores = llmx.evaluate([figure(0)], [Stretches(report="r", labelled=[(0, 80)])])
    assert (overall(scores).precision, overall(scores).recall) == (0, None)


def test_a_report_that_was_never_read_is_unscored_and_one_that_failed_is_missed(tmp_path: Path) -> None:
    readable, broken = tmp_path / "readable.txt", tmp_path / "broken.txt"
    readable.write_text("税收增长5%。", "utf-8")
    broken.write_bytes(b"\x00\x01")
    results = list(llmx.extract_many([readable, broken]))
    gold = [figure(0, report=report) for report in ("readable", "broken", "elsewhere")]
    scores = llmx.evaluate(results, gold)
    assert [one.report for one in scores.alignments] == ["readable", "broken"]
    assert scores.unscored == ("elsewhere",)
    assert scores.score("figures found and typed").gold == 2
    rows = {row.name: row for row in scores.reports if row.measure == "figures found and typed"}
    assert (rows["broken"].precision, rows["broken"].recall) == (None, 0)


def six(*found: int, **options: int) -> llmx.Scores:
    """Six sections with a labelled figure each, of which these are found."""
    predicted, gold = [figure(PLACES[at]) for at in found], [figure(at) for at in PLACES]
    return llmx.evaluate(predicted, gold, reports=llmx.read_text(TEXT, id="r"), **options)


def test_the_interval_is_that_of_sections_drawn_anew() -> None:
    # Of the six figures in a draw, how many are in the three sections found is binomial, n = 6, p = 1/2: none or all six
    # with 1/64 each, which is less than the tail of an interval and, with that of one or five, more.
    scores = six(0, 1, 2)
    (row,) = [row for row in scores.measures if row.measure == "figures found and typed"]
    assert (row.recall, row.recall_interval) == (1 / 2, (1 / 6, 5 / 6))
    assert row.precision_interval == (1, 1)
    drawn = scores.drawn[:, 0, 1]
    assert drawn.mean() == pytest.approx(1 / 2, abs=0.03)
    assert drawn.std() == pytest.approx((1 / 2 * 1 / 2 / 6) ** 0.5, abs=0.02)


def test_an_interval_is_the_same_for_the_same_seed() -> None:
    first, again, other = (six(0, 2, 3, seed=seed).drawn[:, 0, 1] for seed in (1, 1, 2))
    assert (first == again).all()
    assert not (first == other).all()


def test_too_few_sections_have_no_interval() -> None:
    rows = {row.name: row for row in six(0, 1, 2).roles if row.measure == "figures found and typed"}
    assert rows["review"].recall_interval is None
    assert rows["plan"].recall_interval is not None


def test_without_texts_or_draws_there_is_no_interval() -> None:
    for scores in (llmx.evaluate([figure(0)], [figure(0)]), six(0, resamples=0)):
        assert {row.f1_interval for row in scores.measures} == {None}


def test_scores_by_section_role() -> None:
    rows = {(row.name, row.measure): row.score for row in six(0, 1).roles}
    assert rows["review", "figures found and typed"] == Score(1, 1, 1)
    assert rows["plan", "figures found and typed"] == Score(1, 1, 5)


@pytest.fixture(scope="module")
def results() -> list[llmx.Result]:
    return list(llmx.extract_many(sorted((TESTS / "reports").glob("*.txt"))))


def test_gold_against_itself_is_perfect() -> None:
    scores = llmx.evaluate(TESTS / "labels", TESTS / "labels")
    assert {match.outcome for match in scores.matches} == {"agreed"}
    assert {row.f1 for row in scores.measures} == {1}


def test_tables_are_dataframes(results: list[llmx.Result]) -> None:
    scores = llmx.evaluate(results, TESTS / "labels", resamples=50)
    for name in ("measures", "types", "fields", "roles", "reports", "errors", "records"):
        pandas, polars = scores.to_pandas(name), scores.to_polars(name)
        assert len(pandas) == len(polars) > 0
        assert list(pandas.columns) == polars.columns
    records = scores.to_pandas("records")
    gold = sum(len(path.read_text("utf-8").splitlines()) for path in (TESTS / "labels").glob("*.jsonl"))
    assert records["gold_type"].notna().sum() == gold
    assert records["predicted_type"].notna().sum() == sum(len(result.records) for result in results)
    errors = scores.to_pandas("errors")
    assert errors.drop(columns="type").to_numpy().sum() == len(records)


def test_every_record_and_label_stands_in_one_row(results: list[llmx.Result]) -> None:
    scores = llmx.evaluate(results, TESTS / "labels", resamples=0)
    for result, alignment in zip(results, scores.alignments, strict=True):
        predicted = [match.predicted.id for match in alignment.matches if match.predicted]
        assert sorted(predicted) == sorted(record.id for record in result.records)


def test_old_outputs_are_scored_without_a_model(results: list[llmx.Result], tmp_path: Path) -> None:
    llmx.run(TESTS / "reports", tmp_path)
    for given in (tmp_path, tmp_path / "records.jsonl", [record for result in results for record in result.records]):
        scores = llmx.evaluate(given, TESTS / "labels", resamples=0)
        assert scores.measures == llmx.evaluate(results, TESTS / "labels", resamples=0).measures


def test_a_run_compared_with_itself_does_not_differ(results: list[llmx.Result]) -> None:
    comparison = llmx.compare({"a": results, "b": results}, TESTS / "labels", resamples=50)
    assert comparison.records == []
    told = {one.measure: (one.difference, one.interval, one.better) for one in comparison.differences}
    assert told.pop("problems") == (0, None, None)  # three sections hold them, too few
    assert set(told.values()) == {(0, (0, 0), 1 / 2)}


def test_a_comparison_lists_what_differs_and_nothing_else() -> None:
    gold = [figure(at) for at in (0, 10, 20, 30)]
    a = [figure(0), figure(10), figure(20, year=2024), figure(50), figure(60)]
    b = [figure(0), figure(10, value=6), figure(20, year=2023), figure(30), figure(50), figure(70)]
    comparison = llmx.compare({"a": a, "b": b}, gold)
    found = [(one.label.start, *(row and row.outcome for row in one.rows.values())) for one in comparison.records]
    assert found == [
        (10, "agreed", "wrong value"),
        (20, "wrong field", "wrong field"),
        (30, "missed", "agreed"),
        (60, "spurious", None),
        (70, None, "spurious"),
    ]
    f1 = {one.measure: one.difference for one in comparison.differences}
    assert f1["figures found and typed"] == pytest.approx(8 / 10 - 6 / 9, abs=1e-12)


def test_runs_are_compared_on_the_reports_that_all_of_them_read() -> None:
    gold = [figure(0, report="r"), figure(0, report="s")]
    comparison = llmx.compare({"a": gold, "b": gold[:1]}, gold)
    assert comparison.unscored == ("s",)
    assert [scores.score("figures found and typed") for scores in comparison.scores.values()] == [Score(1, 1, 1)] * 2


def test_draws_are_paired() -> None:
    # B finds what A finds and one more: better in each draw that holds its section, 1 - (5/6)^6 of them, never worse.
    gold = [figure(at) for at in PLACES]
    comparison = llmx.compare({"a": gold[:3], "b": gold[:4]}, gold, reports=llmx.read_text(TEXT, id="r"))
    (one,) = [one for one in comparison.differences if one.measure == "figures found and typed"]
    assert one.difference == pytest.approx(8 / 10 - 6 / 9, abs=1e-12)
    assert one.interval.low == 0
    assert one.better == pytest.approx(1 - (5 / 6) ** 6 / 2, abs=0.03)


def test_krippendorffs_own_examples() -> None:
    # Computing Krippendorff's Alpha-Reliability, 2011, sections A and B.
    binary = zip([0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0], strict=True)
    nominal = zip("aabbdcccedda", "babbbcccEddd".lower(), strict=True)
    assert round(krippendorff_alpha(list(binary)), 3) == 0.095
    assert round(krippendorff_alpha(list(nominal)), 3) == 0.692
    assert krippendorff_alpha([("a", "a")] * 5) is None


def test_agreement_of_two_annotators() -> None:
    first = [figure(at) for at in (0, 10, 20, 30)]
    second = [figure(0), figure(10, year=2024), figure(20, "achievement"), figure(50), figure(60)]
    agreement = llmx.agreement(first, second)
    there, back = (scores.score("figures found and typed") for scores in (agreement.first, agreement.second))
    assert (there.precision, there.recall) == (back.recall, back.precision) == (2 / 5, 2 / 4)
    fields = {one.field: one for one in agreement.coefficients}
    # Types t-t, t-t, t-a: 1 - 5·2/10 = 0. Years 2025-2025, 2025-2024: 1 - 3·2/6 = 0.
    assert (fields["type"].pairs, fields["type"].same, fields["type"].alpha) == (3, 2 / 3, 0)
    assert (fields["year"].pairs, fields["year"].same, fields["year"].alpha) == (2, 1 / 2, 0)
    assert fields["indicator"].alpha is None


def test_a_match_knows_whether_it_is_the_same_record() -> None:
    assert not Match(figure(0), figure(0), "wrong type").aligned
    assert not Match(None, figure(0), "missed").aligned
