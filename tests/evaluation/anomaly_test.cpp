#include "evaluation/anomaly.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/random.h"

namespace autoencoder {
namespace {

using ::testing::ElementsAre;

torch::Tensor precision_by_axes(const Normality& normality) { return normality.axes.mm(normality.axes.t()); }

constexpr double kSaid = 0.5;  // of each number that is not in the code

// The code is an example's first numbers as they are; of the others the reconstruction says kSaid.
class FirstNumbers : public Autoencoder {
 public:
  FirstNumbers(const ImageShape& shape, int64_t latent_dim) : Autoencoder(shape, {latent_dim, 1, 1}) {
    register_parameter("unused", torch::zeros({1}));
  }
  std::vector<Stage> stages() override { return {}; }

 private:
  Tensor do_encode(const Tensor& input) override { return input.flatten(1).narrow(1, 0, latent_dim()); }
  Tensor do_decode(const Tensor& code) override {
    const auto& [channels, height, width] = input_shape();
    const Tensor others = torch::full({code.size(0), input_shape().size() - latent_dim()}, kSaid);
    return torch::cat({code, others}, 1).view({-1, channels, height, width});
  }
  Loss do_loss(const Batch& /*batch*/, const Step& /*step*/) override { return {}; }
};

// A bound whose parts are an example's first number and the second with a random number of 0 to 1.
class WithBound : public FirstNumbers, public Generative {
 public:
  explicit WithBound(bool has_likelihood) : FirstNumbers({1, 1, 2}, 1), has_likelihood_(has_likelihood) {}
  Generative* generative() override { return this; }
  Tensor sample_codes(int64_t, const NoiseShape&, at::Generator) override { return {}; }
  Tensor draw_codes(const Tensor&, at::Generator) override { return {}; }
  Tensor draw_examples(const Tensor&, at::Generator) override { return {}; }
  bool has_likelihood() const override { return has_likelihood_; }
  EvidenceBound evidence_bound(const Tensor& input, at::Generator rng) override {
    const Tensor numbers = input.flatten(1);
    return {numbers.select(1, 0), numbers.select(1, 1) + torch::rand({input.size(0)}, rng)};
  }
  Tensor log_likelihood(const Tensor& input, int64_t /*samples*/, at::Generator /*rng*/) override {
    return input;
  }

 private:
  bool has_likelihood_;
};

using Rows = std::vector<std::vector<float>>;

Dataset dataset(const Rows& rows, const ImageShape& shape) {
  std::vector<torch::Tensor> examples;
  for (const std::vector<float>& row : rows) {
    examples.push_back(torch::tensor(row).view({shape.channels, shape.height, shape.width}));
  }
  return {torch::stack(examples), {}, {}};
}

std::vector<double> numbers(const torch::Tensor& scores) {
  EXPECT_EQ(scores.dim(), 1);
  EXPECT_EQ(scores.scalar_type(), torch::kFloat64);
  return {scores.data_ptr<double>(), scores.data_ptr<double>() + scores.numel()};
}

::testing::Matcher<std::vector<double>> are_near(const std::vector<double>& expected) {
  return ::testing::Pointwise(::testing::DoubleNear(1e-6), expected);
}

std::vector<std::string> names_of(Autoencoder& model) {
  std::vector<std::string> names;
  for (const AnomalyScore& score : anomaly_scores_of(model)) {
    names.push_back(score.name);
  }
  return names;
}

TEST(AnomalyScores, TheUsualOneComesFirst) {
  FirstNumbers of_pictures({1, 2, 2}, 2);
  EXPECT_THAT(names_of(of_pictures),
              ElementsAre("relative-error", "error", "neighbours", "mahalanobis", "map"));
  FirstNumbers of_detailed({1, kSmallestDetailed, 80}, 2);
  EXPECT_THAT(names_of(of_detailed),
              ElementsAre("map", "relative-error", "error", "neighbours", "mahalanobis"));
  FirstNumbers of_vectors({1, 1, 4}, 2);
  EXPECT_THAT(names_of(of_vectors),
              ElementsAre("joint", "neighbours", "error", "relative-error", "mahalanobis"));
}

TEST(AnomalyScores, ABoundIsOfModelsThatHaveALikelihood) {
  WithBound with(true);
  EXPECT_THAT(names_of(with),
              ElementsAre("joint", "neighbours", "error", "relative-error", "mahalanobis", "elbo"));
  WithBound without(false);
  EXPECT_THAT(names_of(without),
              ElementsAre("joint", "neighbours", "error", "relative-error", "mahalanobis"));
}

// Pictures of 2 x 2, of which the first row is reconstructed, the second one said to be 0.5.
class PictureScores : public ::testing::Test {
 protected:
  std::vector<double> scores(const std::string& name, const Rows& pictures) {
    return numbers(score_anomalies(model_, dataset(pictures, model_.input_shape()), name, {}, 0));
  }

