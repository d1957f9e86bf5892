// The reports of small runs: what `train` and `report` write.

#include "report/report.h"

#include <algorithm>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include "commands/reproduction.h"
#include "common/files.h"
#include "data/npy.h"
#include "data/row_writer.h"
#include "pictures/encode.h"
#include "pictures/pictures.h"
#include "tests/support/program_test.h"
#include "tests/support/report_content.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using testing::ProgramTest;
using testing::report_section;

class ReportOf : public ProgramTest {
 protected:
  ReportOf() { write_spots("spots", 200, 60); }

  void train(const std::string& name, const std::vector<std::string>& more) {
    std::vector<std::string> words = {"train", "--epochs", "2", "--quiet", "--out", name};
    words.insert(words.end(), more.begin(), more.end());
    out_of(words);
  }

  void train_on_spots(const std::string& name) { train(name, {"--data", "spots", "--latent-dim", "2"}); }

  Json content(const std::string& name) {
    return testing::report_content(read_file(folder_ / (name + "/report.html")));
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
  train("run", {"--data", "spots", "--model", "vae", "--hidden", "16"});
  const Json content = this->content("run");
  EXPECT_EQ(content.at("title"), "run");
  EXPECT_THAT(content.at("subtitle").get<std::string>(), HasSubstr("validation split of spots, 40 images"));
  for (const char* title : {"Losses", "Reconstructions", "Codes", "Errors by class", "Figures", "The model",
                            "Configuration", "Environment", "Do it again"}) {
    EXPECT_FALSE(report_section(content, title).is_null()) << title;
  }
  EXPECT_EQ(report_section(content, "Samples").is_null(), !pictures_available());
}

TEST_F(ReportOf, TheReportIsWrittenAgainWithTheSameContent) {
  train_on_spots("run");
  Json before = content("run");
  fs::remove(folder_ / "run/report.html");
  EXPECT_EQ(out_of({"report", "run"}), "run/report.html: validation split of spots, 40 images\n");
  Json after = content("run");
  for (Json* content : {&before, &after}) {
    std::erase_if(content->at("sections").get_ref<Json::array_t&>(),
                  [](const Json& section) { return section.at("title") == "Environment"; });  // the time
  }
  EXPECT_EQ(before, after);
}

TEST_F(ReportOf, FiguresAreThoseOfEvaluate) {
  train_on_spots("run");
  for (const char* split : {"validation", "test"}) {
    const Json report = json_of({"report", "run", "--split", split});
    const Json figures = json_of({"evaluate", "run", "--split", split});
    EXPECT_EQ(report.at("out"), "run/report.html");
    EXPECT_EQ(report.at("figures").at("mse"), figures.at("mse")) << split;
    EXPECT_EQ(report.at("figures").at("ssim"), figures.at("ssim")) << split;
  }
}

TEST_F(ReportOf, MeasuresNoMoreExamplesThanItIsTold) {
  train_on_spots("run");
  EXPECT_EQ(json_of({"report", "run", "--count", "10"}).at("figures").at("examples"), 10);
  EXPECT_THAT(content("run").at("subtitle").get<std::string>(),
              HasSubstr("10 examples, chosen at random, of the validation split of spots, 40 images"));
}

TEST_F(ReportOf, LossesAreThoseOfTheEpochs) {
  train_on_spots("run");
  const Json curves = block(content("run"), "Losses", "curves").at("curves");
  ASSERT_EQ(curves.size(), 2);
  EXPECT_EQ(curves.at(0).at("name"), "training");
  EXPECT_EQ(curves.at(1).at("name"), "validation");
  EXPECT_EQ(curves.at(0).at("x"), Json({1.0, 2.0}));
  const std::string metrics = read_file(folder_ / "run/metrics.csv");
  EXPECT_THAT(metrics, HasSubstr("2," + curves.at(0).at("y").at(1).dump()));
}

TEST_F(ReportOf, ErrorsOfClassesAddUpToThatOfAll) {
  train_on_spots("run");
  const double mse = json_of({"report", "run"}).at("figures").at("mse").get<double>();
  const Json table = block(content("run"), "Errors by class", "table");
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
  train_on_spots("run");
  out_of({"encode", "run", "--split", "validation", "--out", "codes.csv"});
  const torch::Tensor codes = read_rows(folder_ / "codes.csv");
  const Json map = block(content("run"), "Codes", "map");
  ASSERT_EQ(map.at("x").size(), 40);
  for (const int64_t i : {0, 17, 39}) {
    EXPECT_NEAR(map.at("x").at(i).get<float>(), codes[i][0].item<float>(), 1e-3);
    EXPECT_NEAR(map.at("y").at(i).get<float>(), codes[i][1].item<float>(), 1e-3);
  }
  EXPECT_EQ(map.at("groups"), Json({"0", "1", "2", "3"}));
  EXPECT_EQ(map.at("sheets").size(), pictures_available() ? 2 : 0);
}

TEST_F(ReportOf, TheWorstReconstructionsComeFirst) {
  train("run", {"--data", "circle", "--points", "200", "--scale", "minmax"});
  const Json blocks = report_section(content("run"), "Reconstructions").at("blocks");
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
  train("run", {"--data", "table.npy", "--latent-dim", "1"});
  const Json content = this->content("run");
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
  train("run", {"--data", "pictures"});
  EXPECT_EQ(block(content("run"), "Codes", "map").at("groups"), Json({name, "plain"}));
}

TEST_F(ReportOf, WhereNothingIsHeldOutItShowsWhatWasLearnedFrom) {
  train("run", {"--data", "spots", "--validation-fraction", "0"});
  EXPECT_EQ(block(content("run"), "Losses", "curves").at("curves").size(), 1);
  EXPECT_EQ(out_of({"report", "run"}), "run/report.html: train split of spots, 200 images\n");
}

TEST_F(ReportOf, TheCommandNamesWhatIsNotAsByDefault) {
  train("run", {"--data", "spots", "--model", "variational", "--backbone", "conv", "--channels", "4,8"});
  const Json command = block(content("run"), "Configuration", "command");
  const auto words = command.at("words").get<std::string>();
  EXPECT_THAT(words, AllOf(HasSubstr("autoencoder train --model=variational"), HasSubstr(" --backbone=conv"),
                           HasSubstr(" --channels=4,8"), HasSubstr(" --epochs=2")));
  EXPECT_EQ(words.find("--seed"), std::string::npos);
}

TEST_F(ReportOf, SeveralRunsAreComparedAsCompareDoes) {
  train_on_spots("small");
  train("solved", {"--data", "spots", "--model", "pca", "--latent-dim", "3"});
  const Json report = json_of({"report", "small", "solved"});
  const Json compared = json_of({"compare", "small", "solved"});
  EXPECT_EQ(report.at("out"), "small/comparison.html");
  EXPECT_EQ(report.at("figures").at(1).at("mse"), compared.at(1).at("mse"));
  const Json content = testing::report_content(read_file(folder_ / "small/comparison.html"));
  EXPECT_EQ(content.at("title"), "small and solved");
  EXPECT_EQ(block(content, "Losses", "curves").at("curves").size(), 2);
  EXPECT_EQ(block(content, "Figures", "table").at("rows").at(1).at(0), "solved");
  EXPECT_EQ(report_section(content, "Reconstructions").is_null(), !pictures_available());
}

TEST_F(ReportOf, RunsOnOtherShapesAreRefused) {
  train_on_spots("small");
  train("points", {"--data", "circle", "--points", "100", "--scale", "minmax"});
  const testing::ProgramResult result = run({"report", "small", "points"});
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.error,
            "error: points takes 2 numbers, but small takes 12x12; compare runs on the same data\n");
}

TEST(Reproduction, WordsAreQuotedWhereAShellNeedsIt) {
  EXPECT_EQ(shell_word("--epochs=20"), "--epochs=20");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("my data"), "'my data'");
  EXPECT_EQ(shell_word("it's $(x)"), "'it'\\''s $(x)'");
}

}  // namespace
}  // namespace autoencoder
