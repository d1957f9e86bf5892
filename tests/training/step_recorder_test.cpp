#include "training/step_recorder.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include "tests/support/tape.h"

namespace autoencoder {
namespace {

using testing::Tape;

Batch batch_of(double value, int64_t count = 4) {
  const torch::Tensor images = torch::full({count, 1, 2, 2}, value);
  return {images, images, {}};
}

// Work that keeps the sums of what it was given.
struct Sums {
  RecordedStep::Work work() {
    return [this](const Batch& batch) {
      inputs.push_back(batch.input.sum().item<double>());
      targets.push_back(batch.target.sum().item<double>());
    };
  }
  std::vector<double> inputs;
  std::vector<double> targets;
};

TEST(RecordedStep, IsLaunchedThreeTimesThenRecordedOnceAndPlayedBack) {
  Tape tape;
  Sums sums;
  RecordedStep step(tape, sums.work());
  for (const double value : {1, 2, 3, 4, 5}) {
    step.run(batch_of(value));
  }
  EXPECT_EQ(tape.recordings, 1);
  EXPECT_EQ(tape.replays, 2);
  EXPECT_EQ(sums.inputs, std::vector<double>({16, 32, 48, 64, 80}));
  EXPECT_EQ(sums.targets, sums.inputs);
}

TEST(RecordedStep, LaunchesBatchesOfOtherSizes) {
  Tape tape;
  Sums sums;
  RecordedStep step(tape, sums.work());
  for (const int64_t count : {4, 4, 4, 4, 3, 4}) {
    step.run(batch_of(1, count));
  }
  EXPECT_EQ(tape.replays, 2);
  EXPECT_EQ(sums.inputs, std::vector<double>({16, 16, 16, 16, 12, 16}));
}

TEST(RecordedStep, RecordsFullBatchesAlsoWhereASmallerOneCameFirst) {
  Tape tape;
  Sums sums;
  RecordedStep step(tape, sums.work());
  for (const int64_t count : {3, 4, 4, 4, 4, 4, 3}) {
    step.run(batch_of(1, count));
  }
  EXPECT_EQ(tape.replays, 2);
  EXPECT_EQ(sums.inputs, std::vector<double>({12, 16, 16, 16, 16, 16, 12}));
}

TEST(RecordedStep, GivesInputTargetAndLabelsToWhatWasRecorded) {
  Tape tape;
  std::vector<int64_t> labels;
  Sums sums;
  const auto keep_sums = sums.work();
  RecordedStep step(tape, [&](const Batch& batch) {
    keep_sums(batch);
    labels.push_back(batch.label.sum().item<int64_t>());
  });
  for (const int64_t i : {1, 2, 3, 4, 5}) {
    step.run({torch::full({2, 1, 1, 1}, i), torch::full({2, 1, 1, 1}, 10 * i), torch::full({2}, 100 * i)});
  }
  EXPECT_EQ(sums.inputs.back(), 10);
  EXPECT_EQ(sums.targets.back(), 100);
  EXPECT_EQ(labels.back(), 1000);
}

TEST(RecordedStep, IsLaunchedForGoodWhereItCannotBeRecorded) {
  Tape tape(Tape::Fate::kTearsAtOnce);
  Sums sums;
  RecordedStep step(tape, sums.work());
  ::testing::internal::CaptureStderr();
  for (const double value : {1, 2, 3, 4, 5}) {
    step.run(batch_of(value));
  }
  EXPECT_NE(::testing::internal::GetCapturedStderr().find("--cuda-graph off: no recording here"),
            std::string::npos);
  EXPECT_EQ(tape.recordings, 1);
  EXPECT_EQ(tape.replays, 0);
  EXPECT_EQ(sums.inputs, std::vector<double>({16, 32, 48, 64, 80}));
}

TEST(CudaGraph, IsNoneOnTheCpu) { EXPECT_EQ(make_cuda_graph(torch::kCPU), nullptr); }

}  // namespace
}  // namespace autoencoder