  FirstNumbers model_ = FirstNumbers({1, 2, 2}, 2);
};

// (0.5^2 + 0.5^2) / 4; (0.3^2 + 0.1^2) / 4; nothing.
TEST_F(PictureScores, TheErrorIsTheMeanOfTheSquaredOnes) {
  EXPECT_THAT(scores("error", {{0.6F, 0.8F, 0, 0}, {0, 0, 0.2F, 0.6F}, {0, 1, 0.5F, 0.5F}}),
              are_near({0.125, 0.025, 0}));
}

// Those errors by the root of the examples' mean square: sqrt((0.6^2 + 0.8^2) / 4) = 0.5 and
// sqrt((0.2^2 + 0.6^2) / 4) = 0.3162278.
TEST_F(PictureScores, TheRelativeErrorIsThatByTheSizeOfTheExample) {
  EXPECT_THAT(scores("relative-error", {{0.6F, 0.8F, 0, 0}, {0, 0, 0.2F, 0.6F}, {0, 1, 0.5F, 0.5F}}),
              are_near({0.25, 0.0790569, 0}));
}

// Twice as bright, an example badly explained by as much is half as strange.
TEST_F(PictureScores, TheRelativeErrorFallsWithTheSizeOfTheExampleAndNotWithItsSquare) {
  const std::vector<double> both = scores("relative-error", {{0.3F, 0.4F, 0, 0}, {0.6F, 0.8F, 0, 0}});
  EXPECT_NEAR(both[0], 2 * both[1], 1e-6);
}

TEST_F(PictureScores, TheRelativeErrorOfBlackIsLargeAndFinite) {
  EXPECT_THAT(scores("relative-error", {{0, 0, 0, 0}}), ElementsAre(::testing::DoubleNear(0.125 / 1e-6, 1)));
}

TEST_F(PictureScores, BytesAreScoredAsWhatTheyStandFor) {
  const Dataset bytes = {torch::tensor({51, 0, 51, 255}, torch::kUInt8).view({1, 1, 2, 2}), {}, {}};
  EXPECT_THAT(numbers(score_anomalies(model_, bytes, "error", {}, 0)), are_near({(0.09 + 0.25) / 4}));
}

TEST_F(PictureScores, ExamplesKeepTheirOrderOverBatches) {
  torch::Tensor pictures = torch::full({2500, 1, 2, 2}, 0.5);
  pictures[2400][0][1][0] = 1;
  const torch::Tensor all = score_anomalies(model_, {pictures, {}, {}}, "error", {}, 0);
  EXPECT_EQ(all.sizes(), (std::vector<int64_t>{2500}));
  EXPECT_EQ(all.nonzero().flatten().item<int64_t>(), 2400);
}

// The largest of those errors, each pixel's own.
TEST_F(PictureScores, TheMapIsPooled) {
  EXPECT_THAT(scores("map", {{0.6F, 0.8F, 0, 0}, {0, 0, 0.2F, 0.6F}, {0, 1, 0.5F, 0.5F}}),
              are_near({0.25, 0.09, 0}));
}

// All maps of a set, and where each pass began.
torch::Tensor maps_of(Autoencoder& model, const torch::Tensor& images,
                      std::vector<int64_t>* firsts = nullptr) {
  std::vector<torch::Tensor> maps;
  for_each_map(model, {images, {}, {}}, {}, [&](const MappedPictures& some) {
    EXPECT_TRUE(
        torch::equal(some.pictures, to_unit_range(images.narrow(0, some.first, some.pictures.size(0)))));
    maps.push_back(some.maps);
    if (firsts != nullptr) {
      firsts->push_back(some.first);
    }
  });
  return torch::cat(maps);
}

// Two channels of 2 x 2, of which the first pixel of the first channel is reconstructed.
TEST(ErrorMaps, AreMeansOverChannels) {
  FirstNumbers model({2, 2, 2}, 1);
  const torch::Tensor images = torch::tensor({0.9F, 0.5F, 0.1F, 1.0F, 0.3F, 0.5F, 0.7F, 0.0F});
  const torch::Tensor maps = maps_of(model, images.view({1, 2, 2, 2}));
  // (0 + 0.2^2) / 2, 0, (0.4^2 + 0.2^2) / 2, (0.5^2 + 0.5^2) / 2
  EXPECT_EQ(maps.sizes(), (std::vector<int64_t>{1, 1, 2, 2}));
  EXPECT_TRUE(torch::allclose(maps.flatten(), torch::tensor({0.02F, 0.0F, 0.1F, 0.25F}), 0, 1e-6));
  EXPECT_FALSE(maps.requires_grad());
}

TEST(ErrorMaps, ReadBytesAsWhatTheyStandFor) {
  FirstNumbers model({1, 1, 2}, 1);
  const torch::Tensor maps = maps_of(model, torch::tensor({7, 51}, torch::kUInt8).view({1, 1, 1, 2}));
  EXPECT_TRUE(torch::allclose(maps.flatten(), torch::tensor({0.0F, 0.09F}), 0, 1e-6));
}

TEST(ErrorMaps, HaveTheErrorAsTheirMean) {
  torch::manual_seed(1);
  FirstNumbers model({3, 4, 5}, 7);
  const torch::Tensor images = torch::rand({6, 3, 4, 5});
  const torch::Tensor scores = score_anomalies(model, {images, {}, {}}, "error", {}, 0);
  EXPECT_TRUE(
      torch::allclose(maps_of(model, images).mean({1, 2, 3}), scores.to(torch::kFloat32), 1e-5, 1e-7));
}

// Errors 0.01 and 0.04, 0.09 and 0: of a place the mean is 0.05 and 0.02, and what is usual lies between.
TEST(ErrorMaps, AreMeasuredByTheMeanOfNormalPictures) {
  FirstNumbers model({1, 1, 3}, 1);
  const torch::Tensor images = torch::tensor({0.0F, 0.6F, 0.7F, 0.0F, 0.2F, 0.5F}).view({2, 1, 1, 3});
  AnomalyMap map;
  EXPECT_FALSE(measured_by(model, {images, {}, {}}, map).usual.defined());
  map.measure = MapMeasure::kPlace;
  const torch::Tensor usual = measured_by(model, {images, {}, {}}, map).usual;
  const torch::Tensor mean = torch::tensor({0.0F, 0.05F, 0.02F}).view({1, 1, 1, 3});
  EXPECT_TRUE(torch::allclose(usual, usual_differences(mean), 1e-5, 1e-8));
}

// Large pictures go through a few at a time, in their order.
TEST(ErrorMaps, ComeSomeAtATime) {
  FirstNumbers model({1, 1000, 1000}, 1);
  std::vector<int64_t> firsts;
  const torch::Tensor pictures =
      torch::arange(6).to(torch::kUInt8).view({6, 1, 1, 1}).expand({6, 1, 1000, 1000});
  const torch::Tensor maps = maps_of(model, pictures.contiguous(), &firsts);
  EXPECT_THAT(firsts, ElementsAre(0, 4));
  for (int64_t i = 0; i < 6; ++i) {
    EXPECT_NEAR(maps[i][0][500][500].item<double>(), std::pow(0.5 - static_cast<double>(i) / 255, 2), 1e-6);
  }
}

// Vectors of two numbers, which are their own code.
class CodeScores : public ::testing::Test {
 protected:
  std::vector<double> scores(const std::string& name, const Rows& normal, const Rows& examples) {
    const Normality normality = learn(normal);
    return numbers(
        score_anomalies(model_, dataset(examples, model_.input_shape()), name, normality, /*seed=*/0));
  }

