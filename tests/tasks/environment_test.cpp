#include "tasks/environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace autoencoder {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

TEST(RunEnvironment, TellsOfTheCallsBefore) {
  const Environment present = {{"device", "cpu"}};
  const Environment first = {{"device", "cuda:0"}, {"opening", "1 s"}, {"training", "5 s"}};
  const Environment after_first = phases_before(first, present);
  EXPECT_THAT(after_first, ElementsAre(Pair("opening before", "1 s"), Pair("training before", "5 s")));
  const Environment second = joined(joined(present, after_first), {{"opening", "2 s"}, {"training", "7 s"}});
  EXPECT_THAT(phases_before(second, present),
              ElementsAre(Pair("opening before", "1 s; 2 s"), Pair("training before", "5 s; 7 s")));
}

}  // namespace
}  // namespace autoencoder
