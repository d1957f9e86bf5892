#include "service/operations.h"

#include <algorithm>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/random.h"
#include "common/text.h"
#include "evaluation/column_errors.h"
#include "evaluation/column_shares.h"
#include "evaluation/imputation.h"
#include "service/problem.h"

namespace autoencoder::service {
namespace {

constexpr uint64_t kSeed = 0;  // of codes that a score samples: the same in every call

Part part(const char* name, Content content, const torch::Tensor& values) {
  return {name, content, values.cpu()};
}

std::vector<Part> encode(const ServedModel& served, const torch::Tensor& examples) {
  return {part("codes", Content::kCodes, served.model().encode(examples))};
}

std::vector<Part> decode(const ServedModel& served, const torch::Tensor& codes) {
  return {part("examples", Content::kExamples, served.model().decode(codes))};
}

// Of a table's rows each cell is drawn, too.
std::vector<Part> sample(const ServedModel& served, const torch::Tensor& codes) {
  const torch::Tensor samples =
      served.kind == ExampleKind::kRow
          ? served.model().generative()->draw_examples(codes, make_generator(kSeed, served.device()))
          : served.model().decode(codes);
  return {part("samples", Content::kExamples, samples), part("codes", Content::kCodes, codes)};
}

std::vector<Part> reconstruct(const ServedModel& served, const torch::Tensor& examples) {
  Autoencoder& model = served.model();
  const torch::Tensor codes = model.encode(examples);
  const torch::Tensor reconstructions = model.decode(codes);
  return {part("reconstructions", Content::kExamples, reconstructions), part("codes", Content::kCodes, codes),
          part("errors", Content::kNumbers, reconstruction_errors(model, examples, reconstructions))};
}

// Of a window as of its strangest step.
torch::Tensor window_errors(const torch::Tensor& windows, const torch::Tensor& reconstructions) {
  return (windows - reconstructions).square().mean(1).flatten(1).amax(1);
}

torch::Tensor scores_of(const ServedModel& served, const torch::Tensor& examples) {
  const Detector& detector = served.scoring.detector;
  const bool by_step = detector.combination == StepCombination::kLeast;
  if (served.kind == ExampleKind::kWindow && by_step && detector.score == "error") {
    return window_errors(examples, served.model().forward(examples));
  }
  const Dataset data = {.images = examples, .labels = {}, .label_names = {}};
  return score_anomalies(served.model(), data, detector.score, detector.normality, kSeed, detector.map);
}

torch::Tensor maps_of(const ServedModel& served, const torch::Tensor& examples) {
  return served.scoring.detector.map.of(examples, served.model().forward(examples));
}

torch::Tensor shares_of(const ServedModel& served, const torch::Tensor& rows) {
  const Dataset data = {.images = rows, .labels = {}, .label_names = {}, .schema = served.schema};
  return column_shares(served.model(), data).shares;
}

std::vector<Part> score(const ServedModel& served, const torch::Tensor& examples) {
  return {part("scores", Content::kNumbers, scores_of(served, examples))};
}

// With where a picture is strange, or which cells of a row are.
std::vector<Part> explained_score(const ServedModel& served, const torch::Tensor& examples) {
  std::vector<Part> parts = score(served, examples);
  if (served.kind == ExampleKind::kPicture) {
    parts.push_back(part("maps", Content::kMaps, maps_of(served, examples)));
  } else if (served.kind == ExampleKind::kRow) {
    parts.push_back(part("shares", Content::kShares, shares_of(served, examples)));
  }
  return parts;
}

const Operation& explained_scoring() {
  static const Operation kScoring = {
      .name = "score",
      .summary = "how strange examples are to the model, and where",
      .takes = Content::kExamples,
      .gives = {"scores"},
      .gives_first = Content::kNumbers,
      .is_shared = [](const ServedModel& served) { return served.scoring.detector.score != "elbo"; },
      .compute = explained_score};
  return kScoring;
}

Operation scoring() {
  Operation plain = explained_scoring();
  plain.compute = score;
  plain.detailed = &explained_scoring();
  return plain;
}

std::vector<Part> impute(const ServedModel& served, const torch::Tensor& examples) {
  return {part("examples", Content::kExamples, fill_holes(served.model(), examples))};
}

}  // namespace

const std::vector<Operation>& operations() {
  static const std::vector<Operation> kOperations = {
      {.name = "encode",
       .summary = "examples to codes",
       .takes = Content::kExamples,
       .gives = {"codes"},
       .gives_first = Content::kCodes,
       .compute = encode},
      {.name = "decode",
       .summary = "codes to examples",
       .takes = Content::kCodes,
       .gives = {"examples"},
       .gives_first = Content::kExamples,
       .compute = decode},
      {.name = "reconstruct",
       .summary = "examples to what the model makes of them, with their codes and errors",
       .takes = Content::kExamples,
       .gives = {"reconstructions", "codes", "errors"},
       .gives_first = Content::kExamples,
       .compute = reconstruct},
      {.name = "sample",
       .summary = "new examples, of codes drawn from the model's prior",
       .takes = Content::kCodes,
       .draws_codes = true,
       .gives = {"samples", "codes"},
       .gives_first = Content::kExamples,
       .is_possible = [](const ServedModel& served) { return served.model().generative() != nullptr; },
       .is_shared = [](const ServedModel& served) { return served.kind != ExampleKind::kRow; },
       .compute = sample},
      scoring(),
      {.name = "impute",
       .summary = "rows of a table, or pictures, with their holes (null, NaN) filled",
       .takes = Content::kExamples,
       .takes_holes = true,
       .gives = {"examples"},
       .gives_first = Content::kExamples,
       .is_possible =
           [](const ServedModel& served) {
             return served.kind == ExampleKind::kRow || served.kind == ExampleKind::kPicture;
           },
       .compute = impute}};
  return kOperations;
}

std::vector<const Operation*> operations_of(const ServedModel& served) {
  std::vector<const Operation*> possible;
  for (const Operation& operation : operations()) {
    if (operation.is_possible(served)) {
      possible.push_back(&operation);
    }
  }
  return possible;
}

const Operation& find_operation(const ServedModel& served, const std::string& name) {
  std::vector<std::string> names;
  for (const Operation* operation : operations_of(served)) {
    if (operation->name == name) {
      return *operation;
    }
    names.push_back(operation->name);
  }
  throw Problem(404, fmt::format("{} cannot {}; it can {}{}", served.name, name, join(names),
                                 did_you_mean(name, names)));
}

}  // namespace autoencoder::service