  Normality learn(const Rows& normal) {
    return learn_normality(model_, dataset(normal, model_.input_shape()), make_generator(1));
  }

  FirstNumbers model_ = FirstNumbers({1, 1, 2}, 2);
};

const Rows kNormal = {{1, 2}, {2, 1}, {3, 5}, {4, 3}, {5, 6}, {0, 1}, {8, 8}};
const Rows kExamples = {{2, 2}, {7, -1}, {3, 5}};

// From the origin 1, 2, 3, 5 and 10, and 15 that is one too many.
TEST_F(CodeScores, NeighboursIsTheMeanDistanceOfTheFiveNearest) {
  const Rows normal = {{1, 0}, {9, 12}, {0, 2}, {3, 4}, {0, -3}, {6, 8}};
  EXPECT_THAT(scores("neighbours", normal, {{0, 0}}), are_near({4.2}));
}

// sklearn 1.9: NearestNeighbors(n_neighbors=5).fit(normal).kneighbors(examples)[0].mean(1)
TEST_F(CodeScores, NeighboursAreThoseOfScikitLearn) {
  EXPECT_THAT(scores("neighbours", kNormal, kExamples),
              are_near({1.9268827230335919, 6.316916235968474, 2.4401585712162457}));
}

TEST_F(CodeScores, FewerNormalCodesThanNeighboursAreAllOfThem) {
  EXPECT_THAT(scores("neighbours", {{1, 0}, {0, 2}, {3, 4}}, {{0, 0}}), are_near({8.0 / 3}));
  EXPECT_THAT(scores("neighbours", {{3, 4}}, {{0, 0}, {3, 4}}), are_near({5, 0}));
}

// Vectors that are reconstructed exactly. numpy, with scikit-learn's neighbours: those of (3, 5) are without
// itself, and so are those of each normal one.
TEST_F(CodeScores, JointIsByHowFarTheNeighboursAreApart) {
  EXPECT_THAT(scores("joint", kNormal, kExamples),
              are_near({1.421234309615928, 4.65190599471377, 2.513270116455799}));
}

// Of four numbers the last two are said to be 0.5: what that changes is as much of the distance. numpy.
TEST(JointScore, SeesWhatTheReconstructionChanges) {
  FirstNumbers model({1, 1, 4}, 2);
  const Rows normal = {{1, 2, 0, 1}, {2, 1, 0.5, 0.3}, {3, 5, 0.2, 0.9}, {4, 3, 0.7, 0.5},
                       {5, 6, 1, 0}, {0, 1, 0.4, 0.4}, {8, 8, 0.6, 0.1}};
  const Normality normality = learn_normality(model, dataset(normal, model.input_shape()), make_generator(1));
  const Rows examples = {{2, 2, 0.5, 0.5}, {2, 2, 3, -2}, {3, 5, 0.2, 0.9}};
  const std::vector<double> scores =
      numbers(score_anomalies(model, dataset(examples, model.input_shape()), "joint", normality, 0));
  EXPECT_THAT(scores, ::testing::Pointwise(::testing::DoubleNear(1e-5),
                                           {1.664955537644106, 8.035529783739895, 2.940687855588847}));
}

TEST_F(CodeScores, JointOfOneNormalExampleAndOfTheSameOnesIsFinite) {
  EXPECT_EQ(scores("joint", {{3, 4}}, {{3, 4}}), (std::vector<double>{0}));
  EXPECT_GT(scores("joint", {{3, 4}}, {{0, 0}})[0], 0);
  EXPECT_EQ(scores("joint", {{3, 4}, {3, 4}, {3, 4}}, {{3, 4}}), (std::vector<double>{0}));
}

// Four codes around (5, 1): variances (1 + 1) / 3 and (4 + 4) / 3, no covariance. Of (6, 2) the squared
// distance is 1 * 3/2 + 1 * 3/8 = 1.875, of (5, 5) it is 16 * 3/8 = 6.
TEST_F(CodeScores, MahalanobisIsTheDistanceInUnitsOfTheSpread) {
  const Rows normal = {{6, 1}, {4, 1}, {5, 3}, {5, -1}};
  EXPECT_THAT(scores("mahalanobis", normal, {{6, 2}, {5, 5}, {5, 1}}),
              are_near({1.3693063937629153, 2.449489742783178, 0}));
}

// scipy.spatial.distance.mahalanobis(example, normal.mean(0), numpy.linalg.inv(numpy.cov(normal.T)))
TEST_F(CodeScores, MahalanobisIsThatOfSciPy) {
  EXPECT_THAT(scores("mahalanobis", kNormal, kExamples),
              are_near({0.6842209786877484, 7.435732165179258, 1.398849348195927}));
}

// The variance of the first number is 10/3; the second one is never but 7, and has no say.
TEST_F(CodeScores, MahalanobisLeavesOutWhatNeverVaries) {
  const Rows normal = {{1, 7}, {-1, 7}, {2, 7}, {-2, 7}};
  EXPECT_THAT(scores("mahalanobis", normal, {{1, 7}, {1, 900}, {0, -900}}),
              are_near({0.5477225575051661, 0.5477225575051661, 0}));
}

// numpy.linalg.pinv of the covariance ((9, 12), (12, 16)) is ((9, 12), (12, 16)) / 625: a step of (3, 4)
// along the line is 1, and across it nothing is known.
TEST_F(CodeScores, MahalanobisOfCodesOnALineIsTheDistanceAlongIt) {
  const Rows normal = {{3, 4}, {6, 8}, {9, 12}};
  EXPECT_THAT(scores("mahalanobis", normal, {{9, 12}, {6, 8}, {-3, -4}}), are_near({1, 0, 3}));
  for (const double across : scores("mahalanobis", normal, {{2, 11}, {10, 5}, {-394, 308}, {406, -292}})) {
    EXPECT_NEAR(across, 0, 1e-5);  // the root of what rounding leaves
  }
}

// Nothing is known of how codes spread: none is far away, and other scores serve.
TEST_F(CodeScores, OneNormalCodeHasNoSpread) {
  const Normality normality = learn({{3, 4}});
  EXPECT_TRUE(torch::equal(normality.mean, torch::tensor({3.0, 4.0}, torch::kFloat64)));
  EXPECT_TRUE(torch::equal(precision_by_axes(normality), torch::zeros({2, 2}, torch::kFloat64)));
  EXPECT_THAT(scores("mahalanobis", {{3, 4}}, {{0, 0}, {3, 4}}), are_near({0, 0}));
}

TEST_F(CodeScores, NormalityIsOfTheCodes) {
  const Normality normality = learn(kNormal);
  EXPECT_EQ(normality.codes.sizes(), (std::vector<int64_t>{7, 2}));
  // numpy: normal.mean(0), numpy.linalg.inv(numpy.cov(normal.T))
  const torch::Tensor mean = torch::tensor({3.2857142857142856, 3.7142857142857144}, torch::kFloat64);
  const torch::Tensor precision =
      torch::tensor({{0.8139223560910295, -0.7416331994645234}, {-0.7416331994645234, 0.8139223560910295}},
                    torch::kFloat64);
  EXPECT_TRUE(torch::allclose(normality.mean, mean, 1e-12, 0));
  EXPECT_TRUE(torch::allclose(precision_by_axes(normality), precision, 1e-9, 0));
}

// Of five codes of seven numbers: numpy.linalg.pinv of their covariance.
TEST(Normality, OfFewerCodesThanNumbersIsThatOfTheirCovariance) {
  FirstNumbers model({1, 1, 7}, 7);
  const torch::Tensor codes = torch::randn({5, 7}, make_generator(8));
  const Normality normality = learn_normality(model, {codes.view({5, 1, 1, 7}), {}, {}}, make_generator(1));
  EXPECT_EQ(normality.axes.sizes(), (std::vector<int64_t>{7, 4}));
  const torch::Tensor expected =
      torch::linalg_pinv(torch::cov(codes.to(torch::kFloat64).t()), 1e-10, /*hermitian=*/true);
  EXPECT_TRUE(torch::allclose(precision_by_axes(normality), expected, 1e-7, 1e-7));
}

TEST(Normality, KeepsSomeOfManyCodesAndLearnsFromAll) {
  FirstNumbers model({1, 1, 1}, 1);
  const int64_t count = kMostNormalCodes + 1000;
  const Dataset normal = {torch::arange(count, torch::kFloat32).view({-1, 1, 1, 1}), {}, {}};
  const Normality normality = learn_normality(model, normal, make_generator(1));
  EXPECT_EQ(normality.codes.sizes(), (std::vector<int64_t>{kMostNormalCodes, 1}));
  EXPECT_EQ(std::get<0>(torch::_unique(normality.codes)).numel(), kMostNormalCodes);
  // Of 0, 1, ... n - 1: the mean (n - 1) / 2, the variance n (n + 1) / 12.
  const auto n = static_cast<double>(count);
  EXPECT_NEAR(normality.mean.item<double>(), (n - 1) / 2, 1e-9);
  EXPECT_NEAR(precision_by_axes(normality).item<double>() * n * (n + 1) / 12, 1, 1e-9);
  const Normality others = learn_normality(model, normal, make_generator(2));
  EXPECT_FALSE(torch::equal(others.codes, normality.codes));
}

// The first number and the second, and a random one of 0 to 1.
TEST(BoundScore, IsTheSumOfBothPartsOfTheBound) {
  WithBound model(true);
  const Dataset data = dataset({{100, 20}, {3000, 400}}, model.input_shape());
  const std::vector<double> scores = numbers(score_anomalies(model, data, "elbo", {}, 1));
  EXPECT_THAT(scores, ElementsAre(::testing::DoubleNear(120.5, 0.5), ::testing::DoubleNear(3400.5, 0.5)));
}

TEST(BoundScore, DrawsWithTheSeed) {
  WithBound model(true);
  const Dataset data = dataset({{0, 0}, {0, 0}}, model.input_shape());
  const auto scores = [&](uint64_t seed) { return numbers(score_anomalies(model, data, "elbo", {}, seed)); };
  EXPECT_EQ(scores(1), scores(1));
  EXPECT_NE(scores(1), scores(2));
  EXPECT_NE(scores(1)[0], scores(1)[1]);
}

double threshold(const std::vector<double>& scores, double contamination) {
  return threshold_for(torch::tensor(scores, torch::kFloat64), contamination);
}

// numpy.quantile(scores, 1 - contamination)
TEST(Threshold, HasThatShareOfTheScoresAboveIt) {
  EXPECT_NEAR(threshold({1, 2, 3, 4}, 0.25), 3.25, 1e-12);
  EXPECT_NEAR(threshold({5, 1, 4, 2, 3}, 0.1), 4.6, 1e-12);
  const torch::Tensor scores = torch::randperm(1000, make_generator(1)).to(torch::kFloat64);
  EXPECT_EQ((scores > threshold_for(scores, 0.05)).sum().item<int64_t>(), 50);
}

TEST(Threshold, OfNoContaminationIsTheLargestScore) {
  EXPECT_EQ(threshold({5, 1, 7, 2}, 0), 7);
  EXPECT_EQ(threshold({5, 1, 7, 2}, 1), 1);
  EXPECT_EQ(threshold({3}, 0.05), 3);
}

}  // namespace
}  // namespace autoencoder
