// The pages of small runs: what training and reports leave.

#include "tasks/report_run.h"

#include <algorithm>
#include <filesystem>
#include <memory>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/files.h"
#include "data/formats/npy.h"
#include "data/formats/row_writer.h"
#include "pictures/encode.h"
#include "pictures/pictures.h"
#include "tasks/compare.h"
#include "tasks/encode.h"
#include "tasks/evaluate.h"
#include "tests/support/failure.h"
#include "tests/support/report_content.h"
#include "tests/support/shared_run.h"
#include "tests/support/task_test.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ContainsRegex;
using testing::failure_of;
using ::testing::HasSubstr;
using testing::report_section;
using testing::SharedRun;
using testing::SharedRunTest;

class ReportOf : public SharedRunTest {
 protected:
  static void SetUpTestSuite() {
    const Json options = {{"latent-dim", 2}, {"epochs", 2}};
    shared_ = std::make_unique<SharedRun>(200, 60, options);
  }

  /// The shared run of a code of two numbers, at `name`; its path.
  std::string spots_run(const std::string& name) const { return shared_->copied_to(path(name)); }

  std::string train_briefly(const std::string& name, Json options) {
    options["epochs"] = 2;
    return train(name, std::move(options));
  }

  ReportResult report(const std::string& run, const std::string& split = "") const {
    auto request = request_for<ReportRequest>(run);
    request.split = split;
    return report_runs(request);
  }

  static Json content(const std::string& run) {
    return testing::report_content(read_file(fs::path(run) / "report.html"));
  }

  // The first block of a kind in a section; null where there is none.
  static Json block(const Json& content, const std::string& title, const std::string& kind) {
    for (const Json& block : report_section(content, title).value("blocks", Json::array())) {
      if (block.at("kind") == kind) {
        return block;
      }
    }
    return {};
  }
};

TEST_F(ReportOf, TrainingLeavesOneWithEverySection) {
  const Json content = this->content(
      train_briefly("run", {{"data", write_spots("spots", 200, 60)}, {"model", "vae"}, {"hidden", {16}}}));
  EXPECT_EQ(content.at("title"), "run");
  EXPECT_THAT(content.at("subtitle").get<std::string>(), HasSubstr("validation split of spots, 40 images"));
  for (const char* title : {"Losses", "Reconstructions", "Codes", "Errors by class", "Figures", "The model",
                            "Configuration", "Environment", "Do it again"}) {
    EXPECT_FALSE(report_section(content, title).is_null()) << title;
  }
  EXPECT_EQ(report_section(content, "Samples").is_null(), !pictures_available());
}

TEST_F(ReportOf, TheReportIsWrittenAgainWithTheSameContent) {
  const std::string run = train_briefly("run", {{"data", write_spots("spots", 200, 60)}, {"latent-dim", 2}});
  Json before = content(run);
  fs::remove(folder_ / "run/report.html");
  const ReportResult result = report(run);
  EXPECT_EQ(result.out.string(), path("run/report.html"));
  EXPECT_EQ(result.data, "validation split of spots, 40 images");
  Json after = content(run);
  for (Json* content : {&before, &after}) {
    std::erase_if(content->at("sections").get_ref<Json::array_t&>(),
                  [](const Json& section) { return section.at("title") == "Environment"; });  // the time
  }
  EXPECT_EQ(before, after);
}

TEST_F(ReportOf, FiguresAreThoseOfEvaluate) {
  const std::string run = spots_run("run");
  for (const char* split : {"validation", "test"}) {
    const Json json = report(run, split).to_json();
    auto request = request_for<EvaluateRequest>(run);
    request.split = split;
    const Json figures = evaluate_run(request).to_json();
    EXPECT_EQ(json.at("out"), path("run/report.html"));
    EXPECT_EQ(json.at("figures").at("mse"), figures.at("mse")) << split;
    EXPECT_EQ(json.at("figures").at("ssim"), figures.at("ssim")) << split;
  }
}

