#include "run/history.h"

#include "tests/support/expect_error.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;

EpochRecord record(int64_t epoch, double train, std::optional<double> validation) {
  EpochRecord made;
  made.epoch = epoch;
  made.train = {train, {{"kl", train / 3}}};
  if (validation) {
    made.validation = LossMeans{*validation, {{"kl", *validation / 3}}};
  }
  made.learning_rate = 1e-3;
  made.train_seconds = 0.5;
  made.images_per_second = 1000;
  return made;
}

TEST(History, CsvHasTheColumnsOfTheDocumentation) {
  EXPECT_EQ(to_csv({record(1, 3, 6)}),
            "epoch,train_loss,validation_loss,train_kl,validation_kl,learning_rate,train_seconds,images_per_"
            "second\n"
            "1,3,6,1,2,0.001,0.5,1000\n");
}

TEST(History, CsvKeepsEveryDigit) {
  const History history = {record(1, 1.0 / 3, 0.1), record(2, 1e-17, 2.0 / 7)};
  const History read = parse_history(to_csv(history), "test");
  ASSERT_EQ(read.size(), 2);
  EXPECT_EQ(read[0].train.total, 1.0 / 3);
  EXPECT_EQ(read[1].train.total, 1e-17);
  EXPECT_EQ(read[1].validation->total, 2.0 / 7);
  EXPECT_EQ(read[1].validation->terms, history[1].validation->terms);
  EXPECT_EQ(read[1].train.terms, history[1].train.terms);
  EXPECT_EQ(to_csv(read), to_csv(history));
}

TEST(History, WithoutValidationItsCellsAreEmpty) {
  const std::string csv = to_csv({record(1, 3, {})});
  EXPECT_THAT(csv, HasSubstr("\n1,3,,1,,0.001,0.5,1000\n"));
  EXPECT_FALSE(parse_history(csv, "test")[0].validation);
}

TEST(History, AnEmptyHistoryHasAHeaderAlone) { EXPECT_TRUE(parse_history(to_csv({}), "test").empty()); }

TEST(History, BestIsTheFirstOfTheSmallestValidationLosses) {
  const History history = {record(1, 1, 5), record(2, 2, 3), record(3, 0, 3), record(4, 0, 4)};
  EXPECT_EQ(best_record(history), 1);
  EXPECT_EQ(epochs_since_best(history), 2);
}

TEST(History, WithoutValidationTheTrainingLossDecides) {
  const History history = {record(1, 3, {}), record(2, 1, {}), record(3, 2, {})};
  EXPECT_EQ(best_record(history), 1);
}

TEST(History, RefusesRowsThatAreNoEpochs) {
  EXPECT_THAT(error_of([] { parse_history("epoch,train_loss\n1,nonsense\n", "metrics.csv"); }),
              HasSubstr("metrics.csv: row 1 is no epoch's: '1,nonsense'"));
}

}  // namespace
}  // namespace autoencoder
