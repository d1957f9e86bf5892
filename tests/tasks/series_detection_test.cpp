// Series from end to end: training on windows, reconstruction, detection by step.
#include "tasks/series_detection.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/files.h"
#include "common/text.h"
#include "data/formats/csv_times.h"
#include "data/formats/npy.h"
#include "pictures/pictures.h"
#include "tasks/detect.h"
#include "tasks/evaluate.h"
#include "tasks/reconstruct.h"
#include "tasks/report_run.h"
#include "tests/support/expect_error.h"
#include "tests/support/task_test.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

using testing::error_of;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// Waves of two columns, in units far from 0 and 1.
torch::Tensor waves(int64_t steps) {
  const torch::Tensor angle = torch::arange(steps, torch::kFloat32) / 3;
  return torch::stack({300 + 40 * angle.sin(), 7 + 0.1 * angle.cos()}, 1);
}

const StepFigures& figures_of(const SeriesDetection& detection, const std::string& score) {
  return std::ranges::find(detection.figures, score, [](const auto& each) { return each.first; })->second;
}

class SeriesTask : public testing::TaskTest {
 protected:
  SeriesTask() { write_npy(path("pump.npy"), waves(400)); }

  std::string trained(const Json& more = Json::object()) {
    Json options = {{"data", path("pump.npy")}, {"window", 16},   {"model", "conv1d"}, {"channels", {8}},
                    {"latent-dim", 4},          {"kernel", 5},    {"epochs", 8},       {"batch-size", 16},
                    {"learning-rate", 0.01},    {"device", "cpu"}};
    options.update(more);
    return train("run", options);
  }

  // The same waves with twenty steps from 200 on in which the first column stands still, labelled.
  std::string with_anomaly() {
    torch::Tensor steps = waves(400);
    steps.slice(0, 200, 220).select(1, 0) = 345;
    write_npy(path("new.npy"), steps);
    torch::Tensor labels = torch::zeros({400}, torch::kInt64);
    labels.slice(0, 200, 220) = 1;
    write_npy(path("new.labels.npy"), labels);
    return path("new.npy");
  }

  ScoreDataResult scored(const std::string& run, const std::string& data) {
    auto fit = request_for<FitDetectorRequest>(run);
    fit.score = "error";
    fit_detector(fit);
    auto request = request_for<ScoreDataRequest>(run);
    request.source.data = data;
    return score_data(request);
  }
};

TEST_F(SeriesTask, TrainsOnStandardisedWindowsAndKeepsTheirScale) {
  const std::string run = trained();
  const Json scale = parse_json(read_file(fs::path(run) / "series.json"), "series.json");
  // 60 % of 400 steps are learned from.
  const torch::Tensor learned = waves(400).slice(0, 0, 240);
  EXPECT_NEAR(scale.at("pump").at("mean")[0].get<double>(), learned.select(1, 0).mean().item<double>(), 1e-2);
  const EvaluateResult result = evaluate_run(request_for<EvaluateRequest>(run));
  EXPECT_LT(result.evaluation.mse, 0.3);  // of standardised numbers, of which the mean leaves 1
}

TEST_F(SeriesTask, DetectionFindsTheEventAndTheColumn) {
  const ScoreDataResult result = scored(trained(), with_anomaly());
  ASSERT_TRUE(result.series.has_value());
  const SeriesDetection& detection = *result.series;
  EXPECT_EQ(detection.steps.size(), 400);
  EXPECT_GT(figures_of(detection, "error").ranking.area_under_roc, 0.95);
  const auto largest = std::ranges::max_element(detection.events, {}, &SeriesEvent::score);
  ASSERT_NE(largest, detection.events.end());
  EXPECT_GE(largest->peak, 195);
  EXPECT_LT(largest->peak, 225);
  EXPECT_EQ(largest->columns.front(), 0);
  for (const auto& [name, figures] : detection.figures) {
    EXPECT_GE(figures.best_adjusted_f1, figures.best_f1) << name;
  }
}

TEST_F(SeriesTask, DetectionLeavesARowOfEachStepAndEachEvent) {
  const std::string run = trained();
  const ScoreDataResult result = scored(run, with_anomaly());
  const std::string scores = read_file(result.out);
  EXPECT_THAT(scores, StartsWith("series,step,score,verdict,label\nnew,0,"));
  EXPECT_EQ(std::ranges::count(scores, '\n'), 1 + 400);
  const std::string events = read_file(fs::path(run) / "events.csv");
  EXPECT_THAT(events, StartsWith("series,start,end,peak,score,columns\n"));
  EXPECT_EQ(std::ranges::count(events, '\n'), 1 + std::ssize(result.series->events));
  const Json json = parse_json(read_file(fs::path(run) / "detection.json"), "detection.json");
  EXPECT_EQ(json.at("events").size(), result.series->events.size());
  EXPECT_TRUE(json.contains("f1_point_adjusted"));
  EXPECT_GT(json.at("best_f1_point_adjusted_of_random_scores").get<double>(), 0.2);
}