TEST_F(ReportOf, MeasuresNoMoreExamplesThanItIsTold) {
  auto request = request_for<ReportRequest>(spots_run("run"));
  request.count = 10;
  EXPECT_EQ(report_runs(request).metrics.at("examples"), 10);
  EXPECT_THAT(content(request.run).at("subtitle").get<std::string>(),
              HasSubstr("10 examples, chosen at random, of the validation split of spots, 40 images"));
}

TEST_F(ReportOf, LossesAreThoseOfTheEpochs) {
  const std::string run = spots_run("run");
  const Json curves = block(content(run), "Losses", "curves").at("curves");
  ASSERT_EQ(curves.size(), 2);
  EXPECT_EQ(curves.at(0).at("name"), "training");
  EXPECT_EQ(curves.at(1).at("name"), "validation");
  EXPECT_EQ(curves.at(0).at("x"), Json({1.0, 2.0}));
  const std::string metrics = read_file(folder_ / "run/metrics.csv");
  EXPECT_THAT(metrics, HasSubstr("2," + curves.at(0).at("y").at(1).dump()));
}

TEST_F(ReportOf, ErrorsOfClassesAddUpToThatOfAll) {
  const std::string run = spots_run("run");
  const double mse = report(run).metrics.at("mse").get<double>();
  const Json table = block(content(run), "Errors by class", "table");
  ASSERT_EQ(table.at("rows").size(), 4);
  double sum = 0;
  int count = 0;
  for (const Json& row : table.at("rows")) {
    sum += std::stoi(row.at(1).get<std::string>()) * std::stod(row.at(2).get<std::string>());
    count += std::stoi(row.at(1).get<std::string>());
  }
  EXPECT_EQ(count, 40);
  EXPECT_NEAR(sum / count, mse, 1e-4 * mse);
}

TEST_F(ReportOf, DotsAreTheCodesOfTheirExamples) {
  auto request = request_for<EncodeRequest>(spots_run("run"));
  request.split = "validation";
  request.out = path("codes.csv");
  encode_data(request);
  const torch::Tensor codes = read_rows(folder_ / "codes.csv");
  const Json map = block(content(request.run), "Codes", "map");
  ASSERT_EQ(map.at("x").size(), 40);
  for (const int64_t i : {0, 17, 39}) {
    EXPECT_NEAR(map.at("x").at(i).get<float>(), codes[i][0].item<float>(), 1e-3);
    EXPECT_NEAR(map.at("y").at(i).get<float>(), codes[i][1].item<float>(), 1e-3);
  }
  EXPECT_EQ(map.at("groups"), Json({"0", "1", "2", "3"}));
  EXPECT_EQ(map.at("sheets").size(), pictures_available() ? 2 : 0);
}

TEST_F(ReportOf, TheWorstReconstructionsComeFirst) {
  const std::string run = train_briefly("run", {{"data", "circle"}, {"points", 200}, {"scale", "minmax"}});
  const Json blocks = report_section(content(run), "Reconstructions").at("blocks");
  ASSERT_EQ(blocks.size(), 3);
  EXPECT_EQ(blocks.at(0).at("groups"), Json({"original", "reconstruction"}));
  const auto errors = [&](size_t block) {
    std::vector<double> errors;
    for (const Json& row : blocks.at(block).at("rows")) {
      errors.push_back(std::stod(row.back().get<std::string>()));
    }
    return errors;
  };
  const std::vector<double> worst = errors(1);
  const std::vector<double> best = errors(2);
  EXPECT_TRUE(std::is_sorted(worst.rbegin(), worst.rend()));
  EXPECT_TRUE(std::is_sorted(best.begin(), best.end()));
  EXPECT_GT(worst.back(), best.back());
}

