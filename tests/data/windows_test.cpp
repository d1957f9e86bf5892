#include "data/windows.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/files.h"
#include "data/formats/csv_times.h"
#include "data/formats/npy.h"
#include "data/source.h"
#include "data/split.h"
#include "tests/support/expect_error.h"
#include "tests/support/holes.h"
#include "tests/support/series.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using ::testing::ElementsAre;
using testing::error_of;
using ::testing::HasSubstr;
using testing::TemporaryFolder;
using testing::whole_numbers;

using testing::kHole;

// Rows, as a format reads them.
DataSource rows(const torch::Tensor& cells, const std::string& name = "rows") {
  return {name,
          {.images = cells.view({cells.size(0), 1, 1, cells.size(1)}), .labels = {}, .label_names = {}},
          {}};
}

WindowOptions windows_of(int64_t window, int64_t stride = 1, const std::string& series_column = "") {
  WindowOptions options;
  options.window = window;
  options.stride = stride;
  options.series_column = series_column;
  return options;
}

// When rows were, and at which seconds since 1970.
std::shared_ptr<const RowMarks> times(const std::vector<std::string>& texts,
                                      const std::vector<double>& seconds) {
  auto marks = std::make_shared<RowMarks>();
  marks->time_column = "when";
  for (const std::string& text : texts) {
    marks->times.add(text);
  }
  marks->seconds = torch::tensor(seconds, torch::kFloat64);
  return marks;
}

// A table of a time, a word that names the series, and a number.
DataSource table(const std::vector<float>& days, const std::vector<int64_t>& words) {
  auto schema = std::make_shared<TableSchema>();
  schema->columns = {{.name = "when", .kind = ColumnKind::kTime, .time_format = "%Y-%m-%d"},
                     {.name = "pump", .kind = ColumnKind::kCategory, .words = {"east", "west"}},
                     {.name = "flow"}};
  const auto count = static_cast<int64_t>(days.size());
  const int64_t parts = schema->columns.front().width() - 1;  // of a time, beside its day
  DataSource source = rows(torch::cat({torch::tensor(days).unsqueeze(1), torch::zeros({count, parts}),
                                       torch::one_hot(torch::tensor(words), 3).to(torch::kFloat32),
                                       torch::arange(count, torch::kFloat32).unsqueeze(1)},
                                      1));
  source.train.schema = schema;
  std::vector<std::string> texts;
  std::vector<double> seconds;
  for (const float day : days) {
    seconds.push_back(day * kSecondsOfDay);
    texts.push_back(time_text(seconds.back(), "%Y-%m-%d"));
  }
  source.train.marks = times(texts, seconds);
  return source;
}

TEST(Windows, RowsBecomeWindowsOfOneSeries) {
  const torch::Tensor cells = torch::arange(10, torch::kFloat32).view({5, 2});
  const DataSource source = windowed("pump", {rows(cells)}, windows_of(3));
  EXPECT_EQ(source.name, "pump");
  EXPECT_EQ(source.train.shape(), (ImageShape{2, 1, 3}));
  EXPECT_THAT(whole_numbers(source.train.images.all()[2]), ElementsAre(4, 6, 8, 5, 7, 9));
  EXPECT_EQ(source.suited.at("output-activation"), "none");
}

TEST(Windows, EveryFileIsASeries) {
  const torch::Tensor cells = torch::arange(4, torch::kFloat32).view({4, 1});
  const Windows windows =
      windowed("pumps", {rows(cells, "a"), rows(cells + 10, "b")}, windows_of(3)).train.windows;
  EXPECT_EQ(windows.of->series[1].name, "b");
  EXPECT_THAT(whole_numbers(windows.series), ElementsAre(0, 0, 1, 1));
  EXPECT_THAT(error_of([&] {
                windowed("pumps", {rows(cells, "a"), rows(torch::zeros({4, 2}), "b")}, windows_of(3));
              }),
              HasSubstr("b: its columns are column 0, column 1, but those of a are column 0; give series"));
}

