#include "tasks/evaluate.h"

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/random.h"
#include "common/text.h"
#include "data/table_schema.h"

namespace autoencoder {
namespace {

Json json_of(const SyntheticQuality& quality) {
  Json json = {
      {"marginals", quality.marginals}, {"correlations", quality.correlations}, {"copied", quality.copied}};
  if (const auto& score = quality.classifier) {
    json["classifier"] = {{"column", score->column},
                          {"f1_from_synthetic", score->from_synthetic},
                          {"f1_from_real", score->from_real}};
  }
  return json;
}

// N x W, without rows that have holes.
torch::Tensor whole_rows(const DescribedData& data) {
  const torch::Tensor rows = data.examples.images.all().flatten(1);
  const torch::Tensor whole =
      rows.index_select(0, torch::isnan(rows).any(1).logical_not().nonzero().squeeze(1));
  if (whole.size(0) == 0) {
    throw Error(
        fmt::format("{}: each row has a hole; there is nothing to hold made-up rows against", data.text));
  }
  return whole;
}

int64_t predicted_column(const TableSchema& schema, const std::string& name) {
  std::vector<std::string> names;
  for (size_t i = 0; i < schema.columns.size(); ++i) {
    const TableColumn& column = schema.columns[i];
    if (has_words(column.kind) && column.name == name) {
      return static_cast<int64_t>(i);
    }
    if (has_words(column.kind)) {
      names.push_back(column.name);
    }
  }
  throw Error(
      fmt::format("predict is '{}', which is no column of words that the model learned from; it has {}{}",
                  name, names.empty() ? "none" : join(names), did_you_mean(name, names)));
}

// own: the table that the model learned from.
SyntheticQuality measure_rows(const OpenRun& run, const RunSource& own, const EvaluateRequest& request) {
  if (run.saved.schema.is_null()) {
    throw Error(fmt::format("{} has not learned from a table (.csv), of which --synthetic are rows",
                            run.directory.path().string()));
  }
  const TableSchema schema = schema_from_json(run.saved.schema);
  SourceOptions made_up;
  made_up.data = request.synthetic;
  return measure_synthetic(
      schema, {.synthetic = whole_rows(RunSource(run, made_up).select("all")),
               .train = whole_rows(own.select("train")),
               .test = whole_rows(own.select(request.split)),
               .target_column = request.predict.empty() ? -1 : predicted_column(schema, request.predict)});
}

}  // namespace

void EvaluateRequest::visit(OptionVisitor& visitor) {
  RunDataRequest::visit(visitor);
  visitor.group("Figures");
  visitor.option("corruption", corruption,
                 fmt::format("noise on the input: {}; the default is the run's", kCorruptions));
  visitor.option("nll-samples", nll_samples,
                 "importance samples to estimate log p(x) with, of a variational model; 0: none",
                 between(0, 1'000'000));
  visitor.option("synthetic", synthetic,
                 "table of made-up rows (see sample), to be compared with the run's own");
  visitor.option(
      "predict", predict,
      "column of words of that table: tell it from all others by a classifier that learned from made-up "
      "rows, beside one that learned from real ones");
  visitor.group("Output");
  visitor.option("seed", seed, "seed of the codes that the bound of a variational model samples");
}

Json EvaluateResult::to_json() const {
  Json json = {{"images", evaluation.images}};
  for (const Metric& metric : metrics_of(evaluation)) {
    json[metric.name] = metric.value;
  }
  for (const Listing& listing : listings) {
    json[listing.name] = listing.numbers;
  }
  if (synthetic) {
    json["synthetic"] = json_of(*synthetic);
  }
  return json;
}

EvaluateResult evaluate_run(const EvaluateRequest& request) {
  if (!request.predict.empty() && request.synthetic.empty()) {
    throw UsageError("--predict is about the rows that --synthetic names; give both");
  }
  const OpenRun run = open_requested(request);
  const RunSource source(run, request.source);
  const DescribedData data = source.select(request.split);
  const Evaluation evaluation = evaluate(run.model(), data.examples,
                                         {.seed = derive_seed(static_cast<uint64_t>(request.seed), "bound"),
                                          .corruption = run.corruption(request.corruption),
                                          .binarize = run.config.at("binarize").get<bool>(),
                                          .nll_samples = request.nll_samples});
  Illustrated* illustrated = run.model().illustrated();
  return {run.directory.path().string(),
          data.text,
          evaluation,
          illustrated != nullptr ? illustrated->listings() : std::vector<Listing>(),
          request.synthetic.empty() ? std::nullopt : std::optional(measure_rows(run, source, request)),
          data.notes};
}

}  // namespace autoencoder