TEST_F(ReportOf, ATableWithoutLabelsHasNeitherPicturesNorClasses) {
  write_npy(folder_ / "table.npy", torch::rand({100, 5}));
  const Json content = this->content(train_briefly("run", {{"data", path("table.npy")}, {"latent-dim", 1}}));
  EXPECT_TRUE(report_section(content, "Errors by class").is_null());
  const Json map = block(content, "Codes", "map");
  EXPECT_EQ(map.at("groups"), Json({"examples"}));
  EXPECT_EQ(map.at("y_label"), "mean squared error");
  EXPECT_THAT(map.at("note").at(0).get<std::string>(), ContainsRegex("^example 0, error [0-9.]+: [0-9.]+, "));
  EXPECT_EQ(map.at("sheets").size(), 0);
}

TEST_F(ReportOf, NamesOfLabelsAreKeptAsTheyAre) {
  if (!pictures_available()) {
    GTEST_SKIP() << "this build has no OpenCV";
  }
  const std::string name = "<b>&'\"; $(x)";
  write_pictures(folder_ / ("pictures/" + name), torch::rand({30, 3, 8, 8}));
  write_pictures(folder_ / "pictures/plain", torch::rand({30, 3, 8, 8}));
  const std::string run = train_briefly("run", {{"data", path("pictures")}});
  EXPECT_EQ(block(content(run), "Codes", "map").at("groups"), Json({name, "plain"}));
}

TEST_F(ReportOf, WhereNothingIsHeldOutItShowsWhatWasLearnedFrom) {
  const std::string run =
      train_briefly("run", {{"data", write_spots("spots", 200, 60)}, {"validation-fraction", 0.0}});
  EXPECT_EQ(block(content(run), "Losses", "curves").at("curves").size(), 1);
  const ReportResult result = report(run);
  EXPECT_EQ(result.out.string(), path("run/report.html"));
  EXPECT_EQ(result.data, "train split of spots, 200 images");
}

TEST_F(ReportOf, TheCommandNamesWhatIsNotAsByDefault) {
  const std::string run = train_briefly("run", {{"data", write_spots("spots", 200, 60)},
                                                {"model", "variational"},
                                                {"backbone", "conv"},
                                                {"channels", {4, 8}}});
  const Json command = block(content(run), "Configuration", "command");
  const auto words = command.at("words").get<std::string>();
  EXPECT_THAT(words, AllOf(HasSubstr("autoencoder train --model=variational"), HasSubstr(" --backbone=conv"),
                           HasSubstr(" --channels=4,8"), HasSubstr(" --epochs=2")));
  EXPECT_EQ(words.find("--seed"), std::string::npos);
}

TEST_F(ReportOf, SeveralRunsAreComparedAsCompareDoes) {
  const std::string small = spots_run("small");
  const std::string solved =
      train_briefly("solved", {{"data", write_spots("spots", 200, 60)}, {"model", "pca"}, {"latent-dim", 3}});
  auto request = request_for<ReportRequest>(small);
  request.others = {solved};
  const ReportResult result = report_runs(request);
  auto compare_request = request_for<CompareRequest>(small);
  compare_request.others = {solved};
  const Json compared = compare_runs(compare_request).to_json();
  EXPECT_EQ(result.out.string(), path("small/comparison.html"));
  EXPECT_EQ(result.to_json().at("figures").at(1).at("mse"), compared.at(1).at("mse"));
  const Json content = testing::report_content(read_file(result.out));
  EXPECT_EQ(content.at("title"), "small and solved");
  EXPECT_EQ(block(content, "Losses", "curves").at("curves").size(), 2);
  EXPECT_EQ(block(content, "Figures", "table").at("rows").at(1).at(0), "solved");
  EXPECT_EQ(report_section(content, "Reconstructions").is_null(), !pictures_available());
}

TEST_F(ReportOf, RunsOnOtherShapesAreRefused) {
  auto request = request_for<ReportRequest>(spots_run("small"));
  request.others = {train_briefly("points", {{"data", "circle"}, {"points", 100}, {"scale", "minmax"}})};
  EXPECT_EQ(failure_of([&] { report_runs(request); }),
            fmt::format("{} takes 2 numbers, but {} takes 12x12; compare runs on the same data",
                        path("points"), path("small")));
}

}  // namespace
}  // namespace autoencoder
