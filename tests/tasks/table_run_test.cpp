// What tasks make of a run that learned from a table with words, holes and an index.

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/files.h"
#include "data/table_schema.h"
#include "tasks/detect.h"
#include "tasks/encode.h"
#include "tasks/evaluate.h"
#include "tasks/impute.h"
#include "tasks/sample.h"
#include "tests/support/expect_error.h"
#include "tests/support/task_test.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using testing::error_of;
using ::testing::HasSubstr;
using testing::TaskTest;

constexpr int64_t kRows = 400;

class TableRun : public TaskTest {
 protected:
  // Cats weigh 4 and dogs 20, and a paw's length goes by the weight; every seventh weight is missing.
  TableRun() { write_file(folder_ / "animals.csv", animals()); }

  static std::string animals() {
    torch::manual_seed(0);
    const torch::Tensor noise = torch::randn({kRows, 2});
    std::string text = ",kind,weight,paw,tame\n";
    for (int64_t i = 0; i < kRows; ++i) {
      const bool is_dog = i % 3 == 0;
      const double weight = (is_dog ? 20 : 4) + noise[i][0].item<double>();
      const double paw = weight / 2 + 0.1 * noise[i][1].item<double>();
      text += fmt::format("{},{},{},{:.2f},{}\n", i, is_dog ? "dog" : "cat",
                          i % 7 == 3 ? "" : fmt::format("{:.1f}", weight), paw, i % 2 == 0 ? "yes" : "no");
    }
    return text;
  }

  // Of a model by that name.
  std::string trained(const std::string& model, const Json& more = Json::object()) {
    Json options = {{"data", path("animals.csv")},
                    {"model", model},
                    {"hidden", {32}},
                    {"latent-dim", 3},
                    {"epochs", 60},
                    {"batch-size", 32},
                    {"seed", 1}};
    options.update(more);
    return train("run-" + model, options);
  }

  ImputeRequest imputation(const std::string& run) const {
    auto request = request_for<ImputeRequest>(run);
    request.table.data = path("animals.csv");
    request.out = path("full.csv");
    return request;
  }
};

// Rows of a table as lists of cells.
std::vector<std::vector<std::string>> cells_of(const std::string& file) {
  std::ifstream lines(file);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(lines, line);) {
    rows.emplace_back();
    std::string cell;
    for (std::istringstream words(line); std::getline(words, cell, ',');) {
      rows.back().push_back(cell);
    }
  }
  return rows;
}

TEST_F(TableRun, KeepsASchemaWithTheFiguresOfTheTrainingSplit) {
  const TableSchema schema = read_schema(fs::path(trained("dense")) / "schema.json");
  ASSERT_EQ(schema.columns.size(), 4);
  EXPECT_EQ(schema.columns[0].name, "kind");
  EXPECT_EQ(schema.columns[1].name, "weight");
  EXPECT_NEAR(schema.columns[1].missing, 1.0 / 7, 0.04);
  EXPECT_NEAR(schema.columns[1].mean, 9.3, 1.5);
  EXPECT_EQ(schema.columns[3].kind, ColumnKind::kYesNo);
}

TEST_F(TableRun, HolesAreFilledByWhatTheOtherCellsSay) {
  const ImputeResult result = impute_table(imputation(trained("dense")));
  EXPECT_EQ(result.rows, kRows);
  EXPECT_EQ(result.filled, 57);
  const auto before = cells_of(path("animals.csv"));
  const auto after = cells_of(path("full.csv"));
  ASSERT_EQ(after.size(), before.size());
  for (size_t row = 0; row < before.size(); ++row) {
    for (const size_t column : {0, 1, 3, 4}) {
      EXPECT_EQ(after[row][column], before[row][column]);
    }
    if (row > 0 && before[row][2].empty()) {
      EXPECT_NEAR(std::stod(after[row][2]), 2 * std::stod(before[row][3]), 3) << row;
    } else {
      EXPECT_EQ(after[row][2], before[row][2]);
    }
  }
}

TEST_F(TableRun, WhatIsHiddenIsFilledBetterThanByMeanAndMode) {
  ImputeRequest request = imputation(trained("dense"));
  request.hide = 0.2;
  const ImputeResult result = impute_table(request);
  ASSERT_EQ(result.figures.size(), 4);
  EXPECT_FALSE(fs::exists(path("full.csv")));
  const ColumnFigure& kind = result.figures[0];
  EXPECT_TRUE(kind.is_share);
  EXPECT_GT(kind.value, 0.9);
  EXPECT_NEAR(kind.baseline, 0.667, 0.16);  // of some eighty cells
  const ColumnFigure& weight = result.figures[1];
  EXPECT_LT(weight.value, 0.5 * weight.baseline);
  EXPECT_LT(*result.mean_relative_error(), 0.6);
}

