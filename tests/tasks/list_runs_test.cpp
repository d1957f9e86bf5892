#include "tasks/list_runs.h"

#include "tests/support/expect_error.h"
#include "tests/support/task_test.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;
using testing::TaskTest;

class ListRunsTask : public TaskTest {
 protected:
  ListRunsRequest folder(const std::string& name) const {
    ListRunsRequest request;
    request.folder = path(name);
    return request;
  }
};

TEST_F(ListRunsTask, ListsThemByName) {
  const std::string data = write_spots("runs/spots", 200, 40);  // beside the runs, and none
  train("runs/vae", {{"data", data}, {"model", "vae"}, {"hidden", {32}}, {"latent-dim", 2}, {"epochs", 2}});
  train("runs/plain", {{"data", data}, {"epochs", 2}});
  const ListRunsResult result = summarise_runs(folder("runs"));
  ASSERT_EQ(result.runs.size(), 2);
  EXPECT_EQ(result.runs[0].run, path("runs/plain"));
  EXPECT_EQ(result.runs[1].run, path("runs/vae"));
  for (const RunSummary& run : result.runs) {
    EXPECT_EQ(run.data, "spots");
    EXPECT_EQ(run.epochs, 2);
  }
  const Json rows = result.to_json();
  ASSERT_EQ(rows.size(), 2);
  EXPECT_EQ(rows[0].at("model"), "dense");
  EXPECT_GT(rows[1].at("best_loss").get<double>(), 0);
}

TEST_F(ListRunsTask, TheFolderMustBeThere) {
  EXPECT_THAT(error_of([&] { summarise_runs(folder("nowhere")); }), HasSubstr("nowhere: no such folder"));
}

}  // namespace
}  // namespace autoencoder