TEST_F(SeriesTask, PicturesShowSeriesAsLines) {
  if (!pictures_available()) {
    GTEST_SKIP() << "no OpenCV";
  }
  const std::string run = trained();
  EXPECT_TRUE(fs::exists(fs::path(run) / "reconstructions.png"));
  const ScoreDataResult result = scored(run, with_anomaly());
  EXPECT_TRUE(fs::exists(fs::path(run) / "anomalies.png"));
  EXPECT_EQ(result.pictures.size(), 3);
  const ReconstructResult drawn = reconstruct_examples(request_for<ReconstructRequest>(run));
  EXPECT_TRUE(fs::exists(drawn.out));
}

TEST_F(SeriesTask, TheReportShowsWindowsAndEvents) {
  const std::string run = trained();
  scored(run, with_anomaly());
  const std::string page = read_file(report_runs(request_for<ReportRequest>(run)).out);
  EXPECT_THAT(page, HasSubstr("pump, steps "));
  EXPECT_THAT(page, HasSubstr("Events: steps in a row that are called anomalies"));
  EXPECT_THAT(page, HasSubstr("point-adjusted: inflated (Kim et al. 2022)"));
}

TEST_F(SeriesTask, TheWindowsOfAReportShareNoStep) {
  const std::string run = trained();
  const std::string page = read_file(report_runs(request_for<ReportRequest>(run)).out);
  const std::regex title("pump, steps ([0-9]+) to");
  std::vector<int> first;
  for (std::sregex_iterator at(page.begin(), page.end(), title); at != std::sregex_iterator(); ++at) {
    first.push_back(std::stoi((*at)[1]));
  }
  ASSERT_GE(first.size(), 6);  // three as they come, and then the worst
  for (const size_t i : {0, 1, 3, 4}) {
    EXPECT_GE(std::abs(first[i + 1] - first[i]), 16);
  }
}

TEST_F(SeriesTask, APromiseOfFalseAlarmsAndNamedLabelsAreRefused) {
  const std::string run = trained();
  auto fit = request_for<FitDetectorRequest>(run);
  fit.false_alarms = 0.1;
  EXPECT_THAT(error_of<UsageError>([&] { fit_detector(fit); }), HasSubstr("do not depend on each other"));
  auto named = request_for<FitDetectorRequest>(run);
  named.labels.normal = "0";
  EXPECT_THAT(error_of<UsageError>([&] { fit_detector(named); }), HasSubstr("leave them out"));
}

TEST_F(SeriesTask, OtherDataIsCutAndStandardisedAsThatOfTheRun) {
  const std::string run = trained();
  const OpenRun open = open_run_model(run, torch::kCPU);
  SourceOptions own;
  own.data = "";
  SourceOptions other;
  other.data = with_anomaly();
  const Dataset mine = RunSource(open, own).select("all").examples;
  const Dataset theirs = RunSource(open, other).select("all").examples;
  EXPECT_EQ(theirs.shape(), mine.shape());
  EXPECT_TRUE(torch::equal(theirs.images.range(0, 100), mine.images.range(0, 100)));
}

// --- series of tables ---

// Steps of a table with a label and a word, an hour each: their columns in the order that is asked for.
class SeriesOfTableTask : public SeriesTask {
 protected:
  struct Made {
    int64_t steps = 300;
    std::vector<std::string> columns = {"when", "flow", "state", "heat", "broken"};
    std::string state = "off";  // of every third step; on else
    std::vector<std::string> pumps = {"p1"};
    int64_t anomaly = -100;  // first of twenty steps that are labelled
  };