TEST_F(TableRun, DrawsAreTablesThatDiffer) {
  ImputeRequest request = imputation(trained("vae"));
  request.draws = 2;
  const ImputeResult result = impute_table(request);
  ASSERT_EQ(result.out.size(), 2);
  EXPECT_EQ(result.out[1].filename(), "full-2.csv");
  EXPECT_NE(read_file(result.out[0]), read_file(result.out[1]));
}

TEST_F(TableRun, ImputeSaysWhatItCannotDo) {
  const std::string run = trained("dense");
  ImputeRequest request = imputation(run);
  request.draws = 2;
  EXPECT_THAT(error_of([&] { impute_table(request); }), HasSubstr("such as vae"));
  request.hide = 0.2;
  EXPECT_THAT(error_of<UsageError>([&] { impute_table(request); }), HasSubstr("both given"));
  request = imputation(run);
  request.out = path("full.csv.gz");
  EXPECT_THAT(error_of<UsageError>([&] { impute_table(request); }), HasSubstr("let its name end in .csv"));
  request = imputation(run);
  impute_table(request);
  request.table.data = path("full.csv");
  EXPECT_THAT(error_of([&] { impute_table(request); }), HasSubstr("no holes, so there is nothing to fill"));
}

TEST_F(TableRun, SamplesAreRowsLikeThoseOfTheTable) {
  const std::string run = trained("vae", {{"epochs", 150}});
  auto request = request_for<SampleRequest>(run);
  request.count = 300;
  EXPECT_EQ(draw_samples(request).out.filename(), "sample.csv");
  const auto rows = cells_of(run + "/sample.csv");
  ASSERT_EQ(rows.size(), 301);
  EXPECT_EQ(rows[0], (std::vector<std::string>{"kind", "weight", "paw", "tame"}));
  auto evaluation = request_for<EvaluateRequest>(run);
  evaluation.synthetic = run + "/sample.csv";
  evaluation.predict = "kind";
  const EvaluateResult result = evaluate_run(evaluation);
  EXPECT_GT(result.synthetic->marginals, 0.75);
  EXPECT_LT(result.synthetic->copied, 0.2);
  EXPECT_GT(result.synthetic->classifier->from_synthetic, 0.9);
  evaluation.predict = "knid";
  EXPECT_THAT(error_of([&] { evaluate_run(evaluation); }), HasSubstr("did you mean 'kind'?"));
}

TEST_F(TableRun, DetectionSaysWhichColumnsMakeARowStrange) {
  const std::string run = trained("dense");
  fit_detector(request_for<FitDetectorRequest>(run));
  write_file(folder_ / "new.csv", "paw,kind,tame,weight\n2.0,cat,yes,4.0\n10.0,dog,no,90\n2.1,cat,no,\n");
  auto request = request_for<ScoreDataRequest>(run);
  request.source.data = path("new.csv");
  const ScoreDataResult result = score_data(request);
  EXPECT_EQ(result.detection.strangest(1).front(), 1);
  EXPECT_THAT(result.detection.reasons->text(1, 1), HasSubstr("weight"));
  EXPECT_THAT(read_file(result.out), HasSubstr("index,score,verdict,columns"));
}

TEST_F(TableRun, AnotherTableIsReadByTheNamesOfItsColumns) {
  const std::string run = trained("dense");
  write_file(folder_ / "other.csv", "paw,tame,kind\n2.0,yes,cat\n2.0,no,cat\n");
  auto request = request_for<EvaluateRequest>(run);
  request.source.data = path("other.csv");
  EXPECT_THAT(error_of([&] { evaluate_run(request); }), HasSubstr("weight"));
}

TEST_F(TableRun, WordsThatTrainingHasNotSeenAreTold) {
  const std::string run = trained("dense");
  write_file(folder_ / "other.csv", "paw,tame,kind,weight\n2.0,yes,cat,4\n9.0,no,horse,400\n");
  const auto tells = ::testing::ElementsAre(
      HasSubstr("kind: 1 cell with words that training has not seen (horse), read as missing"));
  auto evaluation = request_for<EvaluateRequest>(run);
  evaluation.source.data = path("other.csv");
  EXPECT_THAT(evaluate_run(evaluation).notes, tells);
  auto encoding = request_for<EncodeRequest>(run);
  encoding.source.data = path("other.csv");
  encoding.out = path("codes.npy");
  EXPECT_THAT(encode_data(encoding).notes, tells);
}

}  // namespace
}  // namespace autoencoder