TEST(Windows, AColumnNamesTheSeriesAndTimeIsNoNumberOfThem) {
  const DataSource source =
      windowed("pumps", {table({0, 0, 1, 1, 2, 2}, {1, 0, 1, 0, 1, 0})}, windows_of(2, 1, "pump"));
  const SeriesSet& set = *source.train.windows.of;
  EXPECT_THAT(set.columns, ElementsAre("flow"));
  ASSERT_EQ(set.series.size(), 2);
  EXPECT_EQ(set.series[0].name, "east");
  EXPECT_THAT(whole_numbers(set.series[0].steps), ElementsAre(1, 3, 5));
  EXPECT_THAT(whole_numbers(set.series[1].steps), ElementsAre(0, 2, 4));
  EXPECT_EQ(set.time_text(0, 1), "1970-01-02");
}

TEST(Windows, ANumberNamesTheSeries) {
  const torch::Tensor cells = torch::tensor({{7.0F, 1.0F}, {3.0F, 2.0F}, {7.0F, 3.0F}, {3.0F, 4.0F}});
  const Windows windows = windowed("pumps", {rows(cells)}, windows_of(2, 1, "0")).train.windows;
  EXPECT_EQ(windows.of->series[0].name, "3");
  EXPECT_THAT(whole_numbers(windows.of->series[1].steps), ElementsAre(1, 3));
}

TEST(Windows, RefusesTimeThatRunsBackwardsInASeries) {
  windowed("pumps", {table({0, 5, 1, 6}, {0, 1, 0, 1})}, windows_of(2, 1, "pump"));
  EXPECT_THAT(
      error_of([] {
        windowed("pumps", {table({0, 5, 1, 6}, {0, 1, 0, 1})}, windows_of(2));
      }),
      HasSubstr("rows: time runs backwards at step 2, from 1970-01-06 to 1970-01-02; sort the rows by when"));
}

// Float32 does not tell these two seconds apart.
TEST(Windows, ASecondBackwardsIsRefusedAndAHoleInTheTimeIsNone) {
  const auto windows = [](const std::vector<double>& seconds) {
    DataSource source = rows(torch::zeros({4, 1}));
    source.train.marks = times({"a", "b", "", "d"}, seconds);
    return windowed("pump", {source}, windows_of(2)).train.windows;
  };
  const double known = 1'703'635'899;
  EXPECT_THAT(
      error_of([&] {
        windows({known, known + 1, kHole, known});
      }),
      HasSubstr("rows: time runs backwards at step 3, from b to d; sort the rows by when, or name the "
                "column that says which series a row belongs to with --series-column"));
  const Windows good = windows({known, known, kHole, known + 1});
  EXPECT_EQ(good.of->time_text(0, 1), "b");
  EXPECT_EQ(good.of->time_text(0, 2), "");
  EXPECT_TRUE(good.of->has_times());
}

TEST(Windows, MarksOfRowsSayWhichSeriesTheyBelongTo) {
  DataSource source = rows(torch::arange(6, torch::kFloat32).view({6, 1}));
  auto marks = std::make_shared<RowMarks>();
  marks->series = torch::tensor({1, 0, 1, 0, 1, 0});
  marks->series_names = {"east", "west"};
  source.train.marks = marks;
  const Windows windows = windowed("pumps", {source}, windows_of(2, 1, "pump")).train.windows;
  EXPECT_EQ(windows.of->series[1].name, "west");
  EXPECT_THAT(whole_numbers(windows.of->series[1].steps), ElementsAre(0, 2, 4));
  EXPECT_FALSE(windows.of->has_times());
}

TEST(Windows, ColumnsWithoutAValueAreRefused) {
  const torch::Tensor cells = torch::tensor({{1.0F, kHole}, {2.0F, kHole}, {3.0F, kHole}});
  EXPECT_THAT(
      error_of([&] { windowed("pump", {rows(cells, "dry")}, windows_of(2)); }),
      HasSubstr("dry: column 1 has no value in any of its 3 steps; fill it in, or leave out the column "
                "or the series"));
}

TEST(Windows, SeriesKeepTheSchemaOfTheirTable) {
  const DataSource source = table({0, 1, 2}, {0, 0, 0});
  EXPECT_EQ(windowed("pumps", {source}, windows_of(2)).train.windows.of->schema, source.train.schema);
}

