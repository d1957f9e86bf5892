// Sweeps, by the program itself: each training is a process.

#include <csignal>
#include <thread>

#include <gmock/gmock.h>

#include "common/files.h"
#include "run/history.h"
#include "tests/support/program_test.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::ProgramCall;
using testing::ProgramResult;

class Sweep : public testing::ProgramTest {
 protected:
  Sweep() { write_spots("spots", 120, 20); }

  void write_plan(const std::string& text) { write_file(folder_ / "plan.json", text); }
  size_t epochs_of(const std::string& run) const {
    return read_history(folder_ / "sweeps/plan" / run / "metrics.csv").size();
  }
};

TEST_F(Sweep, TrainsAllSeedsOfTheSettingsThatAreGoodAndNamesTheBest) {
  write_plan(R"({"options": {"data": "spots", "epochs": 4, "batch-size": 16, "hidden": [16]},
                 "grid": {"latent-dim": [1, 8], "learning-rate": [1e-6, 0.003]}, "seeds": [0, 1],
                 "halving": {"epochs": 2, "factor": 2}})");
  const Json result = json_of({"sweep", "plan.json", "--parallel", "2"});
  ASSERT_EQ(result.at("settings").size(), 4);
  const Json& best = result.at("settings")[0];
  EXPECT_EQ(best.at("setting").at("learning-rate"), 0.003);
  EXPECT_EQ(best.at("epochs"), 4);
  EXPECT_EQ(best.at("runs").size(), 2);
  EXPECT_EQ(result.at("settings")[3].at("epochs"), 2) << "the worse half is given up";
  EXPECT_TRUE(fs::exists(folder_ / "sweeps/plan/report.html"));
  EXPECT_EQ(fs::path(result.at("best").get<std::string>()).parent_path(), "sweeps/plan");
  const std::string table = read_file(folder_ / "sweeps/plan/results.csv");
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 9);
}

TEST_F(Sweep, GoesOnWhereItWasStopped) {
  write_plan(
      R"({"options": {"data": "spots", "epochs": 3, "hidden": [16]}, "grid": {"latent-dim": [2, 4, 6]}})");
  ProgramCall call(folder_.path(), {"sweep", "plan.json", "--parallel", "1"});
  while (!call.has_ended() && !fs::exists(folder_ / "sweeps/plan/002/config.json")) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  call.send(SIGTERM);
  const ProgramResult stopped = call.wait();
  EXPECT_EQ(stopped.status, 128 + SIGTERM);
  EXPECT_THAT(stopped.out, HasSubstr("not begun"));
  const auto first = fs::last_write_time(folder_ / "sweeps/plan/001/model.pt");
  EXPECT_THAT(out_of({"sweep", "plan.json"}), HasSubstr("best: sweeps/plan/"));
  EXPECT_EQ(fs::last_write_time(folder_ / "sweeps/plan/001/model.pt"), first)
      << "was done, and is not done again";
  for (const char* run : {"001", "002", "003"}) {
    EXPECT_EQ(epochs_of(run), 3);
  }
}

TEST_F(Sweep, TellsWhichTrainingFailedAndWhy) {
  write_plan(R"({"options": {"data": "spots", "epochs": 1, "hidden": [16]}, "grid": {"latent-dim": [2, 4],
                 "learning-rate": [0.001, 1e30]}})");
  const ProgramResult result = run({"sweep", "plan.json"});
  EXPECT_EQ(result.status, 0) << result.error;
  EXPECT_THAT(result.out, HasSubstr("failed"));
  EXPECT_THAT(result.out, HasSubstr("best: sweeps/plan/"));
  // Kept beside the runs, so that a restart, and every process of a sweep, knows of it.
  EXPECT_THAT(out_of({"sweep", "plan.json"}), HasSubstr("failed"));
}

TEST_F(Sweep, RefusesWhatItDoesNotUnderstand) {
  const std::vector<std::pair<std::string, std::string>> plans = {
      {"{", "not JSON"},
      {"[]", "it must be a JSON object"},
      {R"({"gird": {}})", "did you mean 'grid'?"},
      {R"({"grid": {"latent-dim": []}})", "it must be a list of values"},
      {R"({"grid": {"latent-dim": [2]}})", "there is one training only"},
      {R"({"grid": {"latent-dimm": [2, 3]}})", "latent-dimm is no option"},
      {R"({"grid": {"seed": [2, 3]}})", "list them in \"seeds\""},
      {R"({"grid": {"epochs": [2, 3]}})", "different --epochs"},
      {R"({"random": {"latent-dim": {"min": 2, "max": 9}}})", "needs \"count\""},
      {R"({"random": {"latent-dim": {"min": 2}}, "count": 3})", "\"min\": 1"},
      {R"({"random": {"dropout": {"min": 0, "max": 0.5, "scale": "log"}}, "count": 3})", "above 0"},
      {R"({"grid": {"latent-dim": [2, 3]}, "seeds": [-1]})", "whole numbers from 0"},
      {R"({"grid": {"latent-dim": [2, 3]}, "halving": {"epochs": 50}})", "fewer than all 20"},
      {R"({"grid": {"latent-dim": [2, 3]}, "halving": {"epochs": 1, "factor": 1}})", "at least 2"},
      {R"({"grid": {"latent-dim": [2, 3]}, "count": "x", "random": {"k": [1]}})", "needs \"count\""}};
  for (const auto& [plan, message] : plans) {
    write_plan(plan);
    EXPECT_THAT(error_of({"sweep", "plan.json"}), HasSubstr(message)) << plan;
  }
  EXPECT_FALSE(fs::exists(folder_ / "sweeps"));
}

}  // namespace
}  // namespace autoencoder
