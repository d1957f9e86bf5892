#include "tasks/latent.h"

#include <filesystem>

#include <torch/types.h>

#include "data/formats/row_writer.h"
#include "pictures/pictures.h"
#include "tests/support/failure.h"
#include "tests/support/task_test.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using testing::failure_of;
using ::testing::HasSubstr;
using testing::TaskTest;

class LatentTask : public TaskTest {
 protected:
  LatentRequest of_a_run(int64_t latent_dim) {
    return request_for<LatentRequest>(train("run", {{"data", write_spots("spots", 200, 40)},
                                                    {"hidden", {16}},
                                                    {"latent-dim", latent_dim},
                                                    {"epochs", 2}}));
  }
};

TEST_F(LatentTask, EachMethodDrawsItsMap) {
  if (!pictures_available()) {
    GTEST_SKIP() << "no OpenCV in this build";
  }
  LatentRequest request = of_a_run(2);
  request.map.perplexity = 5;
  request.map.steps = 20;
  for (const auto& [method, said] : {std::pair("auto", "the code itself"),
                                     {"pca", "two principal components, 100 % of the variance"},
                                     {"tsne", "t-SNE, divergence"}}) {
    request.map.method = choice_named(map_methods(), method);
    const LatentResult result = map_codes(request);
    EXPECT_EQ(result.points(), 40) << method;
    EXPECT_EQ(result.data, "test split of spots, 40 images");
    EXPECT_THAT(result.map.text, HasSubstr(said));
    EXPECT_EQ(result.out, path("run/latent.png"));
    EXPECT_TRUE(fs::remove(result.out)) << method;
  }
}

TEST_F(LatentTask, ThePointsCanBeKept) {
  if (!pictures_available()) {
    GTEST_SKIP() << "no OpenCV in this build";
  }
  LatentRequest request = of_a_run(2);
  request.count = 10;
  request.save_points = path("points.csv");
  map_codes(request);
  EXPECT_EQ(read_rows(path("points.csv")).sizes(), (std::vector<int64_t>{10, 2}));
}

TEST_F(LatentTask, MoreThanTwoNumbersAreNotDrawnAsTheyAre) {
  LatentRequest request = of_a_run(3);
  request.map.method = MapMethod::kCode;
  EXPECT_THAT(failure_of([&] { map_codes(request); }), HasSubstr("use --method pca or tsne"));
}

TEST_F(LatentTask, APerplexityNeedsEnoughExamples) {
  LatentRequest request = of_a_run(2);
  request.map.method = MapMethod::kTsne;
  EXPECT_THAT(failure_of([&] { map_codes(request); }),
              HasSubstr("40 examples are too few for a perplexity of 30; give less than 13"));
}

TEST(LatentResultInJson, HoldsTheFiguresOfTheMethodWhereItHasAny) {
  LatentResult result = {"map.png", "", "code", map_as_it_is(torch::rand({5, 2}))};
  EXPECT_EQ(result.to_json(), Json({{"out", "map.png"}, {"points", 5}, {"method", "code"}}));
  result = {"map.png", "", "pca", map_by_pca(torch::rand({5, 2}))};
  EXPECT_NEAR(result.to_json().at("explained_variance").get<double>(), 1, 1e-5);
}

}  // namespace
}  // namespace autoencoder