  std::string table(const std::string& name, const Made& made) {
    std::string text = join(made.columns, ",") + "\n";
    const torch::Tensor all = waves(made.steps);
    for (const std::string& pump : made.pumps) {
      for (int64_t step = 0; step < made.steps; ++step) {
        const bool is_anomaly = step >= made.anomaly && step < made.anomaly + 20;
        const std::map<std::string, std::string> cells = {
            {"when", time_text(1'672'531'200.0 + 3600.0 * static_cast<double>(step), "%Y-%m-%d %H:%M:%S")},
            {"flow", fmt::format("{}", is_anomaly ? 345 : all[step][0].item<float>())},
            {"state", step % 3 == 0 ? made.state : "on"},
            {"heat", fmt::format("{}", all[step][1].item<float>())},
            {"broken", is_anomaly ? "1" : "0"},
            {"pump", pump},
            {"new", std::to_string(step % 7)}};
        std::vector<std::string> row;
        for (const std::string& column : made.columns) {
          row.push_back(cells.at(column));
        }
        text += join(row, ",") + "\n";
      }
    }
    write_file(path(name), text);
    return path(name);
  }

  std::string trained_on(const Made& made, const Json& more) {
    Json options = {{"data", table("year.csv", made)}, {"epochs", 1}};
    options.update(more);
    return trained(options);
  }

  // Of a run that knows its label.
  std::string labelled() {
    return trained_on({.anomaly = 50}, {{"label-column", "broken"}, {"only-labels", "normal"}});
  }

  static Dataset other_data(const std::string& run, const std::string& data) {
    SourceOptions other;
    other.data = data;
    return RunSource(open_run_model(run, torch::kCPU), other).select("all").examples;
  }
};

TEST_F(SeriesOfTableTask, TheLabelIsRememberedAndColumnsGoByTheirNames) {
  const std::string run = labelled();
  const Dataset same = other_data(run, table("new.csv", {.anomaly = 200}));
  EXPECT_EQ(same.shape(), (ImageShape{3, 1, 16}));
  EXPECT_TRUE(same.labels.defined());
  const Dataset mixed = other_data(
      run,
      table("mixed.csv", {.columns = {"new", "broken", "heat", "state", "when", "flow"}, .anomaly = 200}));
  EXPECT_TRUE(torch::equal(mixed.images.all(), same.images.all()));
  EXPECT_TRUE(torch::equal(mixed.labels, same.labels));
  const Dataset unlabelled =
      other_data(run, table("bare.csv", {.columns = {"when", "flow", "state", "heat"}}));
  EXPECT_FALSE(unlabelled.labels.defined());
}

TEST_F(SeriesOfTableTask, AMissingColumnIsNamed) {
  const std::string run = labelled();
  EXPECT_THAT(error_of([&] {
                other_data(run, table("new.csv", {.columns = {"when", "flow", "state", "broken"}}));
              }),
              HasSubstr("new.csv: no column 'heat'"));
}

TEST_F(SeriesOfTableTask, UnseenWordsAreTold) {
  const std::string run = labelled();
  const ScoreDataResult result = scored(run, table("new.csv", {.state = "zzz"}));
  ASSERT_EQ(result.data().notes.size(), 2);
  EXPECT_THAT(result.data().notes[0],
              HasSubstr("state: 100 cells with words that training has not seen (zzz), read as missing"));
  EXPECT_EQ(result.to_json().at("notes").size(), 2);
}

TEST_F(SeriesOfTableTask, TimesOfStepsAndEventsAreThoseOfTheFile) {
  const std::string run = labelled();
  const ScoreDataResult result = scored(run, table("new.csv", {.anomaly = 200}));
  const std::string scores = read_file(result.out);
  EXPECT_THAT(scores, HasSubstr("\nnew,299,\"2023-01-13 11:00:00\","));
  ASSERT_FALSE(result.series->events.empty());
  const Json event = result.series->to_json().at("events")[0];
  EXPECT_THAT(event.at("start_time").get<std::string>(), ::testing::EndsWith(":00:00"));
}

TEST_F(SeriesOfTableTask, TheColumnOfSeriesIsRemembered) {
  const std::vector<std::string> columns = {"pump", "when", "flow", "heat"};
  const std::string run =
      trained_on({.columns = columns, .pumps = {"p1", "p2"}}, {{"series-column", "pump"}});
  const auto names = [&](const std::string& data) {
    std::vector<std::string> found;
    const Windows windows = other_data(run, data).windows;
    for (const Series& series : windows.of->series) {
      found.push_back(series.name);
    }
    return found;
  };
  EXPECT_THAT(names(table("new.csv", {.columns = {"heat", "flow", "pump", "when"}, .pumps = {"p2", "q"}})),
              ::testing::ElementsAre("p2", "q"));
  EXPECT_THAT(names(table("one.csv", {.columns = {"heat", "flow", "when"}})), ::testing::ElementsAre("one"));
  const Json scales = parse_json(read_file(fs::path(run) / "series.json"), "series.json");
  EXPECT_TRUE(scales.contains("p1"));
}

TEST_F(SeriesOfTableTask, RunsOfFormerVersionsReadTablesAsTheyDid) {
  const std::string run = labelled();
  fs::remove(fs::path(run) / "schema.json");
  const std::string data = table("new.csv", {.anomaly = 200});
  EXPECT_THAT(error_of([&] { other_data(run, data); }), HasSubstr("4x16 numbers"));
  const EvaluateResult result = evaluate_run(request_for<EvaluateRequest>(run));
  EXPECT_GT(result.evaluation.mse, 0);
}

}  // namespace
}  // namespace autoencoder