TEST(Windows, ScalesOfFormerVersionsAreFoundUnderTheNamesOfNow) {
  const DataSource now = windowed("pumps", {table({0, 0, 1, 1}, {0, 1, 0, 1})}, windows_of(2, 1, "pump"));
  const SeriesScales former = SeriesScales::from_json(
      parse_json(R"({"0": {"mean": [5], "deviation": [2]}, "1": {"mean": [7], "deviation": [3]}})", "test"));
  const auto mean = [&](size_t series) {
    return standardised(now, former).train.windows.of->series[series].scale.mean.item<float>();
  };
  EXPECT_EQ(mean(0), 5);
  EXPECT_EQ(mean(1), 7);
}

TEST(Windows, RefusesASeriesShorterThanTheWindow) {
  EXPECT_THAT(
      error_of([] {
        windowed("pumps", {rows(torch::zeros({5, 1}), "short")}, windows_of(6));
      }),
      HasSubstr("short: a series of 5 steps, shorter than --window 6; lower it, or leave the series out"));
}

TEST(Windows, RefusesWhatIsNoSeries) {
  EXPECT_THAT(error_of([] {
                const DataSource images = {"faces", {torch::zeros({3, 1, 8, 8}), {}, {}}, {}};
                windowed("faces", {images}, windows_of(2));
              }),
              HasSubstr("faces: images of 8x8, but --window cuts series from rows"));
  EXPECT_THAT(
      error_of([] {
        windowed("rows", {rows(torch::zeros({3, 2}))}, windows_of(2, 1, "pump"));
      }),
      HasSubstr(
          "rows: no column 'pump' for the series; name one by its header, or by its position from 0 to 1"));
  EXPECT_THAT(error_of([] {
                DataSource source = rows(torch::zeros({3, 2}));
                source.train.responses = torch::zeros({3});
                windowed("rows", {source}, windows_of(2));
              }),
              HasSubstr("--target is for rows"));
}

TEST(Windows, AHoleTakesTheValueBeforeOrTheFirstOne) {
  const torch::Tensor cells = torch::tensor({{kHole, 1.0F}, {2.0F, kHole}, {3.0F, kHole}, {kHole, 4.0F}});
  const DataSource source = windowed("pump", {rows(cells)}, windows_of(2));
  EXPECT_THAT(whole_numbers(source.train.windows.of->series[0].steps), ElementsAre(2, 1, 2, 1, 3, 1, 3, 4));
  EXPECT_THAT(source.notes, ElementsAre("rows: 4 holes in its steps, which take the value before"));
}

TEST(Windows, LabelsOfStepsSayWhichWindowsAreAnomalies) {
  DataSource source = rows(torch::zeros({4, 1}));
  source.train.labels = torch::tensor({0, 0, 0, 2});
  const auto labels = [&] { return whole_numbers(windowed("x", {source}, windows_of(2)).train.labels); };
  EXPECT_THAT(labels(), ElementsAre(0, 0, 1));
  source.train.label_names = {"leak", "burst", "normal"};
  EXPECT_THAT(labels(), ElementsAre(1, 1, 1));
  source.train.label_names = {"leak", "burst", "fire"};
  EXPECT_THAT(error_of(labels),
              HasSubstr("steps are labelled leak, burst, fire, and none of them is that of normal"));
}

TEST(Windows, AFormatsRowsAreCutWhereAnOptionSaysSo) {
  const TemporaryFolder folder;
  write_npy(folder / "pump.npy", torch::arange(8, torch::kFloat32).view({8, 1}));
  write_npy(folder / "pump.labels.npy", torch::tensor({0, 0, 0, 0, 0, 0, 0, 1}));
  SourceOptions options;
  options.data = (folder / "pump.npy").string();
  EXPECT_EQ(open_source(options).train.size(), 8);
  options.reading["window"] = 4;
  options.reading["stride"] = 2;
  const DataSource source = open_source(options);
  EXPECT_EQ(source.train.shape(), (ImageShape{1, 1, 4}));
  EXPECT_THAT(whole_numbers(source.train.windows.first), ElementsAre(0, 2, 4));
  EXPECT_THAT(whole_numbers(source.train.labels), ElementsAre(0, 0, 1));
}

