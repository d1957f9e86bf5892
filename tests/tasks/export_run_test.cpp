#include "tasks/export_run.h"

#include <filesystem>

#include "tests/support/task_test.h"

namespace autoencoder {
namespace {

using ::testing::HasSubstr;
using testing::TaskTest;

class ExportTask : public TaskTest {
 protected:
  ExportRequest of_a_run(const Json& more = Json::object()) {
    Json options = {{"data", write_spots("spots", 200, 40)}, {"epochs", 2}, {"batch-size", 32}};
    options.update(more);
    ExportRequest request;
    request.run = train("run", options);
    return request;
  }
};

TEST_F(ExportTask, WritesTheModelWithAllThatItCan) {
  ExportRequest request = of_a_run({{"model", "vae"}, {"hidden", {32}}, {"latent-dim", 2}});
  request.out = path("whole.pt");
  EXPECT_THAT(export_run(request).content, HasSubstr("forward, encode, decode, sample"));
  EXPECT_TRUE(std::filesystem::exists(path("whole.pt")));
}

TEST_F(ExportTask, WritesHalfOfTheModel) {
  ExportRequest request = of_a_run();
  request.part = ExportPart::kEncoder;
  EXPECT_EQ(export_run(request).out, path("run/encoder.pt"));
  request.part = ExportPart::kDecoder;
  request.out = path("d.pt");
  export_run(request);
  for (const char* name : {"run/encoder.pt", "d.pt"}) {
    EXPECT_TRUE(std::filesystem::exists(path(name))) << name;
  }
}

}  // namespace
}  // namespace autoencoder
