#include "tasks/threads.h"

#include <cmath>

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include "common/cpu_quota.h"

namespace autoencoder {
namespace {

class ThreadsTest : public ::testing::Test {
 protected:
  ~ThreadsTest() override { at::set_num_threads(before_); }

 private:
  int before_ = at::get_num_threads();
};

TEST_F(ThreadsTest, AreAsManyAsAskedFor) {
  for (const int count : {3, 1, 2}) {
    use_threads(count);
    EXPECT_EQ(at::get_num_threads(), count);
  }
}

TEST_F(ThreadsTest, AreNoMoreThanAContainersShareWhereNobodyAsks) {
  const int before = at::get_num_threads();
  use_threads(0);
  EXPECT_LE(at::get_num_threads(), before);
  EXPECT_GE(at::get_num_threads(), 1);
  if (const auto quota = cpu_quota(); quota && std::getenv("OMP_NUM_THREADS") == nullptr) {
    EXPECT_LE(at::get_num_threads(), std::ceil(*quota));
  }
}

}  // namespace
}  // namespace autoencoder