TEST(Windows, AFolderOfFilesIsOneOfSeries) {
  const TemporaryFolder folder;
  write_npy(folder / "pumps" / "b.npy", torch::zeros({5, 1}));
  write_npy(folder / "pumps" / "b.labels.npy", torch::ones({5}, torch::kInt64));
  write_file(folder / "pumps" / "a.csv", "flow\n1\n2\n3\n");
  write_file(folder / "pumps" / "README.md", "what pumps say");
  SourceOptions options;
  options.data = (folder / "pumps").string();
  EXPECT_THAT(error_of([&] { open_source(options); }), HasSubstr("say how many steps make an example"));
  options.reading["window"] = 3;
  const DataSource source = open_source(options);
  EXPECT_EQ(source.name, "pumps");
  EXPECT_EQ(source.train.windows.of->series[0].name, "a");
  EXPECT_EQ(source.train.size(), 1 + 3);
}

TEST(SplitByTime, EachSeriesIsCutInOrderAndNoPartSharesAStep) {
  const torch::Tensor cells = torch::arange(20, torch::kFloat32).view({20, 1});
  const DataSource source = windowed("pumps", {rows(cells, "a"), rows(cells + 100, "b")}, windows_of(3));
  const Split split =
      split_source(source, {.validation_fraction = 0.25, .test_fraction = 0.2, .limit = 0, .seed = 0});
  const auto steps = [&](const char* part) {
    return whole_numbers(select_split(source, split, part).windows.first);
  };
  EXPECT_THAT(steps("train"), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8));
  EXPECT_THAT(steps("validation"), ElementsAre(11, 12, 13, 11, 12, 13));
  EXPECT_THAT(steps("test"), ElementsAre(16, 17, 16, 17));
}

TEST(SplitByTime, IsUsualForWindowsAlone) {
  const DataSource examples = rows(torch::arange(20, torch::kFloat32).view({20, 1}));
  const auto train = [&](const DataSource& source, SplitBy by) {
    return split_source(source,
                        {.validation_fraction = 0, .test_fraction = 0.5, .limit = 0, .seed = 1, .by = by})
        .train;
  };
  EXPECT_FALSE(torch::equal(train(examples, SplitBy::kAuto), torch::arange(10)));
  EXPECT_TRUE(torch::equal(train(examples, SplitBy::kTime), torch::arange(10)));
  const DataSource windows = windowed("x", {examples}, windows_of(2));
  EXPECT_TRUE(torch::equal(train(windows, SplitBy::kAuto), torch::arange(9)));
  EXPECT_FALSE(torch::equal(std::get<0>(train(windows, SplitBy::kRandom).sort()), torch::arange(10)));
}

TEST(SplitByTime, RefusesAPartThatHoldsNoWindow) {
  const DataSource source = windowed("x", {rows(torch::zeros({20, 1}))}, windows_of(6));
  const auto refusal = [&](double validation, double test) {
    return error_of([&] {
      split_source(source, {.validation_fraction = validation, .test_fraction = test, .limit = 0, .seed = 0});
    });
  };
  EXPECT_THAT(refusal(0.2, 0),
              HasSubstr("no series has a validation part as long as a window of 6 steps (0.2 of its "
                        "steps); raise --validation-fraction, set it to 0, or lower --window"));
  EXPECT_THAT(refusal(0, 0.2), HasSubstr("raise --test-fraction"));
  EXPECT_THAT(refusal(0.4, 0.4), HasSubstr("no series has a part to learn from"));
}

TEST(SplitByTime, TheDigestKnowsTheStepsAndTheirLabels) {
  torch::Tensor cells = torch::arange(20, torch::kFloat32).view({20, 1});
  const auto digest = [&](int64_t window) {
    return digest_of(windowed("x", {rows(cells)}, windows_of(window)));
  };
  const std::string before = digest(3);
  EXPECT_EQ(digest(3), before);
  EXPECT_NE(digest(4), before);
  cells[7] = 0;
  EXPECT_NE(digest(3), before);
}

}  // namespace
}  // namespace autoencoder
